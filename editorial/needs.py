"""What needs a person now, and what of theirs waits for others: one question, wherever it lies. Decides nothing."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, DateField, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Left

from . import cases, prose, queues
from .actions import by_hand, texts
from .clock import berlin_day
from .enums import SENT_DELIVERY_STATES, ConsultationState, LinkState, PostState, Role
from .models import Approval, Consultation, Delivery, LinkCheck, Look, Medium, Post, PostLink, PostMedium
from .plan import HEADLINE_CHARS, headline_of
from .prepared import Given, Question, Rows
from .rules import Objection, Situation
from .rules.channel import no_keys
from .rules.links import has_twin, retweet_has_original
from .rules.text import text_is_written
from .rules.topic import duties_of_the_topic_are_met, topic_is_chosen

RIGHTS_WARNING = dt.timedelta(days=14)
IN_WORK = (PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED)
NOT_HANDED_IN = (PostState.IDEA, PostState.DRAFT)


class Kind(StrEnum):
    BY_HAND = "by_hand"
    RETURNED = "returned"
    REVIEW = "review"
    CHECK = "check"
    QUESTION = "question"
    NO_ANSWER = "no_answer"
    RIGHTS = "rights"
    LINK = "link"
    LAPSED = "lapsed"


# Of these the last day is known, not an hour.
WHOLE_DAYS = frozenset((Kind.CHECK, Kind.RIGHTS))
FOR_OTHERS: dict[Role, frozenset[Kind]] = {
    Role.PROE: frozenset((Kind.REVIEW, Kind.CHECK, Kind.QUESTION)),
    Role.GF: frozenset(),
    Role.FACH: frozenset(),
}


@dataclass(frozen=True)
class Need:
    """``key``: of the Ausspielung, the question asked of this person, the medium, the link, else of the Beitrag.

    ``note`` are words of a person or their name; ``until`` is the deadline, if there is one. Of what lapsed there is
    one only: ``key`` says how many there are.
    """

    kind: Kind
    key: int
    words: str
    note: str
    until: dt.datetime | None

    @property
    def last_day(self) -> dt.date | None:
        return self.until.astimezone(dt.UTC).date() if self.until and self.kind in WHOLE_DAYS else None


def of(role: Role, person: int, at: dt.datetime, most: int) -> tuple[list[Need], list[Need]]:
    """At most ``most`` together: what needs this person, the nearest deadline first; what waits for others."""
    today = berlin_day(at)
    days = {"today": today, "soon": today + RIGHTS_WARNING}
    question = _everything(role, most, no_keys(), settings.X_SIMULATOR_IS_OURS)
    found_rows = question.ask(at=at, ended=queues.ended_before(at), person=person, **days)
    # Whatever has no deadline comes last; SQLite would put it first.
    rows = sorted(found_rows, key=lambda row: (row[1], row[5] is None))
    found = [_need(*row) for row in rows]
    others = FOR_OTHERS[role]
    return [need for need in found if need.kind not in others], [need for need in found if need.kind in others]


def is_lapsed(state: str, slot: dt.datetime, at: dt.datetime) -> bool:
    """Nobody decided in time: it waits for a new slot, not for a Freigabe."""
    return state == PostState.IN_REVIEW and slot < queues.ended_before(at)


def _need(kind: str, rank: int, key: int, words: str, note: str, until: Any) -> Need:
    moment = dt.datetime.fromisoformat(until) if isinstance(until, str) else until
    if moment is not None and moment.tzinfo is None:  # as SQLite keeps it
        moment = moment.replace(tzinfo=dt.UTC)
    return Need(Kind(kind), key, headline_of(words), note, moment)


@cache
def _everything(role: Role, most: int, *settings_read: bool) -> Rows:
    """Written once for each setting it reads: the ORM needs longer to write it than the database to answer."""

    def all_at_once() -> "QuerySet[Any, Any]":
        first, *others = (row(rank) for row, rank in ROWS[role])
        return first.union(*others, all=True).order_by("rank", "until", "key")[:most]

    return Rows(all_at_once)


def _row(found: "QuerySet[Any, Any]", kind: Kind, rank: int, **parts: Any) -> "QuerySet[Any, Any]":
    """One kind as the columns of ``_need``."""
    said = {"key": F("pk"), "why": Value("", CharField())} | parts
    columns = {"what": Value(kind.value, CharField()), "rank": Value(rank), **said}
    return found.order_by().annotate(**columns).values_list("what", "rank", "key", "words", "why", "until")


def _beginning(field: str = "text") -> Left:
    return Left(field, HEADLINE_CHARS)


def _by_hand(rank: int) -> "QuerySet[Any, Any]":
    due = by_hand.due_since(Given("ended", DateTimeField()), Given("at", DateTimeField()))
    return _row(due, Kind.BY_HAND, rank, words=_beginning("post__text"), until=F("slot"))


def _returned(rank: int) -> "QuerySet[Any, Any]":
    return _row(queues.returned(), Kind.RETURNED, rank, words=_beginning(), why=F("note"), until=F("slot"))


def _review(rank: int) -> "QuerySet[Any, Any]":
    waiting = queues.waiting(Given("ended", DateTimeField()))
    return _row(waiting, Kind.REVIEW, rank, words=_beginning(), until=F("slot"))


def _checks(rank: int) -> "QuerySet[Any, Any]":
    by = Concat("approved_by__first_name", Value(" "), "approved_by__last_name")
    due = Cast("post_check_due_on", DateTimeField())
    words = _beginning("post__text")
    return _row(Approval.objects.post_check_open(), Kind.CHECK, rank, key=F("post_id"), words=words, why=by, until=due)


def _asked(state: ConsultationState, kind: Kind, rank: int) -> "QuerySet[Any, Any]":
    """Of the whole house: the deadline is still to come, or it has passed and somebody decides how to go on."""
    asked = Consultation.objects.unanswered().filter(state=state)
    return _row(asked, kind, rank, key=F("post_id"), words=_beginning("post__text"), until=F("due_at"))


def _questions(rank: int) -> "QuerySet[Any, Any]":
    mine: Any = Consultation.objects.asked_of(Given.like(Look, "person")).unanswered()
    return _row(
        mine,
        Kind.QUESTION,
        1,
        words=_beginning("question"),
        why=Coalesce("post__topic__name", Value("")),
        until=F("due_at"),
    )


def _rights(rank: int) -> "QuerySet[Any, Any]":
    sent = Delivery.objects.filter(post=OuterRef("post"), state__in=SENT_DELIVERY_STATES)
    needed = PostMedium._base_manager.filter(medium=OuterRef("pk"), post__state__in=IN_WORK).exclude(Exists(sent))
    today, soon = Given("today", DateField()), Given("soon", DateField())
    ending = Medium.objects.filter(Exists(needed), rights_until__gte=today, rights_until__lte=soon)
    return _row(ending, Kind.RIGHTS, rank, words=F("title"), until=Cast("rights_until", DateTimeField()))


def _links(rank: int) -> "QuerySet[Any, Any]":
    """What no reader could open, as long as nobody has said otherwise."""
    bad: Any = LinkCheck.objects.with_word().filter(state__in=(LinkState.DEAD, LinkState.UNREACHABLE), is_ahead=True)
    places = PostLink.objects.filter(link=OuterRef("pk")).exclude(post__slot=None).order_by("post__slot")
    slot = Subquery(places.values("post__slot")[:1])
    return _row(bad.filter(word=""), Kind.LINK, rank, words=F("url"), until=slot)


def _lapsed(rank: int) -> "QuerySet[Any, Any]":
    """How many, as one row; without what is an open case: that stands above everything."""
    lapsed = queues.lapsed(Given("ended", DateTimeField()))
    lapsed = lapsed.exclude(Exists(cases.open_cases().filter(post=OuterRef("pk"))))
    one: Any = lapsed.order_by().values(one=Value(1))
    nothing = {"words": Value("", CharField()), "until": Cast(Value(None), DateTimeField())}
    return _row(one, Kind.LAPSED, rank, key=Count("pk"), **nothing)


def _open_questions(rank: int) -> "QuerySet[Any, Any]":
    return _asked(ConsultationState.ASKED, Kind.QUESTION, rank)


def _no_answers(rank: int) -> "QuerySet[Any, Any]":
    return _asked(ConsultationState.LAPSED, Kind.NO_ANSWER, rank)


# At the top what cannot wait, then by deadline; what waits for others never pushes out what waits for this person.
FIRST, BY_DEADLINE, WITHOUT_HASTE, OTHERS = range(4)
ROWS = {
    Role.PROE: (
        (_by_hand, FIRST),
        *((row, BY_DEADLINE) for row in (_returned, _no_answers, _rights, _links)),
        (_lapsed, WITHOUT_HASTE),
        *((row, OTHERS) for row in (_review, _open_questions, _checks)),
    ),
    Role.GF: ((_by_hand, FIRST), (_review, BY_DEADLINE), (_checks, BY_DEADLINE)),
    Role.FACH: ((_questions, BY_DEADLINE),),
}


# --- What a draft still lacks -----------------------------------------------------------------------------------------

LACKS = {
    "text": "Text",
    "topic": "Thema",
    "audiences": "Zielgruppe",
    "value_added": "Mehrwert",
    "partner": "Organisation und ihr Einverständnis",
    "source_url": "Quelle",
    "twin_url": "Seite mit demselben Inhalt",
    "retweet_url": "Adresse des Originals",
    "media": "Bildbeschreibung",
}
QUICK_RULES = (text_is_written, topic_is_chosen, duties_of_the_topic_are_met, has_twin, retweet_has_original)


def missing(begin: dt.datetime, end: dt.datetime, at: dt.datetime) -> dict[int, list[str]]:
    """What drafts with a slot in begin <= slot < end lack at least, in words and by the Beitrag's key.

    Only what can be told at once: the composer asks every rule.
    """
    situation = Situation(at=at)
    return {post.pk: _lacking(post, situation) for post in _drafts().ask(begin=begin, end=end)}


def _lacking(post: Any, situation: Situation) -> list[str]:
    found: list[Objection] = [objection for rule in QUICK_RULES for objection in rule(post, situation)]
    fields = {objection.field for objection in found if objection.blocks}
    fields |= {name for name, lacks in (("audiences", post.is_for_nobody), ("media", post.is_undescribed)) if lacks}
    return [word for field, word in LACKS.items() if field in fields]


@cache
def _drafts() -> "Question[Post]":
    def near() -> "QuerySet[Post]":
        audiences = Post.audiences.through._default_manager.filter(post=OuterRef("pk"))
        undescribed = PostMedium._base_manager.filter(post=OuterRef("pk"), medium__alt_text="")
        begin, end = Given("begin", DateTimeField()), Given("end", DateTimeField())
        drafts = Post.objects.filter(state__in=NOT_HANDED_IN, slot__gte=begin, slot__lt=end).order_by()
        return drafts.select_related("topic", "partner").annotate(
            is_for_nobody=~Exists(audiences), is_undescribed=Exists(undescribed)
        )

    return Question(near)


@cache
def _unfinished() -> "Question[Any]":
    return Question(lambda: texts.current_versions().filter(body__contains="[["))


def text_gaps() -> list[tuple[Any, int]]:
    """Public texts in which something is still to be filled in, and how many places."""
    found = [(version.page, len(prose.gaps(version.body))) for version in _unfinished().ask()]
    return [(page, number) for page, number in found if number]
