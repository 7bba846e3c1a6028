"""What somebody who decides has read, so that next time only what changed since is new to them."""

import datetime as dt

from django.db import IntegrityError, transaction

from .. import audit
from ..clock import database_now
from ..models import Look, Post, User
from ..models.post import digest_of
from . import versions


def note(post: Post, *, by: User, at: dt.datetime | None = None) -> Look | None:
    """Keep what this person has on the screen, once per content. Gives what they saw last that differs from it."""
    payload = post.payload()
    digest = digest_of(payload)
    last_two = list(Look.objects.filter(post=post, person=by)[:2])
    if not last_two or last_two[0].digest != digest:
        try:
            with transaction.atomic():
                _write(post, payload, digest, by=by, at=at or database_now())
        except IntegrityError:
            pass  # their other window was quicker
    return next((look for look in last_two if look.digest != digest), None)


def _write(post: Post, payload: dict[str, object], digest: str, *, by: User, at: dt.datetime) -> None:
    # Held first, as by every step: who waits for the end of the chain holds nothing that its owner still wants.
    Post.objects.select_for_update(no_key=True).only("pk").get(pk=post.pk)
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
