"""What somebody who decides has read, so that next time only what changed since is new to them."""

import datetime as dt

from django.db import IntegrityError, transaction

from .. import audit
from ..clock import database_now
from ..models import Look, Post, User
from ..models.post import digest_of
from . import versions


def note(post: Post, *, by: User, at: dt.datetime | None = None) -> bool:
    """Keep what this person has on the screen. Returns whether that was new: the same content is written once."""
    payload = post.payload()
    digest = digest_of(payload)
    last = Look.objects.filter(post=post, person=by).first()
    if last is not None and last.digest == digest:
        return False
    at = at or database_now()
    try:
        with transaction.atomic():
            _write(post, payload, digest, by=by, at=at)
    except IntegrityError:
        return False  # their other window was quicker
    return True


def before(post: Post, *, by: User) -> Look | None:
    """What this person saw last that differs from how it is now."""
    return Look.objects.filter(post=post, person=by).exclude(digest=post.digest()).first()


def _write(post: Post, payload: dict[str, object], digest: str, *, by: User, at: dt.datetime) -> None:
    number = versions.last_number(post)
    # Somebody changed it back: what they saw long ago is what they see now.
    if Look.objects.filter(post=post, person=by, digest=digest).update(seen_at=at):
        return
    Look.objects.create(post=post, person=by, digest=digest, payload=payload, version_number=number, seen_at=at)
    audit.record(
        "look",
        subject_type="post",
        subject_id=post.pk,
        at=at,
        by=by,
        digest=digest,
        note=f"Fassung {number}",
    )
