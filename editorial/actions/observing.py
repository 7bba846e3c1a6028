"""The book of what was seen on the network: a trend becomes an idea, and after a while everything is forgotten."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from .. import audit
from ..clock import berlin_day, database_now
from ..enums import PostKind
from ..models import Observation, Post, User
from . import drafting


def take_up(observation: Observation, *, by: User, at: dt.datetime | None = None) -> Post:
    """Begin a Beitrag as an idea with what was concluded; a second time gives the same one (K-32)."""
    at = at or database_now()
    with transaction.atomic():
        seen = Observation.objects.select_for_update(no_key=True).get(pk=observation.pk)
        if seen.idea:
            return seen.idea
        text = f"{seen.subject}: {seen.conclusion}"
        content = {"kind": PostKind.POST, "text": text, "source_url": seen.link}
        seen.idea = drafting.create(content, by=by, at=at, as_idea=True)
        seen.save(update_fields=["idea"])
        note = f"post {seen.idea.public_id}"
        audit.record("take_up", subject_type="observation", subject_id=seen.pk, at=at, by=by, note=note)
        return seen.idea


def forget_old(at: dt.datetime | None = None) -> int:
    """Delete what was seen longer ago than it may be kept (K-30); the record keeps that it was, not what it said."""
    at = at or database_now()
    oldest = berlin_day(at) - dt.timedelta(days=settings.OBSERVATIONS_KEPT_DAYS)
    with transaction.atomic():
        old = list(Observation.objects.select_for_update(no_key=True).filter(noted_on__lt=oldest).order_by("pk"))
        for seen in old:
            words = ["trend" if seen.is_trend else "topic", *(["used"] if seen.idea_id else [])]
            audit.record("forget", subject_type="observation", subject_id=seen.pk, at=at, note=" ".join(words))
            seen.delete()
    return len(old)
