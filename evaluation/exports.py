"""The frozen figures as open data: one long table for spreadsheets, the same as JSON."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from editorial.enums import Figure, PostKind

from .models import Missing, Review, Unit

BOM = "\ufeff"  # without it spreadsheets take the umlauts for another encoding
HEAD = ("Bereich", "Merkmal", "Kennzahl", "Wert", "Einheit", "Stand", "Anmerkung")
# A cell beginning with one of these is run as a formula by spreadsheets.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

EARLIER = {"Halbjahr davor": "before", "Halbjahr ein Jahr davor": "year_before"}

Cell = str | int | float | None
Line = tuple[Cell, ...]


def as_csv(review: Review) -> str:
    """Semicolons, German decimals, UTF-8 with a mark: opens as a table in LibreOffice and Excel."""
    return _written(_lines(review))


def _written(lines: Iterable[Line]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    for line in lines:
        writer.writerow([cell(value) for value in line])
    return BOM + out.getvalue()


def running_csv(figures: dict[str, Any]) -> str:
    """The half-year that still runs, in the same form."""
    lines = list(_of_figures("Laufendes Halbjahr", figures["totals"]))
    if figures["before"]:
        lines += _of_figures("Halbjahr davor bis zum selben Tag", figures["before"])
    for group in figures["groups"]:
        lines += _of_group(group)
    for post in figures["posts"]:
        lines += _of_post(post)
    return _written(lines)


def as_data(review: Review) -> dict[str, Any]:
    """What the page says, machine-readable; nothing that is not on the page or in the table."""
    return {
        "title": str(review),
        "slug": review.slug,
        "published_at": review.published_at.isoformat() if review.published_at else None,
        "comment": review.comment,
        "erratum": review.erratum,
        **review.figures,
    }


def cell(value: Cell) -> str:
    """Text that cannot become a formula, numbers with a comma, None as nothing."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value).replace(".", ",")
    return f"'{value}" if value.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else value


def _lines(review: Review) -> Iterator[Line]:
    figures = review.figures
    yield from _of_channel(figures)
    yield from _of_figures("Halbjahr", figures["totals"])
    for name, key in EARLIER.items():
        if figures.get(key):
            yield from _of_figures(name, figures[key])
    for month in figures["months"]:
        yield "Monat", month["start"], "Beiträge", month["posts"], "Anzahl", "", ""
    yield from _of_shares(figures)
    for group in figures.get("groups", ()):
        yield from _of_group(group)
    for post in figures["posts"]:
        yield from _of_post(post)


def _of_channel(figures: dict[str, Any]) -> Iterator[Line]:
    accounts = Unit.ACCOUNTS.label
    for period, totals in (
        ("Halbjahr", figures["totals"]),
        *((name, figures.get(key)) for name, key in EARLIER.items()),
    ):
        if totals:
            for key, name in (
                ("followers_start", "Beginn"),
                ("followers_end", "Ende"),
                ("followers_change", "Änderung"),
            ):
                yield period, name, Figure.FOLLOWERS.label, totals[key], accounts, "", _note(totals[key])
            yield period, "gesamt", "Beiträge", totals["posts"], "Anzahl", "", ""
    for week in figures["followers"]["weeks"]:
        yield "Woche", week["from"], Figure.FOLLOWERS.label, week["value"], accounts, week["from"], _note(week["value"])


def _of_figures(period: str, totals: dict[str, Any]) -> Iterator[Line]:
    for name, spread in totals["figures"].items():
        label, unit = Figure(name).label, Unit.TIMES.label
        covered = f"{spread['count']} Beiträge mit Wert, {spread['missing']} ohne"
        for key, word in (("sum", "Summe"), ("median", "Median"), ("low", "niedrigster"), ("high", "höchster")):
            yield period, word, label, spread[key], unit, "", covered


def _of_shares(figures: dict[str, Any]) -> Iterator[Line]:
    for topic in figures["topics"]:
        yield "Thema", topic["name"], "Beiträge", topic["posts"], "Anzahl", "", ""
    for audience in figures["audiences"]:
        yield "Zielgruppe", audience["name"], "Beiträge", audience["posts"], "Anzahl", "", ""
    for name, count in (
        ("eigene", figures["kinds"]["post"]),
        ("Retweets", figures["kinds"]["retweet"]),
        ("eigene mit Bild", figures["media"]["with"]),
        ("mit Seite desselben Inhalts", figures["twins"]["with_twin"]),
        ("mit begründeter Ausnahme", figures["twins"]["exceptions"]),
        ("später gelöscht", figures["deleted"]),
    ):
        yield "Art", name, "Beiträge", count, "Anzahl", "", ""
    target = figures["target"]
    yield "Tagesziel", "erreicht", "Arbeitstage", target["met"], "Tage", "", f"von {target['working_days']}"
    for day in target["missed"]:
        yield "Tagesziel", day, "nicht erreicht", 1, "Tage", day, target.get("reasons", {}).get(day, "")
    for post in figures["twins"].get("excepted", ()):
        yield "Ausnahme", post["public_id"], "Beiträge", 1, "Anzahl", "", f"erschienen {post['published_on']}"


def _of_group(group: dict[str, Any]) -> Iterator[Line]:
    area = f"Kennzahlen je {group['name']}"
    for row in group["rows"]:
        yield (
            area,
            row["name"],
            "eigene Beiträge" if row["name"] != "Retweets" else "Beiträge",
            row["posts"],
            "Anzahl",
            "",
            "",
        )
        for _, word, label, value, unit, _, covered in _of_figures(area, row):
            yield area, f"{row['name']}, {word}", label, value, unit, "", covered


def _of_post(post: dict[str, Any]) -> Iterator[Line]:
    kind = PostKind(post["kind"]).label
    notes = [kind, f"erschienen {post['published_on']}", "gelöscht" if post["deleted"] else ""]
    for name, value in post["figures"].items():
        reason = Missing(post["missing"][name]).label if name in post["missing"] else ""
        note = ", ".join(filter(None, (*notes, reason)))
        yield "Beitrag", post["public_id"], Figure(name).label, value, Unit.TIMES.label, post["read_on"], note


def _note(value: int | None) -> str:
    return Missing.NOT_DELIVERED.label if value is None else ""
