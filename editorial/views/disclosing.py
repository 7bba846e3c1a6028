"""Everything about one person as a file: made for each request and kept nowhere."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from ..actions import disclosing
from ..enums import Role
from ..models import Consent
from ..printing import NotPossible
from ..roles import StaffRequest, confirmed, roles
from ..vault import VaultError


@require_POST
@roles(Role.PROE)
@confirmed
def consent_disclose(request: StaffRequest, pk: int) -> HttpResponse:
    consent = get_object_or_404(Consent, pk=pk)
    try:
        data = disclosing.everything_about(consent, by=request.user)
    except (VaultError, NotPossible) as error:
        messages.error(request, str(error))
        return redirect("editorial:consent", pk)
    answer = HttpResponse(data, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="auskunft-{consent.pseudonym}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
