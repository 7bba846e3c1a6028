"""Which steps there are for a Beitrag and for an Ausspielung: a table, read by workflow.py and by nobody's if."""

from collections.abc import Mapping
from dataclasses import dataclass

from .enums import ConsentState, ConsultationState, DeliveryState, PostState, Role
from .rules import CONTENT_RULES, Rule, may_stop, timing
from .rules import approval as approval_rules
from .rules import budget as budget_rules
from .rules import channel as channel_rules
from .rules import consent_record as consent_rules
from .rules import consultation as consultation_rules

C, D, P, E = ConsultationState, DeliveryState, PostState, ConsentState
EDITORS = (Role.PROE, Role.GF)


@dataclass(frozen=True)
class Step:
    """``moves`` maps each allowed source state to its target; empty ``roles`` means: the system alone.

    ``slug`` is the step's name in addresses (contract), ``warning`` what a person reads before it happens.
    With an immediate step the rules are asked about this moment, not about the slot once wished for.
    ``is_claim``: what every rule said is stored with the Ausspielung (K-09), and its channel is locked as well.
    """

    moves: Mapping[str, str]
    roles: tuple[Role, ...] = ()
    guards: tuple[Rule, ...] = ()
    slug: str = ""
    label: str = ""
    needs_reason: bool = False
    needs_slot: bool = False
    is_immediate: bool = False
    is_claim: bool = False
    warning: str = ""


FIT_TO_SUBMIT = (
    approval_rules.senders_are_trained,
    *CONTENT_RULES,
    timing.slot_lies_ahead,
    budget_rules.month_has_money,
)
FIT_TO_APPROVE = (
    approval_rules.seen_as_it_is,
    approval_rules.four_eyes,
    *CONTENT_RULES,
    timing.slot_lies_within_grace,
    budget_rules.month_has_money,
)
AS_APPROVED = (approval_rules.unchanged_since_approval, *CONTENT_RULES)
# What can keep a Freigabe from the mirror and from the channel in the last moment.
MAY_GO_OUT = (*may_stop(AS_APPROVED), channel_rules.sending_is_on)

POST_STEPS: dict[str, Step] = {
    "edit": Step(
        {P.IDEA: P.DRAFT, P.DRAFT: P.DRAFT, P.IN_REVIEW: P.IN_REVIEW, P.APPROVED: P.DRAFT},
        EDITORS,
        (approval_rules.nothing_left_the_house,),
    ),
    "set_aside": Step({P.DRAFT: P.IDEA}, EDITORS),
    "submit": Step({P.DRAFT: P.IN_REVIEW}, EDITORS, FIT_TO_SUBMIT, "einreichen", "Zur Freigabe geben"),
    "endorse": Step(
        {P.IN_REVIEW: P.IN_REVIEW},
        (Role.GF,),
        (*FIT_TO_APPROVE, approval_rules.first_of_two_is_wanted),
        "mitzeichnen",
        "Mitzeichnen",
        warning="Hier entscheiden zwei: Danach gibt eine andere Geschäftsführer:in frei.",
    ),
    "approve": Step(
        {P.IN_REVIEW: P.APPROVED},
        (Role.GF,),
        (*FIT_TO_APPROVE, approval_rules.two_directors_decide),
        "freigeben",
        "Freigeben",
        warning="Der Beitrag erscheint zum Termin auf dem Kanal und auf der Website.",
    ),
    "approve_express": Step(
        {P.IN_REVIEW: P.APPROVED},
        (Role.PROE,),
        (*FIT_TO_APPROVE, approval_rules.no_express_where_two_decide),
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
            approval_rules.approved_slot_lies_ahead,
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
            approval_rules.senders_hold_access,
            approval_rules.senders_are_trained,
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
        guards=(
            *AS_APPROVED,
            timing.slot_is_not_over,
            channel_rules.sending_is_on,
            channel_rules.channel_takes_posts,
            channel_rules.is_sent_by_the_application,
            budget_rules.month_has_money,
        ),
        is_claim=True,
    ),
    # What stands on the channel is published, whatever we thought of it before (I6).
    # Scheduled again: the answer of a sender that was believed dead came after the proof of absence.
    "confirm": Step(dict.fromkeys((D.SENDING, D.UNKNOWN, D.NEEDS_DECISION, D.SCHEDULED), D.PUBLISHED)),
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

# A question to the Fachberatung. An answer is welcome late as well; only what was withdrawn is over.
CONSULTATION_STEPS: dict[str, Step] = {
    "answer": Step(
        {C.ASKED: C.ANSWERED, C.LAPSED: C.ANSWERED, C.GONE_ON: C.ANSWERED},
        (Role.FACH,),
        (
            consultation_rules.question_is_for_this_person,
            consultation_rules.beitrag_is_still_wanted,
            consultation_rules.opinion_is_about_what_was_read,
        ),
        label="Antwort senden",
    ),
    "lapse": Step({C.ASKED: C.LAPSED}, guards=(consultation_rules.deadline_is_over,)),
    "go_on": Step(
        {C.ASKED: C.GONE_ON, C.LAPSED: C.GONE_ON},
        EDITORS,
        (consultation_rules.deadline_is_over,),
        "weiter",
        "Ohne Antwort weitermachen",
        needs_reason=True,
        warning="Der Grund steht bei der Freigabe. Antwortet jemand später, steht auch das dort.",
    ),
    "withdraw_question": Step(
        {C.ASKED: C.WITHDRAWN, C.LAPSED: C.WITHDRAWN},
        (Role.PROE,),
        (),
        "zuruecknehmen",
        "Frage zurücknehmen",
        needs_reason=True,
        warning="Wer gefragt war, sieht die Frage dann nicht mehr.",
    ),
    "take_over": Step(
        {C.ANSWERED: C.ANSWERED},
        EDITORS,
        (consultation_rules.something_was_proposed,),
        "uebernehmen",
        "Vorschlag übernehmen",
        warning="Der vorgeschlagene Text gilt dann als neue Fassung. Die jetzige bleibt unter „Fassungen“.",
    ),
}

# The consent of one person. What ends ends by a person's word or by the clock, and nothing begins again.
CONSENT_STEPS: dict[str, Step] = {
    "put_in_force": Step(
        {E.PREPARED: E.EFFECTIVE},
        (Role.PROE,),
        (
            consent_rules.something_is_permitted,
            consent_rules.person_was_informed,
            consent_rules.form_is_signed,
            consent_rules.guardians_have_signed,
            consent_rules.period_lies_ahead,
            consent_rules.anonymous_version_was_considered,
            consent_rules.preview_was_shown,
        ),
        "wirksam",
        "Wirksam machen",
        warning="Beiträge dürfen sich dann auf diese Einwilligung stützen.",
    ),
    "narrow": Step({E.EFFECTIVE: E.RESTRICTED, E.RESTRICTED: E.RESTRICTED}, (Role.PROE,)),
    "revoke": Step(dict.fromkeys((E.PREPARED, E.EFFECTIVE, E.RESTRICTED, E.EXPIRED), E.REVOKED), (Role.PROE,)),
    "run_out": Step({E.EFFECTIVE: E.EXPIRED, E.RESTRICTED: E.EXPIRED}),
    "erase": Step(
        dict.fromkeys((E.PREPARED, E.EXPIRED, E.REVOKED), E.ERASED),
        (Role.PROE,),
        (consent_rules.nothing_is_shown, consent_rules.kept_long_enough),
        "loeschen",
        "Daten löschen",
        needs_reason=True,
        warning="Name, Kontakt und Formular sind dann für immer gelöscht. Kommt eine alte Sicherung zurück, löscht die "
        "Anwendung sie dort noch einmal.",
    ),
    # After a restore: what ended since the backup ends again, whatever the backup says.
    "revoke_again": Step(dict.fromkeys((E.PREPARED, E.EFFECTIVE, E.RESTRICTED, E.EXPIRED), E.REVOKED)),
    "erase_again": Step({E.REVOKED: E.ERASED}),
}

STEP_OF_SLUG = {step.slug: name for name, step in POST_STEPS.items() if step.slug}
