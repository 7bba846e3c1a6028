"""`./dev run` as a person uses it: real processes, real ports, a real terminal."""

import http.client
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.conf import settings

from tests.stack import Stack, free_port, processes_with, stack, wait_until

pytestmark = pytest.mark.services
DEV = str(settings.BASE_DIR / "dev")


def status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status


@pytest.fixture(scope="module")
def empty_stack(tmp_path_factory):
    """An installation without demo data, and with one unsafe combination of settings."""
    quick = {"PUBLISH_TICK_S": "1", "PUBLISH_QUARANTINE_S": "100"}
    with stack(tmp_path_factory.mktemp("stack"), "--no-demo", **quick) as running:
        yield running


def test_web_worker_beat_and_simulator_run_each_in_its_own_process(empty_stack):
    assert status(f"{empty_stack.url}/healthz") == 200
    assert all(empty_stack.pids(service) for service in ("web", "worker", "links", "beat", "simulator"))


def test_without_an_account_it_says_how_to_make_the_first(empty_stack):
    assert "create_account" in empty_stack.output


def test_an_unsafe_combination_is_said_and_does_not_stop_the_start(empty_stack):
    assert "Warnung: PUBLISH_QUARANTINE_S ist nicht länger als PUBLISH_TASK_LIMIT_S" in empty_stack.output


@pytest.mark.parametrize("service", ["web", "worker", "links", "beat", "simulator"])
def test_a_killed_service_is_back_within_seconds(empty_stack, service):
    before = empty_stack.pids(service)
    empty_stack.kill(service)
    wait_until(lambda: (now := empty_stack.pids(service)) and not set(now) & set(before), 15)
    wait_until(lambda: answers(empty_stack), 15)


def answers(running: Stack) -> bool:
    try:
        return status(f"{running.url}/healthz") == 200
    except OSError:
        return False


def test_a_task_reaches_the_worker_through_the_broker(empty_stack):
    expired = "Session.objects.create(session_key='alt', session_data='', expire_date='2020-01-01T00:00Z')"
    given = f"from django.contrib.sessions.models import Session; {expired}"
    empty_stack.manage(
        "shell", "-v0", "-c", f"{given}; from jobcenter_social.tasks import housekeeping as h; h.delay()"
    )
    left = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    wait_until(lambda: empty_stack.manage("shell", "-v0", "-c", left).stdout.strip() == "0", 20)


def test_links_are_read_by_a_worker_that_has_none_of_our_keys(empty_stack):
    due = "from editorial.models import LinkCheck as L; from django.utils import timezone as t; "
    given = "L.objects.create(url='http://127.0.0.1/', wanted_at=t.now())"
    empty_stack.manage("shell", "-v0", "-c", due + given)
    state = due + "print(L.objects.get().state)"
    wait_until(lambda: empty_stack.manage("shell", "-v0", "-c", state).stdout.strip() == "refused", 30)
    for pid in empty_stack.pids("links"):
        with open(f"/proc/{pid}/environ", "rb") as environment:
            names = {pair.partition(b"=")[0].decode() for pair in environment.read().split(b"\0")}
        assert [name for name in names if name.startswith(("X_", "CONSENT_KEYS", "BACKUP_KEY"))] == []


def test_management_commands_speak_to_the_running_simulator(empty_stack):
    asked = empty_stack.manage("shell", "-v0", "-c", "from django.conf import settings; print(settings.X_API_BASE_URL)")
    assert asked.stdout.strip() == empty_stack.simulator_url


def test_styles_and_scripts_are_served_compressed_and_for_ever(empty_stack):
    with urllib.request.urlopen(f"{empty_stack.url}/konto/anmelden/") as page:
        sheet = page.read().decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
    request = urllib.request.Request(f"{empty_stack.url}{sheet}", headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        assert (answer.headers["Content-Encoding"], "immutable" in answer.headers["Cache-Control"]) == ("br", True)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_to_the_process_ends_everything_within_twenty_seconds(sign, tmp_path):
    with stack(tmp_path, "--no-demo") as running:
        began = time.monotonic()
        code = running.stop(sign)
        assert (code, running.leftovers(), time.monotonic() - began < 20) == (0, [], True)
        assert not (tmp_path / "running.json").exists()


def test_a_second_start_finds_everything_ready(tmp_path):
    """Within 5 s on a machine of its own; tests share theirs with others."""
    with stack(tmp_path, "--no-demo"):
        pass
    began = time.monotonic()
    with stack(tmp_path, "--no-demo"):
        assert time.monotonic() - began < 15


def test_a_browser_that_keeps_its_connection_open_does_not_hold_up_the_end(tmp_path):
    with stack(tmp_path, "--no-demo") as running:
        kept = http.client.HTTPConnection("127.0.0.1", running.port)
        kept.request("GET", "/healthz")
        assert kept.getresponse().read() == b"ok\n"
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < 20
        kept.close()


def test_when_the_process_is_killed_hard_its_children_end_too(tmp_path):
    with stack(tmp_path, "--no-demo") as running:
        running.process.kill()
        wait_until(lambda: running.leftovers() == [], 20, lambda: str(running.leftovers()))


def test_a_signal_during_the_set_up_ends_it_too(tmp_path):
    running = Stack(tmp_path)
    wait_until(lambda: running.leftovers(), 10)
    time.sleep(1.5)
    running.stop()
    assert running.leftovers() == []


def test_control_c_in_a_terminal_leaves_no_process(tmp_path):
    port = free_port()
    pid, terminal = pty.fork()
    if pid == 0:
        env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "VAR_DIR": str(tmp_path)}
        os.execve(sys.executable, [sys.executable, DEV, "run", "--port", str(port), "--no-demo"], env)
    text = b""
    while b"Bereit:" not in text:
        text += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    _, code = os.waitpid(pid, 0)
    assert (os.waitstatus_to_exitcode(code), processes_with(f"VAR_DIR={tmp_path}")) == (0, [])
    os.close(terminal)


def test_a_taken_port_is_said_at_once():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        began = time.monotonic()
        command = [sys.executable, DEV, "run", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, f"Port {port}" in done.stderr, time.monotonic() - began < 2) == (1, True, True)
