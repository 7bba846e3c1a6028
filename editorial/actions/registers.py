"""The registers: what Beiträge refer to is entered, changed, archived. The record names fields, never their content."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from .. import audit
from ..clock import database_now
from ..models import Appointment, Entry, Kept, User
from . import links


class Overtaken(Exception):
    """Somebody else saved since this person began."""


def enter(row: Kept, *, by: User, at: dt.datetime | None = None) -> None:
    """Keep a new row."""
    at = at or database_now()
    with transaction.atomic():
        row.created_at = row.updated_at = at
        row.save()
        _record("enter", row, by=by, at=at)


def change(row: Kept, fields: Sequence[str], *, seen: str, by: User, at: dt.datetime | None = None) -> None:
    """Keep what is new in these fields of a row that was shown when it was last touched at ``seen``.

    Raises Overtaken when somebody touched it since.
    """
    at = at or database_now()
    with transaction.atomic():
        stored = type(row)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        if stored.updated_at.isoformat() != seen:
            raise Overtaken
        if fields:
            row.updated_at = at
            row.save()
            _record("change", row, by=by, at=at, note=", ".join(fields))
        if "url" in fields and isinstance(row, Entry):
            links.note_again(row, at=at)


def archive(row: Kept, *, by: User, at: dt.datetime | None = None) -> None:
    """No Beitrag may be written about it any more; those there are keep it."""
    _set_archived(row, at or database_now(), "archive", by=by, at=at or database_now())


def bring_back(row: Kept, *, by: User, at: dt.datetime | None = None) -> None:
    _set_archived(row, None, "bring_back", by=by, at=at or database_now())


class NotConcerned(Exception):
    """Only the director whose appointment it is may release it."""


def release(appointment: Appointment, *, by: User, at: dt.datetime | None = None) -> None:
    """From now on a Beitrag may speak of this appointment (K-56). Raises NotConcerned for everybody else."""
    _set_released(appointment, at or database_now(), "release_appointment", by=by, at=at or database_now())


def take_release_back(appointment: Appointment, *, by: User, at: dt.datetime | None = None) -> None:
    _set_released(appointment, None, "take_release_back", by=by, at=at or database_now())


def _set_released(row: Appointment, released_at: dt.datetime | None, step: str, *, by: User, at: dt.datetime) -> None:
    with transaction.atomic():
        row.refresh_from_db(from_queryset=Appointment._base_manager.select_for_update(of=("self",), no_key=True))
        if row.director != by:
            raise NotConcerned
        if bool(row.released_at) == bool(released_at):
            return
        row.released_at, row.updated_at = released_at, at
        row.save()
        _record(step, row, by=by, at=at)


def _set_archived(row: Kept, archived_at: dt.datetime | None, step: str, *, by: User, at: dt.datetime) -> None:
    with transaction.atomic():
        row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update(of=("self",), no_key=True))
        if bool(row.archived_at) == bool(archived_at):
            return
        row.archived_at, row.updated_at = archived_at, at
        row.save()
        _record(step, row, by=by, at=at)


def _record(step: str, row: Kept, *, by: User, at: dt.datetime, note: str = "") -> None:
    audit.record(step, subject_type=row._meta.model_name or "", subject_id=row.pk, at=at, by=by, note=note)
