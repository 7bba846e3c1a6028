"""The public mirror shows a Beitrag from its slot on, at the same time as the channel or earlier (K-47)."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet, prefetch_related_objects

from .. import audit
from ..enums import AiMark
from ..models import Delivery, Medium, MirrorItem, Post
from ..prepared import insertion
from ..rules import Objection, Situation, ask, blocking
from ..rules.known import Known
from ..workflow import MAY_GO_OUT

logger = logging.getLogger(__name__)

AT_ONCE = 25


def show_due(at: dt.datetime) -> int:
    """Put everything due on the mirror that has a valid approval and consent, whatever the state of the channel."""
    waiting = list(_due_and_hidden(at).values_list("pk", flat=True))
    return sum(_show_these(waiting[start : start + AT_ONCE], at) for start in range(0, len(waiting), AT_ONCE))


def _show_these(delivery_ids: Sequence[int], at: dt.datetime) -> int:
    """Together; where one of them makes trouble, each by itself."""
    try:
        return show_if_due(delivery_ids, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if len(delivery_ids) == 1:
            logger.exception("delivery %s could not be shown; the others go on", delivery_ids[0])
            return 0
    return sum(_show_these([delivery_id], at) for delivery_id in delivery_ids)


def show_if_due(delivery_ids: Sequence[int], at: dt.datetime) -> int:
    """Asked and shown in one transaction, so that a withdrawal comes before or after it and never in between.

    A Beitrag that somebody else has in hand is left to them and to the next tick: who waits for none of many rows
    never stands in anybody's way. Returns how many are shown now.
    """
    with transaction.atomic():
        posts = Post.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        mine = set(posts.filter(deliveries__in=delivery_ids).order_by().values_list("pk", flat=True))
        # Asked again now that nobody can change it any more.
        due = _due_and_hidden(at).filter(pk__in=delivery_ids, post__in=mine)
        found = {d.post_id: d for d in due.select_related("post__topic", "post__partner", "approval").reverse()}
        prefetch_related_objects([d.post for d in found.values()], "audiences", "consents", "media_links")
        known = Known()
        fit = [delivery for delivery in found.values() if not _objections(delivery, at, known)]
        with audit.chained():
            for delivery in fit:
                show(delivery.post, at=delivery.slot, recorded_at=at)
    return len(fit)


def _objections(delivery: Delivery, at: dt.datetime, known: Known) -> list[Objection]:
    situation = Situation(at=at, slot=delivery.slot, delivery=delivery, known=known)
    return blocking(ask(MAY_GO_OUT, delivery.post, situation))


def _due_and_hidden(at: dt.datetime) -> QuerySet[Delivery]:
    return Delivery.objects.due(at).exclude(post__mirror_item__taken_down_at=None, post__mirror_item__isnull=False)


AI_NOTES = {AiMark.CREATED.value: "mit KI erzeugt", AiMark.EDITED.value: "mit KI bearbeitet"}


def show(post: Post, *, at: dt.datetime, recorded_at: dt.datetime) -> None:
    """Freeze what the public reads, as it was approved."""
    frozen = MirrorItem(
        post_id=post.pk,
        shown_from=at,
        text=post.text,
        topic_name=post.topic.name if post.topic else "",
        source_url=post.source_url,
        twin_url=post.twin_url,
        retweet_url=post.retweet_url,
        media=[_frozen(medium) for medium in post.ordered_media()],
    )
    with transaction.atomic(savepoint=False), audit.chained():
        audit.along(insertion(frozen, replace="post"))
        audit.record("show", subject_type="post", subject_id=post.pk, at=recorded_at, digest=post.digest())


def _frozen(medium: Medium) -> dict[str, str | int]:
    words = {"captions": medium.captions, "transcript": medium.transcript} if medium.is_video else {}
    credit = (medium.author, medium.licence, medium.source, AI_NOTES.get(medium.ai_mark))
    return {
        **words,
        "file": medium.file.name or "",
        "media_type": medium.media_type,
        "alt_text": medium.alt_text,
        "credit": " · ".join(filter(None, credit)),
        "width_px": medium.width_px,
        "height_px": medium.height_px,
    }
