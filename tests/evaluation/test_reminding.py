"""Nobody has to remember the half-year: it is announced, due, overdue, and then done (K-65)."""

import datetime as dt

import pytest

from editorial.enums import NoticeKind, Role
from editorial.models import Channel, Notice
from evaluation import reminding, tasks
from evaluation.workflow import build, publish
from tests.evaluation.conftest import END, facts, moment
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def proe(channel):
    return person()


@pytest.fixture
def gf(channel):
    return person(Role.GF)


@pytest.fixture(autouse=True)
def first_half_year_is_done(proe, gf):
    review = build(facts(), dt.date(2026, 3, 1), by=proe, at=moment("2026-03-02 09:00"))
    publish(review, by=gf, seen_digest=review.digest(), at=moment("2026-03-02 10:00"))


def told(someone):
    return [(notice.kind, notice.words) for notice in Notice.objects.filter(person=someone).order_by("pk")]


def test_it_is_announced_two_weeks_before(proe, gf):
    assert reminding.watch(moment("2026-08-17 12:00")) == 0
    assert reminding.watch(moment("2026-08-18 07:59")) == 0
    assert reminding.watch(moment("2026-08-18 08:00")) == 1
    assert told(proe) == [(NoticeKind.REMINDED, "Am 01.09.2026 wird die Auswertung des laufenden Halbjahrs fällig.")]
    assert told(gf) == []


def test_on_the_day_it_is_due_proe_is_told_once(proe, gf):
    for text in ("2026-09-01 08:00", "2026-09-01 08:15", "2026-09-29 12:00"):
        reminding.watch(moment(text))
    assert told(proe) == [(NoticeKind.REMINDED, "Die Auswertung März bis August 2026 ist fällig.")]
    assert told(gf) == []


def test_after_four_weeks_it_becomes_a_matter_of_the_directors_at_once(proe, gf):
    reminding.watch(moment("2026-09-01 08:00"))
    assert reminding.watch(moment("2026-09-30 08:00")) == 2
    (words,) = told(gf)
    assert words[0] == NoticeKind.URGENT
    assert "ist überfällig" in words[1]
    assert told(proe)[-1] == words


def test_with_the_publication_nothing_asks_any_more(proe, gf):
    reminding.watch(moment("2026-09-30 08:00"))
    review = build(facts(), END, by=proe, at=moment("2026-09-30 09:00"))
    publish(review, by=gf, seen_digest=review.digest(), at=moment("2026-09-30 10:00"))
    assert not Notice.objects.filter(settled_at=None).exists()
    assert reminding.watch(moment("2026-09-30 11:00")) == 0


def test_nothing_is_due_before_the_start_is_entered(proe):
    Channel.objects.update(started_on=None)
    assert reminding.watch(moment("2026-09-30 08:00")) == 0


def test_the_tick_that_collects_figures_reminds_too(proe, monkeypatch):
    monkeypatch.setattr(reminding, "database_now", lambda: moment("2026-09-01 08:00"))
    monkeypatch.setattr(tasks, "current_channel", lambda: None)
    tasks.collect_metrics_tick()
    assert len(told(proe)) == 1
