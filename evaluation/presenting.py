"""How a frozen review looks: numbers in words, tables, charts. Reads the frozen figures only."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from editorial.enums import Figure, PostKind

from . import charts, measures, wording
from .charts import BarChart, LineChart
from .models import Missing, Review
from .periods import Period

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
NO_COMPARISON = "kein Vergleich"
COMPARED = (Figure.IMPRESSIONS, Figure.RETWEETS, Figure.LIKES)
GROUP_TITLES = {
    "Thema": "Je Thema",
    "Zielgruppe": "Je Zielgruppe",
    "Art": "Eigene Beiträge und Retweets",
    "Bild": "Mit und ohne Bild",
    "Wochentag": "Je Wochentag des Erscheinens",
}


@dataclass(frozen=True)
class KeyFigure:
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class FigureLine:
    """One line of the table of figures; all cells as people read them."""

    label: str
    total: str
    middle: str
    span: str
    covered: str
    before: str
    change: str
    year_before: str = NO_COMPARISON
    year_change: str = NO_COMPARISON


@dataclass(frozen=True)
class GroupLine:
    """One group of own posts; a cell reads „120 (40 bis 300)“: the median and its range."""

    name: str
    posts: str
    cells: tuple[str, ...]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        return list(zip((figure.label for figure in COMPARED), self.cells, strict=True))


@dataclass(frozen=True)
class GroupTable:
    title: str
    head: tuple[str, ...]
    lines: tuple[GroupLine, ...]


@dataclass(frozen=True)
class MissedDay:
    """``reason`` "" where the review was frozen before reasons were kept."""

    day: dt.date
    reason: str


@dataclass(frozen=True)
class Report:
    """All a template shows of one review."""

    key_figures: tuple[KeyFigure, ...]
    lines: tuple[FigureLine, ...]
    charts: tuple[LineChart | BarChart, ...]
    facts: tuple[tuple[str, str], ...]
    missed_days: tuple[dt.date, ...]
    gap_months: tuple[str, ...]
    before_text: str
    curve: str
    frame: str
    how_counted: str
    year_before_text: str = ""
    groups: tuple[GroupTable, ...] = ()
    missed: tuple[MissedDay, ...] = ()
    exceptions: tuple[tuple[str, dt.date], ...] = ()


def report_of(review: Review) -> Report:
    figures = review.figures
    earlier, year_ago = figures["before"], figures.get("year_before")
    return Report(
        key_figures=_key_figures(figures),
        lines=tuple(_line(figure, figures) for figure in Figure if figure in figures["totals"]["figures"]),
        charts=_charts(figures),
        facts=_facts(figures),
        missed_days=tuple(dt.date.fromisoformat(day) for day in figures["target"]["missed"]),
        gap_months=tuple(span_words(_period(month)) for month in figures["followers"]["months_without_value"]),
        before_text=span_words(_period(earlier["period"])) if earlier else "",
        curve=figures["texts"]["curve"],
        frame=figures["texts"]["frame"],
        how_counted=figures["texts"]["how_counted"],
        # What reviews frozen before schema 2 do not have.
        year_before_text=span_words(_period(year_ago["period"])) if year_ago else "",
        groups=tuple(_group_table(group) for group in figures.get("groups", ())),
        missed=_missed(figures["target"]),
        exceptions=tuple(
            (post["public_id"], dt.date.fromisoformat(post["published_on"]))
            for post in figures["twins"].get("excepted", ())
        ),
    )


@dataclass(frozen=True)
class RunningReport:
    """What the working page shows of a half-year that still runs; the tables are those of a review."""

    key_figures: tuple[KeyFigure, ...]
    lines: tuple[FigureLine, ...]
    groups: tuple[GroupTable, ...]
    ages: tuple[tuple[str, str], ...]
    curve: str
    before_text: str
    year_before_text: str = ""


def running_report(figures: dict[str, Any]) -> RunningReport:
    earlier, (followers, *others) = figures["before"], _key_figures(figures)
    return RunningReport(
        key_figures=(replace(followers, label="Follower:innen jetzt"), *others),
        lines=tuple(_line(figure, figures) for figure in Figure if figure in figures["totals"]["figures"]),
        groups=tuple(_group_table(group) for group in figures["groups"]),
        ages=tuple((f"Zahlen {words}", f"{wording.german(count)} Beiträge") for words, count in figures["ages"]),
        curve=figures["curve"],
        before_text=span_words(_period(earlier["period"])) if earlier else "",
    )


def post_line(post: dict[str, Any]) -> dict[str, Any]:
    """One post of a review's or the running half-year's figures, in words."""
    return {
        "public_id": post["public_id"],
        "is_own": post["kind"] == PostKind.POST,
        "deleted": post["deleted"],
        "read_on": dt.date.fromisoformat(post["read_on"]) if post["read_on"] else None,
        "cells": [(figure.label, _value_or_reason(post, figure)) for figure in COMPARED],
    }


def _value_or_reason(post: dict[str, Any], figure: Figure) -> str:
    value = post["figures"][figure]
    return Missing(post["missing"][figure]).label if value is None else wording.german(value)


def title_of(review: Review) -> str:
    """Halbjahresprüfung März bis August 2026."""
    return f"{review.get_kind_display()} {span_words(Period(review.start, review.end))}"


def span_words(period: Period) -> str:
    """„März bis August 2026“ for whole months, else „15. März bis 14. September 2026“."""
    first, last = period.start, period.last_day
    whole = first.day == 1 and period.end.day == 1
    start, end = (MONTHS[day.month - 1] if whole else _day_and_month(day) for day in (first, last))
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{end} {last.year}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{start}{year} bis {end} {last.year}"


def _key_figures(figures: dict[str, Any]) -> tuple[KeyFigure, ...]:
    totals, earlier, target = figures["totals"], figures["before"], figures["target"]
    impressions = totals["figures"][Figure.IMPRESSIONS]
    return (
        KeyFigure(
            "Follower:innen am Ende",
            charts.words(totals["followers_end"]),
            f"{_signed(totals['followers_change'])} seit Beginn des Zeitraums",
        ),
        KeyFigure("Beiträge", charts.words(totals["posts"]), _against(totals["posts"], earlier and earlier["posts"])),
        KeyFigure("Impressionen", _of_spread(impressions, "sum"), _coverage(impressions)),
        KeyFigure(
            "Tage mit Beitrag",
            wording.share(target["met"], target["working_days"]),
            "Arbeitstage in Bremen, an denen das Tagesziel erreicht ist",
        ),
    )


def _line(figure: Figure, figures: dict[str, Any]) -> FigureLine:
    now = figures["totals"]["figures"][figure]
    then, year_ago = (_figure_of(figures.get(name), figure) for name in ("before", "year_before"))
    return FigureLine(
        label=figure.label,
        total=_of_spread(now, "sum"),
        middle=_of_spread(now, "median"),
        span=_span(now),
        covered=_coverage(now),
        before=_of_spread(then, "sum") if then else NO_COMPARISON,
        change=_signed(measures.change(now["sum"], then["sum"] if then else None)),
        year_before=_of_spread(year_ago, "sum") if year_ago else NO_COMPARISON,
        year_change=_signed(measures.change(now["sum"], year_ago["sum"] if year_ago else None)),
    )


def _figure_of(totals: dict[str, Any] | None, figure: Figure) -> dict[str, Any] | None:
    return totals["figures"].get(figure) if totals else None


def _group_table(group: dict[str, Any]) -> GroupTable:
    lines = tuple(
        GroupLine(
            row["name"],
            wording.german(row["posts"]),
            tuple(_middle_and_range(row["figures"][figure]) for figure in COMPARED),
        )
        for row in group["rows"]
    )
    return GroupTable(GROUP_TITLES[group["name"]], tuple(figure.label for figure in COMPARED), lines)


def _middle_and_range(spread: dict[str, Any]) -> str:
    if not spread["count"] + spread["missing"]:
        return "–"
    if spread["median"] is None:
        return wording.NOT_DELIVERED
    middle = wording.german(spread["median"])
    return middle if spread["low"] == spread["high"] else f"{middle} ({_span(spread)})"


def _span(spread: dict[str, Any]) -> str:
    return "–" if spread["low"] is None else f"{wording.german(spread['low'])} bis {wording.german(spread['high'])}"


def _missed(target: dict[str, Any]) -> tuple[MissedDay, ...]:
    reasons = target.get("reasons", {})
    return tuple(MissedDay(dt.date.fromisoformat(day), reasons.get(day, "")) for day in target["missed"])


def _of_spread(spread: dict[str, Any], name: str) -> str:
    """A figure over all own posts; where there were none, nothing can have been left undelivered."""
    if not spread["count"] + spread["missing"]:
        return "keine Beiträge"
    return wording.NOT_DELIVERED if spread[name] is None else wording.german(spread[name])


def _coverage(spread: dict[str, Any]) -> str:
    return f"aus {wording.german(spread['count'])} von {wording.german(spread['count'] + spread['missing'])} Beiträgen"


def _facts(figures: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    totals, media, twins = figures["totals"], figures["media"], figures["twins"]
    earlier = figures["before"]
    own, posts = figures["kinds"]["post"], totals["posts"]
    exceptions = wording.german(twins["exceptions"])
    return (
        ("Follower:innen zu Beginn", charts.words(totals["followers_start"])),
        ("Veränderung im Halbjahr davor", _signed(earlier["followers_change"] if earlier else None)),
        ("Eigene Beiträge und Retweets", f"{wording.german(own)} und {wording.german(figures['kinds']['retweet'])}"),
        ("Eigene Beiträge mit Bild", wording.share(media["with"], own)),
        ("Mit demselben Inhalt auf einer freien Seite", wording.share(twins["with_twin"], posts)),
        ("Begründete Ausnahmen davon", exceptions),
        ("Später gelöscht", wording.german(figures["deleted"])),
        ("Stand des Nutzungskonzepts", figures["concept"] or "–"),
    )


def _charts(figures: dict[str, Any]) -> tuple[LineChart | BarChart, ...]:
    months = [(span_words(_period(month)), month) for month in figures["months"]]
    return (
        _follower_chart(figures["followers"]["weeks"]),
        charts.bar_chart(
            "impressionen",
            "Impressionen nach Monat des Erscheinens",
            [(name, month[Figure.IMPRESSIONS]) for name, month in months],
            head=("Monat", "Impressionen"),
        ),
        charts.bar_chart(
            "monate",
            "Beiträge je Monat",
            [(name, month["posts"]) for name, month in months],
            head=("Monat", "Beiträge"),
        ),
        charts.bar_chart(
            "themen",
            "Beiträge je Thema",
            [(topic["name"], topic["posts"]) for topic in figures["topics"]],
            head=("Thema", "Beiträge"),
        ),
        charts.bar_chart(
            "zielgruppen",
            "Beiträge je Zielgruppe",
            [(audience["name"], audience["posts"]) for audience in figures["audiences"]],
            head=("Zielgruppe", "Beiträge"),
        ),
    )


def _follower_chart(weeks: list[dict[str, Any]]) -> LineChart:
    days = [dt.date.fromisoformat(week["from"]) for week in weeks]
    firsts = [n for n, day in enumerate(days) if n == 0 or day.month != days[n - 1].month]
    # A label needs its room: the first month gives way when the second begins soon after it.
    named = [n for place, n in enumerate(firsts) if place + 1 == len(firsts) or firsts[place + 1] - n > 1]
    return charts.line_chart(
        "follower",
        "Follower:innen, letzter Stand jeder Woche",
        [(f"{day:%d.%m.%Y}", week["value"]) for day, week in zip(days, weeks, strict=True)],
        moments=[(n, MONTHS[days[n].month - 1][:3]) for n in named],
        head=("Woche ab", "Follower:innen"),
        unit="Konten",
    )


def _against(now: int, then: int | None) -> str:
    return "kein Halbjahr davor" if then is None else f"davor {wording.german(then)}"


def _signed(value: int | None) -> str:
    """+12, −3, 0; in words where a side is missing."""
    if value is None:
        return NO_COMPARISON
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + wording.german(abs(value))


def _day_and_month(day: dt.date) -> str:
    return f"{day.day}. {MONTHS[day.month - 1]}"


def _period(days: dict[str, str]) -> Period:
    return Period(dt.date.fromisoformat(days["start"]), dt.date.fromisoformat(days["end"]))
