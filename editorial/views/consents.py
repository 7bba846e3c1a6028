"""The register of consents (K-58): PRÖ keeps it, the Geschäftsführung and the Datenschutz see pseudonym and state."""

import base64
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import workflow
from ..actions import consents, scans
from ..actions.disclosing import PERSON_WORDS
from ..clock import berlin_day
from ..enums import HOLDING_STATES, ConsentPlace, ConsentState, ConsentUse, Role, WithdrawalWay
from ..forms.consents import (
    ConsentForm,
    ProofForm,
    RevokeForm,
    ScanForm,
    WhyForm,
)
from ..models import Consent, Removal, Scan, WithdrawalCase
from ..roles import StaffRequest, confirmed, roles
from ..rules import Objection, Situation, blocking
from ..steps import CONSENT_STEPS
from ..vault import VaultError
from ..workflow import StepRefused
from .typed import survives_log_in

ROWS_PER_PAGE = 30
POSTS_SHOWN = 50
CONFLICT, UNPROCESSABLE = 409, 422
READERS = (Role.PROE, Role.GF, Role.DSB)
STEP_OF_SLUG = {step.slug: name for name, step in CONSENT_STEPS.items() if step.slug}
OVER = (ConsentState.EXPIRED, ConsentState.REVOKED, ConsentState.ERASED)
FORM_KINDS = (("normal", "Formular (PDF)"), ("einfach", "Formular in Einfacher Sprache (PDF)"))
TABS: dict[str, tuple[str, tuple[ConsentState, ...]]] = {
    "": ("Gültig", HOLDING_STATES),
    "vorbereitung": ("In Vorbereitung", (ConsentState.PREPARED,)),
    "beendet": ("Beendet", OVER),
}


@require_GET
@roles(*READERS)
def consent_list(request: StaffRequest) -> HttpResponse:
    chosen = request.GET.get("stand", "")
    chosen = chosen if chosen in TABS else ""
    counts: Any = dict(Consent.objects.order_by().values_list("state").annotate(number=Count("pk")))
    rows: QuerySet[Consent] = Consent.objects.filter(state__in=TABS[chosen][1]).defer("sealed", "wrapped_key")
    rows = rows.annotate(used=Count("post")).order_by("valid_until", "pk")
    here = reverse("editorial:consents")
    context = {
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("seite")),
        "chosen": chosen,
        "may_write": request.user.role == Role.PROE,
        "form_kinds": FORM_KINDS,
        "removals": _open_removals(),
        "cases": _open_cases() if request.user.role == Role.PROE else [],
        "today": berlin_day(timezone.now()),
        "tabs": [
            {
                "label": label,
                "url": f"{here}?stand={key}" if key else here,
                "current": key == chosen,
                "count": sum(counts.get(state, 0) for state in states),
            }
            for key, (label, states) in TABS.items()
        ],
    }
    return render(request, "editorial/consents/list.html", context)


def _open_removals() -> list[Removal]:
    return list(Removal.objects.filter(done_at=None).select_related("consent", "post").defer("consent__sealed"))


def _open_cases() -> list[WithdrawalCase]:
    return list(WithdrawalCase.objects.filter(closed_at=None).defer("sealed", "wrapped_key"))


@require_http_methods(["GET", "POST"])
@survives_log_in
@roles(Role.PROE)
def consent_new(request: StaffRequest) -> HttpResponse:
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            consent = consents.open_record(form.facts(), form.person(), by=request.user)
        except VaultError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Angelegt: {consent.pseudonym}. Laden Sie nun das Formular hoch.")
            return redirect("editorial:consent", consent.pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"form": form, "title": "Neue Einwilligung"}
    return render(request, "editorial/consents/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@survives_log_in
@roles(Role.PROE)
def consent_edit(request: StaffRequest, pk: int) -> HttpResponse:
    consent = get_object_or_404(Consent, pk=pk)
    form = ConsentForm(request.POST or None, consent=consent)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            seen = request.POST.get("version", "")
            seen_version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1
            try:
                consents.change(consent, form.facts(), form.person(), seen_version=seen_version, by=request.user)
            except consents.Overtaken:
                status = CONFLICT
                form.add_error(
                    None, "Jemand hat diese Einwilligung inzwischen geändert. Bitte laden Sie die Seite neu."
                )
            except StepRefused as refusal:
                status = CONFLICT
                form.add_error(None, refusal.objections[0].text)
            except VaultError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Gespeichert.")
                return redirect("editorial:consent", pk)
    context = {"form": form, "title": f"{consent.pseudonym} bearbeiten", "consent": consent}
    return render(request, "editorial/consents/edit.html", context, status=status)


@require_GET
@roles(*READERS)
def consent_page(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _consent(pk))


@require_POST
@roles(Role.PROE)
@confirmed
def consent_person(request: StaffRequest, pk: int) -> HttpResponse:
    """Who it is, shown once, after the record says who looked and why."""
    consent, form = _consent(pk), WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, consent, person_form=form, status=UNPROCESSABLE)
    try:
        found = consents.read_person(consent, why=form.reason(), by=request.user)
    except VaultError as error:
        return _page(request, consent, trouble=str(error), status=CONFLICT)
    person = [(label, found[name]) for name, label in PERSON_WORDS.items() if found.get(name)]
    return _page(request, consent, person=person)


@require_POST
@roles(Role.PROE)
def scan_add(request: StaffRequest, pk: int) -> HttpResponse:
    consent, form = _consent(pk), ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, consent, scan_form=form, status=UNPROCESSABLE)
    try:
        consents.add_scan(consent, form.data_bytes, form.media_type, by=request.user)
    except VaultError as error:
        return _page(request, consent, trouble=str(error), status=CONFLICT)
    messages.success(request, "Das Formular ist verschlüsselt abgelegt.")
    return redirect("editorial:consent", pk)


@require_POST
@roles(Role.PROE)
@confirmed
def scan_show(request: StaffRequest, pk: int, scan: int) -> HttpResponse:
    """A picture drawn from the form, or with ``original`` the file as it was brought."""
    kept = get_object_or_404(Scan.objects.select_related("consent"), pk=scan, consent=pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, _consent(pk), why_scan=form, status=UNPROCESSABLE)
    try:
        data = consents.read_scan(kept, why=form.reason(), by=request.user)
        if "original" in request.POST:
            return _attachment(data, kept)
        page = scans.page_of(data, _number(request.POST.get("seite", "")))
    except VaultError as error:
        return _page(request, _consent(pk), trouble=str(error), status=CONFLICT)
    except scans.UnusableScan as error:
        return _page(request, _consent(pk), trouble=str(error), status=CONFLICT)
    number = _number(request.POST.get("seite", ""))
    context = {
        "consent": kept.consent,
        "scan": kept,
        "why": form.cleaned_data["why"],
        "page_number": number + 1,
        "page_count": page.count,
        "before": number - 1 if number else None,
        "after": number + 1 if number + 1 < page.count else None,
        "picture": base64.b64encode(page.picture).decode(),
    }
    return render(request, "editorial/consents/scan.html", context)


def _attachment(data: bytes, scan: Scan) -> HttpResponse:
    answer = HttpResponse(data, content_type=scan.media_type)
    ending = scans.ENDINGS[scan.media_type]
    answer.headers["Content-Disposition"] = f'attachment; filename="{scan.consent.pseudonym}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 0


@require_POST
@roles(Role.PROE)
def consent_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    consent = _consent(pk)
    if step not in STEP_OF_SLUG:
        raise Http404
    try:
        if STEP_OF_SLUG[step] == "erase":
            consents.erase(consent, request.POST.get("reason", "").replace("\x00", "").strip(), by=request.user)
            said = "Gelöscht. Niemand kann diese Angaben mehr lesen."
        else:
            consents.put_in_force(consent, by=request.user)
            said = f"{consent.pseudonym} ist wirksam. Beiträge können sich darauf stützen."
    except workflow.StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        return _page(request, consent, refused=refusal.objections, status=CONFLICT)
    messages.success(request, said)
    return redirect("editorial:consent", pk)


@require_http_methods(["GET", "POST"])
@survives_log_in
@roles(Role.PROE)
def consent_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """One step, whatever way the person chose; what will happen stands beside the button."""
    consent = _consent(pk)
    form = RevokeForm(request.POST or None, consent=consent)
    refused: list[Objection] = []
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            way = WithdrawalWay(form.cleaned_data["way"])
            try:
                consents.revoke(consent, way, form.cells_taken(), by=request.user)
            except StepRefused as refusal:
                refused, status = refusal.objections, CONFLICT
            else:
                messages.success(request, "Eingetragen. Was sich darauf stützte, geht nicht hinaus oder wird gelöscht.")
                return redirect("editorial:consent", pk)
    over = consent.state in OVER and consent.state != ConsentState.EXPIRED
    context = {"consent": consent, "form": form, "refused": refused, "over": over, "posts": _posts(consent)}
    return render(request, "editorial/consents/revoke.html", context, status=status)


@require_POST
@roles(Role.PROE)
def removal_done(request: StaffRequest, pk: int) -> HttpResponse:
    removal = get_object_or_404(Removal.objects.select_related("consent"), pk=pk)
    form = ProofForm(request.POST)
    if not form.is_valid():
        return _page(request, _consent(removal.consent_id), proof_form=(pk, form), status=UNPROCESSABLE)
    consents.settle_removal(removal, form.cleaned_data["proof"], by=request.user)
    messages.success(request, "Festgehalten.")
    return redirect("editorial:consent", removal.consent_id)


def _consent(pk: int) -> Consent:
    return get_object_or_404(Consent.objects.select_related("created_by"), pk=pk)


def _page(request: StaffRequest, consent: Consent, *, status: int = 200, **more: Any) -> HttpResponse:
    role = request.user.role
    wrong_proof, proof_form = more.pop("proof_form", (None, None))
    context = {
        "consent": consent,
        "may_write": role == Role.PROE,
        "may_read_posts": role in (Role.PROE, Role.GF),
        "facts": _facts(consent),
        "permitted": [(use.label, _places(consent, use)) for use in ConsentUse],
        "scans": list(consent.scans.defer("sealed").select_related("added_by")),
        "posts": _posts(consent),
        "removals": [
            (removal, (proof_form if removal.pk == wrong_proof else ProofForm()) if removal.done_at is None else None)
            for removal in consent.removals.select_related("post", "done_by")
        ],
        "steps": [step for name in STEP_OF_SLUG.values() if (step := _step(name, consent, request))],
        "can_end": role == Role.PROE and consent.state not in (ConsentState.REVOKED, ConsentState.ERASED),
        "form_kinds": FORM_KINDS,
        "scan_form": ScanForm(),
        "person_form": WhyForm(),
        "why_scan": WhyForm(),
    } | more
    return render(request, "editorial/consents/page.html", context, status=status)


def _posts(consent: Consent) -> list[Any]:
    return list(consent.post_set.prefetch_related("deliveries__channel").order_by("-slot", "-pk")[:POSTS_SHOWN])


def _facts(consent: Consent) -> list[tuple[str, str]]:
    ticks = {True: "Ja", False: "Nein"}
    facts = [
        ("Gilt", f"{consent.valid_from:%d.%m.%Y} bis {consent.valid_until:%d.%m.%Y}"),
        ("Formular", " · ".join(filter(None, (consent.form_stand, consent.language)))),
        ("Informiert am", _day(consent.informed_on)),
        ("Unterschrieben am", _day(consent.signed_on)),
        ("Vorschau gezeigt am", _day(consent.preview_shown_on)),
        ("Anonyme Fassung geprüft", ticks[consent.is_anonymous_considered]),
        ("Minderjährig", ticks[consent.is_minor]),
        ("Besondere Angaben", ticks[consent.has_special_categories]),
    ]
    if consent.withdrawn_at:
        facts.append(
            ("Widerrufen", f"{berlin_day(consent.withdrawn_at):%d.%m.%Y} {consent.get_withdrawn_way_display()}")
        )
    return facts


def _places(consent: Consent, use: ConsentUse) -> str:
    return ", ".join(str(place.label) for place in ConsentPlace if consent.permits(use, place)) or "nirgends"


def _day(day: Any) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _step(name: str, consent: Consent, request: StaffRequest) -> dict[str, Any]:
    """In the form of partials/_step_form.html; empty where role or state rule it out."""
    step = CONSENT_STEPS[name]
    if request.user.role not in step.roles or consent.state not in step.moves:
        return {}
    situation = Situation(at=timezone.now(), by=request.user, note="-", consent=consent)
    against = workflow.objections(name, consent, situation)
    return {
        "slug": step.slug,
        "url": reverse("editorial:consent_step", args=[consent.pk, step.slug]),
        "label": step.label,
        "tone": "danger" if name == "erase" else "primary",
        "explanation": step.warning,
        "confirm": step.warning if name == "erase" else "",
        "reason": "Warum wird gelöscht? Bitte keine Namen." if step.needs_reason else "",
        "objections": against,
        "blocked": bool(blocking(against)),
        "edit_url": reverse("editorial:consent_edit", args=[consent.pk]) if name == "put_in_force" else "",
    }
