"""The Redaktionsplan on the screen: month, week and list over the same window, filters and gaps."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from .. import plan, plan_layers, reading
from ..clock import BERLIN
from ..enums import DeliveryState, PostState, Role
from ..forms.plan import DayField, PlanFilter
from ..roles import StaffRequest, roles
from ..templatetags.kern import berlin_day, month
from . import presenting
from .plan_cells import Card, Cell, Desk

READERS = (Role.PROE, Role.GF, Role.FACH)
EDITORS = (Role.PROE, Role.GF)
STYLES = {"monat": "Monat", "woche": "Woche", "liste": "Liste"}
# So many entries of a day are to be seen; the others stand one view further on.
MOST_IN_MONTH, MOST_IN_WEEK = 3, 10
NEXT_STYLE = {"monat": "woche", "woche": "liste"}
CHARS_SHOWN = {"monat": 50, "woche": 120, "liste": 110}
ENTRIES_PER_PAGE = 30
CASES_SHOWN = 3
IDEAS_SHOWN, COLLISIONS_SHOWN = 5, 20
SHOWN_STATES = (*PostState, *DeliveryState)


@dataclass(frozen=True)
class Asked:
    """What the address asks for, after everything unusable was replaced."""

    style: str
    day: dt.date
    now: dt.datetime
    form: PlanFilter
    page: str
    readable: Q

    @property
    def today(self) -> dt.date:
        return self.now.date()

    @cached_property
    def filters(self) -> dict[str, str]:
        return {name: value for name, (value, _) in self.form.chosen().items()}

    @cached_property
    def choice(self) -> plan.Choice:
        return replace(self.form.choice(), readable=self.readable)

    def address(self, *, style: str = "", day: dt.date | None = None, without: str = "") -> str:
        kept = {name: value for name, value in self.filters.items() if name != without}
        where = {"ansicht": style or self.style, "datum": (day or self.day).isoformat()}
        return f"{reverse('editorial:plan')}?{urlencode(where | kept)}"

    def address_before_day(self, style: str) -> str:
        """An address to which only the day has to be added, for pages with many of them."""
        return f"{reverse('editorial:plan')}?{urlencode({'ansicht': style} | self.filters)}&datum="


@require_GET
@roles(*READERS)
def plan_page(request: StaffRequest) -> HttpResponse:
    known, aim = plan.words(), plan.target()
    asked = _asked(request, known)
    may_write = request.user.role in EDITORS
    desk = Desk(
        may_write,
        most_chars=CHARS_SHOWN[asked.style],
        with_topic=asked.style != "monat",
        more_address=asked.address_before_day(NEXT_STYLE.get(asked.style, "")),
    )
    shown = {"monat": _month, "woche": _week, "liste": _list}[asked.style](asked, aim, known, desk)
    cases = plan.cases(CASES_SHOWN + 1) if may_write else []
    context = {
        **shown,
        **_around(asked, known, shown["result"]),
        "template": f"editorial/plan/_{asked.style}.html",
        "style": asked.style,
        "channel": aim.channel,
        "may_write": may_write,
        "cases": [(case, presenting.NEXT_STEPS[case.state]) for case in cases[:CASES_SHOWN]],
        "more_cases": len(cases) > CASES_SHOWN,
        "legend": _legend(),
        "ideas": plan.ideas(IDEAS_SHOWN) if may_write else [],
    }
    return render(request, "editorial/plan/plan.html", context)


@cache
def _legend() -> SafeString:
    """The same on every page, so written once."""
    return render_to_string("editorial/plan/_legend.html", {"states": SHOWN_STATES})


def _asked(request: StaffRequest, known: plan.Words) -> Asked:
    now = timezone.now().astimezone(BERLIN)
    style, day = request.GET.get("ansicht", "monat"), now.date()
    if style not in STYLES:
        messages.warning(request, "Diese Ansicht gibt es nicht. Sie sehen den Monat.")
        style = "monat"
    try:
        day = DayField(required=False).clean(request.GET.get("datum", "")) or day
    except ValidationError as error:
        messages.warning(request, f"{error.messages[0]} Sie sehen den Plan von heute.")
    form = PlanFilter(request.GET, known)
    if unknown := form.unknown():
        messages.warning(request, f"Diesen Filter gibt es nicht mehr, er wirkt nicht: {', '.join(unknown)}.")
    return Asked(style, day, now, form, request.GET.get("seite", ""), reading.readable_by(request.user))


def _around(asked: Asked, known: plan.Words, result: str) -> dict[str, Any]:
    """What surrounds every view: tabs, filters, the way to today."""
    reset = f"{reverse('editorial:plan')}?{urlencode({'ansicht': asked.style, 'datum': asked.day.isoformat()})}"
    chips = tuple((label, asked.address(without=name)) for name, (_, label) in asked.form.chosen().items())
    keep = (("ansicht", asked.style), ("datum", asked.day.isoformat()))
    return {
        "tabs": [
            {"label": label, "url": asked.address(style=style), "current": style == asked.style}
            for style, label in STYLES.items()
        ],
        "today_url": asked.address(day=asked.today),
        "is_filtered": bool(chips),
        "reset_url": reset,
        "filter_bar": _filter_bar(tuple(asked.filters.items()), known, chips, keep, reset, result),
    }


@lru_cache(maxsize=128)
def _filter_bar(
    filters: tuple[tuple[str, str], ...],
    known: plan.Words,
    chips: tuple[tuple[str, str], ...],
    keep: tuple[tuple[str, str], ...],
    reset_url: str,
    result: str,
) -> SafeString:
    """The bar as HTML. It follows from its arguments alone and is a tenth of the page's time: hence remembered."""
    context = {
        "form": PlanFilter(dict(filters), known),
        "chips": [{"label": label, "url": url} for label, url in chips],
        "keep": keep,
        "reset_url": reset_url,
        "result": result,
    }
    return render_to_string("partials/_filter_bar.html", context)


def _month(asked: Asked, aim: plan.Target, known: plan.Words, desk: Desk) -> dict[str, Any]:
    first, end = plan.month_of(asked.day)
    start, finish = plan.monday_of(first), plan.monday_of(end - dt.timedelta(days=1)) + dt.timedelta(days=7)
    found = plan.entries(start, finish, asked.choice)
    days = plan.days(start, finish, found, aim, now=asked.now, most=MOST_IN_MONTH)
    here = [day for day in days if first <= day.date < end]
    before = first - dt.timedelta(days=1)
    cells = desk.cells(days, month=first.month, layers=plan_layers.read(start, finish, known))
    return {
        "weeks": [_row_of(asked, cells[place : place + 7]) for place in range(0, len(cells), 7)],
        "title": month(first),
        **_steps(asked, (before.replace(day=1), month(before)), (end, month(end))),
        **_sums(asked, aim, here, [entry for entry in found if first <= entry.day < end]),
    }


def _row_of(asked: Asked, cells: list[Cell]) -> tuple[int, str, list[Cell]]:
    """A week of the month: its ISO number, its own page, its days."""
    monday = cells[0].day.date
    return monday.isocalendar().week, asked.address(style="woche", day=monday), cells


def _week(asked: Asked, aim: plan.Target, known: plan.Words, desk: Desk) -> dict[str, Any]:
    start = plan.monday_of(asked.day)
    end = start + dt.timedelta(days=7)
    found = plan.entries(start, end, asked.choice)
    days = plan.days(start, end, found, aim, now=asked.now, most=MOST_IN_WEEK)
    before = start - dt.timedelta(days=7)
    return {
        "cells": desk.cells(days, layers=plan_layers.read(start, end, known)),
        "title": f"KW {start.isocalendar().week}: {start:%d.%m.} bis {berlin_day(end - dt.timedelta(days=1))}",
        **_steps(asked, (before, _week_name(before)), (end, _week_name(end))),
        **_sums(asked, aim, days, found),
    }


def _week_name(monday: dt.date) -> str:
    return f"KW {monday.isocalendar().week}"


def _list(asked: Asked, aim: plan.Target, known: plan.Words, desk: Desk) -> dict[str, Any]:
    first, end = plan.month_of(asked.day)
    found = plan.entries(first, end, asked.choice)
    seen = [entry for entry in found if entry.fits]
    page = _page_with(seen, asked)
    days = plan.days(first, end, found, aim, now=asked.now)
    before = first - dt.timedelta(days=1)
    return {
        "page": page,
        "without_moment": plan.without_moment() if desk.may_write else 0,
        "rows": _rows(page, days, plan.with_details(list(page), known), desk, plan_layers.read(first, end, known)),
        "title": month(first),
        **_steps(asked, (before.replace(day=1), month(before)), (end, month(end))),
        **_sums(asked, aim, days, found),
    }


def _page_with(seen: list[plan.Entry], asked: Asked) -> Page[plan.Entry]:
    """The page asked for by number, else the one on which the day asked for begins."""
    pages = Paginator(seen, ENTRIES_PER_PAGE)
    if asked.page:
        return pages.get_page(asked.page)
    earlier = sum(entry.day < asked.day for entry in seen)
    return pages.get_page(min(earlier, max(len(seen) - 1, 0)) // ENTRIES_PER_PAGE + 1)


def _rows(
    page: Page[plan.Entry], days: list[plan.Day], detailed: list[plan.Entry], desk: Desk, layers: plan_layers.Layers
) -> list[tuple[Cell, list[tuple[plan.Entry, Card]]]]:
    """The days of this page with their entries; empty working days stand between them, where they belong."""
    on: dict[dt.date, list[plan.Entry]] = {}
    for entry in detailed:
        on.setdefault(entry.day, []).append(entry)
    first = detailed[0].day if page.has_previous() else days[0].date
    last = detailed[-1].day if page.has_next() else days[-1].date
    seen = [day for day in days if day.date in on or (day.is_gap and not day.entries and first <= day.date <= last)]
    return [
        (cell, list(zip(on.get(cell.day.date, []), desk.cards(on.get(cell.day.date, [])), strict=True)))
        for cell in desk.cells(seen, layers=layers)
    ]


def _steps(asked: Asked, before: tuple[dt.date, str], after: tuple[dt.date, str]) -> dict[str, Any]:
    return {
        "before": {"url": asked.address(day=before[0]), "label": before[1]},
        "after": {"url": asked.address(day=after[0]), "label": after[1]},
    }


def _result(asked: Asked, found: list[plan.Entry]) -> str:
    fitting = sum(entry.fits for entry in found)
    if not asked.filters:
        return ""
    return f"{fitting} Beiträge" if asked.readable else f"{fitting} von {len(found)} Beiträgen"


def _sums(asked: Asked, aim: plan.Target, days: list[plan.Day], found: list[plan.Entry]) -> dict[str, Any]:
    """Figures of the period on the screen, and the exports of just this period."""
    span = {"von": days[0].date.isoformat(), "bis": days[-1].date.isoformat(), **asked.filters}
    return {
        "days_wanted": sum(day.wanted > 0 for day in days),
        "jump_to_today": asked.style != "liste" and any(day.is_today for day in days),
        "per_day": max(aim.on(day.date) for day in days),
        "gaps": sum(day.is_gap for day in days),
        "gap": plan.next_gap(days),
        "collisions": [] if asked.readable else plan_layers.collisions(found, asked.now, COLLISIONS_SHOWN),
        "result": _result(asked, found),
        "ics_url": f"{reverse('editorial:plan_ics')}?{urlencode(span)}",
        "csv_url": f"{reverse('editorial:plan_csv')}?{urlencode(span)}",
    }
