"""What every page carries besides its content: the way around, the warnings, the mark of a demonstration.

Everything here is worked out only when a template asks for it, so that a fragment of a page costs nothing, and a
public page touches neither the session nor the person behind it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, DateField, DateTimeField, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from . import cases, outages, pulse, queues
from .actions import channel_states
from .clock import BERLIN, berlin_day
from .enums import ChannelStatus, Role
from .ledger import Ledger, cap_and_sum, ledger_of, month_of
from .models import Channel, Consultation, Heartbeat, Notice, Post, SendPause
from .prepared import Given, Question
from .roles import EVERYONE

Place = tuple[str, str]  # label, name of the address
Item = dict[str, Any]

REGISTERS_ELSEWHERE = ("beobachtung", "medienspiegel", "netzwerk", "veranstaltungen", "zugaenge")
HERE_IS_HOME = ("/redaktion/", "/")  # the start pages, which every other address begins with
# The contract gives some registers an address of their own.
BELOW = {"/redaktion/register/": tuple(f"/redaktion/{name}/" for name in REGISTERS_ELSEWHERE)}
INTERNAL = ("/redaktion/", "/konto/")
PUBLIC: tuple[Place, ...] = (
    ("Beiträge", "editorial:mirror"),
    ("Evaluation", "evaluation:evaluations"),
    ("Nutzungskonzept", "editorial:concept"),
    ("Kanäle", "editorial:channels"),
    ("Kontakt", "editorial:kontakt"),
)
FOOTER: tuple[Place, ...] = (
    ("Impressum", "editorial:impressum"),
    ("Datenschutz", "editorial:datenschutz"),
    ("Netiquette", "editorial:netiquette"),
    ("Barrierefreiheit", "editorial:barrierefreiheit"),
    ("Einwilligung widerrufen", "editorial:withdraw"),
)
TODAY: Place = ("Heute", "editorial:overview")
PLAN: Place = ("Plan", "editorial:plan")
POSTS: Place = ("Beiträge", "editorial:posts")
MEDIA: Place = ("Medien", "editorial:media")
IDEAS: Place = ("Ideen", "editorial:ideas")
CLEARING: Place = ("Klärung", "editorial:clearing")
APPROVALS: Place = ("Freigaben", "editorial:approvals")
REVIEWS: Place = ("Auswertung", "evaluation:reviews")
SETTINGS: Place = ("Einstellungen", "editorial:settings")
CONSULTATIONS: Place = ("Anfragen", "editorial:consultations")
REGISTERS: Place = ("Register", "editorial:registers")
CONSENTS: Place = ("Einwilligungen", "editorial:consents")
ACCOUNTS: Place = ("Konten", "editorial:staff")
ACCESSES: Place = ("Zugänge", "editorial:accesses")
RECORD: Place = ("Protokoll", "editorial:record")
HEALTH: Place = ("Betrieb", "editorial:health")
OF_ROLE: dict[Role, tuple[Place, ...]] = {
    Role.PROE: (TODAY, APPROVALS, CLEARING, PLAN, POSTS, MEDIA, CONSENTS, REGISTERS, REVIEWS, SETTINGS),
    Role.GF: (TODAY, APPROVALS, CLEARING, PLAN, POSTS, CONSENTS, REGISTERS, REVIEWS, SETTINGS),
    Role.FACH: (TODAY, CONSULTATIONS, IDEAS, PLAN, POSTS, REGISTERS),
    Role.ADMIN: (TODAY, IDEAS, ACCOUNTS, HEALTH, SETTINGS),
    Role.DSB: (TODAY, CONSENTS, ACCESSES, RECORD, IDEAS),
}
COUNTED_UP_TO = 99


_known_as_demo: bool | None = None


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Its values are lazy: unused, they cost neither a query nor a look at the session."""
    internal = request.path.startswith(INTERNAL)
    return {
        "navigation": SimpleLazyObject(lambda: of_person(request) if internal else []),
        "unread": SimpleLazyObject(lambda: house(request).unread if internal and _role(request) else 0),
        "banners": SimpleLazyObject(lambda: banners(request) if internal and _role(request) else []),
        "public_navigation": SimpleLazyObject(lambda: items(PUBLIC, request.path)),
        "footer_navigation": SimpleLazyObject(lambda: items(FOOTER, request.path)),
        "is_demo": SimpleLazyObject(is_demo),
    }


def of_person(request: HttpRequest) -> list[Item]:
    role = _role(request)
    if role is None:
        return []
    found = items([place for place in OF_ROLE[role] if _lets_in(place[1], role)], request.path)
    here = house(request)
    # Nobody has both of the first two.
    counts = {APPROVALS[0]: here.waiting, CONSULTATIONS[0]: here.waiting, CLEARING[0]: here.open_cases}
    return [item | _counted(counts.get(item["label"], 0)) for item in found]


def _counted(number: int) -> Item:
    shown = f"{COUNTED_UP_TO}+" if number > COUNTED_UP_TO else number
    return {"count": shown} if number else {}


def items(places: Iterable[Place], path: str) -> list[Item]:
    """Links to those of the places that have been built."""
    built = [(label, address) for label, name in places if (address := address_of(name))]
    return [{"label": label, "url": url, "current": _is_at(path, url)} for label, url in built]


def _is_at(path: str, url: str) -> bool:
    return path == url or (url not in HERE_IS_HOME and path.startswith((url, *BELOW.get(url, ()))))


@cache
def address_of(name: str) -> str | None:
    """The address of this name, or None while nobody has built it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


@cache
def _lets_in(name: str, role: Role) -> bool:
    address = address_of(name)
    allowed = getattr(resolve(address).func, "allowed_roles", ()) if address else ()
    return allowed == EVERYONE or role in allowed


@dataclass(frozen=True)
class House:
    """How things stand on every page of a person: the channels, the leading one first; the Sendepause that holds now,
    by its id; for the Geschäftsführung, how many Beiträge wait for a Freigabe, for the Fachberatung, how many questions
    for this person's answer; how many Ausspielungen wait for somebody's decision; whether a part of the system has
    fallen silent; how many notices this person has not read."""

    at: dt.datetime
    channels: tuple[Channel, ...]
    pause: int | None
    waiting: int
    open_cases: int
    is_silent: bool
    unread: int

    @property
    def money(self) -> Ledger | None:
        """How the leading channel's month stands."""
        return ledger_of(self.channels[0], self.at) if self.channels else None


def house(request: HttpRequest) -> House:
    """Asked once per request and in one query, because every page pays for it."""
    known: House | None = getattr(request, "_house", None)
    if known is None:
        user: Any = request.user
        known = _ask_for_house(timezone.now(), person=user.pk, role=_role(request))
        request._house = known  # type: ignore[attr-defined]  # kept with the request, so that it ends with it
    return known


@cache
def _houses(role: Role | None) -> "Question[Channel]":
    """Every page asks it, and the ORM needs longer to write it than the database to answer: it is written once."""

    def all_at_once() -> "QuerySet[Channel]":
        at, last_sign = Given("at", DateTimeField()), Given("last_sign", DateTimeField())
        cap, spent = cap_and_sum(OuterRef("pk"), Given("month", DateField()))
        pause = SendPause.objects.active(at).values("pk")[:1]
        waits = cases.open_cases().order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
        mine = Notice.objects.filter(person=Given.like(Notice, "person"), read_at=None, settled_at=None).order_by()
        unread = mine.values(one=Value(1)).annotate(number=Count("pk")).values("number")
        silent = Heartbeat.objects.filter(name__in=outages.WATCHED, good_at__lt=last_sign).values("pk")[:1]
        return Channel.objects.order_by("status", "pk").annotate(
            cap_usd=cap,
            spent_usd=spent,
            pause=Subquery(pause),
            waiting=_waiting_for(role),
            open_cases=Subquery(waits),
            silent=Subquery(silent),
            unread=Subquery(unread),
        )

    return Question(all_at_once)


def _waiting_for(role: Role | None) -> Subquery | Value:
    """How much of what only this role can do waits for somebody."""
    found: QuerySet[Any]
    if role == Role.GF:
        found = queues.waiting(Given("ended", DateTimeField()))
    elif role == Role.FACH:
        found = Consultation.objects.asked_of(Given.like(Notice, "person")).unanswered()
    else:
        return Value(0)
    return Subquery(found.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number"))


def _ask_for_house(at: dt.datetime, *, person: int | None, role: Role | None) -> House:
    last_sign = at - pulse.SILENT_AFTER
    month = month_of(berlin_day(at))
    ended = queues.ended_before(at)
    found: list[Any] = _houses(role if role in (Role.GF, Role.FACH) else None).ask(
        at=at, last_sign=last_sign, month=month, person=person, ended=ended
    )
    if not found:
        return House(at, (), None, 0, 0, False, 0)
    first = found[0]
    is_silent = first.silent is not None
    waiting, open_cases, unread = (number or 0 for number in (first.waiting, first.open_cases, first.unread))
    return House(at, tuple(found), first.pause, waiting, open_cases, is_silent, unread)


def banners(request: HttpRequest) -> list[Item]:
    """What keeps Beiträge from going out at this moment, and what to do about it."""
    here = house(request)
    pauses = SendPause.objects.filter(pk=here.pause).select_related("started_by") if here.pause else []
    found = [_pause_banner(pause, _role(request)) for pause in pauses]
    if here.is_silent:
        more = {"url": address_of(HEALTH[1]), "link_label": "Zur Seite Betrieb"}
        down = outages.current(pulse.every(), here.at)
        found += [_banner("danger", outage.sentence) | more for outage in down]
    active = [channel for channel in here.channels if channel.status == ChannelStatus.ACTIVE]
    found += [_channel_banner(channel) for channel in active if not channel.accepts(here.at)]
    found += [_money_banner(channel, here.at) for channel in active if ledger_of(channel, here.at).is_nearly_spent]
    way = {"url": address_of("editorial:by_hand"), "link_label": "Von Hand senden"}
    way = way if _role(request) in (Role.PROE, Role.GF) else {}
    if not all(settings.X_KEYS.values()):
        found.append(_banner("info", HAND_POSTING) | way)
    else:
        found += [_banner("info", BY_HAND.format(channel.name)) | way for channel in active if channel.posts_by_hand]
    return found


BY_HAND = "{} wird von Hand bedient: Bitte setzen Sie dort jeden freigegebenen Beitrag zum Termin selbst ab."
HAND_POSTING = (
    "Es sind keine Schlüssel für die Schnittstelle hinterlegt: Auf den Kanal geht nichts von selbst hinaus. "
    "Bitte setzen Sie jeden freigegebenen Beitrag zum Termin von Hand ab."
)


def _pause_banner(pause: SendPause, role: Role | None) -> Item:
    by = f" von {pause.started_by.display_name}" if pause.started_by else ""
    until = f"Sie endet am {_spoken(pause.until)}." if pause.until else "Sie endet, wenn jemand sie beendet."
    reason = pause.reason.strip().rstrip(".")
    since = f"Sendepause seit {_spoken(pause.started_at)}{by}."
    found = _banner("danger", f"{since} Grund: {reason}. Es geht nichts hinaus. {until}")
    if role is None or not _lets_in("editorial:send_pause", role):
        return found
    return found | {"url": address_of("editorial:send_pause"), "link_label": "Sendepause beenden"}


def _channel_banner(channel: Channel) -> Item:
    if channel.locked_reason:
        since = f" seit {_spoken(channel.locked_at)}" if channel.locked_at else ""
        return _banner("danger", f"Gesperrt{since}: {channel.name}. {way_out(channel)}")
    assert channel.paused_until is not None  # otherwise it would take posts
    return _banner(
        "warning",
        f"{channel.name} nimmt bis {_spoken(channel.paused_until)} nichts an. "
        "Was bis dahin fällig wird, geht danach von selbst hinaus, solange die Nachfrist läuft.",
    )


def _money_banner(channel: Channel, at: dt.datetime) -> Item:
    money = ledger_of(channel, at)
    gone, cap = (f"{amount:.2f}".replace(".", ",") for amount in (money.spent_usd, money.cap_usd or 0))
    end = "Was jetzt fällig wird, kann blockiert werden und steht dann unter „Klärung“."
    return _banner("warning", f"{channel.name}: {gone} von {cap} US-Dollar dieses Monats sind verbraucht. {end}")


def way_out(channel: Channel) -> str:
    """Why this channel is locked and who has to do what, in German."""
    return channel_states.way_out(channel.locked_reason)


def _banner(kind: str, text: str) -> Item:
    return {"kind": kind, "text": text}


def _spoken(moment: dt.datetime) -> str:
    return f"{berlin_day(moment):%d.%m.%Y}, {moment.astimezone(BERLIN):%H:%M} Uhr"


def _role(request: HttpRequest) -> Role | None:
    user = getattr(request, "user", None)
    return user.role if user is not None and user.is_authenticated else None


def is_demo() -> bool:
    """Whether this is a demonstration. Its data are only ever laid into an empty database: the first Beitrag tells.

    Once there is one, the answer stays for this process.
    """
    global _known_as_demo
    if _known_as_demo is None:
        _known_as_demo = Post.objects.order_by("pk").values_list("is_demo", flat=True).first()
    return _known_as_demo or False
