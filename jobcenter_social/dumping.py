"""The database as one file, and back: PostgreSQL by its own programs, SQLite by its own backup call.

Loading is all or nothing. In the same moment in which the old content appears, sending is off.
"""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

LOCK_WAIT_S = 30
LIBPQ = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
}
# Whatever stands in the schema, also what a newer version put there.
EMPTY_THE_SCHEMA = """
DO $$ DECLARE line text; BEGIN
  FOR line IN SELECT format('DROP TABLE IF EXISTS public.%I CASCADE', tablename) FROM pg_tables
    WHERE schemaname = 'public' LOOP EXECUTE line; END LOOP;
  FOR line IN SELECT format('DROP SEQUENCE IF EXISTS public.%I CASCADE', sequencename) FROM pg_sequences
    WHERE schemaname = 'public' LOOP EXECUTE line; END LOOP;
  FOR line IN SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP EXECUTE line; END LOOP;
END $$;
"""
Ask = Callable[[str], Sequence[tuple[Any, ...]]]


class DumpError(Exception):
    """The database could not be written to a file or read from one; the sentence says why."""


@dataclass(frozen=True)
class Facts:
    """What a restored database is compared with."""

    migrations: list[list[str]]
    audit_position: int
    audit_hash: str
    posts: int
    media: int


@dataclass(frozen=True)
class Mark:
    """What a restored database must hold from its first moment on: a Sendepause, and when its knowledge ended."""

    restored_at: dt.datetime
    backup_at: dt.datetime
    reason: str

    def statements(self) -> tuple[str, ...]:
        """The same text for both databases; everything in it is ours."""
        now, then, reason = (
            _literal(text) for text in (_moment(self.restored_at), _moment(self.backup_at), self.reason)
        )
        return (
            f"INSERT INTO editorial_sendpause (started_at, reason) VALUES ({now}, {reason})",  # noqa: S608 - quoted
            "INSERT INTO editorial_restore (restored_at, backup_at, findings) "  # noqa: S608 - quoted
            f"VALUES ({now}, {then}, '[]')",
            "DELETE FROM django_session",
        )


def dump(to: Path) -> Facts:
    """Write the whole database as it is at one moment."""
    return _dump_postgres(to) if connection.vendor == "postgresql" else _dump_sqlite(to)


def load(source: Path, mark: Mark) -> None:
    """Put this database in the place of the present one, or raise DumpError and change nothing."""
    connections.close_all()
    if connection.vendor == "postgresql":
        _load_postgres(source, mark)
    else:
        _load_sqlite(source, mark)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _dump_postgres(to: Path) -> Facts:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]

        def ask(question: str) -> Sequence[tuple[Any, ...]]:
            cursor.execute(question)
            return cursor.fetchall()

        facts = _facts(ask)
        done = subprocess.run(  # noqa: S603 - our own fixed words, no shell
            [_program("pg_dump"), "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", "-f", str(to)],
            env=_postgres_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise DumpError(f"pg_dump konnte die Datenbank nicht sichern: {_last_line(done.stderr)}")
    return facts


def _load_postgres(source: Path, mark: Mark) -> None:
    """One transaction from the first DROP to the last INSERT; without its COMMIT nothing of it stays."""
    env, psql = _postgres_environment(), [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    with subprocess.Popen(  # noqa: S603 - our own fixed words, no shell
        psql, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as target:
        assert target.stdin is not None
        assert target.stderr is not None
        complaint = ""
        try:
            _say(target.stdin, "BEGIN", f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'", EMPTY_THE_SCHEMA)
            script = [_program("pg_restore"), "--no-owner", "--no-privileges", "-f", "-", str(source)]
            done = subprocess.run(  # noqa: S603 - our own fixed words, no shell
                script, env=env, stdout=target.stdin, stderr=subprocess.PIPE, text=True, check=False
            )
            if done.returncode == 0:
                _say(target.stdin, "SET search_path = public", *mark.statements(), "COMMIT")
            else:
                complaint = done.stderr
            target.stdin.close()
        except BrokenPipeError:  # psql has ended already and says why
            pass
        words = target.stderr.read().decode(errors="replace")
    if complaint or target.returncode:
        raise DumpError(_why_not(words or complaint))


def _why_not(words: str) -> str:
    if "lock timeout" in words:
        return "Die Datenbank wird noch benutzt. Bitte beenden Sie zuerst Web, Worker und Beat."
    return f"Die Datenbank ließ sich nicht einspielen: {_last_line(words)}"


def _say(psql: Any, *statements: str) -> None:
    psql.write("".join(f"{statement};\n" for statement in statements).encode())
    psql.flush()


def _program(name: str) -> str:
    """The one on the path, else Debian's newest: it must not be older than the server."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = shutil.which(name) or (str(installed[-1]) if installed else None)
    if found is None:
        raise DumpError(f"Das Programm {name} fehlt. Bitte installieren: apt-get install postgresql-client")
    return found


def _postgres_environment() -> dict[str, str]:
    """How to reach the database; in the environment, because everybody on the machine can read arguments."""
    given = connection.get_connection_params()
    names = {name: str(given[key]) for key, name in LIBPQ.items() if given.get(key)}
    return {**os.environ, **names, "PGOPTIONS": "-c client_min_messages=warning"}


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _dump_sqlite(to: Path) -> Facts:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(to)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            return _facts(lambda question: copy.execute(question).fetchall())
    except sqlite3.Error as error:
        raise DumpError(f"Die Datenbank konnte nicht gesichert werden: {error}") from error


def _load_sqlite(source: Path, mark: Mark) -> None:
    deadline = time.monotonic() + LOCK_WAIT_S

    def patient(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise DumpError("Die Datenbank wird noch benutzt. Bitte beenden Sie zuerst Web, Worker und Beat.")

    try:
        with closing(sqlite3.connect(source)) as old, closing(_target()) as target:
            if old.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise DumpError("Die Datenbank in der Sicherung ist in sich beschädigt.")
            for statement in mark.statements():
                old.execute(statement)
            old.commit()
            old.backup(target, progress=patient)  # one transaction: the others see all of it or nothing
    except sqlite3.Error as error:
        raise DumpError(f"Die Datenbank ließ sich nicht einspielen: {error}") from error


def _target() -> sqlite3.Connection:
    return sqlite3.connect(connection.settings_dict["NAME"], timeout=1)


# --- both -------------------------------------------------------------------------------------------------------------


def _facts(ask: Ask) -> Facts:
    [[position, digest]] = ask("SELECT position, hash FROM editorial_audithead")
    return Facts(
        migrations=[list(row) for row in ask("SELECT app, name FROM django_migrations ORDER BY id")],
        audit_position=position,
        audit_hash=digest,
        posts=ask("SELECT count(*) FROM editorial_post")[0][0],
        media=ask("SELECT count(*) FROM editorial_medium")[0][0],
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _moment(at: dt.datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(at))


def _last_line(words: str) -> str:
    lines = [line for line in words.strip().splitlines() if line.strip()]
    return lines[-1][:300] if lines else "ohne Angabe von Gründen"
