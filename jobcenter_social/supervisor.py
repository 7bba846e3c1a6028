"""Keeps a handful of programs running in one terminal and ends them all together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
LOOK_EVERY_S = 0.2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
HEALTHY_AFTER_S = 60.0
STOP_WITHIN_S = 12.0
STOP_LAST_WITHIN_S = 3.0
GONE_WITHIN_S = 1.0

write_lock = threading.Lock()


def say(name: str, line: str) -> None:
    with write_lock:
        print(f"{name:<9} | {line}", flush=True)  # noqa: T201 - the terminal is this module's whole purpose


def leashed(command: Sequence[str], env: dict[str, str], name: str) -> subprocess.Popen[bytes]:
    """Start it in a session of its own (so Ctrl-C reaches only us), bound to our life; its lines show ``name``."""
    process = subprocess.Popen(  # noqa: S603 - our own fixed commands, no shell
        [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *command],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    threading.Thread(target=_repeat_lines, args=(name, process), daemon=True).start()
    return process


def _repeat_lines(name: str, process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        say(name, line.decode("utf-8", errors="replace").rstrip())


def end_group(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    """Signal the process and all it started; its group outlives it when a child of its own hangs on."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, sign)


def wait_for_group(process: subprocess.Popen[bytes]) -> None:
    """The killed need a moment to be gone; when we say that nobody is left, nobody is."""
    deadline = time.monotonic() + GONE_WITHIN_S
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)
            time.sleep(0.02)


@dataclass
class Child:
    name: str
    command: Sequence[str]
    env: dict[str, str]
    last_to_stop: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    start_at: float = 0.0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = leashed(self.command, self.env, self.name)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self) -> None:
        """Start it when it is due; when it has died, clear away what it left and decide when to start it again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        end_group(self.process, signal.SIGKILL)
        if now - self.started_at > HEALTHY_AFTER_S:
            self.pause_s = FIRST_PAUSE_S
        say("run", f"{self.name} endete mit {code}, neuer Start in {self.pause_s:.0f} s")
        self.process, self.start_at = None, now + self.pause_s
        self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)


@dataclass
class Supervisor:
    stopping: threading.Event
    children: list[Child] = field(default_factory=list)

    def add(self, name: str, command: Sequence[str], env: dict[str, str], last_to_stop: bool = False) -> Child:
        child = Child(name, command, env, last_to_stop)
        child.start()
        self.children.append(child)
        return child

    def watch(self, ready: Callable[[], bool] = lambda: True) -> None:
        """Return when ``stopping`` is set; ``ready`` is asked until it once answers yes."""
        done = False
        while not self.stopping.wait(LOOK_EVERY_S):
            done = done or ready()
            for child in self.children:
                child.look()

    def stop(self) -> None:
        """End all, at most within STOP_WITHIN_S + STOP_LAST_WITHIN_S; a send that still runs becomes *unknown*."""
        first = [child for child in self.children if not child.last_to_stop]
        self._end(first, STOP_WITHIN_S)
        self._end([child for child in self.children if child.last_to_stop], STOP_LAST_WITHIN_S)

    @staticmethod
    def _end(children: list[Child], within_s: float) -> None:
        for child in children:
            if child.alive and child.process:
                child.process.terminate()
        deadline = time.monotonic() + within_s
        while any(child.alive for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in children:
            if child.process:
                end_group(child.process, signal.SIGKILL)
                child.process.wait()
                wait_for_group(child.process)
