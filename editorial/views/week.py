"""The calendar week on the start page, and the days that count most: today and the next working day."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from .. import needs, plan, reading
from ..clock import start_of_day
from ..enums import DeliveryState, PostState, Role
from ..forms.plan import FIRST_YEAR, LAST_YEAR, DayField
from ..roles import StaffRequest
from ..templatetags.kern import berlin_day
from . import presenting
from .plan_cells import Desk

WORKING_DAYS_AHEAD = 10  # K-38
MOST_IN_DAY, CHARS_SHOWN = 5, 70
WEEK, DAY = dt.timedelta(days=7), dt.timedelta(days=1)
WRITERS = (Role.PROE, Role.GF)

# What has to happen to an entry so that it goes out, and whether it will without anybody.
TO_DO: dict[str, str] = {
    PostState.IDEA: "Noch eine Idee. Schreiben Sie den Text.",
    PostState.DRAFT: "Noch nicht zur Freigabe gegeben.",
    PostState.IN_REVIEW: "Wartet auf die Geschäftsführung.",
    PostState.APPROVED: "Freigegeben, aber noch nicht eingeplant.",
    PostState.WITHDRAWN: "Zurückgezogen.",
    DeliveryState.SCHEDULED: "Geht zum Termin von selbst hinaus.",
    DeliveryState.SENDING: "Wird gerade gesendet.",
    DeliveryState.PUBLISHED: "Ist erschienen.",
    DeliveryState.CANCELLED: "Angehalten.",
    DeliveryState.TAKEDOWN_DUE: "Wird vom Kanal gelöscht.",
    DeliveryState.DELETED: "Ist vom Kanal gelöscht.",
    **presenting.NEXT_STEPS,
}
ON_ITS_WAY = (DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.PUBLISHED)
LAPSED = "Der Termin ist vorbei, ohne dass jemand entschieden hat. Wählen Sie einen neuen."


def asked_for(request: StaffRequest, now: dt.datetime) -> dt.date:
    """The Monday of the week in the address, else of this one."""
    try:
        day = DayField(required=False).clean(request.GET.get("woche", "")) or now.date()
    except ValidationError as error:
        messages.warning(request, f"{error.messages[0]} Sie sehen diese Woche.")
        day = now.date()
    return plan.monday_of(day)


def days(now: dt.datetime, monday: dt.date, role: Role) -> dict[str, Any]:
    """This week, today, the next working day and the next ten of them are one look at the plan; another week is one
    more.
    """
    today, aim, read = now.date(), plan.target(), _read_by(role)
    ahead = plan.working_days_from(today, WORKING_DAYS_AHEAD)
    start, end = plan.monday_of(today), ahead[-1] + DAY
    known = {day.date: day for day in plan.days(start, end, plan.entries(start, end, read), aim, now=now)}
    next_day = known[ahead[1] if ahead[0] == today else ahead[0]]
    shown = [known[day] for day in plan.each_day(monday, monday + WEEK) if day in known]
    if len(shown) < 7:
        shown = _another_week(monday, aim, now, read)
    gaps = [known[day] for day in ahead if known[day].is_gap]
    return {
        **_near([known[today], next_day], now, role),
        **panel(shown, now, role),
        "gaps_ahead": len(gaps),
        "next_gap": plan.next_gap(gaps),
    }


def alone(now: dt.datetime, monday: dt.date, role: Role) -> dict[str, Any]:
    """Only the week, for a page that has all the rest."""
    return panel(_another_week(monday, plan.target(), now, _read_by(role)), now, role)


def _read_by(role: Role) -> plan.Choice:
    return plan.Choice(readable=reading.APPROVED_ONLY) if role == Role.FACH else plan.ALL


def _another_week(monday: dt.date, aim: plan.Target, now: dt.datetime, read: plan.Choice) -> list[plan.Day]:
    return plan.days(monday, monday + WEEK, plan.entries(monday, monday + WEEK, read), aim, now=now)


def panel(shown: list[plan.Day], now: dt.datetime, role: Role) -> dict[str, Any]:
    """What _week.html needs; ``shown`` are seven days from a Monday on."""
    monday, here = shown[0].date, reverse("editorial:overview")
    this_week, wanted = plan.monday_of(now.date()), [day for day in shown if day.wanted]
    desk = Desk(
        may_write=role in WRITERS,
        most_chars=CHARS_SHOWN,
        with_topic=False,
        with_move=False,
        more_address=f"{reverse('editorial:plan')}?ansicht=woche&datum=",
    )
    return {
        "cells": desk.cells([_cut(day) for day in shown]),
        "number": monday.isocalendar().week,
        "span": f"{monday:%d.%m.} bis {berlin_day(monday + WEEK - DAY)}",
        "is_this_week": monday == this_week,
        "days_wanted": len(wanted),
        "gaps": sum(day.is_gap for day in wanted),
        "steps": [
            (f"{here}?woche={day}", words, rel)
            for day, words, rel in (
                (monday - WEEK, _name(monday - WEEK), "prev"),
                (this_week, "Diese Woche", ""),
                (monday + WEEK, _name(monday + WEEK), "next"),
            )
            if FIRST_YEAR <= day.year <= LAST_YEAR
        ],
    }


def _name(monday: dt.date) -> str:
    return f"KW {monday.isocalendar().week}"


def _cut(day: plan.Day) -> plan.Day:
    """At most so many entries; the plan has the others."""
    kept = day.entries[:MOST_IN_DAY]
    return day if len(kept) == len(day.entries) else replace(day, entries=kept, more=len(day.entries) - len(kept))


def _near(near: list[plan.Day], now: dt.datetime, role: Role) -> dict[str, Any]:
    """Today and the next working day, with what each Beitrag still needs."""
    found = [entry for day in near for entry in day.entries]
    lacking: dict[int, list[str]] = {}
    if any(entry.state in needs.NOT_HANDED_IN for entry in found):
        lacking = needs.missing(start_of_day(near[0].date), start_of_day(near[1].date + DAY), now)
    last = near[1]
    return {
        "near": [(day, [(entry, *_to_do(entry, lacking, now)) for entry in day.entries]) for day in near],
        "next_day": last,
        "is_ready": sum(entry.state in ON_ITS_WAY for entry in last.entries) >= max(last.wanted, 1),
        "may_write": role in WRITERS,
        "new_url": reverse("editorial:post_new"),
    }


def _to_do(entry: plan.Entry, lacking: dict[int, list[str]], now: dt.datetime) -> tuple[str, str]:
    """What has to happen next, and what is missing until then."""
    missing = lacking.get(entry.pk, [])
    words = LAPSED if needs.is_lapsed(entry.state, entry.at, now) else TO_DO[entry.state]
    return words, f"Es fehlt noch: {', '.join(missing)}." if missing else ""
