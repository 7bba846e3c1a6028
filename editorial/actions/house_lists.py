"""The lists that rules read: every entry that comes, changes or goes is in the record."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import ProtectedError

from .. import audit
from ..clock import database_now
from ..models import (
    Department,
    Election,
    FixedDate,
    GlossaryTerm,
    PublishedContact,
    RecurringSlot,
    TextBlock,
    TrustedSite,
    User,
)

Entry = Department | GlossaryTerm | PublishedContact | Election | TextBlock | FixedDate | RecurringSlot | TrustedSite


def keep(entry: Entry, *, by: User, at: dt.datetime | None = None, links: Callable[[], None] | None = None) -> None:
    """Store a new entry, or one that was changed; ``links`` stores what it points to."""
    with transaction.atomic():
        entry.save()
        if links:
            links()
        _record("keep_entry", entry, by=by, at=at)


class StillNeeded(Exception):
    """Something refers to this entry."""


def remove(entry: Entry, *, by: User, at: dt.datetime | None = None) -> None:
    """Raises StillNeeded for what something else refers to; then nothing was changed."""
    try:
        _remove(entry, by=by, at=at)
    except ProtectedError:
        raise StillNeeded from None


def _remove(entry: Entry, *, by: User, at: dt.datetime | None) -> None:
    with transaction.atomic():
        _record("remove_entry", entry, by=by, at=at)
        entry.delete()


def _record(step: str, entry: Entry, *, by: User, at: dt.datetime | None) -> None:
    subject = entry._meta.model_name or ""
    note = str(entry)
    if isinstance(entry, Department):  # who belongs to it decides who may read; no names in the record
        note += f": {', '.join(f'user {pk}' for pk in entry.members.order_by('pk').values_list('pk', flat=True))}"
    audit.record(step, subject_type=subject, subject_id=entry.pk, at=at or database_now(), by=by, note=note)
