"""The public mirror shows a Beitrag from its slot on, at the same time as the channel or earlier (K-47)."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects

from .. import audit
from ..models import Delivery, Medium, MirrorItem, Post
from ..prepared import insertion, run
from ..rules import Situation, ask, blocking
from ..rules.channel import sending_is_on
from ..workflow import AS_APPROVED


def show_due(at: dt.datetime) -> int:
    """Put everything due on the mirror that has a valid approval and consent, whatever the state of the channel."""
    return sum(show_if_due(pk, at) for pk in list(_due_and_hidden(at).values_list("pk", flat=True)))


def show_if_due(delivery_id: int, at: dt.datetime) -> bool:
    """Asked and shown in one transaction, so that a withdrawal comes before or after it and never in between."""
    if not _due_and_hidden(at).filter(pk=delivery_id).exists():
        return False
    with transaction.atomic():
        post = Post.objects.select_for_update(of=("self",)).get(deliveries=delivery_id)
        prefetch_related_objects([post], "audiences", "consents", "media_links")
        delivery = _due_and_hidden(at).filter(pk=delivery_id).first()
        if delivery is None:
            return False
        situation = Situation(at=at, slot=delivery.slot, delivery=delivery)
        if blocking(ask((*AS_APPROVED, sending_is_on), post, situation)):
            return False
        show(post, at=delivery.slot, recorded_at=at)
    return True


def _due_and_hidden(at: dt.datetime) -> QuerySet[Delivery]:
    return Delivery.objects.due(at).exclude(post__mirror_item__taken_down_at=None, post__mirror_item__isnull=False)


def show(post: Post, *, at: dt.datetime, recorded_at: dt.datetime) -> None:
    """Freeze what the public reads, as it was approved."""
    frozen = MirrorItem(
        post=post,
        shown_from=at,
        text=post.text,
        topic_name=post.topic.name if post.topic else "",
        source_url=post.source_url,
        twin_url=post.twin_url,
        retweet_url=post.retweet_url,
        media=[_frozen(medium) for medium in post.ordered_media()],
    )
    with transaction.atomic(savepoint=False):
        run(insertion(frozen, replace="post"))
        audit.record("show", subject_type="post", subject_id=post.pk, at=recorded_at, digest=post.digest())


def _frozen(medium: Medium) -> dict[str, str | int]:
    return {
        "file": medium.file.name or "",
        "media_type": medium.media_type,
        "alt_text": medium.alt_text,
        "credit": " · ".join(filter(None, (medium.author, medium.licence))),
        "width_px": medium.width_px,
        "height_px": medium.height_px,
    }
