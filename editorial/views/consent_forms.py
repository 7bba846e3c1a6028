"""The form of a consent to print: made for each request and kept nowhere."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from ..actions import consent_forms
from ..enums import Role
from ..models import Consent
from ..printing import NotPossible
from ..roles import StaffRequest, confirmed, roles
from ..vault import VaultError


@require_GET
@roles(Role.PROE)
def form_blank(request: StaffRequest, kind: str) -> HttpResponse:
    _known(kind)
    try:
        return _as_file(consent_forms.blank(kind), f"einwilligung-leer-{kind}")
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect("editorial:consents")


@require_POST
@roles(Role.PROE)
@confirmed
def form_filled(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    _known(kind)
    consent = get_object_or_404(Consent, pk=pk)
    try:
        made = consent_forms.filled(consent, kind, by=request.user)
    except (consent_forms.TooLate, VaultError, NotPossible) as error:
        messages.error(request, str(error))
        return redirect("editorial:consent", pk)
    return _as_file(made, f"einwilligung-{consent.pseudonym}-{kind}")


def _known(kind: str) -> None:
    if kind not in consent_forms.TEMPLATES:
        raise Http404


def _as_file(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
