"""Ausspielungen that wait for a person: which there are and what happened to each is said here and nowhere else."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from .channels.addresses import id_to_address
from .channels.protocol import EXPLANATIONS
from .enums import AttemptOutcome, DeliveryState
from .models import Approval, Attempt, AuditEntry, Delivery, Entry, Resend
from .rules.timing import grace

D = DeliveryState

UNCLEAR = (D.UNKNOWN, D.NEEDS_DECISION)
NEEDS_PERSON = (*UNCLEAR, D.MISSED, D.BLOCKED)
# The step that brought it here; its entry in the record says when and why.
BROUGHT_BY = {D.UNKNOWN: "lose_sight", D.NEEDS_DECISION: "hand_over", D.MISSED: "miss", D.BLOCKED: "block"}
# Most urgent first: what may stand on the channel, then what can still go out, at last what is being looked up anyway.
URGENCY = {D.NEEDS_DECISION: 0, D.BLOCKED: 1, D.MISSED: 2, D.UNKNOWN: 3}
# What a proof of absence is called when it ended with a person.
ABSENT_CODES = ("older_post", "absent_late", "absent_often")
ALTERED_SHOWN_FOR = dt.timedelta(days=30)

# Why it was blocked: the system writes codes, people read sentences.
BLOCKED_BECAUSE = {
    "publishing.off": "Es war Sendepause.",
    "consent.not_valid": "Eine Einwilligung galt nicht mehr.",
    "consent.missing": "Eine Einwilligung fehlte.",
    "approval.missing": "Es lag keine gültige Freigabe vor.",
    "approval.changed_since": "Der Beitrag war nach der Freigabe geändert worden.",
    "budget.exceeded": "Das Geld für diesen Monat ist aufgebraucht.",
    "consultation.open": "Die Antwort der Fachberatung stand noch aus.",
    "channel.checklist_red": "Die Voraussetzungen für diesen Kanal waren nicht erfüllt.",
    "media.file_missing": "Ein Bild oder Video war nicht mehr so da, wie es freigegeben wurde.",
    "media.alt_missing": "Einem Bild fehlte die Beschreibung.",
    "media.captions_missing": "Einem Video fehlten die Untertitel.",
    "media.transcript_missing": "Einem Video fehlte die Textfassung.",
    "media.ai_unlabelled": "Bei einem Bild fehlte der Hinweis, dass es mit KI gemacht ist.",
    "media.mixed": "Ein Video stand neben anderen Bildern. Der Kanal nimmt das nicht.",
    "media.rights_missing": "Bei einem Bild waren die Rechte nicht eingetragen.",
    "source.not_free": "Die Quelle war nicht frei lesbar.",
    "source.unreachable": "Die Quelle war nicht mehr zu erreichen.",
    "source.not_trusted": "Die Quelle war nicht mehr als vertrauenswürdig eingetragen.",
    "twin.missing": "Es fehlte die Seite mit demselben Inhalt.",
    "partner.not_agreed": "Mit der beteiligten Organisation war nichts vereinbart.",
    "text.too_long": "Der Text war zu lang.",
    "restore": "Nach dem Einspielen einer Sicherung stand ein Beitrag mit demselben Text auf dem Kanal. "
    "Bitte prüfen Sie, ob es dieser ist.",
    "channel.by_hand": "Er war von Hand zu senden, als der Kanal umgestellt wurde. Bitte sehen Sie nach, ob er schon "
    "dort steht.",
    "slot.past": "Der Termin und die Nachfrist waren vorbei.",
}
ANY_BLOCK = "Eine Prüfung vor dem Senden war nicht erfüllt. Die Seite des Beitrags nennt sie."


def open_cases() -> QuerySet[Delivery]:
    """Everything that failed, was missed or is unclear, and still waits for somebody.

    What was settled another way – planned anew, its Freigabe void – has been cancelled with that step.
    """
    return Delivery.objects.filter(state__in=NEEDS_PERSON)


def with_reasons(found: QuerySet[Delivery]) -> QuerySet[Any]:
    """Each with ``since`` (when it came to a person) and ``why`` (the note of that step)."""
    steps = AuditEntry.objects.filter(
        subject_type="delivery", subject_id=OuterRef("pk"), step__in=BROUGHT_BY.values()
    ).order_by("-position")
    return found.annotate(
        since=Coalesce(Subquery(steps.values("at")[:1]), F("slot")),
        why=Coalesce(Subquery(steps.values("note")[:1]), Value(""), output_field=TextField()),
    )


def urgent_first(found: QuerySet[Delivery], *, first: int | None = None) -> QuerySet[Any]:
    """In the order of the box, ``first`` on top; whatever is asked of them is looked up in one go."""
    whens = [When(state=state, then=Value(place)) for state, place in URGENCY.items()]
    on_top = [When(pk=first, then=Value(-1))] if first else []
    rank = Case(*on_top, *whens, output_field=IntegerField())
    found = found.annotate(rank=rank).order_by("rank", "-slot", "-pk")
    return found.select_related("channel", "approval", "post__topic", "post__partner").prefetch_related(
        Prefetch("post__entry", Entry.whole.all()),
        "post__audiences",
        "post__consents",
        "post__media_links",
        "post__deliveries",
        Prefetch("post__approvals", Approval.objects.all()),
        "attempts__reads",
        Prefetch("resends", Resend.objects.select_related("asked_by")),
    )


def altered_by_hand(at: dt.datetime, most: int) -> list[Delivery]:
    """What somebody deleted or changed on the channel itself, as far as we noticed of late; newest first."""
    since = at - ALTERED_SHOWN_FOR
    noticed = Delivery.objects.filter(Q(gone_at__gte=since) | Q(altered_at__gte=since), state=D.PUBLISHED)
    latest = Coalesce("gone_at", "altered_at").desc()
    return list(noticed.select_related("post", "channel").order_by(latest, "-pk")[:most])


def open_resend(delivery: Delivery) -> Resend | None:
    return next((resend for resend in delivery.resends.all() if resend.ended_at is None), None)


def what_happened(delivery: Delivery, why: str) -> list[str]:
    """In sentences for somebody who is no engineer; ``why`` is the note of the step that brought it here."""
    last = last_attempt(delivery.attempts.all())
    match delivery.state:
        case D.BLOCKED:
            return ["Der Beitrag ist nicht hinausgegangen.", *reasons(why)]
        case D.MISSED:
            minutes = int(grace().total_seconds() // 60)
            found = [f"Der Termin und die Nachfrist von {minutes} Minuten sind vorbei. Es ging nichts hinaus."]
            return found + ([f"Beim letzten Versuch: {explain(last)}"] if last else [])
        case D.UNKNOWN:
            unclear = "Beim Senden kam keine klare Antwort. Ob der Beitrag erschienen ist, ist unklar."
            return [(EXPLANATIONS.get(last.code, unclear) if last else unclear)]
        case _:
            return [explain(last) if last else EXPLANATIONS.get(why, "Beim Senden ist etwas schiefgegangen.")]


def what_to_do(delivery: Delivery, why: str) -> str:
    """For a person, in one or two sentences; of what is unclear: as long as the application looks for itself."""
    match delivery.state:
        case D.UNKNOWN:
            return (
                "Die Anwendung sieht weiter auf dem Kanal nach und sendet nichts doppelt. "
                "Wenn Sie den Beitrag dort sehen, tragen Sie bitte seine Adresse ein."
            )
        case D.NEEDS_DECISION if open_resend(delivery):
            return "Jemand hat vorgeschlagen, noch einmal zu senden. Eine zweite Person muss zustimmen oder ablehnen."
        case D.NEEDS_DECISION:
            return (
                "Bitte sehen Sie auf dem Kanal nach. Steht er dort, tragen Sie seine Adresse ein. "
                "Sonst senden Sie ihn noch einmal oder verzichten darauf."
            )
        case D.BLOCKED if why == "publishing.off":
            return "Bitte entscheiden Sie nach der Sendepause: senden, verschieben oder darauf verzichten."
        case D.BLOCKED:
            return "Bitte beheben Sie den Grund. Danach senden Sie den Beitrag, verschieben ihn oder verzichten darauf."
        case _:
            return "Bitte verschieben Sie den Beitrag auf einen neuen Termin oder verzichten Sie darauf."


def explain(attempt: Attempt) -> str:
    """One attempt in one sentence."""
    if attempt.outcome == AttemptOutcome.PUBLISHED:
        return "Der Kanal hat den Beitrag angenommen."
    if attempt.outcome == AttemptOutcome.STARTED:
        return "Der Versuch läuft noch oder wurde unterbrochen."
    if attempt.code == "media.file_missing":
        return f"{BLOCKED_BECAUSE[attempt.code]} Es wurde nichts gesendet."
    if attempt.code == "duplicate" and attempt.outcome == AttemptOutcome.REFUSED:
        return "Was X gemeldet hat, gehört schon zu einem anderen Beitrag von uns."
    if attempt.code == "duplicate" and attempt.outcome == AttemptOutcome.ABSENT:
        return "X hält den Text für eine Wiederholung. Auf dem Kanal haben wir ihn nicht gefunden."
    if attempt.outcome == AttemptOutcome.ABSENT and attempt.code not in ABSENT_CODES:
        return "Wir haben auf dem Kanal nachgesehen: Der Beitrag ist nicht erschienen."
    outcome = attempt.get_outcome_display()
    return EXPLANATIONS.get(attempt.code, f"{outcome[:1].upper()}{outcome[1:]}.")


def older_address(attempts: Iterable[Attempt]) -> str:
    """Where the older post with the same words stands, if one was found."""
    for attempt in reversed(list(attempts)):
        if attempt.detail.startswith("https://"):
            return attempt.detail
        if attempt.code == "duplicate" and attempt.detail.isdecimal():
            return id_to_address(attempt.detail)
    return ""


def next_look(delivery: Delivery) -> dt.datetime | None:
    """When the timeline is read again for it, as far as the channel allows; None where nobody can look."""
    last = last_attempt(delivery.attempts.all())
    if last is None or delivery.channel.locked_reason or not all(settings.X_KEYS.values()):
        return None
    # After the quarantine first, then in the gap of the reads, and never while the channel rests.
    moments = [last.started_at + dt.timedelta(seconds=settings.PUBLISH_QUARANTINE_S)]
    gap = dt.timedelta(seconds=settings.PUBLISH_READ_GAP_S)
    moments += [read.at + gap for read in last.reads.all()]
    return max(moments + ([delivery.channel.paused_until] if delivery.channel.paused_until else []))


def last_attempt(attempts: Iterable[Attempt]) -> Attempt | None:
    return max(attempts, key=lambda attempt: attempt.number, default=None)


def reasons(why: str) -> list[str]:
    """Why it was blocked, from the codes in the note of that step."""
    codes = [code for code in why.split(", ") if code]
    return list(dict.fromkeys(BLOCKED_BECAUSE.get(code, ANY_BLOCK) for code in codes)) or [ANY_BLOCK]
