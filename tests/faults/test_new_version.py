"""Row 27: a new version comes, and goes again, while posts are being sent and many calls go wrong."""

import signal
import time

import pytest

from tests.bench.chaos import make_the_channel_unreliable
from tests.plant import PATIENCE_S
from tests.stack import wait_until

pytestmark = pytest.mark.services

SEED, POSTS = 27, 24
NEXT = {"DJANGO_SETTINGS_MODULE": "tests.faults.next_release.settings"}
WAITS = "SELECT count(*) FROM editorial_attempt WHERE started_at > %s"


def replace(house, old, new, **variables):
    """As an operator or a supervisor does it: asked to end, and the next one is there before it has."""
    house.parts[old].strike(signal.SIGTERM)
    house.add(new, **variables)
    return house.parts[old]


def wait_for_attempts_since(house, moment):
    wait_until(lambda: house.ask(WAITS, moment) != [(0,)], PATIENCE_S)


def test_row_27_a_version_with_a_new_schema_comes_and_goes_in_a_storm(plant):
    house = plant()
    make_the_channel_unreliable(house, SEED)
    house.plan(*(number * 0.7 for number in range(POSTS)))
    for name in ("old1", "old2", "beat"):
        house.add(name)
    wait_until(lambda: house.calls() > 0, PATIENCE_S)
    house.house.manage("migrate", "next_release", "-v0", **NEXT)
    [(migrated,)] = house.ask("SELECT now()")
    wait_for_attempts_since(house, migrated)  # by the old version, on the new schema
    ended = [replace(house, "old1", "new1", **NEXT)]
    time.sleep(1)
    ended.append(replace(house, "old2", "new2", **NEXT))
    time.sleep(4)
    ended.append(replace(house, "new1", "back1"))  # the old version once more, the schema stays
    ended.append(replace(house, "new2", "back2"))
    assert [old.process.wait(PATIENCE_S) for old in ended] == [0] * 4
    house.house.manage("migrate", "next_release", "zero", "-v0", **NEXT)
    house.wait_for("published", "needs_decision")
    texts = house.sent()
    assert len(texts) == len(set(texts)), house.states()
    assert house.states().count("needs_decision") <= 1
    assert house.states().count("published") == len(texts)
