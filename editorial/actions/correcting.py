"""A Richtigstellung: what was published stays as it was, a public note says what was wrong (K-25)."""

import datetime as dt

from django.db import transaction

from .. import audit
from ..clock import database_now
from ..enums import DeliveryState, Role
from ..models import Correction, MirrorItem, Post, User
from ..prose import printable
from ..rules import Objection, Situation
from ..rules.approval import has_delivery_in
from ..rules.personal import in_public_words
from ..workflow import FORBIDDEN, StepForbidden, StepRefused

EDITORS = (Role.PROE, Role.GF)
LONGEST_NOTE = 1000

NO_NOTE = Objection("reason.missing", "Bitte schreiben Sie, was richtig ist.", "K-25", "reason")
NOT_PUBLIC = Objection(
    "correction.not_public", "Richtigstellen lässt sich nur, was veröffentlicht und noch zu lesen ist.", "K-25"
)


def may_be_corrected(post: Post) -> bool:
    """Whether anybody can still read it: on our website, or on a channel."""
    is_online = has_delivery_in(post, [DeliveryState.PUBLISHED])
    shown: MirrorItem | None = getattr(post, "mirror_item", None)
    return is_online or (shown is not None and shown.taken_down_at is None)


def correct(post: Post, note: str, *, by: User, at: dt.datetime | None = None) -> Correction:
    """Add a public note. Raises StepRefused."""
    at = at or database_now()
    if by.role not in EDITORS:
        raise StepForbidden([Objection(FORBIDDEN, "Ihre Rolle darf diesen Schritt nicht tun.")])
    note = printable(note).strip()[:LONGEST_NOTE]
    if not note:
        raise StepRefused([NO_NOTE])
    if found := list(in_public_words(note, "Die Richtigstellung", "reason", Situation(at=at, by=by))):
        raise StepRefused(found)
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if not may_be_corrected(post):
            raise StepRefused([NOT_PUBLIC])
        made = Correction.objects.create(post=post, note=note, at=at, by=by)
        audit.record(
            "correct",
            subject_type="post",
            subject_id=post.pk,
            at=at,
            by=by,
            source=post.state,
            target=post.state,
            digest=post.digest(),
            note=note,
        )
    return made
