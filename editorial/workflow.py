"""What may happen to a Beitrag, an Ausspielung, a question, a consent: the only code that changes a state.

The table of steps.py says which there are, ``objections`` asks whether one may be taken, ``take`` takes it.
"""

import datetime as dt
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    DateField,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)

from . import audit, ledger
from .clock import berlin_day, database_now
from .models import Attempt, Consent, Consultation, Delivery, MirrorItem, Post, PostMedium, SendPause, User
from .prepared import Change, Given, Joined, Moment, Question, run
from .rules import Objection, Situation, answer, blocking
from .rules.known import Known
from .steps import (
    AS_APPROVED,
    CONSENT_STEPS,
    CONSULTATION_STEPS,
    DELIVERY_STEPS,
    MAY_GO_OUT,
    POST_STEPS,
    STEP_OF_SLUG,
    Step,
)

FORBIDDEN = "step.forbidden"
# What stands against a step for good, or until somebody takes another one: such a button helps nobody.
POINTLESS = (
    "delivery.none",
    "delivery.exists",
    "post_check.none",
    "post.already_sent",
    "slot.approval_past",
    "endorsement.none",
)
Subject = TypeVar("Subject", Post, Delivery, Consultation, Consent)
AnySubject = Post | Delivery | Consultation | Consent


class StepRefused(Exception):
    """A step that may not be taken now; nothing was changed. ``objections`` say why and what to do.

    ``answers`` holds the codes each rule gave, where rules were asked.
    """

    def __init__(self, objections: list[Objection], answers: dict[str, list[str]] | None = None) -> None:
        super().__init__(", ".join(objection.code for objection in objections))
        self.objections = objections
        self.answers = answers or {}

    @property
    def codes(self) -> str:
        return ", ".join(sorted({objection.code for objection in self.objections}))


class StepForbidden(StepRefused):
    """The person's role may never take this step."""


def step_named(name: str, subject: AnySubject) -> Step:
    if isinstance(subject, Consultation):
        return CONSULTATION_STEPS[name]
    if isinstance(subject, Consent):
        return CONSENT_STEPS[name]
    return (POST_STEPS if isinstance(subject, Post) else DELIVERY_STEPS)[name]


@dataclass(frozen=True)
class Offer:
    """A step as a button: possible now, or shown with the objections that stand against it."""

    name: str
    step: Step
    objections: list[Objection]

    @property
    def possible(self) -> bool:
        return not blocking(self.objections)


def offers(post: Post, by: User, *, at: dt.datetime | None = None, known: Known | None = None) -> list[Offer]:
    """The steps this person could take with this Beitrag now; what the role or the state rules out is left away."""
    situation = Situation(
        at=at or database_now(), by=by, slot=post.slot, note="-", seen_digest=post.digest(), known=known or Known()
    )
    found = []
    for name, step in POST_STEPS.items():
        if not step.slug or by.role not in step.roles or post.state not in step.moves:
            continue
        # What the person is about to type with the button cannot be an objection yet.
        against = [o for o in objections(name, post, situation) if not (step.needs_slot and o.field == "slot")]
        if not _is_pointless(against):
            found.append(Offer(name, step, against))
    return found


def _is_pointless(against: list[Objection]) -> bool:
    return any(o.code in POINTLESS for o in against)


def objections(
    name: str, subject: AnySubject, situation: Situation, answers: dict[str, list[str]] | None = None
) -> list[Objection]:
    """Why this step may not be taken, hints included; the button asks the same list as the step.

    ``answers`` is filled with the codes each rule gave.
    """
    step = step_named(name, subject)
    # A delivery's step without roles follows from a Beitrag's step or the clock: the person is recorded, not asked.
    asked = isinstance(subject, Post) or step.roles
    if asked and situation.by and situation.by.role not in step.roles:
        return [Objection(FORBIDDEN, "Ihre Rolle darf diesen Schritt nicht tun.")]
    if subject.state not in step.moves:
        words = f"Das geht nicht, solange der Status „{subject.get_state_display()}“ ist."
        return [Objection("step.wrong_state", words)]
    found = []
    if step.needs_reason and not situation.note.strip():
        found.append(Objection("reason.missing", "Bitte nennen Sie einen Grund.", field="reason"))
    if step.needs_slot and situation.slot is None:
        found.append(Objection("slot.missing", "Bitte wählen Sie einen Termin.", "K-38", "slot"))
    if step.is_immediate:
        situation = replace(situation, slot=situation.at)
    post = _post_of(subject)
    for rule in step.guards:
        said = answer(rule, post, situation)
        found += said
        if answers is not None:
            answers[rule.__name__] = [objection.code for objection in said]
    return found


def _post_of(subject: AnySubject) -> Post:
    if isinstance(subject, Consent):
        return Post()  # its rules look at the consent alone
    return subject if isinstance(subject, Post) else subject.post


def take(
    name: str,
    subject: Subject,
    *,
    by: User | None = None,
    at: dt.datetime | None = None,
    note: str = "",
    seen_digest: str = "",
    for_slot: dt.datetime | None = None,
    known: Known | None = None,
    is_written_last: bool = False,
    **changes: Any,
) -> Subject:
    """Take one step and write its audit entry, or raise StepRefused and change nothing.

    ``is_written_last``: the row is written together with the entries, at the end of the caller's ``audit.chained()``.
    ``by=None`` is the system, ``at=None`` the database's moment. ``for_slot`` is the moment a person named; where a
    step needs none, the one already set is asked about. Returns the fresh object; the one handed in stays as it was.
    """
    step, known = step_named(name, subject), known or Known()
    with _transaction(), audit.chained():
        fresh, at = _locked(subject, step, at, known)
        if step.is_claim and isinstance(fresh, Delivery) and fresh.state in step.moves:
            _look_around(fresh, at, known)
        situation = Situation(
            at=at,
            by=by,
            slot=for_slot if step.needs_slot else _slot_of(fresh),
            note=note,
            seen_digest=seen_digest,
            delivery=fresh if isinstance(fresh, Delivery) else None,
            consultation=fresh if isinstance(fresh, Consultation) else None,
            consent=fresh if isinstance(fresh, Consent) else None,
            known=known,
        )
        answers: dict[str, list[str]] = {}
        if stopped := blocking(objections(name, fresh, situation, answers)):
            raise (StepForbidden if stopped[0].code == FORBIDDEN else StepRefused)(stopped, answers)
        source, target = fresh.state, step.moves[fresh.state]
        if step.is_claim:
            changes["rule_results"] = answers
        fields = {**changes, "state": target, "version": fresh.version + 1}
        # Compare and swap: where a database does not lock rows (SQLite), the version decides who was first.
        swap = _swap(type(subject), tuple(sorted(fields)))
        write = swap.statement(pk=fresh.pk, seen_version=fresh.version, seen_state=source, **fields)
        overtaken = StepRefused([Objection("step.overtaken", "Gerade hat sich etwas geändert. Bitte laden Sie neu.")])
        if is_written_last:
            audit.along(write, otherwise=overtaken)
        elif not run(write):
            raise overtaken
        # The row is as it was read but for these, so there is no need to read it and all that hangs on it once more.
        for field, value in fields.items():
            setattr(fresh, field, value)
        audit.record(
            name,
            subject_type=fresh._meta.model_name or "",
            subject_id=fresh.pk,
            at=at,
            by=by,
            source=source,
            target=target,
            digest=_digest(fresh),
            note=note,
        )
    return fresh


def _transaction() -> AbstractContextManager[None]:
    """The caller's where there is one: a step that is refused has written nothing and needs no savepoint."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def _locked(subject: Subject, step: Step, at: dt.datetime | None, known: Known) -> tuple[Subject, dt.datetime]:
    """The row as it is now, nobody else's until the transaction ends; of an Ausspielung the Beitrag first: it cannot
    change while the step is decided, and no two steps wait for each other. With it the moment of the step.
    """
    if isinstance(subject, Post):
        return Post.objects.select_for_update(no_key=True).get(pk=subject.pk), at or database_now()
    if isinstance(subject, Consent):
        return Consent.objects.select_for_update(no_key=True).get(pk=subject.pk), at or database_now()
    if isinstance(subject, Consultation):
        rows = Consultation.objects.select_related("post").select_for_update(of=("post", "self"), no_key=True)
        return rows.get(pk=subject.pk), at or database_now()
    found: Any = _row(step.is_claim, bool(step.guards)).first(pk=subject.pk, at=at)
    if found is None:
        raise Delivery.DoesNotExist(subject.pk)
    if step.guards:
        # What the rules read again and again is read once, and what is not there is not asked for.
        prefetched = found.post.__dict__.setdefault("_prefetched_objects_cache", {})  # where Django keeps them
        prefetched |= {name: _nothing(name) for name in SHOWN if not getattr(found, f"has_{name}")}
        prefetched["audiences"] = known.audiences_of(found.audience_ids or "")
        if not all(name in prefetched for name in SHOWN):
            prefetch_related_objects([found.post], *SHOWN)
    return found, at or found.asked_at


SHOWN = ("media_links", "consents")


@cache
def _nothing(name: str) -> "QuerySet[Any]":
    nothing: Any = Post._meta.get_field(name).related_model._default_manager.none()  # type: ignore[union-attr]  # has one
    nothing._result_cache = []
    return nothing


@cache
def _row(is_claim: bool, has_guards: bool) -> "Question[Delivery]":
    return Question(partial(_rows, is_claim=is_claim, has_guards=has_guards))


def _rows(*, is_claim: bool, has_guards: bool) -> "QuerySet[Delivery]":
    """A claim also learns how many ``tries`` there were and whether the mirror shows it (``is_shown``)."""
    needed = ("post__topic", "post__partner", "channel", "approval") if has_guards else ("post", "approval")
    rows = Delivery.objects.select_related(*needed)
    rows = rows.select_for_update(of=("channel", "post", "self") if is_claim else ("post", "self"), no_key=True)
    rows = rows.filter(pk=Given("pk", BigIntegerField())).annotate(asked_at=Moment()).order_by()
    if is_claim:
        tries = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-number").values("number")[:1]
        shown = MirrorItem.objects.visible().filter(post=OuterRef("post"))
        rows = rows.annotate(tries=Subquery(tries), is_shown=Exists(shown))
    if has_guards:
        audiences: Any = Post.audiences.through.objects.filter(post=OuterRef("post_id")).order_by().values("post")
        rows = rows.annotate(audience_ids=Subquery(audiences.annotate(keys=Joined("audience_id")).values("keys")))
        links: dict[str, Any] = {"has_media_links": PostMedium, "has_consents": Post.consents.through}
        own = {name: Exists(model._default_manager.filter(post=OuterRef("post_id"))) for name, model in links.items()}
        rows = rows.annotate(**own)
    return rows


@cache
def _swap(model: type[AnySubject], fields: tuple[str, ...]) -> Change:
    def unchanged() -> "QuerySet[Any]":
        seen = {name: Given.like(model, name, f"seen_{name}") for name in ("version", "state")}
        return model._default_manager.filter(pk=Given("pk", BigIntegerField()), **seen)

    return Change(unchanged, fields)


def _look_around(delivery: Delivery, at: dt.datetime, known: Known) -> None:
    """What a claim asks besides its row, in one question: is there a Sendepause, how much is spent, where does the
    audit chain end? Asked after the channel is locked: an answer from before would not count what others reserve.
    """
    day = berlin_day(at)
    found = audit.end_of_chain(at, _AROUND, month=ledger.month_of(day), channel=delivery.channel_id, moment=at)
    money = ledger.Ledger(day, found.cap_usd, found.spent_usd, delivery.channel.posts_by_hand)
    known.learn(paused=found.paused, money=money, channel=delivery.channel_id)


def _around() -> "QuerySet[Any]":
    cap, spent = ledger.cap_and_sum(Given("channel", BigIntegerField()), Given("month", DateField()))
    paused = Exists(SendPause.objects.active(Moment("moment")))
    return audit.ends().annotate(cap_usd=cap, spent_usd=spent, paused=paused)


_AROUND = Question(_around)


def _slot_of(subject: AnySubject) -> dt.datetime | None:
    if isinstance(subject, Consent):
        return None
    return subject.post.slot if isinstance(subject, Consultation) else subject.slot


def _digest(subject: AnySubject) -> str:
    """Of what the step was about. An Ausspielung is about what was approved: no rule lets pass what differs from it."""
    if isinstance(subject, Consent):
        return ""
    if isinstance(subject, Consultation):
        return subject.post.digest()
    return subject.digest() if isinstance(subject, Post) else subject.approval.digest


__all__ = [
    "AS_APPROVED",
    "CONSENT_STEPS",
    "CONSULTATION_STEPS",
    "DELIVERY_STEPS",
    "FORBIDDEN",
    "MAY_GO_OUT",
    "POINTLESS",
    "POST_STEPS",
    "STEP_OF_SLUG",
    "Objection",
    "Offer",
    "Situation",
    "Step",
    "StepForbidden",
    "StepRefused",
    "objections",
    "offers",
    "step_named",
    "take",
]
