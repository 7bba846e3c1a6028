"""What a Beitrag refers to in a register: whether it fits the topic, and whether it holds at the moment of sending."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ..clock import berlin_day
from ..enums import EntryKind, OrganisationKind, Paywall, PostKind
from ..models import Post
from .base import Objection, Situation
from .links import PAYWALL_NOTE

COMPANIES_TOPIC = "unternehmen"
# The topics whose duty is an entry of a register, and how one asks for it.
KIND_OF_TOPIC: dict[str, tuple[EntryKind, str]] = {
    "serviceangebote": (EntryKind.OFFER, "das Serviceangebot"),
    "veranstaltungen": (EntryKind.EVENT, "die Veranstaltung"),
    "gf-termine": (EntryKind.APPOINTMENT, "den Termin"),
    "lesetipps": (EntryKind.READINGTIP, "den Lesetipp"),
    "fachbeitraege": (EntryKind.ARTICLE, "den Fachbeitrag"),
    "erwaehnungen": (EntryKind.MENTION, "den Bericht"),
}


def entry_is_chosen(post: Post, situation: Situation) -> Iterator[Objection]:
    """These topics speak of something a register holds (K-51, K-53, K-56, K-59, K-60, K-63, K-64)."""
    if post.topic is None or post.topic.slug not in KIND_OF_TOPIC:
        return
    kind, words = KIND_OF_TOPIC[post.topic.slug]
    if post.entry is None:
        yield Objection("entry.missing", f"Bitte wählen Sie {words} aus dem Register.", post.topic.clause, "entry")
    elif _entry(post, kind) is None:
        yield Objection(
            "entry.wrong_register",
            f"Zu diesem Thema gehört ein Eintrag aus „{kind.label}“. Bitte wählen Sie {words}.",
            post.topic.clause,
            "entry",
        )


def entry_is_current(post: Post, situation: Situation) -> Iterator[Objection]:
    """What was archived is no longer spoken of (K-51); the same holds for organisations (K-54)."""
    if post.entry and post.entry.archived_at:
        words = f"„{post.entry.title}“ ist archiviert. Bitte wählen Sie einen anderen Eintrag."
        yield Objection("entry.archived", words, "K-51", "entry")
    if post.partner and post.partner.archived_at:
        words = f"{post.partner.name} ist archiviert. Bitte wählen Sie eine andere Organisation."
        yield Objection("partner.archived", words, "K-54", "partner")


def offer_still_holds(post: Post, situation: Situation) -> Iterator[Objection]:
    """No new Beitrag about an offer that has ended (K-51)."""
    offer = _entry(post, EntryKind.OFFER)
    if offer and offer.valid_until and offer.valid_until < berlin_day(_when(situation)):
        words = f"„{offer.title}“ gilt nur bis {offer.valid_until:%d.%m.%Y} und ist zum Termin abgelaufen."
        yield Objection("offer.expired", words, "K-51", "entry")


def event_can_be_visited(post: Post, situation: Situation) -> Iterator[Objection]:
    """An event lies ahead, and people know where it is and whether they can get in (K-53)."""
    event = _entry(post, EntryKind.EVENT)
    if event is None:
        return
    if event.starts_at <= _when(situation):
        words = f"„{event.title}“ hat zum Termin des Beitrags schon begonnen."
        yield Objection("event.past", words, "K-53", "entry")
    if not (event.region and event.place):
        words = f"Zu „{event.title}“ fehlt der Ort. Bitte tragen Sie ihn im Register ein."
        yield Objection("event.place_missing", words, "K-53", "entry")
    if not event.accessibility:
        words = f"Zu „{event.title}“ fehlt, ob der Ort barrierefrei ist. Bitte tragen Sie es im Register ein."
        yield Objection("event.accessibility_missing", words, "K-53", "entry")


def appointment_is_released(post: Post, situation: Situation) -> Iterator[Objection]:
    """The director concerned has agreed; nobody's whereabouts are told in advance unless they are public (K-56)."""
    appointment = _entry(post, EntryKind.APPOINTMENT)
    if appointment is None:
        return
    if appointment.released_at is None:
        words = f"„{appointment.title}“ ist von der Person, die den Termin wahrnimmt, noch nicht freigegeben."
        yield Objection("appointment.not_released", words, "K-56", "entry")
    if not appointment.is_public and situation.slot and situation.slot < appointment.starts_at:
        words = f"„{appointment.title}“ ist nicht öffentlich bekannt. Der Beitrag darf erst danach erscheinen."
        yield Objection("appointment.in_advance", words, "K-56", "entry")


def article_was_checked(post: Post, situation: Situation) -> Iterator[Objection]:
    """A Fachbeitrag comes from the organisation named and was looked at for neutrality (K-63)."""
    article = _entry(post, EntryKind.ARTICLE)
    if article is None:
        return
    if post.partner and article.partner != post.partner:
        words = f"„{article.title}“ stammt von {article.partner.name}. Bitte wählen Sie diese Organisation."
        yield Objection("article.other_partner", words, "K-63", "partner")
    if article.neutral_on is None:
        words = f"„{article.title}“ ist noch nicht auf Neutralität geprüft. Bitte tragen Sie es im Register ein."
        yield Objection("article.not_checked", words, "K-63", "entry")


def partner_is_a_company(post: Post, situation: Situation) -> Iterator[Objection]:
    """About a Kooperation with a company speaks who stands in the register of companies (K-55)."""
    if post.topic is None or post.topic.slug != COMPANIES_TOPIC or post.partner is None:
        return
    if post.partner.kind != OrganisationKind.COMPANY:
        words = f"{post.partner.name} steht nicht im Register der Unternehmen."
        yield Objection("partner.no_company", words, "K-55", "partner")


def retweeted_report_is_free(post: Post, situation: Situation) -> Iterator[Objection]:
    """Nothing behind a paywall is retweeted (K-61)."""
    paywall = _paywall(post)
    if post.kind == PostKind.RETWEET and paywall not in (None, Paywall.FREE):
        words = f"„{post.entry}“ ist nicht frei zu lesen ({Paywall(paywall).label}) und wird nicht retweetet."
        yield Objection("retweet.not_free", words, "K-61", "entry")


def paywall_is_named(post: Post, situation: Situation) -> Iterator[Objection]:
    """A Beitrag of our own about something not free says so; the mirror tells what it is about (K-62)."""
    paywall = _paywall(post)
    if post.kind == PostKind.POST and paywall not in (None, Paywall.FREE) and PAYWALL_NOTE not in post.text:
        words = f"„{post.entry}“ ist nicht frei zu lesen ({Paywall(paywall).label}). "
        words += f"Bitte schreiben Sie „{PAYWALL_NOTE}“ in den Text."
        yield Objection("paywall.note_missing", words, "K-62", "text")


def _entry(post: Post, kind: EntryKind) -> Any:
    """The row of this register, or None where the Beitrag refers to nothing of the kind."""
    actual = post.entry.actual if post.entry else None
    return actual if actual is not None and kind == actual.KIND else None


def _paywall(post: Post) -> str | None:
    readable = _entry(post, EntryKind.READINGTIP) or _entry(post, EntryKind.MENTION)
    return readable.paywall if readable else None


def _when(situation: Situation) -> dt.datetime:
    return situation.slot or situation.at
