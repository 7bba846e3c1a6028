"""Rows 5, 6, 8 to 10 and 12 to 14 once more, with a real worker, beat, Redis and PostgreSQL: one plant for all of them.

Which of the posts meets which answer is nobody's choice; the simulator's log tells.
"""

import datetime as dt

import pytest

from tests.plant import CREATE, PATIENCE_S
from tests.stack import wait_until

pytestmark = pytest.mark.services

FOUND, AGAIN, REFUSED = ("published", "published"), ("published", "absent published"), ("needs_decision", "absent")
RESTS_S = 4
OLD_WORDS = "Heute bleibt unser Haus geschlossen."
# What the channel does with the calls to post, one after the other, and what comes of it.
ANSWERS = {
    "row 5: accept_then_reset": ({"kind": "accept_then_reset"}, FOUND),
    "row 6: delay": ({"kind": "delay", "method": "POST", "path_glob": "/2/tweets", "args": {"seconds": 2}}, FOUND),
    "row 8: accept_then_5xx": ({"kind": "accept_then_5xx"}, FOUND),
    "row 8: status": ({"kind": "status", "method": "POST", "path_glob": "/2/tweets"}, AGAIN),
    "row 12: duplicate": ({"kind": "duplicate", "args": {"accept": True}}, FOUND),
    "row 14: accept_then_5xx": ({"kind": "accept_then_5xx", "args": {"status": 400}}, FOUND),
}
STORIES = """
SELECT post.message_text, delivery.state, string_agg(attempt.outcome, ' ' ORDER BY attempt.number)
FROM editorial_delivery delivery
JOIN editorial_post post ON post.id = delivery.post_id
LEFT JOIN editorial_attempt attempt ON attempt.delivery_id = delivery.id
GROUP BY 1, 2
"""
OPEN_ALARMS = "SELECT kind FROM editorial_alarm WHERE closed_at IS NULL AND kind = 'channel_locked'"
LOCKED = "SELECT locked_reason FROM editorial_channel WHERE locked_reason <> ''"
UNLOCK = """
from editorial.actions import pausing
from editorial.models import Channel, User
pausing.unlock(Channel.objects.get(slug="x"), by=User.objects.get(username="proe1"))
"""


def stories(house):
    return {text: (state, outcomes) for text, state, outcomes in house.ask(STORIES)}


def first_calls(house):
    """Every text with the fault its first call met, and the status that came back."""
    found = {}
    for entry in house.simulator.log():
        if (entry["method"], entry["path"]) == CREATE:
            found.setdefault(entry["body"]["text"], (tuple(entry["faults"]), entry["status"]))
    return found


def row_of(faults, status):
    if not faults:
        return "row 13" if status == 403 else "no fault"
    row = next(row for row in ANSWERS if row.endswith(f": {faults[0]}"))
    return "row 14: accept_then_5xx" if status == 400 else row


def test_rows_05_to_14_whatever_the_channel_answers_the_workers_find_the_truth(plant):
    house = plant()
    for name in ("worker", "beat"):
        house.add(name)
    answers_that_are_not_clear(house)
    an_answer_that_lets_the_channel_rest(house)
    a_refused_login(house)


def answers_that_are_not_clear(house):
    older = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    house.simulator.settings(duplicate_window_s=86400)
    house.simulator.fill([{"text": OLD_WORDS, "created_at": older.isoformat()}])
    house.plan(0, words=OLD_WORDS)
    wait_until(lambda: house.calls() == 1, PATIENCE_S, lambda: house.parts["worker"].log)
    orders = [answer | {"after": place} for place, (answer, _) in enumerate(ANSWERS.values())]
    house.simulator.faults(*orders)
    house.plan(*[0] * len(ANSWERS))
    house.wait_for("published", "needs_decision")
    told, met = stories(house), first_calls(house)
    came_of_it = {row_of(*met[text]): story for text, story in told.items()}
    assert came_of_it == {row: story for row, (_, story) in ANSWERS.items()} | {"row 13": REFUSED}
    assert sorted(house.sent()) == sorted(text for text in told if text != OLD_WORDS)


def an_answer_that_lets_the_channel_rest(house):
    before = house.calls()
    house.simulator.fault("rate_limit", method="POST", path_glob="/2/tweets", args={"reset_in_s": RESTS_S})
    house.plan(0)
    wait_until(lambda: house.calls() == before + 1, PATIENCE_S)
    house.wait_for("published", "needs_decision")
    assert house.calls() == before + 2
    refused, taken = [entry["at_s"] for entry in house.simulator.log() if (entry["method"], entry["path"]) == CREATE][
        -2:
    ]
    assert taken - refused >= RESTS_S - 1  # the channel names its reset in whole seconds
    assert list(stories(house).values()).count(("published", "busy published")) == 1


def a_refused_login(house):
    before = house.calls()
    house.simulator.fault("expired_token", times=None)
    house.plan(0, 0, 0)
    wait_until(lambda: house.ask(LOCKED), PATIENCE_S)
    requests = len(house.simulator.log())
    assert house.ask(LOCKED) == [("expired_token",)]
    house.house.manage("publish_due")
    assert (len(house.simulator.log()), len(house.ask(OPEN_ALARMS))) == (requests, 1)
    house.simulator.clear_faults()
    house.house.shell(UNLOCK)
    house.wait_for("published", "needs_decision")
    assert house.ask(OPEN_ALARMS) == []
    assert len(house.sent()) == len(set(house.sent()))
    assert house.calls() >= before + 4
