"""The app as in production on a database of a given size: gunicorn, two workers, real log-in, kept connections."""

import gzip
import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jobcenter_social.management.commands.run import WEB
from tests.servers import new_database
from tests.stack import INHERITED, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "ein-langes-passwort"
CONNECTIONS = 4
IDLE_S = 10  # gunicorn closes what was silent for 15 s
# Nothing listens here: a benchmark must not reach the real service.
NOWHERE = "http://127.0.0.1:9"
READY_WITHIN_S = 60
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    took_ms: float

    def json(self) -> Any:
        packed = self.headers["Content-Encoding"] == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)


@dataclass
class Visitor:
    """One person's browser as far as it matters here: cookies, and several connections that are kept and used in turn.

    Several, because one connection stays with one worker.
    """

    port: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def __post_init__(self) -> None:
        self._kept = cycle([http.client.HTTPConnection("localhost", self.port, timeout=30) for _ in range(CONNECTIONS)])
        self._used_at = 0.0

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self.send("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def log_in(self, name: str, password: str) -> "Visitor":
        token = TOKEN.search(self.get("/konto/anmelden/", **{"Accept-Encoding": "identity"}).body)
        assert token, "Die Anmeldung zeigt kein Formular."
        fields = {"login": name, "password": password, "csrfmiddlewaretoken": token[1].decode()}
        answer = self.post("/konto/anmelden/", fields)
        assert answer.status == 302, f"Die Anmeldung von {name} antwortet mit {answer.status}."
        return self

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if time.monotonic() - self._used_at > IDLE_S:
            for _ in range(CONNECTIONS):
                next(self._kept).close()  # it opens again by itself
        self._used_at = time.monotonic()
        connection = next(self._kept)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        sent = {"Accept-Encoding": "gzip", **({"Cookie": cookies} if cookies else {}), **headers}
        begin = time.perf_counter()
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        content = response.read()
        took_ms = (time.perf_counter() - begin) * 1000
        for value in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(value)
        return Answer(response.status, response.headers, content, took_ms)


@dataclass(frozen=True)
class Site:
    """A running installation with so many Beiträge; ``keys`` name what is worth opening."""

    posts: int
    port: int
    keys: dict[str, str | int]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


@contextmanager
def running_site(posts: int, server_url: str, var_dir: Path) -> Iterator[Site]:
    port = free_port()
    env = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "DATABASE_URL": new_database(server_url),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "VAR_DIR": str(var_dir),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "X_API_BASE_URL": NOWHERE,
        # With keys no page warns that Beiträge have to be posted by hand.
        **dict.fromkeys(("X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), "0-none"),
    }
    run(env, "manage.py", "migrate", "--verbosity", "0")
    run(env, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    keys = json.loads(run(env, "-m", "tests.bench.many_posts", str(posts)).splitlines()[-1])
    gunicorn = Path(sys.executable).parent / WEB[0]
    process = subprocess.Popen(
        [str(gunicorn), *WEB[1:], "--bind", f"127.0.0.1:{port}"], cwd=ROOT, env=env, start_new_session=True
    )
    try:
        wait_until(lambda: answers(port), READY_WITHIN_S)
        yield Site(posts, port, keys)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def run(env: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def answers(port: int) -> bool:
    try:
        return Visitor(port).get("/healthz").status == 200
    except OSError:
        return False
