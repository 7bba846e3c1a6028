"""The public mirror shows a Beitrag from its slot on, at the same time as the channel or earlier (K-47)."""

import datetime as dt

from django.db import transaction

from .. import audit
from ..models import Delivery, Medium, MirrorItem, Post
from ..rules import Situation, ask, blocking
from ..rules.channel import sending_is_on
from ..workflow import AS_APPROVED


def show_due(at: dt.datetime) -> int:
    """Put everything due on the mirror that has a valid approval and consent, whatever the state of the channel."""
    shown = 0
    hidden = Delivery.objects.due(at).exclude(post__mirror_item__taken_down_at=None, post__mirror_item__isnull=False)
    for delivery in hidden.select_related("post"):
        situation = Situation(at=at, slot=delivery.slot, delivery=delivery)
        if not blocking(ask((*AS_APPROVED, sending_is_on), delivery.post, situation)):
            show(delivery.post, at=delivery.slot if delivery.slot <= at else at, recorded_at=at)
            shown += 1
    return shown


def show(post: Post, *, at: dt.datetime, recorded_at: dt.datetime) -> MirrorItem:
    """Freeze what the public reads, as it was approved."""
    with transaction.atomic():
        item, _ = MirrorItem.objects.update_or_create(
            post=post,
            defaults={
                "shown_from": at,
                "taken_down_at": None,
                "text": post.text,
                "topic_name": post.topic.name if post.topic else "",
                "source_url": post.source_url,
                "twin_url": post.twin_url,
                "retweet_url": post.retweet_url,
                "media": [_frozen(medium) for medium in post.ordered_media()],
            },
        )
        audit.record("show", subject_type="post", subject_id=post.pk, at=recorded_at, digest=post.digest())
    return item


def _frozen(medium: Medium) -> dict[str, str | int]:
    return {
        "file": medium.file.name or "",
        "media_type": medium.media_type,
        "alt_text": medium.alt_text,
        "credit": " · ".join(filter(None, (medium.author, medium.licence))),
        "width_px": medium.width_px,
        "height_px": medium.height_px,
    }
