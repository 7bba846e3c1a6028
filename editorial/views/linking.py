"""How links look to people: the word for their state, beside it the day, below it what a person said."""

from typing import Any

from django.db.models import QuerySet

from ..enums import LinkPlace, LinkState
from ..models import LinkCheck, Post
from ..rules.links import addresses_in

LOOKS: dict[str, tuple[str, str]] = {
    LinkState.UNCHECKED: ("neutral", "app-icon--clock-off"),
    LinkState.GOOD: ("success", "kern-icon--success"),
    LinkState.PAID: ("warning", "app-icon--lock"),
    LinkState.MARKED: ("warning", "app-icon--lock"),
    LinkState.LOG_IN: ("warning", "app-icon--lock"),
    LinkState.UNREACHABLE: ("warning", "kern-icon--warning"),
    LinkState.DEAD: ("danger", "kern-icon--danger"),
    LinkState.REFUSED: ("neutral", "kern-icon--info"),
}
PROBLEMS = {
    "no_name": "Diese Adresse gibt es nicht, oder die Namensauskunft war nicht zu erreichen.",
    "no_answer": "Der Server nahm die Verbindung nicht an.",
    "too_slow": "Die Seite antwortete nicht in angemessener Zeit.",
    "redirects": "Die Seite leitete zu oft weiter.",
    "certificate": "Das Zertifikat der Seite stimmt nicht. Browser warnen davor.",
    "account": "Ohne Konto ist dort nichts zu lesen. Bitte sehen Sie selbst nach.",
    "refused": "Solche Adressen ruft die Prüfung nicht ab: nur öffentliche Seiten mit http oder https.",
    "unreadable": "Die Seite ließ sich nicht lesen.",
}
SHORT_CHARS = 60


def all_of() -> QuerySet[LinkCheck]:
    return LinkCheck.objects.with_word().select_related("opinion_by")


def of_post(post: Post) -> list[dict[str, Any]]:
    """Every address of a Beitrag, also of one that is only being typed, with what is known of it: one query."""
    places: dict[str, list[str]] = {}
    for place, url in addresses_in(post):
        places.setdefault(url, []).append(LinkPlace(place).label)
    known = {link.url: link for link in all_of().filter(url__in=places)} if places else {}
    return [shown(known.get(url) or LinkCheck(url=url)) | {"places": ", ".join(where)} for url, where in places.items()]


def shown(link: LinkCheck) -> dict[str, Any]:
    tone, icon = LOOKS[link.state]
    return {
        "link": link,
        "short": short(link.url),
        "label": link.get_state_display(),
        "tone": tone,
        "icon": icon,
        "why": PROBLEMS.get(link.problem, "") or _answered(link),
        "word": link.get_opinion_display() if link.opinion_holds else "",
    }


def short(url: str) -> str:
    plain = url.partition("://")[2].removesuffix("/")
    return plain if len(plain) <= SHORT_CHARS else plain[: SHORT_CHARS - 2] + " …"


def _answered(link: LinkCheck) -> str:
    bad = link.state in (LinkState.DEAD, LinkState.UNREACHABLE)
    return f"Der Server antwortete mit dem Fehler {link.http_status}." if bad and link.http_status else ""


def facts(link: LinkCheck) -> list[tuple[str, Any]]:
    """What the machine found, as label and value; what is empty is left out."""
    free = {True: "ja, sagt die Seite selbst", False: "nein, sagt die Seite selbst", None: ""}
    pairs = [
        ("Antwort des Servers", link.http_status or ""),
        ("Endgültige Adresse", link.final_url if link.final_url != link.url else ""),
        ("Titel", link.title),
        ("Sprache", link.language),
        ("Eigene Adresse der Seite (canonical)", link.canonical),
        ("Zuletzt geändert", link.last_modified),
        ("Frei zu lesen", free[link.is_free]),
        ("Zeichen einer Bezahlschranke", link.marks),
    ]
    return [(label, value) for label, value in pairs if value]
