"""Building beside the embedded database: it has one writer at a time, and a log-in cannot wait for minutes.

What is built lies in a copy until it is complete. Then its rows are carried over in one transaction that takes less
than a second. Other databases let many people write at once and are built in directly.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction

from editorial.models import AuditHead, Post, User

OURS = ("editorial", "evaluation")


class NotEmpty(Exception):
    """There is something in the database already; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "Es gibt schon Konten oder Beiträge. Die Demonstration lässt sich nur in eine leere Datenbank legen. "
            "Es wurde nichts geändert."
        )


def must_be_empty() -> None:
    if User.objects.exists() or Post.objects.exists():
        raise NotEmpty


@contextmanager
def beside_the_embedded_database() -> Iterator[None]:
    """Inside, everything is read from and written to the copy. Raises NotEmpty if the original changed meanwhile."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "demo.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        began_at = AuditHead.objects.get().position
        with _connected_to(str(copy)):
            yield
        _carry_over(copy, began_at)


@contextmanager
def _connected_to(file: str) -> Iterator[None]:
    original = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = file
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original


def _carry_over(copy: Path, began_at: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS built", [str(copy)])
        try:
            with transaction.atomic():
                must_be_empty()
                if AuditHead.objects.get().position != began_at:
                    raise NotEmpty
                # In whatever order the tables come: what refers to each other is complete at the end.
                cursor.execute("PRAGMA defer_foreign_keys = ON")
                for table in _tables():
                    new = f'SELECT * FROM built."{table}" EXCEPT SELECT * FROM main."{table}"'  # noqa: S608 - ours
                    cursor.execute(f'INSERT OR REPLACE INTO main."{table}" {new}')
        finally:
            cursor.execute("DETACH DATABASE built")


def _tables() -> list[str]:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    return [model._meta.db_table for model in models]
