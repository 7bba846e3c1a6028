"""Rows 5 to 14 and 28, on either database: what the channel answers, and what it did."""

import datetime as dt
import time

import pytest

from editorial import invariants
from editorial.actions import clearing, comparing, pausing, publishing
from editorial.models import Alarm, Attempt, Channel, Delivery
from tests.faults.world import MINUTE, SECOND, World

pytestmark = pytest.mark.django_db

READS = {"method": "GET", "path_glob": "/2/users/*/tweets"}
FOUND = ("published", ["published"], 1)
AGAIN = ("published", ["absent", "published"], 1)


@pytest.fixture
def world(simulator):
    made = World(simulator)
    yield made
    clearing.tell(made.now)
    assert [(found.name, rows) for found, rows in invariants.broken(made.now)] == []


@pytest.mark.parametrize(
    "fault", ["accept_then_reset", "accept_then_hang", "accept_then_garbage", "accept_empty", "errors_only"]
)
def test_row_05_the_answer_is_lost_and_the_post_is_found(world, fault):
    world.simulator.fault(fault, args={"seconds": 3, "accept": True})
    world.send()
    assert world.story == ("unknown", ["unknown"], 1)
    world.look(181)
    assert world.story == FOUND
    assert world.calls == 1


def test_row_06_created_only_after_the_client_gave_up(world):
    world.simulator.fault("delay", method="POST", path_glob="/2/tweets", args={"seconds": 2.5})
    world.send()
    world.look(181)
    assert (world.story, world.readings) == (("unknown", ["unknown"], 0), ["absent"])
    time.sleep(2)
    world.look()
    assert (world.story, world.readings, world.calls) == (FOUND, ["absent", "found"], 1)


def test_row_07_a_late_timeline_and_failed_reads_prove_nothing(world):
    world.simulator.faults({"kind": "tl_lag", "args": {"seconds": 400}}, {"kind": "accept_then_reset"})
    world.send()
    world.look(181)
    world.simulator.fault("status", **READS, args={"status": 503}, times=2)
    for _ in range(3):
        world.look()
    assert (world.story, world.readings) == (("unknown", ["unknown"], 1), ["absent", "failed", "absent"])
    world.look()
    assert (world.story, world.readings[-1], world.calls) == (FOUND, "found", 1)


@pytest.mark.parametrize(
    ("fault", "expected"), [("accept_then_5xx", FOUND), ("status", AGAIN), ("html_502", AGAIN), ("redirect", AGAIN)]
)
def test_row_08_a_server_error_before_or_after_the_creation(world, fault, expected):
    world.simulator.fault(fault, method="POST", path_glob="/2/tweets")
    world.send()
    assert world.story[0] == "unknown"
    world.prove_absent()
    world.send()
    assert world.story == expected


def test_row_09_too_many_calls_let_the_channel_rest_until_its_reset(world):
    world.simulator.fault("rate_limit", method="POST", path_glob="/2/tweets", args={"reset_in_s": 900}, times=3)
    for calls in (1, 2, 3):
        world.send()
        world.pass_(850)
        world.send()
        assert world.calls == calls
        world.pass_(60)
    world.send()
    assert world.story == ("published", ["busy", "busy", "busy", "published"], 1)


def test_row_09_a_rest_longer_than_grace_leaves_it_to_a_person(world):
    args = {"variant": "24h", "reset_in_s": 6 * 3600}
    world.simulator.fault("rate_limit", method="POST", path_glob="/2/tweets", args=args)
    world.send()
    rests_until = Channel.objects.get(slug="x").paused_until
    assert rests_until > world.now + 5 * 60 * MINUTE
    world.pass_(61 * 60)
    world.send()
    assert (world.story, world.calls) == (("missed", ["busy"], 0), 1)


def test_row_10_a_refused_login_locks_the_channel_with_one_alarm_until_a_person_frees_it(world):
    world.simulator.fault("expired_token", times=None)
    others = [world.plan(text=f"{number} https://www.jobcenter-bremen.de/{number}") for number in (2, 3)]
    for _ in range(4):
        world.send()
        world.look(30)
    assert (world.calls, len(world.simulator.log())) == (1, 1)
    assert list(Delivery.objects.values_list("state", flat=True)) == ["scheduled"] * 3
    assert Alarm.objects.filter(closed_at=None).count() == 1
    world.simulator.clear_faults()
    pausing.unlock(Channel.objects.get(slug="x"), by=world.writer, at=world.now)
    for _ in range(3):  # what is late goes out one at a time
        world.send()
        world.pass_(601)
    assert len(world.simulator.live_posts()) == 1 + len(others)


def test_row_11_a_wrong_clock_is_named_as_the_reason(world):
    world.simulator.fault("clock_skew", args={"seconds": 7200}, times=None)
    world.send()
    assert world.story == ("scheduled", ["locked"], 0)
    assert Channel.objects.get(slug="x").locked_reason == "clock_wrong"
    assert "Uhr" in Alarm.objects.get().words


def test_row_12_a_duplicate_that_is_our_own_post(world):
    world.simulator.fault("duplicate", args={"accept": True})
    world.send()
    assert world.story[0] == "unknown"
    world.look(181)
    assert (world.story, world.calls) == (FOUND, 1)


def test_row_13_a_duplicate_of_an_older_post_names_that_post(simulator):
    simulator.settings(duplicate_window_s=86400)
    words = "Heute bleibt unser Haus geschlossen."
    at = dt.datetime.now(dt.UTC) - 120 * MINUTE
    [older] = simulator.fill([{"text": words, "created_at": at.isoformat()}])["ids"]
    world = World(simulator, text=words)
    world.send()
    assert world.story == ("unknown", ["unknown"], 1)
    world.look(181)
    assert world.story == ("needs_decision", ["absent"], 1)
    attempt = Attempt.objects.get()
    assert (attempt.code, older in attempt.detail) == ("older_post", True)


@pytest.mark.parametrize("status", [400, 404])
def test_row_14_refused_although_it_was_created(world, status):
    world.simulator.fault("accept_then_5xx", args={"status": status})
    world.send()
    assert (world.story, world.calls) == (FOUND, 1)


def test_row_14_refused_although_it_was_created_and_the_first_look_fails(world):
    world.simulator.faults({"kind": "accept_then_5xx", "args": {"status": 400}}, {"kind": "status", **READS})
    world.send()
    assert world.story == ("needs_decision", ["refused"], 1)
    world.look()
    assert (world.story[0], world.calls) == ("published", 1)


@pytest.mark.parametrize("how", ["removed", "altered"])
def test_row_28_changed_by_hand_on_the_channel_it_is_noticed_and_never_sent_again(world, how):
    world.send()
    external_id = world.delivery.external_id
    if how == "removed":
        world.simulator.remove(external_id)
    else:
        world.simulator.alter(external_id, f"Von Hand: {world.post.message_text}")
    world.pass_(3600)
    comparing.compare(world.channel, at=world.now)
    for _ in range(3):
        world.send()
        world.look()
    noticed = world.delivery.gone_at if how == "removed" else world.delivery.altered_at
    assert noticed == world.now - 3 * 61 * SECOND
    assert (world.delivery.state, world.calls) == ("published", 1)


@pytest.mark.breaks("I4")
def test_the_matrix_would_notice_a_second_call(simulator):
    world = World(simulator)
    world.send()
    Delivery.objects.update(state="scheduled", external_id=None)
    publishing.send(world.delivery.pk, world.channel, at=world.now)
    assert world.calls == 2
    assert "I4" in {found.name for found, _ in invariants.broken(world.now)}
