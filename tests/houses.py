"""An installation without services: a data folder, a database, and commands run as an operator runs them."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.servers import new_database, postgres_programs
from tests.stack import INHERITED, free_port, wait_until

KEYS = {
    "X_CONSUMER_KEY": "simulator-consumer-key",
    "X_CONSUMER_SECRET": "simulator-consumer-secret",
    "X_ACCESS_TOKEN": "42-simulator-access-token",
    "X_ACCESS_TOKEN_SECRET": "simulator-access-token-secret",
}
PEOPLE = """
from editorial.actions import accounts
from editorial.enums import Role
for name, role in (("proe1", Role.PROE), ("gf1", Role.GF), ("admin1", Role.ADMIN)):
    accounts.create(name, role, f"{name}@example.org")
"""
DUE_SOON = """
import datetime as dt
from django.utils import timezone
from editorial.actions import approval, drafting
from editorial.models import Audience, Topic, User
writer, director = User.objects.get(username="proe1"), User.objects.get(username="gf1")
page = "https://www.jobcenter-bremen.de/probe"
for number in range({number}):
    content = {{
        "text": f"Probe Nummer {{number}} fällig {{page}}",
        "topic": Topic.objects.get(slug="dienstleistungen"),
        "audiences": list(Audience.objects.all()[:1]),
        "source_url": page,
        "twin_url": page,
        "slot": timezone.now() + dt.timedelta(seconds={within_s}),
    }}
    post = approval.submit(drafting.create(content, by=writer), by=writer)
    approval.approve(post, by=director, seen_digest=post.digest())
"""
STATES = "from editorial.models import Delivery; print(list(Delivery.objects.values_list('state', flat=True)))"


class House:
    def __init__(self, var_dir: Path, database_url: str = "", **variables: str):
        self.var_dir = var_dir
        var_dir.mkdir(parents=True, exist_ok=True)
        own = {"VAR_DIR": str(var_dir), "SECRET_KEY": settings.SECRET_KEY}
        if database_url:
            own["DATABASE_URL"] = database_url
        self.env = {name: os.environ[name] for name in INHERITED if name in os.environ} | own | variables
        # The programs of the server the tests run on, where the machine has several or none.
        self.env["PATH"] = f"{postgres_programs()}{os.pathsep}{self.env['PATH']}" if database_url else self.env["PATH"]

    def manage(self, *arguments: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.env | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def shell(self, text: str) -> str:
        return self.manage("shell", "-v0", "-c", text).stdout.strip()

    def with_people(self) -> "House":
        self.manage("migrate", "-v0")
        self.shell(PEOPLE)
        return self

    def plan(self, number: int, within_s: float) -> None:
        self.shell(DUE_SOON.format(number=number, within_s=within_s))

    def states(self) -> list[str]:
        return json.loads(self.shell(STATES).replace("'", '"'))

    def copy(self, var_dir: Path) -> "House":
        """The same installation once more, to be changed at will; costs no command."""
        shutil.copytree(self.var_dir, var_dir)
        twin = House(var_dir)
        twin.env = self.env | {"VAR_DIR": str(var_dir)}
        if url := self.env.get("DATABASE_URL"):
            twin.env["DATABASE_URL"] = new_database(url, template=True)
        return twin


def new_house(engine: str, var_dir: Path, postgres_url: str, **variables: str) -> House:
    return House(var_dir, new_database(postgres_url) if engine == "postgresql" else "", **variables)


@contextmanager
def simulator() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "x_simulator", "--port", str(port)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address), 20)
        yield address
    finally:
        process.kill()
        process.wait()


def texts_on(simulator_url: str) -> list[str]:
    """Every text that was really posted there, in order; the same one twice is there twice."""
    with urllib.request.urlopen(f"{simulator_url}/_sim/log", timeout=10) as answer:
        entries = json.load(answer)["entries"]
    return [e["body"]["text"] for e in entries if e["post_id"] and e["path"] == "/2/tweets" and e["carried_out"]]


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_sim/log", timeout=2):
            return True
    except OSError:
        return False
