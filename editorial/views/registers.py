"""The plain registers: one list, one page and one file each, all by the same few views."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import reading
from ..actions import observing, registers
from ..clock import berlin_day
from ..enums import Role
from ..models import Post
from ..roles import StaffRequest, View, roles
from . import accesses
from .plan_exports import BOM, harmless
from .register_table import APPOINTMENTS, EVERY_EDITOR, OBSERVATIONS, REGISTERS, Register

ROWS_PER_PAGE = 30
POSTS_SHOWN = 10
CONFLICT, UNPROCESSABLE = 409, 422
ARCHIVE = "archiv"
ACCESSES = "Wer auf den Kanal zugreifen darf, mit Prüfung alle sechs Monate."


@require_GET
@roles(*EVERY_EDITOR)
def register_list(request: StaffRequest) -> HttpResponse:
    found = [one for one in REGISTERS if request.user.role in one.readers]
    shown = [{"title": one.title, "intro": one.intro, "url": reverse(one.address())} for one in found]
    if request.user.role in accesses.READERS:
        shown.append({"title": "Zugangsregister", "intro": ACCESSES, "url": reverse("editorial:accesses")})
    return render(request, "editorial/registers/overview.html", {"registers": shown})


def rows_page(request: StaffRequest, register: Register) -> HttpResponse:
    tab, words, rows = _chosen(request, register)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "register": register,
        "columns": [label for label, _ in register.columns],
        "rows": [(row, str(getattr(row, register.name_field)), _cells(register, row)) for row in page],
        "entry_address": register.address("entry"),
        "page": page,
        "tabs": _tabs(register, tab),
        "tab": tab,
        "words": words,
        "notice": register.notice(_today()) if register.notice else "",
        "breadcrumb": _way_here(),
        "new_url": reverse(register.address("new")) if request.user.role == Role.PROE else "",
        "csv_url": f"{reverse(register.address('csv'))}?{request.GET.urlencode()}",
    }
    return render(request, "editorial/registers/list.html", context)


def rows_csv(request: StaffRequest, register: Register) -> HttpResponse:
    _, _, rows = _chosen(request, register)
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";")
    sheet.writerow([register.one, *(label for label, _ in register.columns)])
    for row in rows:
        cells = [str(getattr(row, register.name_field)), *(cell for _, cell in _cells(register, row))]
        sheet.writerow([harmless(cell) for cell in cells])
    answer = HttpResponse(BOM + written.getvalue(), content_type="text/csv; charset=utf-8")
    name = register.path.rpartition("/")[2]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def row_new(request: StaffRequest, register: Register) -> HttpResponse:
    form = register.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        registers.enter(row, by=request.user)
        messages.success(request, "Eingetragen.")
        return redirect(register.address("entry"), row.pk)
    context = {"register": register, "form": form, "breadcrumb": _way_here(register)}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "editorial/registers/new.html", context, status=status)


def row_page(request: StaffRequest, register: Register, pk: int) -> HttpResponse:
    row = get_object_or_404(register.rows(_today()), pk=pk)
    may_write = request.user.role == Role.PROE
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = register.form(request.POST if request.method == "POST" else None, instance=row) if may_write else None
    status = 200
    if form is not None and request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                changed = form.changed_fields
                registers.change(form.save(commit=False), changed, seen=form.cleaned_data["seen"], by=request.user)
            except registers.Overtaken:
                status = CONFLICT
                form.add_error(None, "Jemand hat diesen Eintrag inzwischen geändert. Bitte laden Sie die Seite neu.")
            else:
                messages.success(request, "Gespeichert.")
                return redirect(register.address("entry"), row.pk)
    return render(request, "editorial/registers/entry.html", _entry(request, register, row, form), status=status)


def row_archive(request: StaffRequest, register: Register, pk: int) -> HttpResponse:
    row = get_object_or_404(register.rows(_today()), pk=pk)
    if "zurueck" in request.POST:
        registers.bring_back(row, by=request.user)
        messages.success(request, "Der Eintrag ist wieder da.")
    else:
        registers.archive(row, by=request.user)
        messages.success(request, "Der Eintrag ist archiviert.")
    return redirect(register.address("entry"), pk)


@require_POST
@roles(Role.GF)
def appointment_release(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(APPOINTMENTS.rows(_today()), pk=pk)
    take_back = "zurueck" in request.POST
    step = registers.take_release_back if take_back else registers.release
    try:
        step(row, by=request.user)
    except registers.NotConcerned as refusal:
        raise PermissionDenied from refusal
    messages.success(request, "Die Freigabe ist zurückgenommen." if take_back else "Der Termin ist freigegeben.")
    return redirect(APPOINTMENTS.address("entry"), pk)


@require_POST
@roles(Role.PROE)
def observation_take_up(request: StaffRequest, pk: int) -> HttpResponse:
    idea = observing.take_up(get_object_or_404(OBSERVATIONS.rows(_today()), pk=pk), by=request.user)
    messages.success(request, "Die Idee ist angelegt. Sie können daran weiterschreiben.")
    return redirect("editorial:post", idea.pk)


def addresses() -> Iterator[URLPattern]:
    """Each register's own addresses, each open to its own readers."""
    yield path("redaktion/register/", register_list, name="registers")
    where = f"redaktion/{APPOINTMENTS.path}/<int:pk>/freigabe/"
    yield path(where, appointment_release, name="appointment_release")
    where = f"redaktion/{OBSERVATIONS.path}/<int:pk>/idee/"
    yield path(where, observation_take_up, name="observation_take_up")
    for register in REGISTERS:
        read, write = roles(*register.readers), roles(Role.PROE)
        where, given = f"redaktion/{register.path}/", {"register": register}
        views: tuple[tuple[str, View, str], ...] = (
            ("", require_GET(read(rows_page)), ""),
            ("liste.csv", require_GET(read(rows_csv)), "csv"),
            ("neu/", require_http_methods(["GET", "POST"])(write(row_new)), "new"),
            ("<int:pk>/", require_http_methods(["GET", "POST"])(read(row_page)), "entry"),
            ("<int:pk>/archiv/", require_POST(write(row_archive)), "archive"),
        )
        for tail, view, what in views:
            yield path(where + tail, view, given, name=register.address(what).removeprefix("editorial:"))


def _today() -> dt.date:
    return berlin_day(timezone.now())


def _chosen(request: StaffRequest, register: Register) -> tuple[str, str, QuerySet[Any]]:
    """The tab and the words of the address, and the rows they leave."""
    today = _today()
    cuts = {name: cut for name, _, cut in register.tabs}
    tab = request.GET.get("liste", "")
    tab = tab if tab in cuts or tab == ARCHIVE else ""
    words = request.GET.get("q", "").strip()[:100]
    rows = register.rows(today).filter(archived_at__isnull=tab != ARCHIVE)
    if tab in cuts:
        rows = cuts[tab](rows, today)
    return tab, words, rows.filter(**{f"{register.name_field}__icontains": words}) if words else rows


def _cells(register: Register, row: Any) -> list[tuple[str, str]]:
    return [(label, show(row)) for label, show in register.columns]


def _tabs(register: Register, current: str) -> list[dict[str, Any]]:
    names = [("", "Aktuell"), *((name, label) for name, label, _ in register.tabs), (ARCHIVE, "Archiv")]
    here = reverse(register.address())
    return [
        {"label": label, "url": here + (f"?liste={name}" if name else ""), "current": name == current}
        for name, label in names
    ]


def _way_here(register: Register | None = None) -> list[dict[str, str]]:
    way = [{"label": "Register", "url": reverse("editorial:registers")}]
    return [*way, {"label": register.title, "url": reverse(register.address())}] if register else way


def _posts(request: StaffRequest, register: Register, row: Any) -> QuerySet[Post]:
    if not register.posts_by:
        return Post.objects.none()
    mine = Post.objects.filter(reading.readable_by(request.user), **{register.posts_by: row.pk})
    return mine.only("pk", "text")[:POSTS_SHOWN]


def _entry(request: StaffRequest, register: Register, row: Any, form: Any) -> dict[str, Any]:
    return {
        "register": register,
        "row": row,
        "name": str(getattr(row, register.name_field)),
        "form": form,
        "facts": [(label, value) for label, value in _cells(register, row)],
        "posts": _posts(request, register, row),
        "can_be_spoken_of": register.posts_by == "entry" and row.archived_at is None and form is not None,
        "archive_url": reverse(register.address("archive"), args=[row.pk]) if form is not None else "",
        "breadcrumb": _way_here(register),
    }
