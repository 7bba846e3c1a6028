"""Rows 17 to 19, 24 and 26: broker, clocks, many senders at once, the kill switch, a restored backup."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.plant import CREATE, PATIENCE_S
from tests.stack import free_port, wait_until

pytestmark = pytest.mark.services

HOUR_S = 3600
# The plant is no demonstration: a log-in counts only with the second factor.
A_LOG_IN_AND_A_BEITRAG = """
import time
from django.test import Client
from editorial.models import Post, User
client = Client()
client.force_login(User.objects.get(username="proe1"))
session = client.session
session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
session.save()
post = Post.objects.order_by("pk").last()
print(session.session_key, post.pk, post.digest())
"""


def running(house, *names):
    for name in names:
        house.add(name)
    wait_until(lambda: house.ask("SELECT 1 FROM editorial_heartbeat WHERE name = 'tick'"), PATIENCE_S)


def wait_until_online(house, number):
    wait_until(lambda: len(house.sent()) == number, PATIENCE_S, lambda: f"{house.states()}, {house.sent()}")


@pytest.mark.parametrize("fault", ["killed", "flushed", "frozen"])
def test_row_17_without_redis_the_system_timer_publishes_and_workers_come_back_by_themselves(plant, fault):
    house = plant()
    running(house, "worker", "beat")
    if fault == "killed":
        house.redis.kill()
    elif fault == "flushed":
        house.redis.ask("FLUSHALL")
    else:
        house.redis.freeze()
    house.plan(0)
    house.house.manage("publish_due")
    assert len(house.sent()) == 1
    house.redis.thaw()
    house.redis.revive()
    house.plan(0)
    wait_until_online(house, 2)
    house.wait_for("published")
    assert len(set(house.sent())) == 2


def test_row_18_two_workers_two_beats_and_timers_send_each_post_once(plant):
    house = plant()
    slow = {"kind": "delay", "method": "POST", "path_glob": "/2/tweets", "args": {"seconds": 0.3}, "times": None}
    house.simulator.faults(slow)
    running(house, "worker1", "worker2", "beat1", "beat2")
    house.plan(*[3] * 20)
    with ThreadPoolExecutor(3) as timers:
        list(timers.map(lambda _: house.house.manage("publish_due"), range(3)))
    house.wait_for("published")
    assert (house.outcomes(), house.calls()) == (["published"] * 20, 20)


@pytest.mark.parametrize("ahead_s", [2 * HOUR_S, -2 * HOUR_S])
def test_row_19_a_wrong_clock_of_one_sender_changes_nothing_about_what_is_due(plant, ahead_s):
    house = plant()
    # The service's own clock is moved as well, or it would refuse the signature (row 11).
    house.simulator.clock(advance_s=ahead_s)
    house.plan(0)
    house.plan(HOUR_S)
    wrong = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULT_CLOCK_S": str(ahead_s)}
    house.house.manage("publish_due", **wrong)
    assert house.states() == ["published", "scheduled"]
    for name in ("worker", "beat"):
        house.add(name, **wrong)
    house.plan(0)
    wait_until(
        lambda: house.states() == ["published", "scheduled", "published"], PATIENCE_S, lambda: str(house.states())
    )
    assert len(house.sent()) == 2


@pytest.mark.parametrize("ahead_s", [2 * HOUR_S, -2 * HOUR_S])
def test_row_19_a_wrong_clock_of_the_website_changes_nothing_about_what_is_due(plant, ahead_s):
    house = plant()
    wrong = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULT_CLOCK_S": str(ahead_s)}
    house.plan(HOUR_S, HOUR_S)
    port = free_port()
    house.add("web", **wrong, PORT=str(port), PUBLIC_BASE_URL=f"http://127.0.0.1:{port}")
    # By its own clock, or the log-in would have ended before it began.
    said = house.house.manage("shell", "-v0", "-c", A_LOG_IN_AND_A_BEITRAG, **wrong).stdout.split()
    key, number, digest = said[-3:]
    site, token = f"http://127.0.0.1:{port}", "x" * 32
    wait_until(lambda: answers(f"{site}/healthz"), PATIENCE_S, lambda: house.parts["web"].log)
    address = f"{site}/redaktion/beitraege/{number}/schritt/jetzt-senden/"
    cookies, sent = {"session": key, "csrf": token}, {"csrfmiddlewaretoken": token, "digest": digest}
    done = requests.post(address, sent, cookies=cookies, timeout=30, allow_redirects=False)
    assert (done.status_code, done.headers["location"].split("/")[1]) == (302, "redaktion"), done.text
    for name in ("worker", "beat"):
        house.add(name)
    wait_until(lambda: house.states() == ["scheduled", "published"], PATIENCE_S, lambda: str(house.states()))
    [(off_s,)] = house.ask(
        "SELECT abs(extract(epoch FROM now() - slot)) FROM editorial_delivery ORDER BY id DESC LIMIT 1"
    )
    assert off_s < PATIENCE_S
    assert len(house.sent()) == 1


def answers(address):
    try:
        return requests.get(address, timeout=10).ok
    except requests.ConnectionError:
        return False


def test_row_24_the_kill_switch_in_the_middle_of_a_storm(plant):
    house = plant(PUBLISH_HTTP_TIMEOUT_S="8", PUBLISH_TASK_LIMIT_S="9", PUBLISH_QUARANTINE_S="15")
    slow = {"kind": "delay", "method": "POST", "path_glob": "/2/tweets", "args": {"seconds": 2}, "times": None}
    house.simulator.faults(slow)
    house.plan(*[0] * 100)
    for name in ("worker1", "worker2", "beat"):
        house.add(name)
    wait_until(lambda: house.calls() >= 5, PATIENCE_S)
    house.house.manage("publishing", "off", "--reason", "Probe")
    off_at = time.monotonic()
    time.sleep(4)
    began = [e["monotonic_s"] for e in house.simulator.log() if (e["method"], e["path"]) == CREATE]
    assert not [moment for moment in began if moment > off_at]
    assert len(began) < 100
    house.wait_for("published", "blocked")
    assert house.states().count("published") == len(house.sent()) == len(began)


def test_row_26_a_restored_backup_sends_nothing_twice(plant, tmp_path):
    house = plant()
    backup = str(tmp_path / "last-night")
    house.plan(8, 8, 8, 3600)
    house.house.manage("backup", backup)
    running(house, "worker", "beat")
    wait_until_online(house, 3)
    house.wait_for("published", "scheduled")
    house.end()
    house.house.manage("restore", backup, "--replace-everything")
    assert "Wiederherstellung" in house.house.manage("publishing", "status").stdout
    running(house, "worker", "beat")
    time.sleep(3)
    assert (house.states(), house.calls()) == (["published"] * 3 + ["scheduled"], 3)
    house.house.manage("publishing", "on")
    house.plan(0)
    wait_until_online(house, 4)
    assert len(set(house.sent())) == 4
