"""The one door to the audit record: who wrote what is asked and answered here."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Subquery

from .clock import berlin_day
from .models import AuditActor, AuditEntry, AuditHead, ConceptVersion, User


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
) -> AuditEntry:
    """Append one entry in the caller's transaction; ``by=None`` is the system. Notes never hold names of people."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs into the transaction of its step.")
    stands = ConceptVersion.objects.filter(valid_from__lte=berlin_day(at)).order_by("-valid_from").values("stand")
    head = AuditHead.objects.select_for_update().annotate(stand=Subquery(stands[:1])).get()
    entry = AuditEntry(
        position=head.position + 1,
        at=at,
        actor=pseudonym_of(by) if by else None,
        step=step,
        subject_type=subject_type,
        subject_id=subject_id,
        source=source,
        target=target,
        digest_sha256=digest,
        concept_stand=head.stand or "",
        note=note,
        previous_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save()
    head.position, head.hash = entry.position, entry.hash
    head.save()
    return entry


def pseudonym_of(user: User) -> str:
    try:
        actor = user.audit_actor  # kept by the user's object: somebody who takes two steps is looked up once
    except AuditActor.DoesNotExist:
        actor, _ = AuditActor.objects.get_or_create(user=user, defaults={"name": user.display_name[:200]})
    return str(actor.pseudonym)


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
