"""The Redaktionsplan as it is read: what stands on which day, and which working days are still empty (K-38, K-44).

An entry is a Beitrag with a moment. What it shows is decided in ``_standing`` only: the Ausspielung that counts, else
the Beitrag itself. Every function asks for a window of days, so that its cost depends on the window alone.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from .cases import NEEDS_PERSON, explain, last_attempt, open_cases, reasons, with_reasons
from .clock import berlin_day, holiday_name, is_working_day, next_working_day, start_of_day
from .enums import LIVE_DELIVERY_STATES, ChannelStatus, DeliveryState, PostKind, PostState, Role
from .models import Audience, Channel, Delivery, Post, PostVersion, Topic
from .prepared import Question, Rows

D, P = DeliveryState, PostState

# What a day in the past may count as done, and a day to come as planned.
WENT_OUT = frozenset((D.SENDING, D.PUBLISHED, D.UNKNOWN, D.TAKEDOWN_DUE, D.DELETED))
PLANNED = frozenset((P.DRAFT, P.IN_REVIEW, P.APPROVED, D.SCHEDULED, D.SENDING, D.PUBLISHED, D.UNKNOWN))
# Where a new moment is a step with a new Freigabe, and where it is only another field of the draft.
MOVED_BY_STEP = frozenset((P.IN_REVIEW, P.APPROVED, D.SCHEDULED, D.MISSED, D.BLOCKED, D.CANCELLED))
MOVED_BY_EDITING = frozenset((P.IDEA, P.DRAFT))

HEADLINE_CHARS = 200
ENTRIES_PER_QUERY = 500
USUAL_HOUR, LAST_HOUR = 9, 23


@dataclass(frozen=True)
class Choice:
    """What a person filters by; an empty value means all. ``state`` is the one shown.

    ``readable``: what the person may read at all (``reading.readable_by``), which is no filter of theirs.
    """

    topic: str = ""
    audience: str = ""
    state: str = ""
    role: str = ""
    readable: Q = field(default_factory=Q)

    def __bool__(self) -> bool:
        return any((self.topic, self.audience, self.state, self.role))


ALL = Choice()


@dataclass(frozen=True)
class Entry:
    """A Beitrag at its moment. ``audiences`` and ``role`` are empty until ``with_details``.

    ``channel`` is empty while no Ausspielung exists; ``role`` is that of who wrote the last version.
    """

    pk: int
    kind: str
    text: str
    topic: str
    at: dt.datetime
    state: str
    channel: str = ""
    fits: bool = True
    audiences: tuple[str, ...] = ()
    role: str = ""

    @property
    def headline(self) -> str:
        return headline_of(self.text)

    @property
    def day(self) -> dt.date:
        return berlin_day(self.at)

    @property
    def is_retweet(self) -> bool:
        return self.kind == PostKind.RETWEET

    @property
    def moved_by_step(self) -> bool:
        return self.state in MOVED_BY_STEP

    @property
    def is_movable(self) -> bool:
        return self.moved_by_step or self.state in MOVED_BY_EDITING


@dataclass(frozen=True)
class Target:
    """The daily target of the channel that leads: how many Beiträge a working day should have, and since when."""

    channel: str = ""
    started_on: dt.date | None = None
    steps: tuple[tuple[dt.date, int], ...] = ()

    def on(self, day: dt.date) -> int:
        """Of a working day; 0 before the first target."""
        return max(((start, number) for start, number in self.steps if start <= day), default=(day, 0))[1]


@dataclass(frozen=True)
class Day:
    """One day of the plan. ``entries`` are those to be seen, ``more`` counts those left out for want of room.

    ``now`` is the present moment in Berlin. ``wanted`` and ``counted`` belong to the whole day, whatever the filter:
    a gap is one for everybody.
    """

    date: dt.date
    now: dt.datetime
    entries: tuple[Entry, ...]
    more: int
    wanted: int
    counted: int
    holiday: str | None
    is_off: bool

    @property
    def is_today(self) -> bool:
        return self.date == self.now.date()

    @property
    def is_past(self) -> bool:
        return self.date < self.now.date()

    @property
    def is_open(self) -> bool:
        """Whether a new Beitrag for this day can still go out on it."""
        return self.date > self.now.date() or (self.is_today and self.now.hour < LAST_HOUR)

    @property
    def is_gap(self) -> bool:
        return self.counted < self.wanted

    @property
    def slot_to_draft(self) -> str:
        """The wall time offered for a new Beitrag: nine o'clock, today the next full hour if that is later."""
        hour = max(USUAL_HOUR, self.now.hour + 1) if self.is_today else USUAL_HOUR
        return f"{self.date:%Y-%m-%d}T{hour:02}:00"


@dataclass(frozen=True)
class Case:
    """An Ausspielung that waits for a person. ``detail``: why, or what the channel last said, in German."""

    pk: int
    post: int
    headline: str
    slot: dt.datetime
    state: str
    detail: str


@dataclass(frozen=True)
class Words:
    """Topics and target groups as ``(id, slug, name)``, in the concept's order."""

    topics: tuple[tuple[int, str, str], ...]
    audiences: tuple[tuple[int, str, str], ...]


def _words() -> QuerySet[Topic, tuple[Any, ...]]:
    # Two short lists in one query: every page of the plan needs both, and so does the composer.
    topics = Topic.objects.order_by().values_list(Value("topic"), "position", "pk", "slug", "name")
    audiences = Audience.objects.order_by().values_list(Value("audience"), "position", "pk", "slug", "name")
    return topics.union(audiences, all=True)


_WORDS = Rows(_words)


def words() -> Words:
    rows = sorted(_WORDS.ask())
    shelves = ([tuple(row[2:]) for row in rows if row[0] == shelf] for shelf in ("topic", "audience"))
    return Words(*map(tuple, shelves))


def target() -> Target:
    rows = Channel.objects.filter(status=ChannelStatus.ACTIVE).order_by("pk")
    fields = ("pk", "name", "started_on", "targets__valid_from", "targets__per_working_day")
    found = list(rows.values_list(*fields))
    leading = [row for row in found if row[0] == found[0][0]]
    if not leading:
        return Target()
    return Target(leading[0][1], leading[0][2], tuple((row[3], row[4]) for row in leading if row[3]))


def entries(start: dt.date, end: dt.date, choice: Choice = ALL, *, whole_text: bool = False) -> list[Entry]:
    """All Beiträge with a moment in start <= day < end (Berlin), soonest first; ``fits``: whether the choice holds."""
    begin, finish = start_of_day(start), start_of_day(end)
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in _rows(begin, finish, choice, F("text") if whole_text else Left("text", HEADLINE_CHARS)):
        found.setdefault(row[0], []).append(row)
    made = (_entry(rows, choice) for rows in found.values())
    here = [entry for entry in made if entry and begin <= entry.at < finish]
    return sorted(here, key=lambda entry: (entry.at, entry.pk))


def _rows(begin: dt.datetime, finish: dt.datetime, choice: Choice, text: Any) -> QuerySet[Post, tuple[Any, ...]]:
    """One row per Beitrag and Ausspielung; each side is found by its own index, then both are joined."""
    here = Q(slot__gte=begin, slot__lt=finish)
    sent = Delivery.objects.filter(here).order_by().values("post_id")
    wished = Post.objects.filter(here).order_by().values("pk")
    rows = Post.objects.filter(pk__in=sent.union(wished)).order_by()
    return rows.values_list(
        *("pk", "kind", text, "topic__name", "slot", "state", _fits(choice)),
        *(f"deliveries__{name}" for name in ("state", "slot", "created_at", "pk", "channel_id", "channel__name")),
    )


def _fits(choice: Choice) -> Any:
    """Topic, target group and role as one column; the shown state is known only afterwards."""
    wanted = [choice.readable] if choice.readable else []
    if choice.topic:
        wanted.append(Q(topic__slug=choice.topic))
    if choice.audience:
        links = Post.audiences.through._default_manager
        wanted.append(Q(Exists(links.filter(post=OuterRef("pk"), audience__slug=choice.audience))))
    if choice.role:
        wanted.append(Q(Exact(_role_of_writer(), choice.role)))
    return ExpressionWrapper(Q(*wanted), output_field=BooleanField()) if wanted else Value(True)


def _role_of_writer() -> Subquery:
    """The group of whoever saved the last version."""
    versions = PostVersion.objects.filter(post=OuterRef("pk")).order_by("-number")
    return Subquery(versions.values("saved_by__groups__name")[:1])


def _entry(rows: Sequence[tuple[Any, ...]], choice: Choice) -> Entry | None:
    pk, kind, text, topic, slot, post_state, fits = rows[0][:7]
    standing = _standing([row[7:] for row in rows], post_state) if rows[0][7] else None
    state, at, channel = (standing[0], standing[1], standing[5]) if standing else (post_state, slot, "")
    if at is None:  # its Ausspielung ended, and the draft has no moment any more
        return None
    fits = bool(fits) and choice.state in ("", state)
    return Entry(pk, kind, text, topic or "", at, state, channel, fits)


def _standing(deliveries: Iterable[tuple[Any, ...]], post_state: str) -> tuple[Any, ...] | None:
    """The Ausspielung (state, slot, created, id, channel id, channel) that stands for the Beitrag; None: it itself.

    Per channel the live one, else the last; of several channels the one that needs somebody. One that ended counts
    only as long as the Freigabe behind it may still lead to another, or where something had really gone out.
    """
    last_of: dict[int, tuple[Any, ...]] = {}
    for row in sorted(deliveries, key=lambda row: (row[0] in LIVE_DELIVERY_STATES, row[2], row[3])):
        last_of[row[4]] = row
    counting = [
        row
        for row in last_of.values()
        if row[0] in LIVE_DELIVERY_STATES or row[0] == D.DELETED or post_state == P.APPROVED
    ]
    return max(counting, key=lambda row: (row[0] in NEEDS_PERSON, row[2], row[3]), default=None)


def with_details(found: Sequence[Entry], known: Words) -> list[Entry]:
    """The same entries with target groups and the role of who wrote last; in pieces, for exports of any length."""
    labels = dict(Role.choices)
    detailed: list[Entry] = []
    for place in range(0, len(found), ENTRIES_PER_QUERY):
        piece = found[place : place + ENTRIES_PER_QUERY]
        posts = Post.objects.filter(pk__in=[entry.pk for entry in piece]).order_by()
        chosen: dict[int, set[int]] = {}
        roles: dict[int, str] = {}
        for post, audience, role in posts.values_list("pk", "audiences", _role_of_writer()):
            chosen.setdefault(post, set()).add(audience)
            roles[post] = labels.get(role, "")
        for entry in piece:
            names = tuple(name for key, _, name in known.audiences if key in chosen.get(entry.pk, ()))
            detailed.append(replace(entry, audiences=names, role=roles.get(entry.pk, "")))
    return detailed


def days(
    start: dt.date, end: dt.date, found: Iterable[Entry], aim: Target, *, now: dt.datetime, most: int | None = None
) -> list[Day]:
    """Every day of start <= day < end with its entries, at most ``most`` of them to be seen."""
    on: dict[dt.date, list[Entry]] = {}
    for entry in found:
        on.setdefault(entry.day, []).append(entry)
    return [_day(date, on.get(date, []), aim, now, most) for date in each_day(start, end)]


def _day(date: dt.date, found: list[Entry], aim: Target, now: dt.datetime, most: int | None) -> Day:
    today = now.date()
    seen = [entry for entry in found if entry.fits]
    counts = WENT_OUT if date < today else PLANNED
    counted = sum(entry.state in counts for entry in found)
    # Before the channel began nobody could miss a day.
    began = date >= today or (aim.started_on is not None and date >= aim.started_on)
    off = not is_working_day(date)
    wanted = aim.on(date) if began and not off else 0
    return Day(date, now, tuple(seen[:most]), len(seen) - len(seen[:most]), wanted, counted, holiday_name(date), off)


def working_days_from(today: dt.date, number: int) -> list[dt.date]:
    """The next working days, today included if it is one."""
    found = [next_working_day(today - dt.timedelta(days=1))]
    while len(found) < number:
        found.append(next_working_day(found[-1]))
    return found


@cache
def _newest_cases(most: int) -> Question[Any]:
    return Question(lambda: with_reasons(open_cases()).order_by("-slot", "-pk").select_related("post")[:most])


def cases(most: int) -> list[Case]:
    """The open cases in short, newest first."""
    waiting = _newest_cases(most).ask()
    prefetch_related_objects(waiting, "attempts")
    return [
        Case(row.pk, row.post_id, headline_of(row.post.text), row.slot, row.state, _in_short(row, row.why))
        for row in waiting
    ]


def _in_short(delivery: Delivery, why: str) -> str:
    """What happened, as far as the state itself does not say it."""
    if delivery.state == D.BLOCKED:
        return " ".join(reasons(why))
    last = last_attempt(delivery.attempts.all())
    return explain(last) if last else ""


def without_moment(most: int = 100) -> int:
    """How many Beiträge still need a date, counted up to ``most``."""
    open_states = (P.DRAFT, P.IN_REVIEW, P.APPROVED)
    return Post.objects.filter(slot=None, state__in=open_states, deliveries=None).order_by()[:most].count()


@cache
def _oldest_ideas(most: int) -> Rows:
    waiting = Post.objects.filter(state=P.IDEA, slot=None).order_by("created_at", "pk")
    return Rows(lambda: waiting.values_list("pk", Left("text", HEADLINE_CHARS), "topic__name")[:most])


def ideas(most: int) -> list[tuple[int, str, str]]:
    """Ideas without a moment of their own, the oldest first, as (id, headline, topic)."""
    return [(pk, headline_of(text), topic or "") for pk, text, topic in _oldest_ideas(most).ask()]


def next_gap(days: Iterable[Day]) -> Day | None:
    return next((day for day in days if day.is_gap and day.is_open), None)


def headline_of(text: str) -> str:
    return " ".join(text.split()) or "Beitrag ohne Text"


def each_day(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    return (start + dt.timedelta(days=number) for number in range((end - start).days))


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The month around this day, half-open."""
    first = day.replace(day=1)
    return first, (first + dt.timedelta(days=32)).replace(day=1)
