"""The Redaktionsplan as files: for a calendar and for a spreadsheet, narrowed by the same filters (K-38)."""

import csv
import datetime as dt
import io
from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from icalendar import Calendar, Event

from .. import plan, reading
from ..actions import calendar_keys
from ..clock import BERLIN, berlin_day
from ..enums import DeliveryState, PostState, Role
from ..forms.plan import ExportRange, PlanFilter
from ..roles import StaffRequest, everyone, roles
from ..templatetags.kern import state_label

READERS = (Role.PROE, Role.GF, Role.FACH)
MONTHS_AHEAD, DAYS_BACK = 6, 31
BAD_REQUEST = 400

HEADER = ("Datum", "Uhrzeit", "Kanal", "Thema", "Zielgruppen", "Rolle", "Status", "Text")
BOM = "\ufeff"  # tells Excel that the file is UTF-8
# A cell that begins with one of these is a formula to a spreadsheet; some trim spaces before they look.
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n|%")
# RFC 5545 knows three states of an event; our own word stands in the summary.
FIRM = {PostState.APPROVED, DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.PUBLISHED}
OFF = {PostState.WITHDRAWN, DeliveryState.CANCELLED, DeliveryState.MISSED, DeliveryState.BLOCKED, DeliveryState.DELETED}
EVENT_LENGTH = dt.timedelta(minutes=15)
SUMMARY_CHARS = 80


class BadRange(ValueError):
    """The days asked for make no period; the text says why, in German."""


@require_GET
@roles(*READERS)
def plan_ics(request: StaffRequest) -> HttpResponse:
    try:
        found = _chosen(request)
    except BadRange as error:
        return HttpResponse(str(error), status=BAD_REQUEST, content_type="text/plain; charset=utf-8")
    at = timezone.now()
    return _calendar([event(entry, at=at) for entry in found])


@require_GET
@everyone
def plan_subscription(request: HttpRequest, key: str) -> HttpResponse:
    """What a calendar fetches by itself: moment, first words and state, nothing else. The key stands for a log-in."""
    reader = calendar_keys.reader(key)
    if reader is None:
        raise Http404
    at = timezone.now()
    today = berlin_day(at)
    span = (today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=31 * MONTHS_AHEAD))
    found = plan.entries(*span, plan.Choice(readable=reading.readable_by(reader)))
    return _calendar([bare_event(entry, at=at) for entry in found if entry.fits])


def _calendar(events: list[Event]) -> HttpResponse:
    calendar = Calendar()
    calendar.add("prodid", "-//Jobcenter Bremen//Redaktionsplan//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Redaktionsplan Jobcenter Bremen")
    for one in events:
        calendar.add_component(one)
    return _file(calendar.to_ical(), "text/calendar; charset=utf-8", "redaktionsplan.ics")


@require_GET
@roles(*READERS)
def plan_csv(request: StaffRequest) -> HttpResponse:
    try:
        found = _chosen(request)
    except BadRange as error:
        return HttpResponse(str(error), status=BAD_REQUEST, content_type="text/plain; charset=utf-8")
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([harmless(cell) for cell in cells(entry)] for entry in found)
    return _file((BOM + sheet.getvalue()).encode(), "text/csv; charset=utf-8", "redaktionsplan.csv")


def _chosen(request: StaffRequest) -> list[plan.Entry]:
    """The entries the address asks for. Raises BadRange."""
    known = plan.words()
    first = berlin_day(timezone.now()).replace(day=1)
    wanted = ExportRange(request.GET, (first, first + dt.timedelta(days=31 * MONTHS_AHEAD)))
    if not wanted.is_valid():
        raise BadRange(wanted.first_error())
    choice = replace(PlanFilter(request.GET, known).choice(), readable=reading.readable_by(request.user))
    found = [entry for entry in plan.entries(*wanted.half_open(), choice, whole_text=True) if entry.fits]
    leading = plan.target().channel
    detailed = plan.with_details(found, known)
    return [replace(entry, channel=entry.channel or leading) for entry in detailed]


def event(entry: plan.Entry, *, at: dt.datetime) -> Event:
    address = settings.PUBLIC_BASE_URL + reverse("editorial:post", args=[entry.pk])
    made = bare_event(entry, at=at)
    word = state_label(entry.state)
    lines = (entry.text, f"Status: {word}", f"Kanal: {entry.channel}", f"Thema: {entry.topic}", f"Rolle: {entry.role}")
    made.add("description", "\n".join((*lines, f"Zielgruppen: {', '.join(entry.audiences)}", address)))
    if entry.topic:
        made.add("categories", [entry.topic])
    made.add("url", address)
    return made


def bare_event(entry: plan.Entry, *, at: dt.datetime) -> Event:
    made = Event()
    made.add("uid", f"beitrag-{entry.pk}@{settings.PUBLIC_HOST}")
    made.add("dtstamp", at.astimezone(dt.UTC))
    made.add("dtstart", entry.at.astimezone(dt.UTC))
    made.add("duration", EVENT_LENGTH)
    made.add("summary", f"{state_label(entry.state)}: {entry.headline[:SUMMARY_CHARS]}")
    made.add("status", "CONFIRMED" if entry.state in FIRM else "CANCELLED" if entry.state in OFF else "TENTATIVE")
    made.add("transp", "TRANSPARENT")
    return made


def cells(entry: plan.Entry) -> tuple[str, ...]:
    wall = entry.at.astimezone(BERLIN)
    return (
        f"{wall:%d.%m.%Y}",
        f"{wall:%H:%M}",
        entry.channel,
        entry.topic,
        ", ".join(entry.audiences),
        entry.role,
        state_label(entry.state),
        entry.text,
    )


def harmless(cell: str) -> str:
    """The cell as text: a leading apostrophe where a spreadsheet would otherwise calculate it."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA_STARTS) else cell


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
