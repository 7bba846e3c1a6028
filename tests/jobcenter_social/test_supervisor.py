"""The supervisor with small programs of its own: what it starts, restarts and ends."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings

from jobcenter_social import supervisor as module
from jobcenter_social.supervisor import Child, Supervisor
from tests.stack import processes_with, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]
WITH_CHILD = [sys.executable, "-c", "import os, time; os.fork(); time.sleep(60)"]
PARENT = """
import os, sys, threading
from jobcenter_social.supervisor import Supervisor
watching = Supervisor(threading.Event())
watching.add("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ))
print("started", flush=True)
watching.watch()
"""


@pytest.fixture
def mark(tmp_path):
    return f"TEST_MARK={tmp_path}"


@pytest.fixture
def env(mark):
    name, _, value = mark.partition("=")
    return {**os.environ, name: value}


@pytest.fixture
def watched():
    """A supervisor that watches in a thread and stops at the end of the test."""
    supervisor = Supervisor(threading.Event())
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    yield supervisor
    supervisor.stopping.set()
    thread.join(timeout=10)
    supervisor.stop()


def test_a_killed_child_is_started_again(watched, env):
    child = watched.add("sleeper", SLEEP, env)
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: child.alive and child.process.pid != first, 10)


def test_the_pause_before_a_restart_doubles_up_to_thirty_seconds_and_starts_over_after_a_good_minute(env):
    child = Child("broken", [sys.executable, "-c", "raise SystemExit(3)"], env)
    pauses = []
    for _ in range(7):
        child.start()
        child.process.wait()
        child.look()
        pauses.append(child.start_at - time.monotonic())
    assert [round(pause) for pause in pauses] == [1, 2, 4, 8, 16, 30, 30]
    child.start()
    child.process.wait()
    child.started_at -= 61
    child.look()
    assert round(child.start_at - time.monotonic()) == 1


def test_what_a_dead_child_left_running_is_cleared_away_before_it_starts_again(env, mark):
    child = Child("parent", WITH_CHILD, env)
    child.start()
    wait_until(lambda: len(processes_with(mark)) == 2, 10)
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    child.look()
    wait_until(lambda: processes_with(mark) == [], 5)


def test_stopping_ends_the_deaf_too_and_leaves_nobody(env, mark, monkeypatch, capsys):
    monkeypatch.setattr(module, "STOP_WITHIN_S", 1.0)
    supervisor = Supervisor(threading.Event())
    supervisor.add("deaf", STUBBORN, env)
    supervisor.add("family", WITH_CHILD, env, last_to_stop=True)
    wait_until(lambda: "deaf      | deaf" in capsys.readouterr().out, 10)
    began = time.monotonic()
    supervisor.stop()
    assert (processes_with(mark), time.monotonic() - began < 5) == ([], True)


def test_children_end_when_the_supervisor_itself_is_killed(env, mark):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout.readline() == "started\n"
    wait_until(lambda: len(processes_with(mark)) == 2, 10)
    parent.kill()
    parent.wait()
    wait_until(lambda: processes_with(mark) == [], 10)
