"""The bench of sending, small: its counts must hold; its speeds are for ./dev bench publish on a quiet machine."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.bench.publish_inside import THREADS

pytestmark = pytest.mark.services

LIMIT_S = 300
NONE_AT_ALL = ("early", "troubled_lost", "troubled_twice", "troubled_stuck", "troubled_broken_promises")
SPEEDS = ("posts_per_s", "bare_posts_per_s", "share_of_bare", "lateness_p50_s", "lateness_p99_s")
MOST_QUERIES = 15
MOST_SESSIONS = 2 * THREADS + 2


@pytest.fixture(scope="module")
def figures():
    """Every figure by name, in the order of the runs: the burst has two, with a slow and with a quick channel."""
    command = [sys.executable, "-m", "tests.bench.publish", "--quick"]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False, timeout=LIMIT_S
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = {}
    for line in done.stdout.splitlines():
        figure = json.loads(line)
        found.setdefault(figure["name"].removeprefix("publish."), []).append((figure["value"], figure["conditions"]))
    return found


def values(figures, name):
    return [value for value, _ in figures[name]]


def test_nothing_goes_out_early_is_lost_doubled_or_stuck(figures):
    assert {name: figures[name] for name in NONE_AT_ALL if values(figures, name) != [0]} == {}


def test_a_post_costs_as_many_questions_however_quick_the_channel(figures):
    assert len(figures["queries_per_post"]) == 2
    assert max(values(figures, "queries_per_post")) <= MOST_QUERIES


def test_each_sending_thread_keeps_two_sessions_and_no_more(figures):
    assert max(values(figures, "connections")) <= MOST_SESSIONS


def test_the_speeds_are_told(figures):
    assert all(value > 0 for name in SPEEDS for value in values(figures, name))
