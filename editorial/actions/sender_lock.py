"""Proof of life: whoever sends an Ausspielung holds its lock until the outcome is stored (publishing.md 1.4, 3).

The lock ends with its holder, not with a deadline: a dead sender lets go at once, a frozen one never does.
"""

import fcntl
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_ADVISORY_CLASS = 0x4A43  # keeps these apart from any other advisory lock in the database
_mine = threading.local()


@contextmanager
def holding(delivery_id: int) -> Iterator[bool]:
    """Take the lock without waiting; False when somebody else holds it."""
    with (_in_database if connection.vendor == "postgresql" else _in_file)(delivery_id) as mine:
        yield mine


def let_go() -> None:
    """Close this thread's own connection; the next lock opens a new one."""
    own = _mine.__dict__.pop("connection", None)
    if own is not None:
        own.close()


@contextmanager
def _in_database(delivery_id: int) -> Iterator[bool]:
    """An advisory lock of a session of its own: the transaction that stores the outcome may fail without losing it.

    The session must reach PostgreSQL directly; a pooler that hands sessions around would hand the lock around, too.
    """
    try:
        mine = _ask("SELECT pg_try_advisory_lock(%s, %s)", delivery_id)
    except (DatabaseError, InterfaceError):
        # The database was restarted since the last lock: this session knows nothing of it yet.
        let_go()
        mine = _ask("SELECT pg_try_advisory_lock(%s, %s)", delivery_id)
    try:
        yield mine
    finally:
        if mine:
            try:
                _ask("SELECT pg_advisory_unlock(%s, %s)", delivery_id)
            except (DatabaseError, InterfaceError):
                let_go()  # the session is gone, and with it its locks


def _ask(sql: str, delivery_id: int) -> bool:
    with _own_connection().cursor() as cursor:
        cursor.execute(sql, [_ADVISORY_CLASS, delivery_id])
        return bool(cursor.fetchone()[0])


def _own_connection() -> BaseDatabaseWrapper:
    own: BaseDatabaseWrapper | None = getattr(_mine, "connection", None)
    if own is None:
        own = _mine.connection = connections.create_connection(DEFAULT_DB_ALIAS)
    return own


@contextmanager
def _in_file(delivery_id: int) -> Iterator[bool]:
    """One byte of one file per Ausspielung, locked by the open file and not by the process, so threads exclude each
    other as well. SQLite means one host, so a file on it is enough.
    """
    path = Path(connection.settings_dict["NAME"]).with_suffix(".lock")  # beside the database it guards
    path.parent.mkdir(parents=True, exist_ok=True)
    wanted = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, delivery_id, 1, 0)
    with path.open("ab") as file:
        try:
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, wanted)
        except BlockingIOError:
            yield False
        else:
            yield True
