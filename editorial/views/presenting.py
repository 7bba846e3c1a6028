"""How a Beitrag looks to people: preview, facts, steps, history. Shows; decides nothing."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.urls import reverse

from .. import record_words, weighing, workflow
from ..captions import spoken
from ..cases import BLOCKED_BECAUSE
from ..channels.protocol import EXPLANATIONS
from ..clock import BERLIN
from ..enums import LIVE_DELIVERY_STATES, AiMark, AttemptOutcome, ConsentUse, Opinion, PostKind, PostState
from ..models import (
    Approval,
    AuditActor,
    AuditEntry,
    Channel,
    Consent,
    Consultation,
    Delivery,
    Entry,
    Medium,
    Post,
    PostVersion,
    User,
)
from ..rules import Objection, Situation
from ..rules.budget import cost_of
from ..rules.consent import uses_of
from ..rules.known import Known
from ..rules.links import message_for
from .files import SMALL, STILL

STEP_TONES = {
    "approve": "success",
    "approve_express": "warning",
    "confirm": "success",
    "show": "success",
    "declare_online": "success",
    "post_by_hand": "success",
    "notice": "warning",
    "find_twin": "warning",
    "ask_resend": "warning",
    "correct": "warning",
    "reject": "danger",
    "lose_sight": "warning",
    "hand_over": "danger",
    "block": "danger",
    "miss": "danger",
    "request_changes": "warning",
    "lapse": "warning",
    "go_on": "warning",
}
# What the system writes into a note is a code; people read a sentence.
NOTE_WORDS = {
    **BLOCKED_BECAUSE,
    "edit": "Der Beitrag wurde bearbeitet, die Freigabe ist damit beendet.",
    "reschedule": "Neuer Termin, die Freigabe ist damit beendet.",
    "withdraw": "Der Beitrag wurde zurückgezogen.",
    "hold": "Angehalten.",
    "order_takedown": "",
    **{value: f"{label}." for value, label in Opinion.choices},
    "absent": "Der Beitrag stand nachweislich nicht auf dem Kanal.",
}
NEXT_STEPS = {
    "unknown": "Ob der Beitrag auf dem Kanal steht, ist unklar. Die Anwendung sieht nach und sendet nichts doppelt.",
    "needs_decision": "Bitte lesen Sie den Grund und entscheiden Sie.",
    "missed": "Der Beitrag ist nicht hinausgegangen. Sie können ihn verschieben.",
    "blocked": "Der Beitrag ist nicht hinausgegangen. Bitte beheben Sie den Grund; dann können Sie ihn verschieben.",
}


LONGEST_LINK_SHOWN = 30
# Hints stand in the panel "Prüfung"; this one changes what the button does.
SAID_AT_THE_BUTTON = {"slot.now"}


def look_everything_up(posts: list[Post]) -> None:
    """Whatever the rules and the page ask about these Beiträge, in one query each. For pages that change nothing."""
    prefetch_related_objects(
        posts,
        Prefetch("entry", Entry.whole.all()),
        "audiences",
        "consents",
        "media_links",
        Prefetch("deliveries", Delivery.objects.select_related("channel", "approval__approved_by")),
        "deliveries__attempts",
        Prefetch("approvals", Approval.objects.select_related("approved_by")),
        names_of_authors(),
    )
    _look_up_questions(posts)
    attempts = [attempt for post in posts for delivery in post.deliveries.all() for attempt in delivery.attempts.all()]
    # Nobody looks for what the channel confirmed.
    prefetch_related_objects([one for one in attempts if one.outcome != AttemptOutcome.PUBLISHED], "reads")


def names_of_authors() -> "Prefetch[str]":
    """Of every version who saved it; what was saved stays where it is."""
    return Prefetch("versions", PostVersion.objects.select_related("saved_by").defer("payload"))


def with_questions(posts: QuerySet[Post]) -> QuerySet[Post]:
    """``has_questions``: whether the Fachberatung was asked about it at all."""
    return posts.annotate(has_questions=Exists(Consultation.objects.filter(post=OuterRef("pk")).order_by()))


def _look_up_questions(posts: list[Post]) -> None:
    """Those about which nobody was asked (``with_questions`` told so) cost nothing."""
    for post in posts:
        if not getattr(post, "has_questions", True):
            nothing = Consultation.objects.none()
            nothing._result_cache = []  # as a prefetch leaves it
            post.__dict__.setdefault("_prefetched_objects_cache", {})["consultations"] = nothing
    prefetch_related_objects([post for post in posts if getattr(post, "has_questions", True)], "consultations")


def preview(post: Post, media: list[Medium], channel: Channel, known: Known) -> dict[str, Any]:
    """What readers will see, in the form of partials/_preview.html."""
    retweet = post.kind == PostKind.RETWEET
    parts = parts_of(post.text if retweet else message_for(post, known))
    return {
        "account": "Jobcenter Bremen",
        "handle": channel.handle.removeprefix("@"),
        "parts": parts,
        "links": list(dict.fromkeys(part["url"] for part in parts if part["kind"] == "link")),
        "pictures": [{"url": small_url(medium), "alt_text": medium.alt_text} for medium in media],
        "films": [
            {"url": file_url(medium), "words": spoken(medium.captions), "transcript": medium.transcript}
            for medium in media
            if medium.is_video
        ],
        "quoted_url": post.retweet_url if retweet else "",
        "at": post.slot,
    }


def parts_of(text: str) -> list[dict[str, str]]:
    """The text cut into what is plain, a link as the platform shows it (with ``url``, as typed), or a tag."""
    marks = [(found.start, found.end, "link") for found in weighing.extract_urls_with_indices(text)]
    marks += [(found.start, found.end, "tag") for found in weighing.extract_hashtags_with_indices(text)]
    marks += [(mention.start, mention.end, "tag") for mention in weighing.extract_mentions_with_indices(text)]
    parts: list[dict[str, str]] = []
    done = 0
    for start, end, kind in sorted(marks):
        if start < done:
            continue
        whole = text[start:end]
        part = {"kind": kind, "text": whole}
        if kind == "link":
            part = {"kind": kind, "text": link_as_shown(whole), "url": whole}
        parts += [{"kind": "text", "text": text[done:start]}, part]
        done = end
    parts.append({"kind": "text", "text": text[done:]})
    return [part for part in parts if part["text"]]


def link_as_shown(address: str) -> str:
    """As X writes it: without scheme and ``www.``, and not to its end."""
    bare = re.sub(r"^(https?://)?(www\.)?", "", address, flags=re.IGNORECASE)
    return bare if len(bare) <= LONGEST_LINK_SHOWN else f"{bare[: LONGEST_LINK_SHOWN - 1]}…"


def file_url(medium: Medium) -> str:
    return reverse("editorial:media_file", args=[medium.pk])


def shown_url(medium: Medium) -> str:
    """What an ``<img>`` can show: the picture, or the still of a video."""
    return f"{file_url(medium)}?{STILL}" if medium.is_video else file_url(medium)


def small_url(medium: Medium) -> str:
    return f"{file_url(medium)}?{SMALL}"


def length_and_price(post: Post, known: Known, at: dt.datetime) -> dict[str, Any]:
    """Weighted length, what this post costs on a paid network, and what the month has left for it."""
    retweet = post.kind == PostKind.RETWEET
    message = "" if retweet else message_for(post, known)
    weighed = weighing.weigh(message)
    money = known.money(at)
    return {
        "counts": not retweet,
        "weighted": weighed.weighted,
        "limit": weighing.LIMIT,
        "over": weighed.weighted - weighing.LIMIT,
        "price_usd": f"{cost_of(post, money.prices, known):.3f}".replace(".", ","),
        "rest_usd": "" if money.rest_usd is None else f"{money.rest_usd:.2f}".replace(".", ","),
    }


def steps(post: Post, by: User, *, at: dt.datetime, known: Known) -> list[dict[str, Any]]:
    """The steps this person may take or may not take yet, in the form of partials/_step_form.html."""
    edit_url = reverse("editorial:post_edit", args=[post.pk])
    return [_step(post, offer, edit_url) for offer in workflow.offers(post, by, at=at, known=known)]


def _step(post: Post, offer: workflow.Offer, edit_url: str) -> dict[str, Any]:
    step = offer.step
    tone = {"freigeben": "primary", "einreichen": "primary", "ablehnen": "danger", "loeschen": "danger"}
    return {
        "slug": step.slug,
        "uid": f"{post.pk}-{step.slug}",
        "url": reverse("editorial:post_step", args=[post.pk, step.slug]),
        "label": step.label,
        "tone": tone.get(step.slug, "danger" if step.slug == "zurueckziehen" else "secondary"),
        "explanation": step.warning,
        "reason": "Grund" if step.needs_reason else "",
        "slot": "Neuer Termin" if step.slug == "verschieben" else "Termin" if step.needs_slot else "",
        "slot_value": f"{post.slot.astimezone(BERLIN):%Y-%m-%dT%H:%M}" if post.slot else "",
        "confirm": step.warning if step.slug in ("jetzt-senden", "zurueckziehen", "ablehnen", "loeschen") else "",
        "objections": [o for o in offer.objections if o.blocks or o.code in SAID_AT_THE_BUTTON],
        "blocked": not offer.possible,
        "edit_url": edit_url,
    }


def with_what_was_typed(steps: list[dict[str, Any]], tried: str, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The form of a step that was refused comes back open, with its reason and its slot."""
    return [
        step | {"open": True, "reason_value": typed.get("reason", ""), "slot_value": typed.get("slot", "")}
        if step["slug"] == tried
        else step
        for step in steps
    ]


def history(post: Post, *, for_experts: bool = False) -> list[dict[str, Any]]:
    """The record of this Beitrag and what hangs on it, oldest first, as partials/_timeline.html takes it.

    ``for_experts``: what happened and when, without the reasons of the house and what others were asked.
    """
    ids = [delivery.pk for delivery in post.deliveries.all()]
    entries = AuditEntry.objects.filter(subject_type="post", subject_id=post.pk)
    entries |= AuditEntry.objects.filter(subject_type="delivery", subject_id__in=ids)
    if not for_experts and (asked := [one.pk for one in post.consultations.all()]):
        entries |= AuditEntry.objects.filter(subject_type="consultation", subject_id__in=asked)
    name = Subquery(AuditActor.objects.filter(pseudonym=OuterRef("actor")).values("name"))
    found = entries.order_by("position").values("at", "step", "note", "actor", name=name)
    return [
        {
            "at": entry["at"],
            "title": record_words.STEPS.get(entry["step"], entry["step"]),
            "tone": STEP_TONES.get(entry["step"], "neutral"),
            "by": (entry["name"] or "Person nicht mehr gespeichert") if entry["actor"] else "System",
            "text": "" if for_experts else spoken_note(entry["note"]),
        }
        for entry in found
    ]


def spoken_note(note: str) -> str:
    """A note as people read it: codes become sentences, what a person wrote stays."""
    codes = note.split(", ")
    if all(code in NOTE_WORDS for code in codes):
        return " ".join(filter(None, (NOTE_WORDS[code] for code in codes)))
    return EXPLANATIONS.get(note.split(" (")[0], note)


def facts(post: Post) -> list[tuple[str, str]]:
    """Everything an approver must know, as label and value; what is empty is left out."""
    pairs = [
        ("Art", post.get_kind_display()),
        ("Thema", post.topic.name if post.topic else "noch keines"),
        ("Zielgruppen", ", ".join(audience.name for audience in post.audiences.all())),
        ("Adresse des Originals", post.retweet_url),
        ("Mehrwert", post.value_added),
        ("Beteiligte Organisation", post.partner.name if post.partner else ""),
        ("Eintrag aus dem Register", post.entry.label if post.entry else ""),
        ("Quelle", post.source_url),
        ("Seite mit demselben Inhalt", post.twin_url),
        ("Ausnahme, weil", post.twin_exception),
        ("Weitere Wege", post.other_ways),
        ("Mit KI entstanden", _machine_made(post)),
        ("Einwilligungen", ", ".join(_with_uses(consent, post) for consent in post.consents.all())),
    ]
    return [(key, value) for key, value in pairs if value]


def _machine_made(post: Post) -> str:
    edited = "von einem Menschen überarbeitet" if post.ai_edited else "noch von keinem Menschen überarbeitet"
    return f"{AiMark(post.ai_text).label}; {edited}" if post.ai_text else ""


def _with_uses(consent: Consent, post: Post) -> str:
    uses = ", ".join(use.label for use in ConsentUse if use in uses_of(consent, post))
    return f"{consent.pseudonym} ({uses})" if uses else consent.pseudonym


INTERNAL_FACTS = ("Ausnahme, weil", "Einwilligungen")


def facts_for_experts(post: Post) -> list[tuple[str, str]]:
    """What will be public, and whom it is for: no consents, no reasons of the house."""
    return [(label, value) for label, value in facts(post) if label not in INTERNAL_FACTS]


def against_editing(post: Post, by: User, *, at: dt.datetime) -> list[Objection]:
    return workflow.objections("edit", post, Situation(at=at, by=by))


def shown_delivery(post: Post) -> Delivery | None:
    """The Ausspielung whose state stands for the Beitrag: the live one, else the last."""
    rows = sorted(post.deliveries.all(), key=lambda d: (d.state in LIVE_DELIVERY_STATES, d.created_at, d.pk))
    return rows[-1] if rows else None


def shown_slot(post: Post) -> dt.datetime | None:
    """When it goes out, or went out: what is planned counts more than what was wished for."""
    delivery = shown_delivery(post) if post.state == PostState.APPROVED else None
    return delivery.slot if delivery else post.slot


def now_in_berlin(at: dt.datetime) -> str:
    return f"{at.astimezone(BERLIN):%H:%M}"
