from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ..actions import steps
from ..enums import Role
from ..forms.fields import SlotField
from ..roles import StaffRequest, roles
from ..rules import Objection
from ..workflow import STEP_OF_SLUG, StepForbidden, StepRefused
from .posts import get_post, show_post

CONFLICT = 409
DONE = {
    "einreichen": "Der Beitrag wartet jetzt auf die Freigabe.",
    "mitzeichnen": "Mitgezeichnet. Jetzt entscheidet eine andere Geschäftsführer:in.",
    "freigeben": "Freigegeben.",
    "eilfreigeben": "Im Eilweg freigegeben. Die Geschäftsführung prüft nach.",
    "nachpruefen": "Die Nachprüfung ist abgeschlossen.",
    "aendern-lassen": "Der Beitrag ging zurück an die Redaktion.",
    "ablehnen": "Der Beitrag ist abgelehnt.",
    "zurueckziehen": "Der Beitrag ist zurückgezogen.",
    "einplanen": "Der Beitrag ist eingeplant.",
    "verschieben": "Der neue Termin ist gespeichert. Der Beitrag braucht eine neue Freigabe.",
    "anhalten": "Der Beitrag geht nicht hinaus. Die Freigabe bleibt bestehen.",
    "jetzt-senden": "Der Beitrag geht in wenigen Sekunden hinaus.",
    "loeschen": "Der Beitrag wird vom Kanal gelöscht und steht nicht mehr auf der Website.",
}


@require_POST
@roles(Role.PROE, Role.GF)
def post_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEP_OF_SLUG:
        raise Http404
    post = get_post(pk)
    try:
        asked = steps.Request(
            seen_digest=request.POST.get("digest", ""),
            reason=request.POST.get("reason", "").replace("\x00", "").strip()[:2000],
            slot=SlotField(required=False).clean(request.POST.get("slot", "")),
        )
        steps.perform(step, post, by=request.user, asked=asked)
    except StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        return show_post(request, get_post(pk), refusal.objections, status=CONFLICT, tried=step)
    except ValidationError as error:
        wrong = [Objection(error.code or "slot.invalid", message, field="slot") for message in error.messages]
        return show_post(request, post, wrong, status=CONFLICT, tried=step)
    messages.success(request, DONE[step])
    return redirect("editorial:post", pk)
