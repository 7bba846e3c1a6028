"""Rows 1 to 4, 16, 27: the sender dies, freezes, is replaced, or loses its database, at a named point."""

import signal
import time

import pytest

from tests.plant import PATIENCE_S
from tests.stack import wait_until

pytestmark = pytest.mark.services

LONG_CALLS = {"PUBLISH_HTTP_TIMEOUT_S": "20", "PUBLISH_TASK_LIMIT_S": "25"}
READS = "SELECT result FROM editorial_timelineread ORDER BY at"
END_ALL_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
EVIDENCE = "SELECT evidence FROM editorial_delivery"
OUTLASTS_QUARANTINE_AND_READS_S = 8


def faulty(point, deed):
    return {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULT_POINT": point, "FAULT_DEED": deed}


def doomed(house, point, deed="kill"):
    """One post due now, and a worker that fails with it at this point; nobody else sends yet."""
    house.plan(0)
    worker = house.add("doomed", **faulty(point, deed))
    house.add("beat")
    wait_until(lambda: worker.is_frozen or not worker.alive, PATIENCE_S, lambda: worker.log)
    return worker


def under_way(house):
    return any(entry["outcome"] == "under_way" and entry["path"] == "/2/tweets" for entry in house.simulator.log())


@pytest.mark.parametrize("point", ["after the claim", "before the call"])
def test_row_01_killed_before_the_call_it_goes_out_after_three_looks_found_nothing(plant, point):
    house = plant()
    doomed(house, point)
    assert (house.states(), house.outcomes(), house.calls()) == (["sending"], ["started"], 0)
    house.add("worker")
    house.wait_for("published")
    assert house.outcomes() == ["absent", "published"]
    assert [row[0] for row in house.ask(READS)] == ["absent"] * 3
    assert len(house.sent()) == 1


@pytest.mark.parametrize("created", [True, False])
def test_row_02_killed_during_the_call_the_channel_tells_what_became_of_it(plant, created):
    house = plant()
    hanging = {"kind": "accept_then_hang", "args": {"seconds": 60}}
    not_created = [{"kind": "delay", "path_glob": "/2/tweets", "args": {"seconds": 60}}, {"kind": "reset_before"}]
    house.simulator.faults(*([hanging] if created else not_created))
    house.plan(0)
    worker = house.add("doomed", **LONG_CALLS)
    house.add("beat")
    called = (lambda: house.sent()) if created else (lambda: under_way(house))
    wait_until(called, PATIENCE_S, lambda: worker.log)
    worker.kill()
    assert house.outcomes() == ["started"]
    house.add("worker")
    house.wait_for("published")
    assert house.outcomes() == (["published"] if created else ["absent", "published"])
    assert len(house.sent()) == 1


def test_row_03_killed_after_the_answer_it_is_found_on_the_channel(plant):
    house = plant()
    doomed(house, "after the answer")
    assert (house.states(), house.calls()) == (["sending"], 1)
    house.add("worker")
    house.wait_for("published")
    assert (house.outcomes(), house.calls(), house.ask(EVIDENCE)) == (["published"], 1, [("timeline",)])


def test_row_04_a_frozen_sender_keeps_its_claim_and_gives_up_after_the_thaw(plant):
    house = plant()
    worker = doomed(house, "after the claim", "stop")
    house.add("worker")
    time.sleep(OUTLASTS_QUARANTINE_AND_READS_S)
    assert (house.states(), house.outcomes(), house.calls()) == (["sending"], ["started"], 0)
    worker.thaw()
    house.wait_for("scheduled")
    assert (house.outcomes(), house.calls()) == (["not_sent"], 0)
    house.ask("UPDATE editorial_delivery SET not_before = NULL")
    house.wait_for("published")
    assert len(house.sent()) == 1


def test_row_04_frozen_after_its_last_look_it_still_sends_alone(plant):
    house = plant()
    worker = doomed(house, "before the call", "stop")
    house.add("worker")
    time.sleep(OUTLASTS_QUARANTINE_AND_READS_S)
    assert (house.states(), house.calls()) == (["sending"], 0)
    worker.thaw()
    house.wait_for("published")
    assert (house.outcomes(), len(house.sent())) == (["published"], 1)


def test_row_16_without_its_database_nothing_is_sent(plant):
    house = plant()
    for name in ("worker", "beat"):
        house.add(name)
    wait_until(lambda: house.ask("SELECT 1 FROM editorial_heartbeat WHERE name = 'tick'"), PATIENCE_S)
    house.plan(2)
    house.database.crash()
    time.sleep(4)
    assert house.calls() == 0
    house.database.start()
    house.wait_for("published")
    assert (house.outcomes(), len(house.sent())) == (["published"], 1)


@pytest.mark.parametrize("how", ["crash", "terminate"])
def test_row_16_the_database_goes_between_answer_and_commit(plant, how):
    house = plant()
    worker = doomed(house, "after the answer", "stop")
    assert house.calls() == 1
    if how == "crash":
        house.database.crash()
        house.database.start()
    else:
        house.ask(END_ALL_SESSIONS)
    worker.thaw()
    house.wait_for("published")
    assert (house.outcomes(), house.calls()) == (["published"], 1)
    assert house.ask(EVIDENCE) == [("timeline",)]


def test_row_27_workers_are_replaced_in_mid_send(plant):
    house = plant(PUBLISH_HTTP_TIMEOUT_S="3", PUBLISH_TASK_LIMIT_S="3.5")
    slow = {"kind": "delay", "method": "POST", "path_glob": "/2/tweets", "args": {"seconds": 0.7}, "times": None}
    house.simulator.faults(slow)
    for name in ("worker1", "worker2", "beat"):
        house.add(name)
    house.plan(*[2] * 24)
    wait_until(lambda: under_way(house), PATIENCE_S)
    for old, new in (("worker1", "worker3"), ("worker2", "worker4")):
        house.parts[old].strike(signal.SIGTERM)
        house.add(new)
        time.sleep(1)
    house.wait_for("published")
    texts = house.sent()
    assert (len(texts), len(set(texts))) == (24, 24)
    assert set(house.outcomes()) <= {"published", "absent", "not_sent"}
    for name in ("worker1", "worker2"):
        assert house.parts[name].process.wait(PATIENCE_S) == 0
