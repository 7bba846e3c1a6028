"""The figures of a half-year reckoned a second time, from plain records: no line of the application is used here.

Days are compared as text, the clock changes and the holidays are written down by hand, medians are counted off.
"""

import datetime as dt
from itertools import pairwise
from typing import Any

from tests.evaluation.two_years import FIGURES, PostRecord, RowRecord

ENDS = ["2027-08-31", "2028-02-29", "2028-08-31", "2029-02-28", "2029-08-31"]
MONTHS = [
    *("2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31"),
    *("2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30", "2028-07-31"),
    *("2028-08-31", "2028-09-30", "2028-10-31", "2028-11-30", "2028-12-31", "2029-01-31"),
    *("2029-02-28", "2029-03-31", "2029-04-30", "2029-05-31", "2029-06-30", "2029-07-31", "2029-08-31"),
]
# Summer time, in UTC: from the last Sunday of March to the last one of October, 1:00 each.
SUMMERS = [
    ("2027-03-28 01:00", "2027-10-31 01:00"),
    ("2028-03-26 01:00", "2028-10-29 01:00"),
    ("2029-03-25 01:00", "2029-10-28 01:00"),
]
HOLIDAYS = {
    *("2027-10-03", "2027-10-31", "2027-12-25", "2027-12-26"),
    *("2028-01-01", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-25", "2028-06-05"),
    *("2028-10-03", "2028-10-31", "2028-12-25", "2028-12-26"),
    *("2029-01-01", "2029-03-30", "2029-04-02", "2029-05-01", "2029-05-10", "2029-05-21"),
}
WEEKDAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
WEEK_MIN = 7 * 24 * 60


def minute(wall: str, turn: int = 0) -> int:
    """Minutes of world time since the year 2000."""
    as_winter = dt.datetime.fromisoformat(wall) - dt.timedelta(hours=1)
    as_summer = as_winter - dt.timedelta(hours=1)
    in_summer = any(begin <= str(as_summer)[:16] < end for begin, end in SUMMERS)
    still_ambiguous = any(str(as_winter)[:16] >= end and str(as_summer)[:16] < end for _, end in SUMMERS)
    utc = as_winter if not in_summer or (still_ambiguous and turn) else as_summer
    return int((utc - dt.datetime(2000, 1, 1)).total_seconds() // 60)  # both in UTC


def spread(values: list[int | None]) -> dict[str, Any]:
    known = sorted(value for value in values if value is not None)
    found: dict[str, Any] = {"count": len(known), "missing": len(values) - len(known)}
    if not known:
        return {**found, "sum": None, "median": None, "low": None, "high": None}
    n, total = len(known), 0
    for value in known:
        total += value
    middle: float = known[n // 2]
    if n % 2 == 0:
        twice = known[n // 2 - 1] + known[n // 2]
        middle = twice // 2 if twice % 2 == 0 else twice / 2
    return {**found, "sum": total, "median": middle, "low": known[0], "high": known[-1]}


class HalfYear:
    """Number 1 to 4. ``names`` are (slug, name) of all topics and target groups, in their order."""

    def __init__(self, number: int, posts: list[PostRecord], rows: list[RowRecord]) -> None:
        self.number, self.start, self.end = number, ENDS[number - 1], ENDS[number]
        self.posts = sorted(
            (p for p in posts if self.start <= p.wall[:10] < self.end), key=lambda p: (minute(p.wall, p.turn), p.number)
        )
        replaced = {row.corrects for row in rows}
        standing = [(minute(row.wall, row.turn), place, row) for place, row in enumerate(rows) if place not in replaced]
        self.rows = [row for _, _, row in sorted(standing, key=lambda one: one[:2]) if row.wall[:10] < self.end]
        self.lasts = {(row.post, row.figure): row.value for row in self.rows if row.value is not None}
        self.own = [post for post in self.posts if post.kind == "post"]

    def last(self, post: PostRecord, figure: str) -> int | None:
        return self.lasts.get((post.number, figure))

    def spreads(self, posts: list[PostRecord]) -> dict[str, Any]:
        own = [post for post in posts if post.kind == "post"]
        return {figure: spread([self.last(post, figure) for post in own]) for figure in FIGURES}

    def totals(self) -> dict[str, Any]:
        start, end = minute(f"{self.start} 00:00"), minute(f"{self.end} 00:00")
        counts = [(minute(r.wall), r.value) for r in self.rows if r.post is None and r.value is not None]
        before = [value for at, value in counts if start - WEEK_MIN <= at < start]
        after = [value for at, value in counts if start <= at < start + WEEK_MIN]
        close = [value for at, value in counts if end - WEEK_MIN <= at < end]
        first = before[-1] if before else after[0] if after else None
        last = close[-1] if close else None
        return {
            "followers_start": first,
            "followers_end": last,
            "followers_change": None if first is None or last is None else last - first,
            "posts": len(self.posts),
            "figures": self.spreads(self.posts),
        }

    def last_count(self, start: str, end: str) -> int | None:
        known = [r.value for r in self.rows if r.post is None and r.value is not None and start <= r.wall[:10] < end]
        return known[-1] if known else None

    def weeks(self) -> list[dict[str, Any]]:
        found, day = [], self.start
        while day < self.end:
            then = min(plus(day, 7), self.end)
            found.append({"from": day, "value": self.last_count(day, then)})
            day = then
        return found

    def months(self) -> list[tuple[str, str]]:
        days = [day for day in MONTHS if self.start <= day <= self.end]
        return list(pairwise(days))

    def month(self, start: str, end: str) -> dict[str, Any]:
        posts = [post for post in self.posts if start <= post.wall[:10] < end]
        sums = {name: one["sum"] for name, one in self.spreads(posts).items()}
        if not any(post.kind == "post" for post in posts):
            sums = dict.fromkeys(FIGURES, 0)
        return {"start": start, "end": end, "posts": len(posts), **sums}

    def target(self) -> dict[str, Any]:
        days, day = [], self.start
        while day < self.end:
            if dt.date.fromisoformat(day).isoweekday() <= 5 and day not in HOLIDAYS:
                days.append(day)
            day = plus(day, 1)
        used = {post.wall[:10] for post in self.posts}
        missed = [day for day in days if day not in used]
        reasons = dict.fromkeys(missed, "kein Beitrag geplant")
        return {"working_days": len(days), "met": len(days) - len(missed), "missed": missed, "reasons": reasons}

    def group(self, name: str, posts: list[PostRecord]) -> dict[str, Any]:
        return {"name": name, "posts": len(posts), "figures": self.spreads(posts)}

    def groups(self, topics: list[tuple[str, str]], audiences: list[tuple[str, str]]) -> list[dict[str, Any]]:
        own, retweets = self.own, [post for post in self.posts if post.kind == "retweet"]
        day_of = {post.number: dt.date.fromisoformat(post.wall[:10]).isoweekday() for post in own}
        rows = {
            "Thema": [self.group(name, [p for p in own if p.topic == slug]) for slug, name in topics],
            "Zielgruppe": [self.group(name, [p for p in own if slug in p.audiences]) for slug, name in audiences],
            "Art": [self.group("eigene", own), self.group("Retweets", retweets)],
            "Bild": [
                self.group("mit Bild", [p for p in own if p.with_picture]),
                self.group("ohne Bild", [p for p in own if not p.with_picture]),
            ],
            "Wochentag": [
                self.group(name, [p for p in own if day_of[p.number] == place])
                for place, name in enumerate(WEEKDAYS, 1)
            ],
        }
        return [{"name": name, "rows": found} for name, found in rows.items()]

    def post(self, post: PostRecord, public_id: str) -> dict[str, Any]:
        values = {figure: self.last(post, figure) for figure in FIGURES}
        mine = [row for row in self.rows if row.post == post.number]
        read = [
            [row.wall[:10] for row in mine if row.figure == figure and row.value is not None][-1]
            for figure, value in values.items()
            if value is not None
        ]
        reasons = {row.figure: row.reason for row in mine if row.value is None}
        own = post.kind == "post"
        missing = {f: reasons.get(f, "not_delivered") for f, value in values.items() if value is None}
        return {
            "public_id": public_id,
            "published_on": post.wall[:10],
            "kind": post.kind,
            "topic": post.topic,
            "audiences": sorted(post.audiences),
            "has_media": own and post.with_picture,
            "has_twin": post.twin == "page",
            "read_on": max(read) if read else None,
            "figures": values,
            "missing": missing,
            "deleted": "gone" in reasons.values() or bool(post.deleted and post.deleted[:10] < self.end),
        }

    def figures(
        self,
        earlier: list["HalfYear"],
        ids: dict[int, str],
        topics: list[tuple[str, str]],
        audiences: list[tuple[str, str]],
    ) -> dict[str, Any]:
        """All that a review freezes, but for the names of channel and concept and its sentences."""
        before, year_before = (earlier[-n].beside() if len(earlier) >= n else None for n in (1, 2))
        posts = [self.post(post, ids[post.number]) for post in self.posts]
        weeks, own = self.weeks(), self.own
        with_picture = sum(1 for post in own if post.with_picture)
        kinds = {"post": len(own), "retweet": len(self.posts) - len(own)}
        twins = [post.twin for post in self.posts]
        return {
            "period": {"start": self.start, "end": self.end},
            "totals": self.totals(),
            "before": before,
            "year_before": year_before,
            "followers": {
                "weeks": weeks,
                "months_without_value": [
                    {"start": start, "end": end} for start, end in self.months() if self.last_count(start, end) is None
                ],
            },
            "months": [self.month(*month) for month in self.months()],
            "topics": [
                {"slug": slug, "name": name, "posts": sum(1 for p in self.posts if p.topic == slug)}
                for slug, name in topics
            ],
            "audiences": [
                {"slug": slug, "name": name, "posts": sum(1 for p in self.posts if slug in p.audiences)}
                for slug, name in audiences
            ],
            "kinds": kinds,
            "media": {"with": with_picture, "without": len(own) - with_picture},
            "target": self.target(),
            "twins": {
                "with_twin": twins.count("page"),
                "exceptions": twins.count("exception"),
                "neither": twins.count("neither"),
                "excepted": [
                    {"public_id": ids[p.number], "published_on": p.wall[:10]}
                    for p in self.posts
                    if p.twin == "exception"
                ],
            },
            "groups": self.groups(topics, audiences),
            "deleted": sum(1 for post in posts if post["deleted"]),
            "posts": posts,
        }

    def beside(self) -> dict[str, Any]:
        return {"period": {"start": self.start, "end": self.end}, **self.totals()}


def plus(day: str, days: int) -> str:
    return str(dt.date.fromisoformat(day) + dt.timedelta(days=days))
