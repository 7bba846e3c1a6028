"""What waits for a Freigabe, for whom, what came back and what lapsed: read here, decided nowhere here."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Replace

from .enums import SENT_DELIVERY_STATES, DeliveryState, PostState, Role
from .models import Approval, AuditActor, AuditEntry, Delivery, Look, Post, PostVersion, User
from .prepared import Given, Joined, Question
from .rules.timing import grace

D = DeliveryState
LEFT_BEHIND = (D.MISSED, D.BLOCKED, D.CANCELLED)
UNDER_WAY = (D.SCHEDULED, *SENT_DELIVERY_STATES)
Moment = dt.datetime | Expression
Who = User | Expression


@dataclass(frozen=True)
class Counts:
    """``checks``: second looks that are owed after an Eilweg."""

    waiting: int
    mine: int
    returned: int
    lapsed: int
    checks: int


def ended_before(at: dt.datetime) -> dt.datetime:
    """What was to appear before this moment can no longer be approved for it."""
    return at - grace()


def waiting(ended: Moment) -> QuerySet[Post]:
    """In review and still in time."""
    in_time = Q(slot=None) | Q(slot__gte=ended)
    return Post.objects.filter(in_time, state=PostState.IN_REVIEW)


def soonest_first(posts: QuerySet[Post]) -> QuerySet[Post]:
    return posts.order_by(F("slot").asc(nulls_last=True), "pk")


def for_others_eyes(posts: QuerySet[Post], person: User) -> QuerySet[Post]:
    """Without those this person wrote since the last Freigabe: others decide about them."""
    approved = Approval.objects.filter(post=OuterRef(OuterRef("pk"))).order_by("-approved_at", "-pk")
    since = Coalesce(Subquery(approved.values("version_number")[:1]), Value(0))
    return posts.exclude(Exists(PostVersion.objects.filter(post=OuterRef("pk"), saved_by=person, number__gt=since)))


def from_person(person: Who, ended: Moment) -> QuerySet[Post]:
    """What this person wrote or handed in and others have to decide about."""
    written = PostVersion.objects.filter(post=OuterRef("pk"), saved_by=person)
    handed_in_by = Subquery(_steps("submit").values("actor")[:1])
    actor = Subquery(AuditActor.objects.filter(user=person).values("pseudonym")[:1])
    return waiting(ended).annotate(handed_in_by=handed_in_by).filter(Exists(written) | Q(handed_in_by=actor))


def returned() -> QuerySet[Post]:
    """Drafts that a director sent back and nobody handed in again; ``note``: why, ``actor``: who, ``sent_back_at``."""
    steps = _steps("submit", "request_changes")
    drafts = Post.objects.filter(state=PostState.DRAFT, submitted_at__isnull=False)
    back = drafts.annotate(
        last=Subquery(steps.values("step")[:1]),
        note=Subquery(steps.values("note")[:1]),
        actor=Subquery(steps.values("actor")[:1]),
        sent_back_at=Subquery(steps.values("at")[:1]),
    )
    return back.filter(last="request_changes")


def lapsed(ended: Moment) -> QuerySet[Post]:
    """Their Freigabe ended by a change, or their moment passed before they were approved or went out."""
    steps = _steps("submit", "request_changes")
    voided = Approval.objects.filter(post=OuterRef("pk"), voided_at__isnull=False).values("pk")
    drafts = Post.objects.filter(state=PostState.DRAFT).annotate(
        last=Subquery(steps.values("step")[:1]),
        voided=Subquery(voided[:1]),  # asked of each draft by an index; as an Exists every Freigabe would be read
    )
    changed = drafts.filter(voided__isnull=False).exclude(last="request_changes")
    undecided = Post.objects.filter(state=PostState.IN_REVIEW, slot__lt=ended)
    left = Delivery.objects.filter(state__in=LEFT_BEHIND, slot__lt=ended).order_by().values("post")
    stays = ~Exists(Delivery.objects.filter(post=OuterRef("pk"), state__in=UNDER_WAY))
    not_sent = Post.objects.filter(stays, state=PostState.APPROVED, slot__lt=ended, pk__in=left)
    # Three small sets, each found by an index, instead of one look at every Beitrag that ever went out.
    first, *others = (posts.order_by().values("pk") for posts in (changed, undecided, not_sent))
    return Post.objects.filter(pk__in=first.union(*others, all=True))


def with_look_of(person: User, posts: QuerySet[Post]) -> QuerySet[Post]:
    """``seen``: the content this person had on the screen last, as ``Post.payload``, ``seen_before``: the one before;
    None where there is none."""
    looks = Look.objects.filter(post=OuterRef("pk"), person=person).order_by("-seen_at", "-pk").values("payload")
    return posts.annotate(seen=Subquery(looks[:1]), seen_before=Subquery(looks[1:2]))


def with_name_of_actor(posts: QuerySet[Post]) -> QuerySet[Post]:
    return posts.annotate(sent_back_by=Subquery(AuditActor.objects.filter(pk=OuterRef("actor")).values("name")[:1]))


def with_directors(posts: QuerySet[Post]) -> QuerySet[Post]:
    """``directors``: everybody who may approve, for ``directors_of``; without a query of their own."""
    named = Concat(Cast("pk", TextField()), Value(":"), "first_name", Value(" "), "last_name")
    active = User.objects.filter(is_active=True, groups__name=Role.GF.value).order_by()
    joined = active.values(one=Value(1)).annotate(names=Joined(Replace(named, Value(","), Value(" "))))
    return posts.annotate(directors=Subquery(joined.values("names")))


def directors_of(post: Any) -> list[tuple[int, str]]:
    """Key and name of each; a Beitrag of ``with_directors``."""
    rows = [row.partition(":") for row in (post.directors or "").split(",") if row]
    return [(int(pk), name.strip() or "Geschäftsführung") for pk, _, name in rows]


def count(person: User, at: dt.datetime) -> Counts:
    """How many stand in each place, in one query."""
    found: Any = _counts().first(person=person, ended=ended_before(at))
    return Counts(*(getattr(found, name) or 0 for name in ("waits", "mine", "came_back", "ran_out", "checks")))


@cache
def _counts() -> "Question[User]":
    """Written once: the ORM needs longer to write it than the database to answer."""

    def all_at_once() -> "QuerySet[User]":
        person, ended = Given.like(Look, "person"), Given("ended", DateTimeField())
        return User.objects.filter(pk=person).annotate(
            waits=_number(waiting(ended)),
            mine=_number(from_person(person, ended)),
            came_back=_number(returned()),
            ran_out=_number(lapsed(ended)),
            checks=_number(Approval.objects.post_check_open()),
        )

    return Question(all_at_once)


def _number(found: QuerySet[Any]) -> Subquery:
    return Subquery(found.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number"))


def _steps(*names: str) -> QuerySet[AuditEntry]:
    """Those a Beitrag took, newest first."""
    return AuditEntry.objects.filter(subject_type="post", subject_id=OuterRef("pk"), step__in=names).order_by(
        "-position"
    )
