"""Through this door the evaluation tells people what is due; which roles, and how fast, is said here."""

import datetime as dt

from .actions import notices
from .enums import NoticeKind, Role


def due(key: str, *, words: str, path: str, at: dt.datetime) -> int:
    """Remind PRÖ, once per ``key``. Returns how many were told."""
    people = notices.staff(Role.PROE)
    return notices.tell(NoticeKind.REMINDED, people, words=words, path=path, key=key, at=at)


def overdue(key: str, *, words: str, path: str, at: dt.datetime) -> int:
    """Tell the Geschäftsführung and PRÖ at once, by mail too; once per ``key``."""
    people = notices.staff(Role.GF, Role.PROE)
    return notices.tell(NoticeKind.URGENT, people, words=words, path=path, key=key, at=at)


def done(key_start: str, *, at: dt.datetime) -> None:
    """What the notices whose key begins so asked for is done."""
    notices.settle(key_start, at)
