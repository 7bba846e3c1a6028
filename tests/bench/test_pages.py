"""Each main page keeps to its bars of queries, bytes and requests; times are for ./dev bench pages."""

from dataclasses import replace

import pytest

from tests import servers
from tests.bench import pages
from tests.bench.cold import Load
from tests.bench.composing import Writer
from tests.browsing import chromium

pytestmark = pytest.mark.services

BEITRAEGE, REQUESTS = 200, 2
NO_LOAD = Load(requests=8, transferred_bytes=150 * 1024, script_bytes=60 * 1024, picture_bytes=0, pictures=0)


@pytest.fixture(scope="module")
def browser():
    with chromium(pages.chromium_path()) as browser:
        yield browser


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with servers.postgres() as url, pages.running_site(BEITRAEGE, url, tmp_path_factory.mktemp("var")) as site:
        yield pages.Bench([site], REQUESTS, {})


def untimed(page):
    return replace(page, times_floor=None, may_grow=None)


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_a_page_keeps_its_bars(bench, browser, page):
    found, load = bench.measure(untimed(page)), pages.load_of(browser, bench, page)
    assert pages.broken_bars(found, load) == []


def test_what_the_composer_asks_for_is_measured_with_real_answers(bench):
    took = pages.measure_writing(bench)
    assert {name: len(timings) for name, timings in took.items()} == {"checks": 1, "autosave": 1}
    assert Writer(bench.person(bench.sites[0], "proe1"), bench.sites[0]).save().json()["saved_at"]


def test_each_bar_can_break(bench):
    (found,) = bench.measure(untimed(pages.PAGES[0]))
    assert pages.broken_bars([found], NO_LOAD) == []
    broken = [
        replace(found, queries=16),
        replace(found, raw_bytes=100 * 1024 + 1),
        replace(found, sent_bytes=20 * 1024 + 1),
        replace(found, is_compressed=False),
    ]
    assert [len(pages.broken_bars([one], NO_LOAD)) for one in broken] == [1, 1, 1, 1]
    heavier = [
        replace(NO_LOAD, requests=9),
        replace(NO_LOAD, transferred_bytes=150 * 1024 + 1),
        replace(NO_LOAD, script_bytes=60 * 1024 + 1),
    ]
    assert [len(pages.broken_bars([found], load)) for load in heavier] == [1, 1, 1]
