"""Who holds access to the channel: seats, proposals, ends with proof, the half-yearly review (K-33 to K-36)."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..actions import accesses
from ..clock import berlin_day
from ..enums import AccessKind, ChannelStatus, Role
from ..forms.accesses import AccountCheckForm, EndForm, NewAccessForm, ProofForm, ReviewForm, SecondFactorForm
from ..models import Channel, ChannelAccess
from ..models.access import SEATS
from ..roles import StaffRequest, confirmed, roles
from .plan_exports import BOM, harmless

READERS = (Role.PROE, Role.GF, Role.DSB)
CONFLICT, UNPROCESSABLE = 409, 422
FORMER_PER_PAGE, REVIEWS_SHOWN = 50, 6


@require_GET
@roles(*READERS)
def access_list(request: StaffRequest) -> HttpResponse:
    return _list(request)


def _list(request: StaffRequest, form: ReviewForm | None = None, refused: str = "", status: int = 200) -> HttpResponse:
    channel, today = _channel(), berlin_day(timezone.now())
    held = list(_rows(channel).filter(ends_on=None))
    former = _rows(channel).exclude(ends_on=None).order_by("-ends_on", "-pk")
    granted = [row for row in held if row.granted_at]
    may_sign = request.user.role == Role.GF and bool(granted)
    due_on = accesses.review_due_on(channel)
    context = {
        "channel": channel,
        "seats": [_seat(role, number, held, today) for role, count in SEATS.items() for number in range(1, count + 1)],
        "page": Paginator(former, FORMER_PER_PAGE).get_page(request.GET.get("seite")),
        "reviews": channel.access_reviews.select_related("done_by")[:REVIEWS_SHOWN],
        "due_on": due_on,
        "is_overdue": due_on is not None and due_on < today,
        "may_propose": request.user.role in (Role.PROE, Role.GF),
        "form": (form or ReviewForm(accesses=granted)) if may_sign else None,
        "refused": refused,
    }
    return render(request, "editorial/accesses/list.html", context, status=status)


def _seat(role: Role, number: int, held: list[ChannelAccess], today: dt.date) -> dict[str, Any]:
    row = next((one for one in held if (one.role, one.seat) == (role.value, number)), None)
    return {"name": f"{role.label} {number}", "row": row, "state": _state(row, today) if row else ("Frei", "info")}


def _state(row: ChannelAccess, today: dt.date) -> tuple[str, str]:
    """In a word and a tone."""
    if row.ends_on:
        return ("Beendet", "info") if row.removed_on or not row.granted_at else ("Nachweis fehlt", "warning")
    if not row.granted_at:
        return "Vorgeschlagen", "info"
    until = row.check_holds_until()
    if row.role == Role.GF and (until is None or until <= today):
        return "Konto neu prüfen", "warning"
    return "Gilt", "success"


@require_GET
@roles(*READERS)
def access_csv(request: StaffRequest) -> HttpResponse:
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";")
    heads = ("Platz", "Person", "Art", "Grundlage", "Zweiter Faktor", "Eigenes Konto", "Geprüft am", "Erteilt von")
    sheet.writerow([*heads, "Ab", "Bis", "Beendet von", "Grund des Endes", "Auf der Plattform entzogen am", "Nachweis"])
    for row in _rows(_channel()):
        facts = dict(_facts(row))
        words = [facts.get(name, "") for name in ("Art", "Grundlage", "Zweiter Faktor")]
        words += [row.own_handle, _day(row.handle_checked_on), facts.get("Erteilt von", "")]
        words += [_day(row.starts_on), _day(row.ends_on), facts.get("Beendet von", ""), row.end_reason]
        words += [_day(row.removed_on), row.removal_proof]
        sheet.writerow([harmless(word) for word in (row.place, row.user.display_name, *words)])
    answer = HttpResponse(BOM + written.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="zugangsregister.csv"'
    return answer


@require_http_methods(["GET", "POST"])
@roles(Role.PROE, Role.GF)
@confirmed
def access_new(request: StaffRequest) -> HttpResponse:
    form = NewAccessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data | {"kind": AccessKind(form.cleaned_data["kind"])}
        try:
            access = accesses.propose(_channel(), by=request.user, **asked)
        except accesses.Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, "Vorgeschlagen. Die Geschäftsführung entscheidet darüber.")
            return redirect("editorial:access", access.pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "editorial/accesses/new.html", {"form": form}, status=status)


@require_POST
@roles(Role.GF)
@confirmed
def access_review(request: StaffRequest) -> HttpResponse:
    channel = _channel()
    granted = [row for row in _rows(channel) if row.ends_on is None and row.granted_at]
    form = ReviewForm(request.POST, accesses=granted)
    if not form.is_valid():
        return _list(request, form, status=UNPROCESSABLE)
    try:
        accesses.sign_review(channel, form.cleaned_data["note"], seen=form.seen, by=request.user)
    except accesses.Refused as refusal:
        return _list(request, form, str(refusal), status=CONFLICT)
    messages.success(request, "Die Prüfung ist unterschrieben.")
    return redirect("editorial:accesses")


@require_GET
@roles(*READERS)
def access_page(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@dataclass(frozen=True)
class Step:
    """``is_open`` says of which accesses it may be taken, ``confirm`` what will happen where harm is possible."""

    slug: str
    label: str
    about: str
    roles: tuple[Role, ...]
    is_open: Callable[[ChannelAccess], bool]
    take: Callable[[StaffRequest, ChannelAccess, dict[str, Any]], None]
    done: str
    form: type[Form] | None = None
    confirm: str = ""
    danger: bool = False


@require_POST
@roles(Role.PROE, Role.GF)
@confirmed
def access_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    access, chosen = get_object_or_404(ChannelAccess, pk=pk), STEPS[step]
    if request.user.role not in chosen.roles:
        raise PermissionDenied
    form = chosen.form(request.POST) if chosen.form else None
    if form is not None and not form.is_valid():
        return _page(request, pk, wrong={step: form}, status=UNPROCESSABLE)
    try:
        chosen.take(request, access, form.cleaned_data if form else {})
    except accesses.Refused as refusal:
        if form is not None and refusal.field:
            form.add_error(refusal.field, str(refusal))
            return _page(request, pk, wrong={step: form}, status=UNPROCESSABLE)
        return _page(request, pk, wrong={step: form} if form else {}, refused=str(refusal), status=CONFLICT)
    messages.success(request, chosen.done)
    return redirect("editorial:access", pk)


def _grant(request: StaffRequest, access: ChannelAccess, asked: dict[str, Any]) -> None:
    accesses.grant(access, by=request.user)


def _end(request: StaffRequest, access: ChannelAccess, asked: dict[str, Any]) -> None:
    accesses.end(access, asked["reason"], by=request.user)


def _prove(request: StaffRequest, access: ChannelAccess, asked: dict[str, Any]) -> None:
    accesses.prove_removal(access, asked["removed_on"], asked["proof"], by=request.user)


def _factor(request: StaffRequest, access: ChannelAccess, asked: dict[str, Any]) -> None:
    accesses.note_second_factor(access, asked["is_on"], by=request.user)


def _check(request: StaffRequest, access: ChannelAccess, asked: dict[str, Any]) -> None:
    accesses.check_account(access, asked["own_handle"], by=request.user)


STEPS = {
    one.slug: one
    for one in (
        Step(
            "erteilen",
            "Zugang erteilen",
            "Ab jetzt hat die Person Zugang. Den eigenen Zugang erteilt immer jemand anderes.",
            (Role.GF,),
            lambda row: row.ends_on is None and row.granted_at is None,
            _grant,
            "Der Zugang ist erteilt.",
            confirm="Die Person darf danach im Namen des Jobcenters auf den Kanal zugreifen.",
        ),
        Step(
            "konto-pruefen",
            "Eigenes Konto prüfen",
            "Sehen Sie nach, ob das Konto der Person gehört. Die Prüfung gilt sechs Monate.",
            (Role.PROE, Role.GF),
            lambda row: row.role == Role.GF and row.ends_on is None,
            _check,
            "Die Prüfung ist eingetragen.",
            form=AccountCheckForm,
        ),
        Step(
            "zweiter-faktor",
            "Zweiten Faktor eintragen",
            "Ist er auf der Plattform ein- oder ausgeschaltet worden, steht es danach auch hier.",
            (Role.PROE, Role.GF),
            lambda row: row.ends_on is None,
            _factor,
            "Der zweite Faktor ist eingetragen.",
            form=SecondFactorForm,
        ),
        Step(
            "beenden",
            "Zugang beenden",
            "Wer ausscheidet oder die Aufgabe wechselt, verliert den Zugang am selben Tag.",
            (Role.PROE, Role.GF),
            lambda row: row.ends_on is None,
            _end,
            "Der Zugang ist beendet.",
            form=EndForm,
            confirm="Die Person kann danach nicht mehr selbst senden. Auf der Plattform entziehen Sie den Zugang bitte "
            "ebenfalls und weisen es hier nach.",
            danger=True,
        ),
        Step(
            "nachweisen",
            "Entzug nachweisen",
            "Der Zugang ist auch auf der Plattform entfernt.",
            (Role.PROE, Role.GF),
            lambda row: bool(row.ends_on and row.granted_at and not row.removed_on),
            _prove,
            "Der Nachweis ist eingetragen.",
            form=ProofForm,
        ),
    )
}


def _page(
    request: StaffRequest,
    pk: int,
    *,
    wrong: dict[str, Any] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    access = get_object_or_404(_rows(_channel()), pk=pk)
    is_own = access.user_id == request.user.pk
    possible = [one for one in STEPS.values() if request.user.role in one.roles and one.is_open(access)]
    # Nobody decides about the own access; giving it up is everybody's right.
    possible = [one for one in possible if not is_own or one.slug == "beenden"]
    state, tone = _state(access, berlin_day(timezone.now()))
    context = {
        "access": access,
        "state": state,
        "tone": tone,
        "facts": _facts(access),
        "steps": [_offered(one, access, wrong or {}) for one in possible],
        "refused": refused,
    }
    return render(request, "editorial/accesses/access.html", context, status=status)


def _offered(step: Step, access: ChannelAccess, wrong: dict[str, Any]) -> dict[str, Any]:
    form = wrong.get(step.slug)
    if form is None and step.form is not None:
        first = {"own_handle": access.own_handle} if step.form is AccountCheckForm else None
        form = step.form(initial=first)
    if form is not None:
        form.auto_id = f"id_{step.slug}_%s"
    return {"step": step, "form": form}


def _facts(row: ChannelAccess) -> list[tuple[str, str]]:
    """What the register says, gaps left out."""
    said = [
        ("Person", row.user.display_name),
        ("Art", row.get_kind_display()),
        ("Grundlage", row.basis),
        ("Zweiter Faktor", "ja" if row.has_second_factor else "nein"),
        ("Eigenes Konto", f"@{row.own_handle}" if row.own_handle else ""),
        ("Konto geprüft am", _day(row.handle_checked_on)),
        ("Vorgeschlagen von", row.proposed_by.display_name if row.proposed_by else ""),
        ("Erteilt von", row.granted_by.display_name if row.granted_by else ""),
        ("Ab", _day(row.starts_on) if row.granted_at else ""),
        ("Beendet am", _day(row.ends_on)),
        ("Beendet von", row.ended_by.display_name if row.ended_by else ""),
        ("Grund des Endes", row.end_reason),
        ("Auf der Plattform entzogen am", _day(row.removed_on)),
        ("Nachweis", row.removal_proof),
    ]
    return [(label, words) for label, words in said if words]


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _channel() -> Channel:
    """The leading one."""
    found = Channel.objects.filter(status=ChannelStatus.ACTIVE).order_by("pk").first()
    if found is None:
        raise Http404
    return found


def _rows(channel: Channel) -> Any:
    people = ("user", "proposed_by", "granted_by", "ended_by")
    return ChannelAccess.objects.filter(channel=channel).select_related(*people)
