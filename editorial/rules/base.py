"""What a rule says and what it is told."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..models import Delivery, Post, User
from .known import Known


@dataclass(frozen=True)
class Objection:
    """Why something may not go on. A hint (``blocks=False``) has the same form and never stops anything.

    ``code`` is ``<subject>.<what>`` (contract), ``clause`` the K-nn quoted, ``field`` the form field to jump to.
    """

    code: str
    text: str
    clause: str = ""
    field: str = ""
    blocks: bool = True


def hint(code: str, text: str, clause: str = "", field: str = "") -> Objection:
    return Objection(code, text, clause, field, blocks=False)


@dataclass(frozen=True)
class Situation:
    """Who asks, when, and for which moment. ``by=None`` is the system; ``slot=None``: no moment is set."""

    at: dt.datetime
    by: User | None = None
    slot: dt.datetime | None = None
    note: str = ""
    seen_digest: str = ""
    delivery: Delivery | None = None
    known: Known = field(default_factory=Known, compare=False)


Rule = Callable[[Post, Situation], Iterator[Objection]]
