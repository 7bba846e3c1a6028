"""What the demonstration says: invented German texts, read from ``texts/*.json``. Pure, and the same in every run.

In the files a text stands once: ``{link}`` is the address of its ``page`` on our own site, ``{source}`` its source. A
*series* says the same thing for many places or words: each of its ``values`` is put into one of its ``texts`` in turn.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("texts")
# The concept's order. Each topic has a file of this name.
TOPICS = (
    "serviceangebote",
    "dienstleistungen",
    "veranstaltungen",
    "netzwerkprojekte",
    "unternehmen",
    "gf-termine",
    "vorzeigegeschichten",
    "lesetipps",
    "fachbeitraege",
    "erwaehnungen",
)
# Invented pages: nothing is published below this path.
PAGES = "https://www.jobcenter-bremen.de/demo/"
# Of so many days in a row one gets a text that only fits the season, as long as there is one.
SEASONAL_EVERY = 3


@dataclass(frozen=True)
class DemoPost:
    """A Beitrag as the form would take it; names of fields are the contract's.

    ``partner`` is the key of a DemoPartner, ``consents`` are pseudonyms, ``picture`` is the name of a DemoPicture.
    ``months`` names the months (1–12) that the text fits; empty: always.
    """

    topic: str
    audiences: tuple[str, ...]
    text: str
    kind: str = "post"
    retweet_url: str = ""
    source_url: str = ""
    twin_url: str = ""
    twin_exception: str = ""
    value_added: str = ""
    partner: str = ""
    consents: tuple[str, ...] = ()
    picture: str = ""
    other_ways: str = ""
    months: tuple[int, ...] = ()

    @property
    def with_picture(self) -> bool:
        return bool(self.picture)

    @property
    def alt_text(self) -> str:
        return _alt_texts()[self.picture] if self.picture else ""

    def fits(self, day: dt.date) -> bool:
        return not self.months or day.month in self.months


@dataclass(frozen=True)
class DemoDraft:
    """Something begun; most of these lack something on purpose."""

    post: DemoPost
    is_idea: bool


@dataclass(frozen=True)
class DemoQuestion:
    """What the Fachberatung is asked about the draft that leads to ``twin_url``; no ``opinion``: she still thinks."""

    twin_url: str
    question: str
    opinion: str = ""
    reason: str = ""
    proposal: str = ""


@dataclass(frozen=True)
class DemoReturn:
    """A Beitrag that did not go out. ``step`` is the slug: aendern-lassen, ablehnen or zurueckziehen."""

    post: DemoPost
    step: str
    reason: str


@dataclass(frozen=True)
class DemoComment:
    """What PRÖ says about a half-year; ``key`` is published or open, as the review is."""

    key: str
    text: str


@dataclass(frozen=True)
class DemoPerson:
    username: str
    first_name: str
    last_name: str
    role: str
    email: str


@dataclass(frozen=True)
class DemoPartner:
    key: str
    name: str
    website: str
    kind: str = "partner"


@dataclass(frozen=True)
class DemoPicture:
    name: str
    title: str
    alt_text: str


def posts(count: int) -> list[DemoPost]:
    """So many different texts, topics mixed as the house mixes them. The first ones fit any day of the year."""
    found = _all_posts()
    if count > len(found):
        raise ValueError(f"There are {len(found)} demo texts, {count} are wanted.")
    return list(found[:count])


def arranged(days: Iterable[dt.date]) -> list[tuple[dt.date, DemoPost]]:
    """A text for each day, none twice, and those of a season in their months."""
    always = [post for post in reversed(_all_posts()) if not post.months]
    seasonal = [post for post in _all_posts() if post.months]
    found: list[tuple[dt.date, DemoPost]] = []
    for number, day in enumerate(days):
        before = found[-1][1].topic if found else ""
        fitting = (post for post in seasonal if post.fits(day) and post.topic != before)
        post = next(fitting, None) if number % SEASONAL_EVERY == 0 or not always else None
        if post:
            seasonal.remove(post)
        elif always:
            post = always.pop()
        else:
            raise ValueError(f"No demo text is left for {day}.")
        found.append((day, post))
    return found


def planned() -> list[DemoPost]:
    """For the next four weeks, with the end of the year in mind."""
    return [_post(row) for row in _read("planned")]


def drafts() -> list[DemoDraft]:
    return [DemoDraft(_post(row, but=("state",)), is_idea=row["state"] == "idea") for row in _read("drafts")]


def returned() -> list[DemoReturn]:
    rows = _read("returned")
    return [DemoReturn(_post(row, but=("step", "reason")), row["step"], row["reason"]) for row in rows]


def questions() -> list[DemoQuestion]:
    """About drafts."""
    return [_question(**row) for row in _read("consultations")]


def _question(page: str, **words: str) -> DemoQuestion:
    link = PAGES + page
    return DemoQuestion(link, **{name: text.replace("{link}", link) for name, text in words.items()})


def comments() -> list[DemoComment]:
    return [DemoComment(**row) for row in _read("comments")]


def people() -> list[DemoPerson]:
    return [DemoPerson(**row) for row in _read("people")]


def partners() -> list[DemoPartner]:
    return [DemoPartner(**row) for row in _read("partners")]


def consents() -> list[str]:
    """Pseudonyms; there is nobody behind them."""
    return list(_read("consents"))


def pictures() -> list[DemoPicture]:
    return [DemoPicture(**row) for row in _read("pictures")]


def _read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _alt_texts() -> dict[str, str]:
    return {picture.name: picture.alt_text for picture in pictures()}


@cache
def _all_posts() -> tuple[DemoPost, ...]:
    """Every topic spread evenly over the whole; what fits only some months comes last."""
    places = [
        ((number + 0.5) / len(of_topic), TOPICS.index(topic), post)
        for topic in TOPICS
        for of_topic in [list(_posts_of(topic))]
        for number, post in enumerate(of_topic)
    ]
    in_order = [post for *_, post in sorted(places, key=lambda place: place[:2])]
    return tuple(sorted(in_order, key=lambda post: bool(post.months)))


def _posts_of(topic: str) -> Iterator[DemoPost]:
    """Single texts and series alternate, so that two of a series never stand side by side without need."""
    content = _read(topic)
    lists = [[{"topic": topic, **row} for row in content["base"]]]
    lists += [[{"topic": topic, **row} for row in _rows_of(series)] for series in content["series"]]
    places = [((n + 0.5) / len(rows), which, row) for which, rows in enumerate(lists) for n, row in enumerate(rows)]
    for *_, row in sorted(places, key=lambda place: place[:2]):
        yield _post(row)


def _rows_of(series: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number, value in enumerate(series["values"]):
        words = {key: word for key, word in value.items() if isinstance(word, str)}
        yield {
            "audiences": series["audiences"],
            "text": series["texts"][number % len(series["texts"])].format(**words, link="{link}"),
            "page": series["page"].format(**words),
            "picture": series["pictures"][number % len(series["pictures"])],
            "other_ways": series["other_ways"],
            "months": value.get("months", []),
        }


def _post(row: dict[str, Any], *, but: tuple[str, ...] = ()) -> DemoPost:
    """``but``: keys that are not the Beitrag's own."""
    fields = {key: value for key, value in row.items() if key not in (*but, "page")}
    link = PAGES + row["page"] if "page" in row else ""
    source = link if row.get("source_url") == "page" else row.get("source_url", "")
    fields["source_url"] = source
    fields["text"] = row["text"].format(link=link, source=source)
    if not row.get("twin_exception"):
        # A tip that leads to a free public page needs no copy of ours.
        fields["twin_url"] = link or (source if "{source}" in row["text"] else "")
    for name in ("audiences", "consents", "months"):
        fields[name] = tuple(fields.get(name, ()))
    return DemoPost(**fields)
