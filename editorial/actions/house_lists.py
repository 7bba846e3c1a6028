"""The lists that rules read: every entry that comes, changes or goes is in the record."""

import datetime as dt

from django.db import transaction

from .. import audit
from ..clock import database_now
from ..models import Election, FixedDate, GlossaryTerm, PublishedContact, RecurringSlot, TextBlock, TrustedSite, User

Entry = GlossaryTerm | PublishedContact | Election | TextBlock | FixedDate | RecurringSlot | TrustedSite


def keep(entry: Entry, *, by: User, at: dt.datetime | None = None) -> None:
    """Store a new entry, or one that was changed."""
    with transaction.atomic():
        entry.save()
        _record("keep_entry", entry, by=by, at=at)


def remove(entry: Entry, *, by: User, at: dt.datetime | None = None) -> None:
    with transaction.atomic():
        _record("remove_entry", entry, by=by, at=at)
        entry.delete()


def _record(step: str, entry: Entry, *, by: User, at: dt.datetime | None) -> None:
    subject = entry._meta.model_name or ""
    audit.record(step, subject_type=subject, subject_id=entry.pk, at=at or database_now(), by=by, note=str(entry))
