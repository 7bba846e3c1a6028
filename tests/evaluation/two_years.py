"""Two years of a channel as plain records, made by arithmetic: with gaps, a leap day, hours that come twice or never.

The channel starts on 31 August 2027, so half-years end on the leap day, on 31 August and on 28 February. Moments are
wall times in Bremen with the hour's turn (0 the first time, 1 the second).
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from editorial.models import Audience, Channel, Topic
from evaluation.models import FigureRow
from tests.factories import DeliveryFactory, MediumFactory

BREMEN = ZoneInfo("Europe/Berlin")
STARTED = "2027-08-31"
FIGURES = ("impressions", "retweets", "likes", "replies", "quotes", "bookmarks", "link_clicks")
TOPICS = ("dienstleistungen", "lesetipps")
AUDIENCES = (["arbeitgeber"], ["stadtgesellschaft", "journalisten"], ["leistungsberechtigte"])


@dataclass(frozen=True)
class PostRecord:
    number: int
    wall: str
    turn: int = 0
    kind: str = "post"
    topic: str = "dienstleistungen"
    audiences: tuple[str, ...] = ("arbeitgeber",)
    with_picture: bool = False
    twin: str = "page"  # page, exception or neither
    deleted: str = ""


@dataclass(frozen=True)
class RowRecord:
    """``post`` None: the channel's followers. ``corrects`` is the place of another row."""

    post: int | None
    figure: str
    value: int | None
    wall: str
    turn: int = 0
    reason: str = ""
    corrects: int | None = None


SPECIAL = [
    ("2027-08-31 00:00", 0),  # the first moment of all
    ("2027-10-31 02:30", 0),  # the hour that comes twice, its first turn
    ("2027-10-31 02:30", 1),
    ("2028-02-28 23:59", 0),  # the last minute of the first half-year
    ("2028-02-29 00:00", 0),  # the leap day opens the second
    ("2028-03-26 03:00", 0),  # the hour before this one never was
    ("2028-10-29 02:59", 0),
    ("2028-10-29 02:00", 1),
    ("2029-02-27 23:59", 0),
    ("2029-03-25 01:59", 0),
    ("2029-08-30 23:59", 0),
    ("2029-08-31 00:00", 0),  # after it all
]


def posts() -> list[PostRecord]:
    every_ninth = [(dt.date(2027, 9, 3) + dt.timedelta(days=9 * n), n) for n in range(80)]
    walls = [(f"{day} {7 + n % 12:02}:{n * 7 % 60:02}", 0) for day, n in every_ninth if n % 13 != 5]
    found = []
    for number, (wall, turn) in enumerate([*walls, *SPECIAL]):
        found.append(
            PostRecord(
                number,
                wall,
                turn,
                kind="retweet" if number % 7 == 3 else "post",
                topic=TOPICS[number % 2],
                audiences=tuple(AUDIENCES[number % 3]),
                with_picture=number % 4 == 0,
                twin=("page", "page", "exception", "page", "neither")[number % 5],
                deleted=later(wall, 12) if number in (6, 40) else "",
            )
        )
    return found


def rows(of: list[PostRecord]) -> list[RowRecord]:
    found: list[RowRecord] = []
    for post in of:
        if post.kind == "retweet":
            found += [RowRecord(post.number, name, None, post.wall, post.turn, "of_the_original") for name in FIGURES]
            continue
        for days in (0, 1, 7, 14, 28, 35, 70):
            wall = later(post.wall, days)
            gone = post.deleted and wall >= post.deleted
            for place, name in enumerate(FIGURES):
                value: int | None = (post.number * 37 + place * 11) % 90 + days * (7 - place)
                lost = (post.number + place + days) % 6 == 0 or (name == "quotes" and post.number % 2 == 0)
                reason = "gone" if gone else "not_delivered" if lost or (name == "link_clicks" and days > 28) else ""
                found.append(RowRecord(post.number, name, None if reason else value, wall, post.turn, reason))
    # A person corrects a last value, takes another back, and corrects a correction.
    found.append(RowRecord(2, "likes", 4321, later(of[2].wall, 70), corrects=None))
    found.append(RowRecord(2, "likes", 1234, later(of[2].wall, 70), corrects=len(found) - 1))
    found.append(RowRecord(2, "likes", 1235, later(of[2].wall, 70), corrects=len(found) - 1))
    found.append(RowRecord(8, "retweets", 999, later(of[8].wall, 71)))
    found.append(RowRecord(8, "retweets", None, later(of[8].wall, 71), reason="not_delivered", corrects=len(found) - 1))
    return found + list(followers())


def followers():
    day, number = dt.date(2027, 9, 2), 800
    while day < dt.date(2029, 9, 3):
        number += (day.toordinal() * 7) % 11 - 4
        silent = dt.date(2028, 3, 28) < day < dt.date(2028, 5, 4) or day.month == 7
        if day.toordinal() % 3 == 0 and not silent:
            yield RowRecord(None, "followers", number, f"{day} 06:00")
        elif day.toordinal() % 10 == 0:
            yield RowRecord(None, "followers", None, f"{day} 06:00", reason="not_delivered")
        day += dt.timedelta(days=1)
    # At the very boundary the day that begins counts.
    yield RowRecord(None, "followers", 5000, "2028-08-31 00:00")
    yield RowRecord(None, "followers", 4000, "2028-08-30 23:59")


def later(wall: str, days: int) -> str:
    """The same time of day so many days later; never in the hour that the spring leaves out."""
    moved = str(dt.datetime.fromisoformat(wall) + dt.timedelta(days=days))[:16]
    return moved.replace(" 02:", " 04:") if days else moved


def moment(wall: str, turn: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(wall).replace(tzinfo=BREMEN, fold=turn).astimezone(dt.UTC)


def store() -> dict[int, str]:
    """Into the database; per record the public id of its Beitrag."""
    channel = Channel.objects.get(slug="x")
    Channel.objects.update(started_on=dt.date.fromisoformat(STARTED))
    picture = MediumFactory()
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    stored = {}
    for post in posts():
        stored[post.number] = DeliveryFactory(
            published=True,
            slot=moment(post.wall, post.turn),
            deleted_at=moment(post.deleted) if post.deleted else None,
            **({"state": "deleted"} if post.deleted else {}),
            approval__post__kind=post.kind,
            approval__post__retweet_url="https://x.com/a/status/1" if post.kind == "retweet" else "",
            approval__post__topic=topics[post.topic],
            approval__post__audiences=Audience.objects.filter(slug__in=post.audiences),
            approval__post__media=[picture] if post.with_picture and post.kind == "post" else [],
            approval__post__twin_url="https://www.jobcenter-bremen.de/a" if post.twin == "page" else "",
            approval__post__twin_exception="Die Seite war gesperrt." if post.twin == "exception" else "",
        )
    kept: list[FigureRow] = []
    for record in rows(posts()):
        kept.append(
            FigureRow(
                channel=channel,
                delivery=stored[record.post] if record.post is not None else None,
                figure=record.figure,
                value=record.value,
                missing_reason=record.reason,
                unit="accounts" if record.post is None else "times",
                source="hand" if record.corrects is not None else "api",
                taken_at=moment(record.wall, record.turn),
            )
        )
    FigureRow.objects.bulk_create(
        [row for row, record in zip(kept, rows(posts()), strict=True) if record.corrects is None]
    )
    for row, record in zip(kept, rows(posts()), strict=True):
        if record.corrects is not None:
            row.replaces = kept[record.corrects]
            row.save()
    return {number: delivery.post.public_id for number, delivery in stored.items()}
