"""The public page to end one's consent, without a cookie; and where PRÖ reads what came."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..actions import withdrawing
from ..enums import HOLDING_STATES, Role
from ..forms.withdrawing import CaseForm, WithdrawalForm
from ..models import Consent, WithdrawalCase
from ..roles import StaffRequest, everyone, roles
from ..vault import VaultError

SALT = "einwilligung-widerrufen"
TOKEN_LASTS_S = 4 * 3600
UNPROCESSABLE, FORBIDDEN, UNAVAILABLE = 422, 403, 503
STALE = "Diese Seite war zu lange offen. Ihr Text ist noch da: Bitte senden Sie ihn noch einmal ab."
FOREIGN = "Das kam nicht von dieser Seite. Bitte füllen Sie das Formular hier aus."
CALL_US = "Das Formular geht gerade nicht. Bitte rufen Sie uns an oder schreiben Sie uns. Ihr Widerruf gilt genauso."


# No cookie means no token of Django's: signature, age and origin stand in its place (contract).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@everyone
def withdraw(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, WithdrawalForm(), done="eingegangen" in request.GET)
    form = WithdrawalForm(request.POST)
    if not _is_from_here(request):
        return _page(request, form, trouble=FOREIGN, status=FORBIDDEN)
    if not _is_fresh(request.POST.get("token", "")):
        return _page(request, form, trouble=STALE, status=UNPROCESSABLE)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    try:
        withdrawing.receive(form.words())
    except (VaultError, withdrawing.TooMany):
        return _page(request, form, trouble=CALL_US, status=UNAVAILABLE)
    return redirect(f"{reverse('editorial:withdraw')}?eingegangen")


def _page(
    request: HttpRequest, form: WithdrawalForm, *, done: bool = False, trouble: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "done": done, "trouble": trouble, "token": signing.TimestampSigner(salt=SALT).sign("ja")}
    response = render(request, "public/withdraw.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_from_here(request: HttpRequest) -> bool:
    """By what the browser says by itself; one that says neither is an old one and is trusted with its token."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _is_fresh(token: str) -> bool:
    try:
        signing.TimestampSigner(salt=SALT).unsign(token, max_age=TOKEN_LASTS_S)
    except signing.BadSignature:
        return False
    return True


@require_http_methods(["GET", "POST"])
@roles(Role.PROE)
def case_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Read only on demand: opening the page shows that something came, the button shows what."""
    case = get_object_or_404(WithdrawalCase.objects.select_related("consent", "closed_by").defer("sealed"), pk=pk)
    form, words, trouble, status = CaseForm(), [], "", 200
    if request.method == "POST" and "read" in request.POST:
        try:
            found = withdrawing.read(case, by=request.user)
        except VaultError as error:
            trouble, status = str(error), 409
        else:
            words = [("Name", found["name"]), ("Worum es geht", found["story"]), ("Kontakt", found.get("contact", ""))]
    elif request.method == "POST":
        form = CaseForm(request.POST)
        consent = _consent_named(form) if form.is_valid() else None
        if form.is_valid():
            withdrawing.close(case, consent, by=request.user)
            if consent and consent.state in HOLDING_STATES:
                messages.success(request, "Zugeordnet. Bitte tragen Sie jetzt den Widerruf ein.")
                return redirect("editorial:consent_revoke", consent.pk)
            messages.success(request, "Abgeschlossen. Was geschrieben wurde, ist gelöscht.")
            return redirect("editorial:consents")
        status = UNPROCESSABLE
    context = {"case": case, "form": form, "words": words, "trouble": trouble}
    return render(request, "editorial/consents/case.html", context, status=status)


def _consent_named(form: CaseForm) -> Consent | None:
    """The consent of this pseudonym; where there is none, the form says so."""
    typed = form.cleaned_data["pseudonym"].strip().upper()
    if not typed:
        return None
    found = Consent.objects.filter(pseudonym=typed).first()
    if found is None:
        form.add_error("pseudonym", "Diese Kennung gibt es nicht. Bitte sehen Sie in der Liste nach.")
    return found
