"""What may happen to a Beitrag and to an Ausspielung: the only code that changes a state.

A table says which steps there are, ``objections`` asks whether one may be taken, ``take`` takes it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import transaction

from . import audit
from .clock import database_now
from .enums import DeliveryState, PostState, Role
from .models import Delivery, Post, User
from .rules import CONTENT_RULES, Objection, Rule, Situation, blocking, timing
from .rules import approval as approval_rules
from .rules import channel as channel_rules
from .rules.known import Known

D, P = DeliveryState, PostState
EDITORS = (Role.PROE, Role.GF)


@dataclass(frozen=True)
class Step:
    """``moves`` maps each allowed source state to its target; empty ``roles`` means: the system alone.

    ``slug`` is the step's name in addresses (contract), ``warning`` what a person reads before it happens.
    With an immediate step the rules are asked about this moment, not about the slot once wished for.
    ``keeps_answers``: what every rule said is stored with the Ausspielung (K-09).
    """

    moves: Mapping[str, str]
    roles: tuple[Role, ...] = ()
    guards: tuple[Rule, ...] = ()
    slug: str = ""
    label: str = ""
    needs_reason: bool = False
    needs_slot: bool = False
    is_immediate: bool = False
    keeps_answers: bool = False
    warning: str = ""


FIT_TO_SUBMIT = (*CONTENT_RULES, timing.slot_lies_ahead)
FIT_TO_APPROVE = (
    approval_rules.seen_as_it_is,
    approval_rules.four_eyes,
    *CONTENT_RULES,
    timing.slot_lies_within_grace,
)
AS_APPROVED = (approval_rules.unchanged_since_approval, *CONTENT_RULES)

POST_STEPS: dict[str, Step] = {
    "edit": Step(
        {P.IDEA: P.DRAFT, P.DRAFT: P.DRAFT, P.IN_REVIEW: P.IN_REVIEW, P.APPROVED: P.DRAFT},
        EDITORS,
        (approval_rules.nothing_left_the_house,),
    ),
    "set_aside": Step({P.DRAFT: P.IDEA}, EDITORS),
    "submit": Step({P.DRAFT: P.IN_REVIEW}, EDITORS, FIT_TO_SUBMIT, "einreichen", "Zur Freigabe geben"),
    "approve": Step(
        {P.IN_REVIEW: P.APPROVED},
        (Role.GF,),
        FIT_TO_APPROVE,
        "freigeben",
        "Freigeben",
        warning="Der Beitrag erscheint zum Termin auf dem Kanal und auf der Website.",
    ),
    "approve_express": Step(
        {P.IN_REVIEW: P.APPROVED},
        (Role.PROE,),
        FIT_TO_APPROVE,
        "eilfreigeben",
        "Im Eilweg freigeben",
        needs_reason=True,
        warning="Die Geschäftsführung prüft den Beitrag spätestens am nächsten Arbeitstag nach.",
    ),
    "post_check": Step(
        {P.APPROVED: P.APPROVED, P.DRAFT: P.DRAFT, P.IN_REVIEW: P.IN_REVIEW, P.WITHDRAWN: P.WITHDRAWN},
        (Role.GF,),
        (approval_rules.post_check_is_open, approval_rules.not_the_express_approver),
        "nachpruefen",
        "Nachprüfung abschließen",
    ),
    "request_changes": Step(
        {P.IN_REVIEW: P.DRAFT}, (Role.GF,), (), "aendern-lassen", "Änderungen erbitten", needs_reason=True
    ),
    "reject": Step(
        {P.IN_REVIEW: P.WITHDRAWN},
        (Role.GF,),
        (),
        "ablehnen",
        "Ablehnen",
        needs_reason=True,
        warning="Der Beitrag wird nicht veröffentlicht.",
    ),
    "withdraw": Step(
        {P.IDEA: P.WITHDRAWN, P.DRAFT: P.WITHDRAWN, P.IN_REVIEW: P.WITHDRAWN, P.APPROVED: P.WITHDRAWN},
        (Role.PROE,),
        (),
        "zurueckziehen",
        "Zurückziehen",
        warning="Der Beitrag geht nicht hinaus. Was schon online ist, wird gelöscht und von der Website genommen.",
    ),
    "schedule": Step(
        {P.APPROVED: P.APPROVED},
        EDITORS,
        (
            approval_rules.has_no_open_delivery,
            *AS_APPROVED,
            approval_rules.slot_is_the_approved_one,
            timing.slot_lies_ahead,
        ),
        "einplanen",
        "Einplanen",
        needs_slot=True,
    ),
    "reschedule": Step(
        {P.APPROVED: P.IN_REVIEW, P.IN_REVIEW: P.IN_REVIEW},
        EDITORS,
        (approval_rules.nothing_left_the_house, timing.slot_lies_ahead, timing.slot_is_usual),
        "verschieben",
        "Verschieben",
        needs_slot=True,
        warning="Ein neuer Termin braucht eine neue Freigabe.",
    ),
    "hold": Step(
        {P.APPROVED: P.APPROVED},
        EDITORS,
        (approval_rules.has_scheduled_delivery,),
        "anhalten",
        "Anhalten",
        needs_reason=True,
        warning="Der Beitrag geht zum Termin nicht hinaus. Die Freigabe bleibt bestehen.",
    ),
    "send_now": Step(
        {P.APPROVED: P.APPROVED},
        EDITORS,
        (
            approval_rules.nothing_left_the_house,
            approval_rules.directors_have_an_own_account,
            *AS_APPROVED,
            channel_rules.sending_is_on,
        ),
        "jetzt-senden",
        "Jetzt senden",
        is_immediate=True,
        warning="Der Beitrag erscheint sofort auf dem Kanal und auf der Website.",
    ),
    "order_takedown": Step(
        {P.APPROVED: P.APPROVED, P.WITHDRAWN: P.WITHDRAWN},
        EDITORS,
        (approval_rules.has_published_delivery,),
        "loeschen",
        "Vom Kanal löschen",
        needs_reason=True,
        warning="Der Beitrag wird vom Kanal gelöscht und von der Website genommen.",
    ),
}

STUCK = (D.NEEDS_DECISION, D.MISSED, D.BLOCKED)

# A step without roles is the system's own; the others are a person's, from the box of open cases.
DELIVERY_STEPS: dict[str, Step] = {
    "claim": Step(
        {D.SCHEDULED: D.SENDING},
        guards=(*AS_APPROVED, channel_rules.sending_is_on, channel_rules.channel_takes_posts),
        keeps_answers=True,
    ),
    # What stands on the channel is published, whatever we thought of it before (I6).
    "confirm": Step({D.SENDING: D.PUBLISHED, D.UNKNOWN: D.PUBLISHED, D.NEEDS_DECISION: D.PUBLISHED}),
    "release": Step({D.SENDING: D.SCHEDULED}),
    "retry": Step({D.UNKNOWN: D.SCHEDULED}),
    "lose_sight": Step({D.SENDING: D.UNKNOWN}),
    "hand_over": Step({D.SENDING: D.NEEDS_DECISION, D.UNKNOWN: D.NEEDS_DECISION}),
    "block": Step({D.SCHEDULED: D.BLOCKED}),
    "miss": Step({D.SCHEDULED: D.MISSED}),
    # Also what no longer counts because the Beitrag has been planned anew.
    "cancel": Step(
        {D.SCHEDULED: D.CANCELLED, D.BLOCKED: D.CANCELLED, D.MISSED: D.CANCELLED, D.NEEDS_DECISION: D.CANCELLED}
    ),
    "bring_forward": Step({D.SCHEDULED: D.SCHEDULED}),
    "take_down": Step({D.PUBLISHED: D.TAKEDOWN_DUE}),
    "confirm_takedown": Step({D.TAKEDOWN_DUE: D.DELETED}),
    # Somebody deleted or changed it on the channel by hand: kept as it is, noted, never sent again.
    "notice": Step({D.PUBLISHED: D.PUBLISHED}),
    "declare_online": Step(
        dict.fromkeys((D.UNKNOWN, *STUCK), D.PUBLISHED),
        EDITORS,
        slug="ist-online",
        label="Der Beitrag ist online",
        needs_reason=True,
        warning="Der Beitrag gilt dann als veröffentlicht und wird nicht noch einmal gesendet.",
    ),
    "ask_resend": Step(
        {D.NEEDS_DECISION: D.NEEDS_DECISION},
        EDITORS,
        (*AS_APPROVED, approval_rules.no_open_resend),
        "noch-einmal",
        "Noch einmal senden",
        needs_reason=True,
        warning="Eine zweite Person muss zustimmen. Vorher wird noch einmal auf dem Kanal nachgesehen.",
    ),
    "confirm_resend": Step(
        {D.NEEDS_DECISION: D.SCHEDULED},
        EDITORS,
        (*AS_APPROVED, approval_rules.resend_is_asked_by_another, channel_rules.sending_is_on),
        "noch-einmal-bestaetigen",
        "Zustimmen und senden",
        is_immediate=True,
        warning="Der Beitrag geht sofort hinaus, wenn er nicht doch schon auf dem Kanal steht.",
    ),
    "discard": Step(
        dict.fromkeys(STUCK, D.CANCELLED),
        EDITORS,
        slug="verwerfen",
        label="Nicht mehr senden",
        needs_reason=True,
        warning="Der Beitrag geht nicht mehr hinaus. Er bleibt freigegeben und kann neu geplant werden.",
    ),
    "post_by_hand": Step(
        {D.SCHEDULED: D.PUBLISHED, D.MISSED: D.PUBLISHED, D.BLOCKED: D.PUBLISHED},
        EDITORS,
        (*AS_APPROVED, channel_rules.is_posted_by_hand),
        "von-hand-gesendet",
        "Ich habe den Beitrag gesendet",
    ),
}

STEP_OF_SLUG = {step.slug: name for name, step in POST_STEPS.items() if step.slug}

FORBIDDEN = "step.forbidden"
# What stands against a step for good, or until somebody takes another one: such a button helps nobody.
POINTLESS = ("delivery.none", "delivery.exists", "post_check.none", "post.already_sent")
Subject = TypeVar("Subject", Post, Delivery)


class StepRefused(Exception):
    """A step that may not be taken now; nothing was changed. ``objections`` say why and what to do."""

    def __init__(self, objections: list[Objection]) -> None:
        super().__init__(", ".join(objection.code for objection in objections))
        self.objections = objections

    @property
    def codes(self) -> str:
        return ", ".join(sorted({objection.code for objection in self.objections}))


class StepForbidden(StepRefused):
    """The person's role may never take this step."""


def step_named(name: str, subject: Post | Delivery) -> Step:
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
    name: str, subject: Post | Delivery, situation: Situation, answers: dict[str, list[str]] | None = None
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
    post = subject if isinstance(subject, Post) else subject.post
    for rule in step.guards:
        said = list(rule(post, situation))
        found += said
        if answers is not None:
            answers[rule.__name__] = [objection.code for objection in said]
    return found


def take(
    name: str,
    subject: Subject,
    *,
    by: User | None = None,
    at: dt.datetime | None = None,
    note: str = "",
    seen_digest: str = "",
    for_slot: dt.datetime | None = None,
    **changes: Any,
) -> Subject:
    """Take one step and write its audit entry, or raise StepRefused and change nothing.

    ``by=None`` is the system, ``at=None`` the database's moment. ``for_slot`` is the moment a person named; where a
    step needs none, the one already set is asked about. Returns the fresh object; the one handed in stays as it was.
    """
    at = at or database_now()
    with transaction.atomic():
        model = type(subject)
        if isinstance(subject, Delivery):
            # Always the Beitrag first: it cannot change while a step of its Ausspielung is decided, and no two
            # steps wait for each other.
            post = Post.objects.select_for_update().get(pk=subject.post_id)
        fresh = model._default_manager.select_for_update().get(pk=subject.pk)
        if isinstance(fresh, Delivery):
            fresh.post = post
        situation = Situation(
            at=at,
            by=by,
            slot=for_slot if step_named(name, fresh).needs_slot else fresh.slot,
            note=note,
            seen_digest=seen_digest,
            delivery=fresh if isinstance(fresh, Delivery) else None,
        )
        answers: dict[str, list[str]] = {}
        if stopped := blocking(objections(name, fresh, situation, answers)):
            raise (StepForbidden if stopped[0].code == FORBIDDEN else StepRefused)(stopped)
        source, target = fresh.state, step_named(name, fresh).moves[fresh.state]
        if step_named(name, fresh).keeps_answers:
            changes["rule_results"] = answers
        fields = {**changes, "state": target, "version": fresh.version + 1}
        # Compare and swap: where a database does not lock rows (SQLite), the version decides who was first.
        if not model._default_manager.filter(pk=fresh.pk, version=fresh.version, state=source).update(**fields):
            raise StepRefused([Objection("step.overtaken", "Gerade hat sich etwas geändert. Bitte laden Sie neu.")])
        # The row is as it was read but for these, so there is no need to read it and all that hangs on it once more.
        for field, value in fields.items():
            setattr(fresh, field, value)
        post = fresh if isinstance(fresh, Post) else fresh.post
        audit.record(
            name,
            subject_type=model._meta.model_name or "",
            subject_id=fresh.pk,
            at=at,
            by=by,
            source=source,
            target=target,
            digest=post.digest(),
            note=note,
        )
    return fresh
