"""The one door to the audit record: who wrote what is asked and answered here."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import DateField, QuerySet, Subquery

from .clock import berlin_day
from .models import AuditActor, AuditEntry, AuditHead, ConceptVersion, User
from .prepared import Change, Given, Question, Statement, insertion, run

# A name stands beside an entry for so long; afterwards the entry shows only a pseudonym (consent-and-law.md 4).
NAMES_SHOWN = dt.timedelta(days=365)


class _Chain:
    """Entries of one transaction that are not written yet, and the end of the chain they hang on."""

    def __init__(self) -> None:
        self.end: Any = None
        self.entries: list[AuditEntry] = []
        self.alongside: list[Statement] = []
        self.needed: int = -1
        self.otherwise: Exception | None = None

    def append(self, entry: AuditEntry) -> None:
        end = self.end or end_of_chain(entry.at)
        last = self.entries[-1] if self.entries else None
        entry.position = (last.position if last else end.position) + 1
        entry.previous_hash, entry.concept_stand = (last.hash if last else end.hash), end.stand or ""
        entry.hash = hash_of(entry)
        self.entries.append(entry)

    def write(self) -> None:
        if self.entries:
            last = self.entries[-1]
            end = _MOVE_END.statement(position=last.position, hash=last.hash)
            if not run(*self.alongside, insertion(*self.entries), end, counted=self.needed) and self.otherwise:
                raise self.otherwise


_open: ContextVar[_Chain | None] = ContextVar("open_chain", default=None)
_MOVE_END = Change(AuditHead.objects.all, ("position", "hash"))


@contextmanager
def chained() -> Iterator[None]:
    """Entries made inside are written together at its end, in their order; none of them when it raises.

    Whoever catches an error inside must not have made an entry before it.
    """
    if _open.get() is not None:
        yield
        return
    chain = _Chain()
    token = _open.set(chain)
    try:
        yield
        chain.write()
    finally:
        _open.reset(token)


def along(write: Statement, *, otherwise: Exception | None = None) -> None:
    """Inside ``chained()``: make this with the entries, where the database can do so as one statement with them.

    ``otherwise`` is raised when this wrote nothing; one such write belongs to one ``chained()``.
    """
    chain = _open.get()
    if chain is None:
        raise RuntimeError("There is no chain of entries to go along with.")
    if otherwise:
        if chain.otherwise:
            raise RuntimeError("One chain of entries can wait for one write only.")
        chain.needed, chain.otherwise = len(chain.alongside), otherwise
    chain.alongside.append(write)


def ends() -> "QuerySet[AuditHead]":
    """The end of the chain, nobody else's until the transaction ends, and the concept in force on the given ``day``."""
    stands = ConceptVersion.objects.filter(valid_from__lte=Given("day", DateField())).order_by("-valid_from")
    # Locks are taken in the same order everywhere, this one last.
    return AuditHead.objects.select_for_update(of=("self",), no_key=True).annotate(
        stand=Subquery(stands.values("stand")[:1])
    )


_END = Question(ends)


def end_of_chain(at: dt.datetime, question: "Question[AuditHead]" = _END, **values: Any) -> Any:
    """Asked once for all entries of ``chained()``; ``question``: one that was made of ``ends`` and asks more."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs into the transaction of its step.")
    end = question.ask(day=berlin_day(at), **values)[0]
    if chain := _open.get():
        chain.end = end
    return end


def record(
    step: str,
    *,
    subject_type: str,
    subject_id: int,
    at: dt.datetime,
    by: User | None = None,
    source: str = "",
    target: str = "",
    digest: str = "",
    note: str = "",
) -> None:
    """Append one entry in the caller's transaction; ``by=None`` is the system. Notes never hold names of people."""
    entry = AuditEntry(
        at=at,
        actor=pseudonym_of(by) if by else None,
        step=step,
        subject_type=subject_type,
        subject_id=subject_id,
        source=source,
        target=target,
        digest_sha256=digest,
        note=note,
    )
    with chained():
        chain = _open.get()
        if chain is not None:
            chain.append(entry)


def pseudonym_of(user: User) -> str:
    try:
        actor = user.audit_actor  # kept by the user's object: somebody who takes two steps is looked up once
    except AuditActor.DoesNotExist:
        actor, _ = AuditActor.objects.get_or_create(user=user, defaults={"name": user.display_name[:200]})
    return str(actor.pseudonym)


def last_entry(step: str, *, subject_type: str, subject_id: int) -> AuditEntry | None:
    found = AuditEntry.objects.filter(step=step, subject_type=subject_type, subject_id=subject_id)
    return found.order_by("position").last()


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and the entry's content in canonical JSON."""
    content = {
        "position": entry.position,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": str(entry.actor) if entry.actor else None,
        "step": entry.step,
        "subject": [entry.subject_type, entry.subject_id],
        "move": [entry.source, entry.target],
        "digest": entry.digest_sha256,
        "concept": entry.concept_stand,
        "note": entry.note,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((entry.previous_hash + canonical).encode()).hexdigest()


def broken_entries() -> Iterator[str]:
    """Walk the chain from its start; yields one sentence per break, the first one names the first broken entry."""
    previous_hash, previous_position = "0" * 64, 0
    for entry in AuditEntry.objects.order_by("position").iterator(chunk_size=2000):
        if entry.position != previous_position + 1:
            yield f"Eintrag {previous_position + 1} fehlt."
        if entry.previous_hash != previous_hash:
            yield f"Eintrag {entry.position} schließt nicht an seinen Vorgänger an."
        if entry.hash != hash_of(entry):
            yield f"Eintrag {entry.position} wurde verändert."
        previous_hash, previous_position = entry.hash, entry.position
    head = AuditHead.objects.get()
    if (head.position, head.hash) != (previous_position, previous_hash):
        yield f"Das Ende der Kette fehlt: erwartet war Eintrag {head.position}."
