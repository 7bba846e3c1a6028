"""The way of an Ausspielung from the first draft to the last figure, and the one thing to do next. Decides nothing."""

import datetime as dt
from typing import Any

from django.urls import reverse

from .. import cases, queries
from ..actions import correcting
from ..clock import BERLIN
from ..enums import (
    LIVE_DELIVERY_STATES,
    AttemptOutcome,
    ConsultationState,
    DeliveryState,
    Evidence,
    Opinion,
    Role,
)
from ..models import Attempt, Consultation, Correction, Delivery, MirrorItem, Post, User
from ..rules.channel import is_by_hand
from ..rules.consultation import changed_since, standing
from ..templatetags.kern import berlin, number

D = DeliveryState
CHECK, OPEN, WARN = "kern-icon--check", "app-icon--clock", "kern-icon--warning"
DECIDERS = (Role.PROE, Role.GF)
CORRECTION_SLUG = "richtigstellen"
SEEN_BY = {
    Evidence.ANSWER: "Der Kanal hat es bestätigt.",
    Evidence.TIMELINE: "Wir haben ihn auf dem Kanal gelesen.",
    Evidence.PERSON: "Eine Person hat ihn auf dem Kanal gesehen.",
}
TONE_OF = {AttemptOutcome.PUBLISHED: "success", AttemptOutcome.UNKNOWN: "warning", AttemptOutcome.REFUSED: "danger"}
NOT_ON_CHANNEL = {
    D.UNKNOWN: "Ob er dort steht, ist unklar.",
    D.CANCELLED: "Er geht nicht mehr hinaus.",
    D.MISSED: "Er ist nicht hinausgegangen.",
    D.BLOCKED: "Er ist nicht hinausgegangen.",
    D.NEEDS_DECISION: "Er ist dort nicht nachgewiesen.",
}
WAITS = {
    D.SENDING: "Nichts zu tun: Er wird gerade gesendet.",
    D.CANCELLED: "Nichts zu tun. Soll er doch hinausgehen, planen Sie ihn neu.",
    D.TAKEDOWN_DUE: "Nichts zu tun: Er wird gelöscht, und wir sehen nach, ob er weg ist.",
    D.DELETED: "Nichts zu tun: Er ist gelöscht.",
}


def journeys(post: Post, by: User, at: dt.datetime) -> list[dict[str, Any]]:
    """Per Ausspielung its stations and the next step, the live one first. ``post`` as ``look_everything_up`` leaves
    it."""
    rows = sorted(post.deliveries.all(), key=lambda delivery: (delivery.created_at, delivery.pk), reverse=True)
    numbers = {delivery.pk: number for number, delivery in enumerate(reversed(rows), start=1)}
    rows.sort(key=lambda delivery: delivery.state not in LIVE_DELIVERY_STATES)
    measured = queries.last_measured([row.pk for row in rows if row.published_at])
    mirror = getattr(post, "mirror_item", None) if rows else None
    return [
        {
            "delivery": delivery,
            "number": numbers[delivery.pk] if len(rows) > 1 else None,
            "entries": _stations(post, by, delivery, mirror, measured.get(delivery.pk, [])),
            "next": _next(delivery, by, at),
        }
        for delivery in rows
    ]


def corrections(post: Post) -> list[Correction]:
    """Of a Beitrag that was read with ``has_corrections``: no question about those without."""
    return list(post.corrections.select_related("by")) if getattr(post, "has_corrections", True) else []


def correction_step(post: Post, by: User) -> list[dict[str, Any]]:
    """The form for a Richtigstellung, where there is something to correct."""
    if by.role not in DECIDERS or not correcting.may_be_corrected(post):
        return []
    form = {
        "slug": CORRECTION_SLUG,
        "uid": f"{post.pk}-{CORRECTION_SLUG}",
        "url": reverse("editorial:post_correction", args=[post.pk]),
        "label": "Richtigstellen",
        "explanation": "Ihr Text erscheint sofort öffentlich über dem Beitrag auf der Website und im Feed, mit Datum. "
        "Der Beitrag selbst bleibt, wie er war. Auf dem Kanal ändert sich nichts.",
        "reason": "Was ist richtig?",
        "tone": "secondary",
    }
    return [form]


def _stations(
    post: Post, by: User, delivery: Delivery, mirror: MirrorItem | None, figures: list[queries.MeasuredFigure]
) -> list[dict[str, Any]]:
    return [
        _drafted(post),
        *_consulted(post, by),
        _approved(delivery),
        *_sent(delivery),
        _seen(delivery),
        *_altered(delivery),
        _measured(delivery, figures),
        _mirrored(mirror),
    ]


def _station(title: str, at: dt.datetime | None, tone: str = "neutral", icon: str = "", **more: Any) -> dict[str, Any]:
    return {"title": title, "at": at, "tone": tone, "icon": icon or (CHECK if at else OPEN), **more}


def _drafted(post: Post) -> dict[str, Any]:
    versions = list(post.versions.all())
    names = dict.fromkeys(version.saved_by.display_name for version in reversed(versions) if version.saved_by)
    count = "eine Fassung" if len(versions) == 1 else f"{len(versions)} Fassungen"
    return _station("Geschrieben", post.created_at, "success", by=", ".join(names), text=f"Bisher {count}.")


def _consulted(post: Post, by: User) -> list[dict[str, Any]]:
    """One station per question; others of the Fachberatung learn neither whom it was put to nor what came of it."""
    asked = standing(post)
    if by.role not in DECIDERS:
        asked = [one for one in asked if by.pk in (one.person_id, one.answered_by_id)]
        if not asked and standing(post):
            return [_station("Fachberatung", None, icon="kern-icon--info", text="Gefragt war eine andere Stelle.")]
    if not asked:
        return [_station("Fachberatung", None, icon="kern-icon--info", text="Es war keine angefragt.")]
    return [_opinion(one, post, with_reason=by.role in DECIDERS) for one in asked]


def _opinion(asked: Consultation, post: Post, *, with_reason: bool) -> dict[str, Any]:
    if asked.state == ConsultationState.ANSWERED:
        words = f"{Opinion(asked.opinion).label}, zu Fassung {asked.seen_number}."
        if asked.taken_over_at:
            words += " Der Vorschlag ist übernommen."
        elif changed_since(asked, post):
            words += " Der Beitrag wurde danach noch geändert."
        tone = "success" if asked.opinion == Opinion.FINE else "warning"
        by = asked.answered_by.display_name if asked.answered_by else ""
        return _station("Fachberatung", asked.answered_at, tone, CHECK, by=by, text=words)
    if asked.state == ConsultationState.GONE_ON:
        words = f"{asked.addressee} hat nicht geantwortet."
        words += f" Weiter, weil: {asked.end_reason}" if with_reason else " Es ging ohne Antwort weiter."
        return _station("Fachberatung", asked.ended_at, "warning", WARN, text=words)
    return _station("Fachberatung", None, text=f"{asked.addressee} ist gefragt, bis {berlin(asked.due_at)}.")


def _approved(delivery: Delivery) -> dict[str, Any]:
    approval = delivery.approval
    over = "Sie gilt nicht mehr." if approval.voided_at else ""
    tone = "neutral" if approval.voided_at else "success"
    by = approval.approved_by.display_name
    return _station(approval.get_kind_display(), approval.approved_at, tone, by=by, text=over)


def _sent(delivery: Delivery) -> list[dict[str, Any]]:
    attempts = list(delivery.attempts.all())
    if not attempts and delivery.state == D.SCHEDULED:
        return [_station("Senden", None, text=f"Geplant für {berlin(delivery.slot)}.")]
    if not attempts:
        return [_station("Senden", None, text="Es gab keinen Versuch über die Schnittstelle.")]
    return [_attempt(attempt, len(attempts)) for attempt in attempts]


def _attempt(attempt: Attempt, count: int) -> dict[str, Any]:
    title = "Gesendet" if attempt.outcome == AttemptOutcome.PUBLISHED else "Sendeversuch"
    title = f"{title} ({attempt.number}. Versuch)" if count > 1 else title
    tone = TONE_OF.get(AttemptOutcome(attempt.outcome), "neutral")
    icon = CHECK if tone == "success" else WARN if tone != "neutral" else "app-icon--send"
    return _station(title, attempt.started_at, tone, icon, text=cases.explain(attempt))


def _seen(delivery: Delivery) -> dict[str, Any]:
    if delivery.published_at is None:
        return _station("Auf dem Kanal", None, text=NOT_ON_CHANNEL.get(D(delivery.state), "Noch nicht erschienen."))
    text = SEEN_BY[Evidence(delivery.evidence)] if delivery.evidence else ""
    if delivery.state == D.DELETED:
        text = f"{text} Gelöscht am {berlin(delivery.deleted_at)}.".strip()
    elif delivery.state == D.TAKEDOWN_DUE:
        text = f"{text} Er wird gerade gelöscht.".strip()
    return _station("Auf dem Kanal erschienen", delivery.published_at, "success", text=text)


def _altered(delivery: Delivery) -> list[dict[str, Any]]:
    """What somebody did on the channel itself."""
    found = []
    if delivery.altered_at:
        text = f"Dort steht jetzt: {delivery.altered_text}" if delivery.altered_text else ""
        found.append(_station("Auf dem Kanal von Hand geändert", delivery.altered_at, "warning", WARN, text=text))
    if delivery.gone_at:
        text = "Auf der Website steht er weiter. Er wird nicht neu gesendet."
        found.append(_station("Auf dem Kanal von Hand gelöscht", delivery.gone_at, "warning", WARN, text=text))
    return found


def _measured(delivery: Delivery, figures: list[queries.MeasuredFigure]) -> dict[str, Any]:
    if not figures:
        return _station(
            "Gemessen", None, text="Noch keine Zahlen." if delivery.published_at else "Erst, wenn er erschienen ist."
        )
    words = " · ".join(f"{figure.label}: {number(figure.value)}" for figure in figures)
    return _station("Gemessen", max(figure.taken_at for figure in figures), "success", text=words)


def _mirrored(mirror: MirrorItem | None) -> dict[str, Any]:
    if mirror is None:
        return _station("Auf der Website", None, text="Noch nicht zu lesen.")
    if mirror.taken_down_at:
        return _station("Von der Website genommen", mirror.taken_down_at, "neutral")
    link = {"url": reverse("editorial:mirror_item", args=[mirror.post.public_id]), "label": "Auf der Website lesen"}
    return _station("Auf der Website", mirror.shown_from, "success", link=link)


def _next(delivery: Delivery, by: User, at: dt.datetime) -> dict[str, str]:
    """Exactly one safe step; for most states there is nothing to do but to wait."""
    match delivery.state:
        case D.SCHEDULED:
            return {"text": _until_slot(delivery, at)} | _by_hand(delivery, by)
        case D.UNKNOWN:
            return {"text": _until_next_look(delivery, at)} | _clear(delivery, by)
        case D.PUBLISHED if delivery.gone_at:
            return {"text": "Bitte klären Sie im Haus, wer ihn gelöscht hat. Gesendet wird er nicht noch einmal."}
        case D.PUBLISHED:
            seen = {"url": delivery.external_url, "label": "Auf dem Kanal ansehen"} if delivery.external_url else {}
            return {"text": "Nichts zu tun: Er ist online."} | seen
        case state if state in WAITS:
            return {"text": WAITS[D(state)]}
        case _:
            return {"text": "Bitte entscheiden Sie, wie es weitergeht."} | _clear(delivery, by)


def _until_slot(delivery: Delivery, at: dt.datetime) -> str:
    if is_by_hand(delivery.channel):
        return "Bitte senden Sie ihn zum Termin von Hand."
    if delivery.slot > at:
        return "Nichts zu tun: Er geht zum Termin hinaus."
    return "Nichts zu tun: Er geht hinaus, sobald der Kanal wieder etwas annimmt."


def _by_hand(delivery: Delivery, by: User) -> dict[str, str]:
    if by.role not in DECIDERS or not is_by_hand(delivery.channel):
        return {}
    return {"url": reverse("editorial:by_hand"), "label": "Text und Bilder zum Kopieren"}


def _until_next_look(delivery: Delivery, at: dt.datetime) -> str:
    moment = cases.next_look(delivery)
    if moment is None:
        return "Ob er erschienen ist, ist unklar. Bitte sehen Sie auf dem Kanal nach."
    when = f"um {moment.astimezone(BERLIN):%H:%M} Uhr" if moment > at else "in wenigen Sekunden"
    return f"Bitte warten Sie: Die Anwendung sieht {when} wieder auf dem Kanal nach und sendet nichts doppelt."


def _clear(delivery: Delivery, by: User) -> dict[str, str]:
    if by.role not in DECIDERS:
        return {}
    return {"url": f"{reverse('editorial:clearing')}#fall-{delivery.pk}", "label": "Zur Klärung"}
