"""What demo texts refer to in the registers. Places, hosts and publishers are as invented as the texts."""

import datetime as dt
import re
from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit

from editorial.actions.registers import change, enter
from editorial.clock import BERLIN, berlin_day
from editorial.enums import About, Certainty, DeliveryState, Paywall, ReadingKind, Region, Subject
from editorial.models import (
    Appointment,
    Article,
    Entry,
    Event,
    Mention,
    Observation,
    Offer,
    Partner,
    Post,
    ReadingTip,
    User,
)

from .stage import Walk
from .texts import DemoPost

LONGEST_TITLE = 90
DAY = dt.timedelta(days=1)
EVENT_AFTER, PUBLISHED_BEFORE = 30 * DAY, 12 * DAY
NEXT_STEPS = ("", "Gemeinsamen Infotag absprechen", "Nach einem Fachbeitrag fragen", "Zur Jobbörse einladen")
SEEN = (
    ("#Ausbildung", "Viele suchen noch im Herbst einen Platz. Wir zeigen freie Stellen öfter."),
    ("Briefe vom Amt", "Organisationen erklären Bescheide in einfacher Sprache. Das können wir auch."),
    ("#Pflege", "Berichte über den Einstieg werden oft geteilt."),
    ("Online-Termine", "Häufige Frage: Was tun ohne eigenen Rechner? Wir nennen die Wege."),
)
PUBLISHERS = {
    "iab.de": "Institut für Arbeitsmarkt- und Berufsforschung",
    "www.iab-forum.de": "IAB-Forum",
    "statistik.arbeitsagentur.de": "Statistik der Bundesagentur für Arbeit",
    "www.destatis.de": "Statistisches Bundesamt",
    "stadtblatt.example": "Demo-Stadtblatt",
    "demowelle.example": "Radio Demowelle",
    "magazin-brise.example": "Demo-Magazin Brise",
}
STATISTICS = ("statistik.arbeitsagentur.de", "www.destatis.de")
# Words of a text that invites, rather than tells what was.
INVITES = re.compile(r"\blädt\b|\bladen\b|\bsitzt\b|\bkommt\b|\bstellt sich\b|\bIhre Fragen\b")


def entry_of(post: DemoPost, partner: Partner | None, director: User, slot: dt.datetime) -> Entry | None:
    """Not saved yet; None for a topic that needs none, and while nothing is written."""
    if not title_of(post.text):
        return None
    if post.topic == "gf-termine":
        return _appointment(post, director, slot)
    if post.topic == "fachbeitraege":
        return _article(post, partner, slot) if partner else None
    make = MAKERS.get(post.topic)
    return make(post, slot) if make else None


def look_back(present: dt.datetime, by: User, rng: Random) -> Walk:
    """What PRÖ enters one morning: who came to most events, what caused a report, and what nobody wrote about."""
    yield present
    for number, event in enumerate(Event.objects.filter(starts_at__lt=present).order_by("pk")):
        if number % 5:
            event.attendance = rng.randrange(15, 180)
            change(event, ["attendance"], seen=event.updated_at.isoformat(), by=by, at=present)
    causes = Post.objects.filter(deliveries__state=DeliveryState.PUBLISHED).order_by("slot")
    for mention, cause in zip(Mention.objects.order_by("pk")[:2], causes[:2], strict=True):
        mention.caused_by, mention.certainty = cause, Certainty.SUPPOSED
        change(mention, ["caused_by", "certainty"], seen=mention.updated_at.isoformat(), by=by, at=present)
    seen = _seen(present) | {"paywall": Paywall.PAID}
    url = "https://stadtblatt.example/serie-arbeit"
    title = "Serie: Wie Bremen arbeitet"
    report = Mention(title=title, outlet="Demo-Stadtblatt", about=About.TOPIC, took_up_topic=True, url=url, **seen)
    enter(report, by=by, at=present)
    for number, (subject, conclusion) in enumerate(SEEN):
        noted_on = berlin_day(present - (2 + 9 * number) * DAY)
        seen_there = Observation(noted_on=noted_on, subject=subject, conclusion=conclusion, is_trend=number % 2 == 0)
        enter(seen_there, by=by, at=present)
    ended = berlin_day(present - 20 * DAY)
    url = "https://www.jobcenter-bremen.de/demo/sommersprechstunde"
    enter(Offer(title="Sprechstunde im Sommer", url=url, valid_until=ended), by=by, at=present)


def title_of(text: str) -> str:
    """The first clause, for a name."""
    return re.split(r"[:.?!]", text.strip(), maxsplit=1)[0][:LONGEST_TITLE].strip()


def _offer(post: DemoPost, slot: dt.datetime) -> Entry:
    return Offer(title=title_of(post.text), url=post.twin_url or post.source_url)


def _event(post: DemoPost, slot: dt.datetime) -> Entry:
    return Event(
        title=title_of(post.text),
        url=post.twin_url,
        starts_at=_at_hour(slot + EVENT_AFTER, 10),
        region=Region.WEST if "Walle" in post.text or "Gröpelingen" in post.text else Region.MITTE,
        place="Demo-Bürgerhaus, Musterstraße 1",
        organiser="Jobcenter Bremen (Demo)",
        accessibility="stufenlos, Gebärdensprache auf Anfrage",
    )


def _appointment(post: DemoPost, director: User, slot: dt.datetime) -> Entry:
    invites = bool(INVITES.search(post.text))
    return Appointment(
        title=title_of(post.text),
        url=post.twin_url,
        starts_at=_at_hour(slot + 3 * DAY if invites else slot - DAY, 14),
        region=Region.MITTE,
        place="Demo-Bürgerhaus, Musterstraße 1",
        director=director,
        is_public=invites,
        released_at=slot - 60 * DAY,
    )


def _reading_tip(post: DemoPost, slot: dt.datetime) -> Entry:
    host = _host(post.source_url)
    return ReadingTip(
        title=title_of(post.text),
        genre=ReadingKind.STATISTICS if host in STATISTICS else ReadingKind.STUDY,
        publisher=PUBLISHERS.get(host, host),
        subject=Subject.DIGITAL if "igital" in post.text else Subject.LABOUR,
        url=post.source_url,
        **_seen(slot),
    )


def _article(post: DemoPost, partner: Partner, slot: dt.datetime) -> Entry:
    return Article(
        title=title_of(post.text),
        partner=partner,
        author_line=f"Redaktion {partner.name}",
        url=post.source_url,
        published_on=berlin_day(slot - PUBLISHED_BEFORE),
        neutral_on=berlin_day(slot - PUBLISHED_BEFORE),
    )


def _mention(post: DemoPost, slot: dt.datetime) -> Entry:
    return Mention(
        title=title_of(post.text),
        outlet=PUBLISHERS.get(_host(post.source_url), _host(post.source_url)),
        about=About.DIRECTORS if "Geschäftsführung" in post.text else About.HOUSE,
        mentioned_us=True,
        took_up_topic=len(post.text) % 2 == 0,
        url=post.source_url,
        **_seen(slot),
    )


MAKERS: dict[str, Callable[[DemoPost, dt.datetime], Entry]] = {
    "serviceangebote": _offer,
    "veranstaltungen": _event,
    "lesetipps": _reading_tip,
    "erwaehnungen": _mention,
}


def _seen(slot: dt.datetime) -> dict[str, object]:
    read_on = berlin_day(slot - PUBLISHED_BEFORE)
    return {"published_on": read_on, "paywall": Paywall.FREE, "paywall_checked_on": read_on}


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _at_hour(moment: dt.datetime, hour: int) -> dt.datetime:
    return moment.astimezone(BERLIN).replace(hour=hour, minute=0, second=0, microsecond=0)
