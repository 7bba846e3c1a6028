"""Protokoll: who took which step when. The data protection officer reads all of it, PRÖ the own entries.

There is no figure about a person and no way to sort the record by person (consent-and-law.md 4): the Geschäftsführung,
who take personnel decisions, do not read it at all. Names are shown for twelve months, then only the pseudonym.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from .. import audit, record_words
from ..clock import BERLIN, database_now
from ..enums import Role
from ..forms.record import RecordForm
from ..models import AuditActor, AuditEntry, AuditHead
from ..roles import StaffRequest, roles
from .plan_exports import BOM, harmless

ROWS_PER_PAGE = 50
UNPROCESSABLE = 422
HEADS = ("Nummer", "Zeit", "Schritt", "Gegenstand", "Wer", "Von", "Nach", "Bemerkung", "Prüfsumme")


@require_GET
@roles(Role.DSB, Role.PROE)
def record_page(request: StaffRequest) -> HttpResponse:
    return _page(request)


def _page(request: StaffRequest) -> HttpResponse:
    form = RecordForm(request.GET or None)
    is_wrong = form.is_bound and not form.is_valid()
    found = _found(request, {} if is_wrong or not form.is_bound else form.cleaned_data)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "page": page,
        "rows": list(_rows(page.object_list)),
        "sees_all": request.user.role == Role.DSB,
        "head": AuditHead.objects.get(),
        "is_filtered": bool(request.GET.keys() - {"seite"}),
        "filters": request.GET.urlencode(),
    }
    return render(request, "editorial/record/list.html", context, status=UNPROCESSABLE if is_wrong else 200)


@require_POST
@roles(Role.DSB)
def record_csv(request: StaffRequest) -> HttpResponse | StreamingHttpResponse:
    """All that the filters leave, on record itself: whoever takes the record along leaves a trace in it."""
    form = RecordForm(request.GET)
    if not form.is_valid():
        return _page(request)
    found = _found(request, form.cleaned_data)
    last = AuditHead.objects.get().position
    with transaction.atomic():
        audit.record("export_record", subject_type="audit", subject_id=last, at=database_now(), by=request.user)
    lines = _lines(found.filter(position__lte=last))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="protokoll.csv"'
    return answer


def _lines(found: QuerySet[AuditEntry]) -> Iterator[str]:
    sheet: Any = csv.writer(_Echo(), delimiter=";")
    yield BOM + sheet.writerow(HEADS)
    for row in _rows(found.iterator(chunk_size=2000)):
        words = [row["position"], f"{row['at'].astimezone(BERLIN):%d.%m.%Y %H:%M:%S}", row["step"], row["subject"]]
        words += [row["who"], row["source"], row["target"], row["note"], row["hash"]]
        yield sheet.writerow([harmless(str(word)) for word in words])


class _Echo:
    """A file that gives each line back at once."""

    def write(self, line: str) -> str:
        return line


def _found(request: StaffRequest, asked: dict[str, Any]) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.order_by("-position")
    if request.user.role != Role.DSB:
        found = found.filter(actor=audit.pseudonym_of(request.user))
    if day := asked.get("since"):
        found = found.filter(at__gte=dt.datetime.combine(day, dt.time(), BERLIN))
    if day := asked.get("until"):
        found = found.filter(at__lt=dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BERLIN))
    for name, column in (("step", "step"), ("subject", "subject_type"), ("number", "subject_id")):
        if asked.get(name):
            found = found.filter(**{column: asked[name]})
    return found


def _rows(entries: Iterable[AuditEntry]) -> Iterator[dict[str, Any]]:
    names: dict[Any, str] = dict(AuditActor.objects.exclude(name="").values_list("pseudonym", "name"))
    shown_since = timezone.now() - audit.NAMES_SHOWN
    for entry in entries:
        name = names.get(entry.actor, "") if entry.at >= shown_since else ""
        who = name or (f"Kennung {str(entry.actor)[:8]}" if entry.actor else "Anwendung")
        subject = record_words.SUBJECTS.get(entry.subject_type, entry.subject_type)
        yield {
            "position": entry.position,
            "at": entry.at,
            "moment": entry.at.astimezone(BERLIN).isoformat(timespec="seconds"),
            "step": record_words.EVERY_STEP.get(entry.step, entry.step),
            "subject": f"{subject} {entry.subject_id}",
            "who": who,
            "source": entry.source,
            "target": entry.target,
            "note": entry.note,
            "hash": entry.hash,
        }
