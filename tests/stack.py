"""The whole program as a user starts it: web, worker, beat and simulator as processes, on a data folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings

from tests.servers import new_database, redis

READY = "Bereit:"
DEMO_BEGINS, DEMO_STANDS = "Die Demonstration wird aufgebaut", "Die Demonstration steht"
READY_WITHIN_S = 120
PROGRAM = "jobcenter_social"
SERVICES = {
    "web": f"{PROGRAM}.wsgi",
    "worker": f"{PROGRAM} worker --pool threads --concurrency 4",
    "links": f"{PROGRAM} worker --pool threads --concurrency 1",
    "beat": f"{PROGRAM} beat",
    "simulator": "-m x_simulator",
}
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class Stack:
    def __init__(self, var_dir: Path, *options: str, **variables: str):
        self.var_dir = var_dir
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        own = {"VAR_DIR": str(var_dir), "PUBLIC_BASE_URL": self.url}
        self.env = {name: os.environ[name] for name in INHERITED if name in os.environ} | own | variables
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--port", str(self.port), *options],
            cwd=settings.BASE_DIR,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip() for line in self.process.stdout)

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    @property
    def simulator_url(self) -> str:
        return self._running()["X_API_BASE_URL"]

    def _running(self) -> dict[str, str]:
        note = json.loads((self.var_dir / "running.json").read_text(encoding="utf-8"))
        return dict(note["env"])

    def wait_until_ready(self) -> "Stack":
        wait_until(lambda: self._is_ready() or self.process.poll() is not None, READY_WITHIN_S, lambda: self.output)
        assert self.process.poll() is None, self.output
        return self

    def _is_ready(self) -> bool:
        """Also the demonstration, which on a slow machine is still being built when the website answers."""
        return READY in self.output and (DEMO_BEGINS not in self.output or DEMO_STANDS in self.output)

    def manage(self, *arguments: str, check: bool = True, input: str | None = None) -> subprocess.CompletedProcess[str]:
        """A management command beside the running services, speaking to the same database and simulator."""
        command = [sys.executable, "manage.py", *arguments]
        env = self.env | self._running()
        return subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=env,
            input=input,
            capture_output=True,
            text=True,
            check=check,
            timeout=120,
        )

    def pids(self, service: str) -> list[int]:
        """The processes of web, worker, links, beat or simulator: the one we started first, then its own children."""
        mark = SERVICES[service]
        return [
            pid for pid, line in processes_with(f"VAR_DIR={self.var_dir}") if mark in line and "manage.py" not in line
        ]

    def kill(self, service: str) -> None:
        os.kill(self.pids(service)[0], signal.SIGKILL)

    def stop(self, sign: signal.Signals = signal.SIGTERM, within_s: float = 20) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(timeout=within_s)

    def leftovers(self) -> list[tuple[int, str]]:
        return processes_with(f"VAR_DIR={self.var_dir}")


@contextmanager
def stack(var_dir: Path, *options: str, **variables: str) -> Iterator[Stack]:
    """A running stack: embedded, or on PostgreSQL and Redis when the tests themselves run on PostgreSQL."""
    with ExitStack() as servers:
        if os.environ.get("DATABASE_URL", "").startswith("postgres"):
            own = {"DATABASE_URL": new_database(os.environ["DATABASE_URL"]), "SECRET_KEY": settings.SECRET_KEY}
            variables = own | {"CELERY_BROKER_URL": servers.enter_context(redis())} | variables
        running = Stack(var_dir, *options, **variables)
        try:
            yield running.wait_until_ready()
        finally:
            try:
                running.stop()
            finally:
                for pid, _ in running.leftovers():
                    os.kill(pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(true: Callable[[], object], within_s: float, otherwise: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"Nach {within_s} s noch nicht. {otherwise()}")
        time.sleep(0.1)


def processes_with(variable: str) -> list[tuple[int, str]]:
    """Number and command line of each living process that has this in its environment, oldest first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            line = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ").strip()
        except OSError:  # it ended meanwhile, or belongs to somebody else
            continue
        if variable in environment and line:
            found.append((int(folder.name), line))
    return sorted(found)
