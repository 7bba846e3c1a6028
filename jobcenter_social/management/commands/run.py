import json
import os
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jobcenter_social import probe
from jobcenter_social.checks import settings_fit_together
from jobcenter_social.static_files import build_if_changed, collect_if_changed
from jobcenter_social.supervisor import STOP_WITHIN_S, Supervisor, end_group, leashed, say

HOST = "127.0.0.1"
DEMO_LOG_INS = "proe1 proe2 gf1 gf2 gf3 fach1 admin1 dsb1"
DEMO_PASSWORD = "redaktion-demo"  # noqa: S105 - printed in the documentation; exists only with demo data
# The keys that the simulator accepts when nobody told it others; worthless anywhere else.
SIMULATOR_KEYS = {
    "X_CONSUMER_KEY": "simulator-consumer-key",
    "X_CONSUMER_SECRET": "simulator-consumer-secret",
    "X_ACCESS_TOKEN": "42-simulator-access-token",
    "X_ACCESS_TOKEN_SECRET": "simulator-access-token-secret",
}
WEB = ["gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload", "--no-control-socket"]
WEB += [
    "--keep-alive",
    "15",
    "--graceful-timeout",
    str(int(STOP_WITHIN_S) - 2),
    "--log-level",
    "warning",
    "jobcenter_social.wsgi",
]
WORKER = ["celery", "--quiet", "--app", "jobcenter_social", "worker", "--pool", "threads", "--concurrency", "4"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
# Reads pages of others: apart from the worker that sends, and without our keys.
LINKS = [*WORKER, "--queues", "links", "--hostname", "links@%h"]
LINKS[LINKS.index("--concurrency") + 1] = "1"
NOT_FOR_LINKS = ("X_", "CONSENT_KEYS", "BACKUP_KEY")
BEAT = ["celery", "--quiet", "--app", "jobcenter_social", "beat", "--pidfile", "", "--loglevel", "WARNING"]
SIMULATOR_READY_WITHIN_S = 15
WEB_HEAD_START_S = 10
# The website waits for the demonstration, but not on a machine so slow that its first page would take over a minute.
FIRST_PAGE_WITHOUT_DEMO_AFTER_S = 40
DEMO_HEAD_START_S = 10


class Command(BaseCommand):
    help = "Runs web, worker, beat and the X simulator until Ctrl-C. Use it through ./dev run."
    requires_system_checks: list[str] = []  # ours are said below; Django's own are for tests and CI

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true")

    def handle(self, *args: Any, port: int, no_demo: bool, **options: Any) -> None:
        stopping = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, lambda *_: stopping.set())
        os.chdir(settings.BASE_DIR)
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "VAR_DIR": str(settings.VAR_DIR)}
        supervisor = Supervisor(stopping)
        note = settings.VAR_DIR / "running.json"
        demo = None
        try:
            ours = {} if "X_API_BASE_URL" in env else add_simulator(supervisor, env, port)
            env |= ours
            # For ./dev manage, which has to speak to the same simulator; only what we chose, never a key from outside.
            note.write_text(json.dumps({"pid": os.getpid(), "env": ours}), encoding="utf-8")
            demo = prepare(supervisor, env, with_demo=not no_demo)
            if not stopping.is_set():
                supervisor.watch(ready=Services(supervisor, env, port, demo).look)
        finally:
            if demo:
                demo.stop()
            supervisor.stop()
            note.unlink(missing_ok=True)
            say("run", "Alles beendet.")


def add_simulator(supervisor: Supervisor, env: dict[str, str], port: int) -> dict[str, str]:
    """Start it and return the variables that lead the app to it."""
    simulator_port = port + 1 if is_free(port + 1) else any_free_port()
    state = str(settings.VAR_DIR / "x-simulator.json")
    command = [sys.executable, "-m", "x_simulator", "--port", str(simulator_port), "--state", state]
    supervisor.add("simulator", command, env, last_to_stop=True)
    keys = {name: key for name, key in SIMULATOR_KEYS.items() if not env.get(name) and f"{name}_FILE" not in env}
    return {"X_API_BASE_URL": f"http://{HOST}:{simulator_port}", "X_SIMULATOR_IS_OURS": "1", **keys}


def prepare(supervisor: Supervisor, env: dict[str, str], with_demo: bool) -> "Demo | None":
    for warning in settings_fit_together(None):
        say("run", f"Warnung: {warning.msg}")
    migrate_if_needed()
    demo = Demo(supervisor, env) if with_demo and not get_user_model().objects.exists() else None
    build_if_changed()
    collect_if_changed()
    if demo:
        demo.wait(max(DEMO_HEAD_START_S, FIRST_PAGE_WITHOUT_DEMO_AFTER_S - seconds_since_the_command()))
    return demo


def migrate_if_needed() -> None:
    """Where nothing is to be done, Django would still spend a third of a second on finding out what changed."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def seconds_since_the_command() -> float:
    """Since ``./dev run`` was typed: on a new machine it has installed everything in the meantime."""
    return time.time() - float(os.environ.get("DEV_BEGAN_AT", time.time()))


class Demo:
    """The demonstration data, built by a process of its own while other things are made ready."""

    def __init__(self, supervisor: Supervisor, env: dict[str, str]):
        say("run", "Die Datenbank ist leer: Die Demonstration wird aufgebaut …")
        if "X_SIMULATOR_IS_OURS" in env:
            wait_for(env["X_API_BASE_URL"], supervisor.stopping)
        self.stopping, self.began, self.said = supervisor.stopping, time.monotonic(), False
        self.process = leashed([sys.executable, "manage.py", "demo_data"], env, "demo")

    def wait(self, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not self.done and time.monotonic() < deadline and not self.stopping.wait(0.1):
            pass
        if not self.done:
            say("run", "Die Website startet schon; Konten und Beiträge folgen in Kürze.")

    @property
    def done(self) -> bool:
        code = self.process.poll()
        if code is not None and not self.said:
            self.said = True
            took_s = time.monotonic() - self.began
            outcome = f"ließ sich nicht aufbauen ({code})" if code else f"steht ({took_s:.0f} s)"
            say("run", f"Die Demonstration {outcome}.")
        return code is not None

    def stop(self) -> None:
        if self.process.poll() is None:
            end_group(self.process, signal.SIGKILL)  # one transaction: nothing of it stays
            self.process.wait()


class Services:
    """Web first, alone: on two cores the others would only slow down its first answer."""

    def __init__(self, supervisor: Supervisor, env: dict[str, str], port: int, demo: Demo | None):
        self.supervisor, self.env, self.port, self.demo = supervisor, env, port, demo
        self._add("web", [*WEB, "--bind", f"{HOST}:{port}"])
        self.complete = False
        self.others_at = time.monotonic() + WEB_HEAD_START_S

    def look(self) -> bool:
        """Start the others when web answers, or after a while even if it does not; whether all is ready."""
        if self.demo and not self.demo.done:  # nothing to do for them yet, and two cores
            return False
        up = probe.status(self.port, settings.PUBLIC_BASE_URL) == 200
        if not self.complete and (up or time.monotonic() > self.others_at):
            self.complete = True
            self._add("worker", WORKER)
            self._add("links", LINKS, without=NOT_FOR_LINKS)
            self._add("beat", BEAT)
        if up:
            announce()
        return up

    def _add(self, name: str, command: list[str], without: tuple[str, ...] = ()) -> None:
        # Not resolved: a link followed to its end would leave the virtual environment.
        program = str(Path(sys.executable).parent / command[0])
        env = {key: value for key, value in self.env.items() if not without or not key.startswith(without)}
        self.supervisor.add(name, [program, *command[1:]], env)


def announce() -> None:
    say("run", f"Bereit: {settings.PUBLIC_BASE_URL}/  (Anmelden: {settings.PUBLIC_BASE_URL}/konto/anmelden/)")
    accounts = get_user_model().objects
    if accounts.filter(username=DEMO_LOG_INS.split()[0]).exists():
        say("run", f"Demonstration. Anmeldenamen: {DEMO_LOG_INS}  Passwort: {DEMO_PASSWORD}")
    elif not accounts.exists():
        say("run", "Noch kein Konto: ./dev manage create_account NAME --role admin --email ADRESSE")
    say("run", "Beenden mit Strg+C.")


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def any_free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def wait_for(address: str, stopping: threading.Event) -> None:
    """Until somebody listens there. After the time the demo data say themselves what is missing."""
    host, _, port = address.removeprefix("http://").partition(":")
    deadline = time.monotonic() + SIMULATOR_READY_WITHIN_S
    while time.monotonic() < deadline and not stopping.wait(0.05):
        with socket.socket() as caller:
            if caller.connect_ex((host, int(port))) == 0:
                return
