"""What a rule says and what it is told."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..models import Consent, Consultation, Delivery, Post, User
from .known import Known

AROUND = 24  # signs shown on either side of a passage


@dataclass(frozen=True)
class Passage:
    """The words an objection means, with a little of what stands around them; places count code points."""

    start: int
    end: int
    before: str
    words: str
    after: str


def passage(text: str, start: int, end: int) -> Passage:
    before = ("… " if start > AROUND else "") + text[max(0, start - AROUND) : start]
    after = text[end : end + AROUND] + (" …" if end + AROUND < len(text) else "")
    return Passage(start, end, before, text[start:end], after)


@dataclass(frozen=True)
class Objection:
    """Why something may not go on. A hint (``blocks=False``) has the same form and never stops anything.

    ``code`` is ``<subject>.<what>`` (contract), ``clause`` the K-nn quoted, ``field`` the form field to jump to,
    ``passage`` the words meant, where it is about certain words.
    """

    code: str
    text: str
    clause: str = ""
    field: str = ""
    blocks: bool = True
    passage: Passage | None = None


def hint(code: str, text: str, clause: str = "", field: str = "", passage: Passage | None = None) -> Objection:
    return Objection(code, text, clause, field, blocks=False, passage=passage)


@dataclass(frozen=True)
class Situation:
    """Who asks, when, and for which moment. ``by=None`` is the system; ``slot=None``: no moment is set."""

    at: dt.datetime
    by: User | None = None
    slot: dt.datetime | None = None
    note: str = ""
    seen_digest: str = ""
    delivery: Delivery | None = None
    consultation: Consultation | None = None
    consent: Consent | None = None
    known: Known = field(default_factory=Known, compare=False)


Rule = Callable[[Post, Situation], Iterator[Objection]]
