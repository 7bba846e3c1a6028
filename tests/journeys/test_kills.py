"""Kill -9 of web, worker and beat at random while ten posts are due: none doubled, none lost."""

import collections
import json
import random
import time
import urllib.request

import pytest

from tests.stack import stack, wait_until

pytestmark = pytest.mark.services

SEED = 20261122
QUICK = {
    "PUBLISH_TICK_S": "1",
    "PUBLISH_QUARANTINE_S": "12",
    "PUBLISH_TASK_LIMIT_S": "10",
    "PUBLISH_HTTP_TIMEOUT_S": "5",
}
TEN_DUE_SOON = """
import datetime as dt
from django.utils import timezone
from editorial.actions import accounts, approval, drafting
from editorial.enums import Role
from editorial.models import Audience, Topic

writer = accounts.create("proe1", Role.PROE, "proe1@example.org")
director = accounts.create("gf1", Role.GF, "gf1@example.org")
page = "https://www.jobcenter-bremen.de/probe"
for number in range(10):
    content = {
        "text": f"Probe Nummer {number} fällig {page}",
        "topic": Topic.objects.get(slug="dienstleistungen"),
        "audiences": list(Audience.objects.all()[:1]),
        "source_url": page,
        "twin_url": page,
        "slot": timezone.now() + dt.timedelta(seconds=6 + number),
    }
    post = approval.submit(drafting.create(content, by=writer), by=writer)
    approval.approve(post, by=director, seen_digest=post.digest())
"""
STATES = """
import json
from editorial.models import Delivery
print(json.dumps([[d.post.message_text, d.state] for d in Delivery.objects.select_related("post")]))
"""
AT_REST = {"published", "unknown", "needs_decision"}


def tell_the_simulator(running, what, content):
    request = urllib.request.Request(
        f"{running.simulator_url}/_sim/{what}", json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=10).close()


def make_it_hard(running):
    """Slow answers, so that a kill hits a call under way; and no filter of X's that would hide a second send."""
    slow = {"kind": "delay", "method": "POST", "path_glob": "/2/tweets", "args": {"seconds": 2.5}, "times": None}
    tell_the_simulator(running, "faults", slow)
    tell_the_simulator(running, "settings", {"duplicate_window_s": 0})


def states(running):
    return json.loads(running.manage("shell", "-v0", "-c", STATES).stdout.strip().splitlines()[-1])


def texts_on_the_simulator(running):
    with urllib.request.urlopen(f"{running.simulator_url}/_sim/log", timeout=10) as answer:
        entries = json.load(answer)["entries"]
    posts = [entry for entry in entries if entry["post_id"] and entry["path"] == "/2/tweets" and entry["carried_out"]]
    return collections.Counter(entry["body"]["text"] for entry in posts)


def test_killed_processes_double_nothing_and_lose_nothing(tmp_path):
    chance = random.Random(SEED)
    with stack(tmp_path, "--no-demo", **QUICK) as running:
        make_it_hard(running)
        running.manage("shell", "-v0", "-c", TEN_DUE_SOON)
        end = time.monotonic() + 22
        kills = 0
        while time.monotonic() < end:
            service = chance.choice(("web", "worker", "worker", "worker", "beat"))
            if running.pids(service):
                running.kill(service)
                kills += 1
            time.sleep(chance.uniform(0.8, 2.0))
        wait_until(lambda: {state for _, state in states(running)} <= AT_REST, 90, lambda: str(states(running)))
        found, online = states(running), texts_on_the_simulator(running)
    assert kills >= 8
    assert len(found) == 10
    assert max(online.values()) == 1, f"twice, seed {SEED}: {online}"
    for text, state in found:
        assert online[text] == 1 or state != "published", f"{text}: {state}, seed {SEED}"
        assert online[text] == 0 or state in ("published", "unknown"), f"{text}: {state}, seed {SEED}"
