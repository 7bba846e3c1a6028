"""How an open case looks: what happened, what was seen on the channel, and the steps that are safe. Decides nothing."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from .. import cases, workflow
from ..clock import BERLIN
from ..enums import DeliveryState, Reading
from ..models import Attempt, Delivery, Resend, User
from ..rules import Objection, Situation, blocking
from ..rules.known import Known
from .presenting import shown_url

D = DeliveryState
# In the order of the card. The last two are steps of the Beitrag, offered where nothing of it left the house.
OF_THE_DELIVERY = ("declare_online", "ask_resend", "confirm_resend", "discard")
OF_THE_POST = ("send_now", "reschedule")
ORDER = ("confirm_resend", "declare_online", "ask_resend", "send_now", "reschedule", "discard")
TONES = {"confirm_resend": "primary", "discard": "danger"}
ASKED_TWICE = ("confirm_resend", "send_now", "discard")

READ_WORDS = {
    Reading.FOUND: "Der Beitrag stand auf dem Kanal.",
    Reading.ABSENT: "Der Beitrag stand nicht auf dem Kanal.",
    Reading.FAILED: "Der Kanal war nicht zu lesen. Dieser Blick zählt nicht.",
}
WAY_OUT_OF_TIME = "Wählen Sie „Nicht mehr senden“. Danach können Sie den Beitrag auf seiner Seite verschieben."
NOBODY_ACTS = "Bis dahin muss niemand etwas tun. Gesendet wird nur, wenn der Beitrag sicher nicht auf dem Kanal steht."
NOBODY_LOOKS = (
    "Die Anwendung kann gerade nicht selbst nachsehen. Bitte sehen Sie auf dem Kanal nach. "
    "Steht der Beitrag dort, tragen Sie seine Adresse ein."
)


@dataclass(frozen=True)
class Tried:
    """A step that was refused: what was typed comes back with the objections."""

    delivery: Delivery
    slug: str
    typed: dict[str, str]
    objections: list[Objection]
    is_shown: bool = True

    @property
    def plain(self) -> list[Objection]:
        """For a list far from the fields: without the jump to them."""
        return [replace(objection, field="") for objection in self.objections]


def card(delivery: Any, by: User, at: dt.datetime, known: Known, tried: Tried | None) -> dict[str, Any]:
    """``delivery`` as ``cases.urgent_first`` gives it."""
    attempts = list(delivery.attempts.all())
    resend = cases.open_resend(delivery)
    against = tried.objections if tried and tried.delivery.pk == delivery.pk else []
    return {
        "pk": delivery.pk,
        "delivery": delivery,
        "post": delivery.post,
        "pictures": [(shown_url(medium), medium.alt_text) for medium in delivery.post.ordered_media()],
        "happened": cases.what_happened(delivery, delivery.why),
        "what_next": _what_next(delivery, at),
        "older_url": cases.older_address(attempts),
        "attempts": [attempt_row(attempt) for attempt in attempts],
        "looks": _looks(attempts),
        "resend": _resend(resend, by) if resend else None,
        "steps": _steps(delivery, by, at, known, tried if against else None),
        "refused": tried.plain if tried and against else [],
    }


def attempt_row(attempt: Attempt) -> dict[str, Any]:
    return {"number": attempt.number, "at": attempt.started_at, "text": cases.explain(attempt)}


def altered(delivery: Delivery) -> dict[str, Any]:
    """A neighbour of the open cases: nobody has to act, but everybody should know."""
    gone = delivery.gone_at is not None
    return {
        "delivery": delivery,
        "at": delivery.gone_at or delivery.altered_at,
        "words": GONE if gone else ALTERED,
        "is_gone": gone,
    }


GONE = (
    "Jemand hat den Beitrag auf dem Kanal von Hand gelöscht. Auf der Website steht er weiter. "
    "Er wird nicht neu gesendet."
)
ALTERED = "Jemand hat den Beitrag auf dem Kanal von Hand geändert. Auf der Website steht der freigegebene Text."


def _what_next(delivery: Any, at: dt.datetime) -> str:
    if delivery.state != D.UNKNOWN:
        return cases.what_to_do(delivery, delivery.why)
    moment = cases.next_look(delivery)
    if moment is None:
        return NOBODY_LOOKS
    when = f"um {moment.astimezone(BERLIN):%H:%M} Uhr" if moment > at else "in wenigen Sekunden"
    return f"Die Anwendung sieht {when} wieder auf dem Kanal nach. {NOBODY_ACTS}"


def _looks(attempts: list[Attempt]) -> list[dict[str, Any]]:
    """What was seen on the channel and when, oldest first."""
    reads = sorted((read for attempt in attempts for read in attempt.reads.all()), key=lambda read: (read.at, read.pk))
    return [{"at": read.at, "text": READ_WORDS[Reading(read.result)]} for read in reads]


def _resend(resend: Resend, by: User) -> dict[str, Any]:
    return {
        "by": resend.asked_by.display_name,
        "at": resend.asked_at,
        "reason": resend.reason,
        "is_own": resend.asked_by_id == by.pk,
    }


def _steps(delivery: Delivery, by: User, at: dt.datetime, known: Known, tried: Tried | None) -> list[dict[str, Any]]:
    found = {}
    for name in OF_THE_DELIVERY:
        if delivery.state in workflow.DELIVERY_STEPS[name].moves:
            found[name] = _against(name, delivery, delivery, by, at, known)
    if delivery.state in (D.MISSED, D.BLOCKED):
        found |= {name: _against(name, delivery.post, delivery, by, at, known) for name in OF_THE_POST}
    is_asked = cases.open_resend(delivery) is not None
    found.pop("ask_resend" if is_asked else "confirm_resend", None)
    offered = [_step(name, delivery, found[name], tried) for name in ORDER if name in found]
    return offered + ([_withdrawing(delivery, tried)] if is_asked else [])


def _against(name: str, subject: Any, delivery: Delivery, by: User, at: dt.datetime, known: Known) -> list[Objection]:
    situation = Situation(at=at, by=by, slot=delivery.slot, note="-", delivery=delivery, known=known)
    found = workflow.objections(name, subject, situation)
    # A slot still to be typed is no objection yet.
    return [o for o in blocking(found) if not (name == "reschedule" and o.field == "slot")]


def _step(name: str, delivery: Delivery, against: list[Objection], tried: Tried | None) -> dict[str, Any]:
    step = workflow.step_named(name, delivery if name in OF_THE_DELIVERY else delivery.post)
    late = name == "ask_resend" and any(objection.code == "approval.missing" for objection in against)
    return _form(delivery, step.slug, step.label, tried) | {
        "tone": TONES.get(name, "secondary"),
        "explanation": step.warning,
        "address": "Adresse des Beitrags auf dem Kanal" if name == "declare_online" else "",
        "reason": "Grund" if step.needs_reason else "",
        "slot": "Neuer Termin" if step.needs_slot else "",
        "confirm": step.warning if name in ASKED_TWICE else "",
        "objections": [replace(o, field="") for o in against],
        "blocked": bool(against),
        "way_out": WAY_OUT_OF_TIME if late else "",
    }


def _withdrawing(delivery: Delivery, tried: Tried | None) -> dict[str, Any]:
    return _form(delivery, "noch-einmal-zuruecknehmen", "Vorschlag zurücknehmen", tried) | {
        "tone": "secondary",
        "explanation": "Es wird dann nicht noch einmal gesendet. Der Fall bleibt offen.",
        "reason": "Grund",
    }


def _form(delivery: Delivery, slug: str, label: str, tried: Tried | None) -> dict[str, Any]:
    typed = tried.typed if tried and tried.slug == slug else {}
    slot = f"{delivery.slot.astimezone(BERLIN):%Y-%m-%dT%H:%M}"
    return {
        "slug": slug,
        "uid": f"{delivery.pk}-{slug}",
        "url": reverse("editorial:case_step", args=[delivery.pk, slug]),
        "label": label,
        "edit_url": reverse("editorial:post_edit", args=[delivery.post_id]),
        "open": bool(typed),
        "address_value": typed.get("address", ""),
        "reason_value": typed.get("reason", ""),
        "slot_value": typed.get("slot", slot),
    }
