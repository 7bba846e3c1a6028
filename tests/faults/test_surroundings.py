"""Rows 17 to 19, 24 and 25: broker, clocks, many senders at once, the kill switch, a database that takes nothing."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from tests.plant import CREATE, PATIENCE_S
from tests.stack import wait_until

pytestmark = pytest.mark.services

HOUR_S = 3600
DISK_IS_FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER disk_is_full BEFORE INSERT ON editorial_attempt EXECUTE FUNCTION disk_is_full()
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


def test_row_25_with_a_full_disk_nothing_is_sent_that_could_not_be_stored(plant):
    house = plant()
    house.ask(DISK_IS_FULL)
    running(house, "worker", "beat")
    house.plan(0)
    time.sleep(3)
    assert (house.states(), house.outcomes(), house.calls()) == (["scheduled"], [], 0)
    house.ask("DROP TRIGGER disk_is_full ON editorial_attempt")
    house.wait_for("published")
    assert len(house.sent()) == 1


def test_row_25_a_log_that_takes_no_line_stops_no_sending(plant):
    house = plant(PUBLISH_TASK_LIMIT_S="8", PUBLISH_QUARANTINE_S="10")  # of which no check has anything to say
    house.plan(0)
    with open("/dev/full", "w") as full:
        command = [sys.executable, "manage.py", "publish_due"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=house.house.env, stderr=full, timeout=60, check=False)
    assert (house.states(), len(house.sent())) == (["published"], 1)


def test_row_25_killed_for_want_of_memory_it_is_as_any_other_kill(plant):
    """The kernel's answer to want of memory is SIGKILL (row 1); a refused allocation ends as an unclear outcome."""
    house = plant()
    house.plan(0)
    limited = [sys.executable, "-c", SHORT_OF_MEMORY, "publish_due"]
    subprocess.run(limited, cwd=settings.BASE_DIR, env=house.house.env | {"PYTHONPATH": "."}, timeout=60, check=True)
    assert (house.states(), house.outcomes(), house.calls()) == (["unknown"], ["unknown"], 0)
    for name in ("worker", "beat"):
        house.add(name)
    house.wait_for("published")
    assert (house.outcomes(), len(house.sent())) == (["absent", "published"], 1)


SHORT_OF_MEMORY = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_social.settings")
import django
django.setup()
from django.core.management import call_command
from editorial.channels.twitter import Twitter
def send(self, message):
    raise MemoryError
Twitter.send = send
call_command("publish_due")
"""


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
