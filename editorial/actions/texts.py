"""Public texts and channel data: every change is kept as a version or in the record, with who and when."""

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet

from .. import audit
from ..clock import database_now
from ..models import Channel, PublicPage, PublicPageVersion, User
from ..prose import gaps, printable

# What PRÖ keeps up to date. The start is not among them: it is entered once (K-65).
CHANNEL_FIELDS = ("handle", "profile_url", "unit", "readable_without_login", "interaction", "marks_links")


class Overtaken(Exception):
    """Somebody else saved since this person began."""

    def __init__(self, current: PublicPageVersion) -> None:
        super().__init__(current.number)
        self.current = current


class HasGaps(ValueError):
    """A text with gaps is not finished."""


class StartIsLocked(ValueError):
    """The channel's start date stands and is never changed."""


def current_versions() -> QuerySet[PublicPageVersion]:
    """The newest version of each text, in the order of the pages, in one query."""
    newest = PublicPageVersion.objects.annotate(newest=Max("page__versions__number")).filter(number=F("newest"))
    return newest.select_related("page", "saved_by").order_by("page__position")


def save_text(
    page: PublicPage, body: str, *, is_draft: bool, seen_number: int, by: User, at: dt.datetime | None = None
) -> PublicPageVersion:
    """Keep a new version; one that changes nothing is not kept, and the current one comes back.

    Raises HasGaps when an unfinished text is to count as finished, Overtaken when ``seen_number`` is not current.
    """
    at, body = at or database_now(), printable(body)
    if gaps(body) and not is_draft:
        raise HasGaps
    with transaction.atomic():
        current = PublicPage.objects.select_for_update(no_key=True).get(pk=page.pk).current
        if (body.strip(), is_draft) == (current.body.strip(), current.is_draft):
            return current
        if seen_number != current.number:
            raise Overtaken(current)
        return _add_version(page, current.number + 1, body, is_draft, "save_text", by=by, at=at)


def restore_text(page: PublicPage, number: int, *, by: User, at: dt.datetime | None = None) -> PublicPageVersion:
    """Make an old version the newest again, as a draft: somebody has to look whether it still holds."""
    at = at or database_now()
    with transaction.atomic():
        current = PublicPage.objects.select_for_update(no_key=True).get(pk=page.pk).current
        old = page.versions.get(number=number)
        if old.number == current.number:
            return current
        return _add_version(page, current.number + 1, old.body, True, "restore_text", by=by, at=at)


def _add_version(
    page: PublicPage, number: int, body: str, is_draft: bool, step: str, *, by: User, at: dt.datetime
) -> PublicPageVersion:
    version = PublicPageVersion.objects.create(
        page=page, number=number, body=body, is_draft=is_draft, saved_at=at, saved_by=by
    )
    digest = hashlib.sha256(body.encode()).hexdigest()
    note = f"{page.slug} {number}" + (" draft" if is_draft else " ready")
    audit.record(step, subject_type="page", subject_id=page.pk, at=at, by=by, digest=digest, note=note)
    return version


def change_channel(
    channel: Channel, content: dict[str, Any], *, started_on: dt.date | None, by: User, at: dt.datetime | None = None
) -> list[str]:
    """Store what is new about a channel and name the fields that changed. Raises StartIsLocked."""
    at = at or database_now()
    with transaction.atomic():
        stored = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        if started_on and stored.started_on not in (None, started_on):
            raise StartIsLocked
        wanted = {name: content[name] for name in CHANNEL_FIELDS} | ({"started_on": started_on} if started_on else {})
        changed = [name for name, value in wanted.items() if getattr(stored, name) != value]
        for name in changed:
            setattr(stored, name, wanted[name])
        if changed:
            stored.save(update_fields=changed)
            words = ["started_on " + str(started_on) if name == "started_on" else name for name in changed]
            audit.record(
                "change_channel", subject_type="channel", subject_id=stored.pk, at=at, by=by, note=", ".join(words)
            )
    return changed
