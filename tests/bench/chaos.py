"""Kills, freezes and lies while posts are due: python -m tests.bench.chaos [--seeds N] [--first-seed S] [--posts N].

Two workers and a beat on PostgreSQL and Redis, 40 % faulty calls in seven kinds, a timeline that is late and often not
to be read. What the channel really shows is held against what the database says.
"""

import argparse
import collections
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_social.settings")

from tests.plant import Part, Plant, plant

POSTS, DUE_WITHIN_S = 200, 30
LEAD_S, PLANNING_TAKES_S = 3, 0.15
STORM_LASTS = 1.5  # times as long as posts fall due
AT_REST_WITHIN_S = 300
FROZEN_AT_MOST_S = 7.0
PAUSE_S = (0.7, 2.2)
DEEDS = {"kill": 10, "freeze": 6, "kill beat": 1, "restart database": 1, "restart redis": 2, "freeze redis": 1}
WITH_A_PERSON = ("needs_decision", "missed", "blocked")
AT_REST = ("published", *WITH_A_PERSON)
# Of a hundred calls that are to make a post, so many go wrong in this way.
FAULTY_CALLS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("accept_then_reset", 10, {}),
    ("accept_then_5xx", 8, {"status": 503}),
    ("accept_then_garbage", 6, {}),
    ("status", 5, {"status": 503}),
    ("reset_before", 4, {}),
    ("rate_limit", 2, {"variant": "reset", "reset_in_s": 2}),
)
CREATED_AFTER_THE_CLIENT_GAVE_UP, DELAY_S = 0.08, 1.4
TIMELINE_LATE_S, UNREADABLE = 1.0, 0.3

FOUND = """
SELECT post.message_text, delivery.state FROM editorial_delivery delivery
JOIN editorial_post post ON post.id = delivery.post_id
"""


@dataclass
class Result:
    """What one seed came to; ``deeds`` counts what was done to the processes."""

    seed: int
    posts: int
    duplicates: int = 0
    lost: int = 0
    wrong_state: int = 0
    to_person: int = 0
    due_within_s: float = DUE_WITHIN_S
    faulty_share: float = 0.0
    deeds: collections.Counter[str] = field(default_factory=collections.Counter)
    took_s: float = 0.0
    details: list[str] = field(default_factory=list)

    def lines(self) -> list[dict[str, Any]]:
        conditions = {
            "seed": self.seed,
            "posts": self.posts,
            "due_within_s": self.due_within_s,
            "workers": 2,
            "faulty_calls": round(self.faulty_share, 2),
            "deeds": dict(sorted(self.deeds.items())),
            "took_s": round(self.took_s),
        }
        values = {name: getattr(self, name) for name in ("duplicates", "lost", "wrong_state", "to_person")}
        return [
            {"name": f"chaos.{name}", "value": value, "unit": "posts", "conditions": conditions}
            for name, value in values.items()
        ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench chaos")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--posts", type=int, default=POSTS)
    options, _ = parser.parse_known_args()
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
            result = run(seed, Path(folder), posts=options.posts)
        for line in result.lines():
            print(json.dumps(line), flush=True)
        for detail in result.details:
            print(detail, file=sys.stderr, flush=True)


def run(seed: int, folder: Path, *, posts: int = POSTS, due_within_s: float = DUE_WITHIN_S, **variables: str) -> Result:
    began, chance = time.monotonic(), random.Random(seed)
    result = Result(seed, posts, due_within_s=due_within_s)
    with plant(folder, **variables) as house:
        make_the_channel_unreliable(house, seed)
        first = plan(house, chance, posts, due_within_s)
        for name in ("worker1", "worker2", "beat"):
            house.add(name)
        time.sleep(max(0.0, first - time.time()))
        Storm(house, chance, result.deeds).rage(due_within_s * STORM_LASTS)
        at_rest = wait_for_rest(house)
        judge(house, result)
        if at_rest:
            house.check_invariants()
    result.took_s = time.monotonic() - began
    return result


def make_the_channel_unreliable(house: Plant, seed: int) -> None:
    """Of several faults the first in order strikes, so each share is one of the calls that the earlier ones left."""
    faults, left = [], 100.0
    for kind, percent, args in FAULTY_CALLS:
        order = {"kind": kind, "method": "POST", "path_glob": "/2/tweets", "args": args, "times": None}
        faults.append(order | {"share": percent / left})
        left -= percent
    late = {"kind": "delay", "method": "POST", "path_glob": "/2/tweets", "args": {"seconds": DELAY_S}}
    faults.append(late | {"times": None, "share": CREATED_AFTER_THE_CLIENT_GAVE_UP})
    faults.append({"kind": "tl_lag", "args": {"seconds": TIMELINE_LATE_S}, "times": None})
    unreadable = {"kind": "status", "method": "GET", "path_glob": "/2/users/*/tweets", "args": {"status": 503}}
    faults.append(unreadable | {"times": None, "share": UNREADABLE})
    house.simulator.faults(*faults, seed=seed)


def plan(house: Plant, chance: random.Random, posts: int, due_within_s: float) -> float:
    """Posts that went the whole way, due at moments drawn; returns when the first may be due, in Unix seconds."""
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    first = time.time() + LEAD_S + posts * PLANNING_TAKES_S * busy
    house.plan(*(round(chance.uniform(0, due_within_s), 3) for _ in range(posts)), begin_s=first)
    return first


class Storm:
    """One deed after the other, drawn from the seed; at the end everything runs again."""

    def __init__(self, house: Plant, chance: random.Random, deeds: collections.Counter[str]) -> None:
        self.house, self.chance, self.deeds = house, chance, deeds
        self.thaw_at: dict[Part, float] = {}

    def rage(self, for_s: float) -> None:
        end = time.monotonic() + for_s
        next_at = time.monotonic()
        while time.monotonic() < end:
            if time.monotonic() >= next_at:
                deed = self.chance.choices(list(DEEDS), list(DEEDS.values()))[0]
                self.do(deed)
                self.deeds[deed] += 1
                next_at = time.monotonic() + self.chance.uniform(*PAUSE_S)
            self.mend()
            time.sleep(0.05)
        self.thaw_at = dict.fromkeys(self.thaw_at, 0.0)
        self.mend()

    def do(self, deed: str) -> None:
        worker = self.house.parts[self.chance.choice(("worker1", "worker2"))]
        duration_s = self.chance.uniform(1.0, FROZEN_AT_MOST_S)
        if deed == "kill":
            worker.kill()
            worker.start()
        elif deed == "freeze":
            self.freeze(worker, duration_s)
        elif deed == "kill beat":
            self.house.parts["beat"].kill()
            self.house.parts["beat"].start()
        elif deed == "restart database":
            self.house.database.crash()
            self.house.database.start()
        elif deed == "restart redis":
            self.house.redis.kill()
            self.house.redis.start()
        else:
            self.freeze(self.house.redis, duration_s / 3)

    def freeze(self, part: Part, duration_s: float) -> None:
        part.freeze()
        self.thaw_at[part] = max(self.thaw_at.get(part, 0.0), time.monotonic() + duration_s)

    def mend(self) -> None:
        for part, moment in list(self.thaw_at.items()):
            if time.monotonic() >= moment:
                part.thaw()
                del self.thaw_at[part]
        for part in self.house.parts.values():
            part.revive()


def wait_for_rest(house: Plant) -> bool:
    deadline = time.monotonic() + AT_REST_WITHIN_S
    while not set(house.states()) <= set(AT_REST):
        if time.monotonic() > deadline:
            return False
        for part in house.parts.values():
            part.revive()
        time.sleep(0.5)
    return True


def judge(house: Plant, result: Result) -> None:
    """The channel is right, whatever the database says."""
    online = collections.Counter(house.sent())
    shown = len(house.simulator.live_posts())
    found = dict(house.ask(FOUND))
    assert (len(found), sum(online.values())) == (result.posts, shown)
    for text, state in found.items():
        is_live = online[text] > 0
        problems = {
            "duplicates": max(0, online[text] - 1),
            "lost": int(not is_live and state not in WITH_A_PERSON),
            "wrong_state": int(is_live != (state == "published")) if is_live or state == "published" else 0,
            "to_person": int(state in WITH_A_PERSON),
        }
        for name, number in problems.items():
            setattr(result, name, getattr(result, name) + number)
        if any(problems.values()):
            result.details.append(f"seed {result.seed}: {text}: {state}, {online[text]} times online")
    calls = [e for e in house.simulator.log() if (e["method"], e["path"]) == ("POST", "/2/tweets")]
    result.faulty_share = sum(set(e["faults"]) != {"tl_lag"} for e in calls) / max(1, len(calls))


if __name__ == "__main__":
    main()
