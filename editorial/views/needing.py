"""What needs a person, as short lines: each a word, one link, a deadline. Decides nothing."""

import datetime as dt
from typing import NamedTuple

from django.urls import reverse

from .. import health, needs
from ..enums import Role
from ..needs import Kind, Need
from ..roles import StaffRequest
from ..rules.known import host_of
from ..rules.timing import grace
from ..templatetags.kern import berlin, berlin_day

# The word in front, its tone and its sign.
LOOKS: dict[Kind, tuple[str, str, str]] = {
    Kind.BY_HAND: ("Jetzt von Hand senden", "danger", "app-icon--send"),
    Kind.RETURNED: ("Zurück an Sie", "warning", "app-icon--undo"),
    Kind.REVIEW: ("Freigabe", "info", "app-icon--hourglass"),
    Kind.CHECK: ("Nachprüfung", "warning", "app-icon--history"),
    Kind.QUESTION: ("Frage", "info", "app-icon--hourglass"),
    Kind.NO_ANSWER: ("Keine Antwort", "warning", "app-icon--clock-off"),
    Kind.RIGHTS: ("Bildrechte enden", "warning", "app-icon--image"),
    Kind.LINK: ("Link nicht erreichbar", "warning", "app-icon--link"),
    Kind.LAPSED: ("Verfallen", "warning", "app-icon--clock-off"),
}
# Where a line leads, and to which place of that page.
PLACES: dict[Kind, tuple[str, str]] = {
    Kind.RETURNED: ("editorial:post_edit", ""),
    Kind.CHECK: ("editorial:post", "#schritt-nachpruefen"),
    Kind.RIGHTS: ("editorial:medium_edit", ""),
    Kind.LINK: ("editorial:link", ""),
    Kind.NO_ANSWER: ("editorial:post_consultations", ""),
}


class Line(NamedTuple):
    """``until`` says the deadline, ``left`` how much time there is; ``note`` may be empty."""

    tone: str
    icon: str
    label: str
    url: str
    words: str
    until: str
    left: str
    note: str


def line(need: Need, role: Role, now: dt.datetime) -> Line:
    label, tone, icon = LOOKS[need.kind]
    left, until = _deadline(need, now)
    is_late = left in (OVERDUE, IS_OVER)
    return Line("danger" if is_late else tone, icon, label, _url(need, role), _words(need), until, left, _note(need))


def _words(need: Need) -> str:
    match need.kind:
        case Kind.LINK:
            return f"Link zu {host_of(need.words)}"
        case Kind.LAPSED:
            return "1 Beitrag ohne gültige Freigabe" if need.key == 1 else f"{need.key} Beiträge ohne gültige Freigabe"
    return need.words


def _url(need: Need, role: Role) -> str:
    match need.kind:
        case Kind.BY_HAND:
            return f"{reverse('editorial:by_hand')}#beitrag-{need.key}"
        case Kind.LAPSED:
            return f"{reverse('editorial:approvals')}?reiter=verfallen"
        case Kind.REVIEW:
            return reverse("editorial:approval" if role == Role.GF else "editorial:post", args=[need.key])
        case Kind.QUESTION if role == Role.FACH:
            return reverse("editorial:consultation", args=[need.key])
        case Kind.QUESTION:
            return reverse("editorial:post_consultations", args=[need.key])
    name, place = PLACES[need.kind]
    return reverse(name, args=[need.key]) + place


def _note(need: Need) -> str:
    if need.kind == Kind.RETURNED:
        return f"Wunsch: {need.note}"
    if need.kind == Kind.CHECK:
        return f"Im Eilweg freigegeben von {need.note.strip() or 'jemandem ohne Namen'}."
    return need.note or ""


IS_OVER, OVERDUE, NO_SLOT, NO_DEADLINE = "Termin vorbei", "überfällig", "ohne Termin", "ohne Frist"


def _deadline(need: Need, now: dt.datetime) -> tuple[str, str]:
    """How much is left, and until when."""
    if day := need.last_day:
        days = (day - now.date()).days
        left = OVERDUE if days < 0 else "noch heute" if days == 0 else f"noch {days} {'Tag' if days == 1 else 'Tage'}"
        return left, f"bis {berlin_day(day)}"
    if need.kind == Kind.LAPSED:
        return NO_DEADLINE, ""
    if need.until is None:
        return NO_SLOT, ""
    if need.kind == Kind.BY_HAND:
        return time_left(need.until + grace(), now)[0], f"bis {berlin(need.until + grace())}"
    if need.kind in (Kind.QUESTION, Kind.NO_ANSWER):
        left = "Frist vorbei" if need.until <= now else time_left(need.until, now)[0]
        return left, f"Antwort bis {berlin(need.until)}"
    return time_left(need.until, now)[0], f"Termin {berlin(need.until)}"


def unread(number: int) -> list[Line]:
    if not number:
        return []
    words = "1 neue Mitteilung" if number == 1 else f"{number} neue Mitteilungen"
    return [Line("info", "kern-icon--info", "Mitteilungen", reverse("editorial:notices"), words, "", NO_DEADLINE, "")]


def disturbed(lights: list[health.Light]) -> list[Line]:
    """What does not run, the worst first, for those who can help."""
    url = reverse("editorial:health")
    bad = sorted((light for light in lights if light.tone in SIGNS), key=lambda light: light.tone != health.DANGER)
    return [
        Line(one.tone, SIGNS[one.tone], one.label, url, one.to_do or one.meaning, "", one.word, one.meaning)
        for one in bad
    ]


SIGNS = {health.DANGER: "kern-icon--danger", health.WARNING: "kern-icon--warning"}


def of(request: StaffRequest, role: Role, now: dt.datetime, *, read: int, shown: int) -> tuple[list[Line], list[Line]]:
    """What needs this person, and what waits for others: of each one more than are shown, if there are more."""
    both = needs.of(role, request.user.pk, now, read)
    mine, others = ([line(need, role, now) for need in some[: shown + 1]] for some in both)
    return mine, others


def time_left(slot: dt.datetime | None, now: dt.datetime) -> tuple[str, str]:
    """In words, and the tone of it."""
    if slot is None:
        return NO_SLOT, "neutral"
    left = slot - now
    if left <= dt.timedelta():
        return IS_OVER, "danger"
    if left < dt.timedelta(hours=1):
        return f"noch {max(int(left.total_seconds() // 60), 1)} Min.", "danger"
    if left < dt.timedelta(days=2):
        return f"noch {int(left.total_seconds() // 3600)} Std.", "warning"
    return f"noch {left.days} Tage", "info"
