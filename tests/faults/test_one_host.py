"""Rows 1, 3 and 4 on SQLite: real processes on one host, where the sender's lock is a byte of a file."""

import sqlite3
import sys
import time
from contextlib import closing, contextmanager

import pytest

from jobcenter_social.management.commands.run import SIMULATOR_KEYS
from tests.houses import House
from tests.plant import CREATE, PATIENCE_S, QUICK, Part
from tests.stack import wait_until

pytestmark = pytest.mark.services

DUE_IN_S = 2
QUARANTINE_S = float(QUICK["PUBLISH_QUARANTINE_S"])
STORY = """
SELECT group_concat(outcome, ' ') FROM (SELECT outcome FROM editorial_attempt ORDER BY number)
UNION ALL SELECT group_concat(result, ' ') FROM (SELECT result FROM editorial_timelineread ORDER BY at)
"""
# What cron would do each minute, in one process: a start costs more than a tick.
PUBLISH_UNTIL_IT_IS_OUT = """
import time
from editorial.actions import publishing, reconciling
from editorial.channels import current_channel
from editorial.models import Delivery
end = time.monotonic() + {patience_s}
Delivery.objects.update(not_before=None)
while Delivery.objects.exclude(state="published").exists() and time.monotonic() < end:
    publishing.tick(current_channel())
    reconciling.tick(current_channel())
    time.sleep(0.2)
"""
PUBLISH = [sys.executable, "manage.py", "publish_due"]


@pytest.fixture(scope="module")
def people(tmp_path_factory, one_simulator):
    around = {"X_API_BASE_URL": one_simulator.base_url}
    return House(tmp_path_factory.mktemp("one host") / "var", **around, **SIMULATOR_KEYS, **QUICK).with_people()


@pytest.fixture
def house(people, simulator, tmp_path):
    """One post that has just fallen due, and no process yet; after the test every promise must hold."""
    house = people.copy(tmp_path / "var")
    house.plan(1, DUE_IN_S)
    time.sleep(DUE_IN_S)
    yield house
    done = house.manage("check_invariants", check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def struck(house, tmp_path, point, deed="kill"):
    """A sender that has met its fault at this point: dead, or frozen with the lock in its hand."""
    fault = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULT_POINT": point, "FAULT_DEED": deed}
    sender = Part(PUBLISH, house.env | fault, tmp_path, "sender").start()
    try:
        wait_until(lambda: sender.is_frozen or not sender.alive, PATIENCE_S, lambda: sender.log)
        yield sender
    finally:
        sender.kill()


def story(house):
    """State and evidence; what came of the attempts; what each look at the timeline found."""
    with closing(sqlite3.connect(house.var_dir / "db.sqlite3")) as database:
        states = database.execute("SELECT state, evidence FROM editorial_delivery").fetchall()
        return states, *[row[0] or "" for row in database.execute(STORY)]


def calls(simulator):
    return sum((entry["method"], entry["path"]) == CREATE for entry in simulator.log())


def publish(house):
    house.shell(PUBLISH_UNTIL_IT_IS_OUT.format(patience_s=PATIENCE_S))
    return story(house)


def test_row_01_killed_with_the_lock_in_hand_it_goes_out_after_three_looks_found_nothing(house, simulator, tmp_path):
    with struck(house, tmp_path, "after the claim"):
        assert (story(house), calls(simulator)) == (([("sending", "")], "started", ""), 0)
        assert publish(house) == ([("published", "answer")], "absent published", "absent absent absent")
    assert len(simulator.live_posts()) == 1


def test_row_03_killed_after_the_answer_it_is_found_on_the_channel(house, simulator, tmp_path):
    with struck(house, tmp_path, "after the answer"):
        assert (story(house), calls(simulator)) == (([("sending", "")], "started", ""), 1)
        assert publish(house) == ([("published", "timeline")], "published", "found")
    assert (calls(simulator), len(simulator.live_posts())) == (1, 1)


def test_row_04_frozen_with_the_lock_in_hand_it_keeps_its_claim_and_gives_up_after_the_thaw(house, simulator, tmp_path):
    with struck(house, tmp_path, "after the claim", "stop") as sender:
        time.sleep(QUARANTINE_S)
        house.manage("publish_due")
        assert (story(house), calls(simulator)) == (([("sending", "")], "started", ""), 0)
        sender.thaw()
        assert sender.process.wait(PATIENCE_S) == 0, sender.log
    assert (story(house), calls(simulator)) == (([("scheduled", "")], "not_sent", ""), 0)
    assert publish(house) == ([("published", "answer")], "not_sent published", "")
    assert (calls(simulator), len(simulator.live_posts())) == (1, 1)
