"""What lies on whose desk today: read for the overview, decided nowhere here."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from . import queues
from .enums import PostState, Role
from .models import Approval, AuditHead, Post, User
from .plan import HEADLINE_CHARS, headline_of


@dataclass(frozen=True)
class Paper:
    """A Beitrag somebody has to do something about. ``note`` is the reason it came back with."""

    pk: int
    headline: str
    topic: str
    slot: dt.datetime | None
    note: str = ""


@dataclass(frozen=True)
class Check:
    """The second look owed after an Eilweg."""

    post: int
    headline: str
    due_on: dt.date
    approved_by: str
    is_overdue: bool


def returned(most: int) -> list[Paper]:
    """Drafts that came back from the Geschäftsführung and were not handed in again, last touched first."""
    return _papers(queues.returned().order_by("-updated_at", "-pk")[:most], "note")


def in_review(most: int) -> list[Paper]:
    """What waits for a Freigabe, soonest first."""
    return _papers(Post.objects.filter(state=PostState.IN_REVIEW).order_by(F("slot").asc(nulls_last=True), "pk")[:most])


def _papers(posts: QuerySet[Post], *more: str) -> list[Paper]:
    rows = posts.values_list("pk", Left("text", HEADLINE_CHARS), "topic__name", "slot", *more)
    return [Paper(pk, headline_of(text), topic or "", slot, *rest) for pk, text, topic, slot, *rest in rows]


def open_checks(most: int, *, today: dt.date) -> list[Check]:
    """Second looks not taken yet, the most overdue first."""
    found = Approval.objects.post_check_open().select_related("post", "approved_by").order_by("post_check_due_on")
    return [
        Check(
            check.post_id,
            check.post.headline,
            check.post_check_due_on,
            check.approved_by.display_name,
            check.post_check_overdue(today),
        )
        for check in found[:most]
        if check.post_check_due_on
    ]


def accounts_by_role() -> list[tuple[str, int]]:
    """How many people may log in with each role."""
    active = User.objects.filter(is_active=True, groups__name__in=Role.values)
    names = list(active.values_list("groups__name", flat=True))
    return [(role.label, names.count(role.value)) for role in Role]


def audit_length() -> int:
    """How many steps the record holds; its end knows, nothing has to be counted."""
    return AuditHead.objects.values_list("position", flat=True).first() or 0
