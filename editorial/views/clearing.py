"""The person's box: every open case, and the steps that are safe in it (contract: klaerung/)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from .. import cases
from ..actions import clearing, steps
from ..channels import current_channel
from ..enums import Reading, Role
from ..forms.fields import SlotField
from ..models import Delivery
from ..navigation import house
from ..roles import StaffRequest, roles
from ..rules import Objection
from ..rules.known import Known
from ..workflow import StepForbidden, StepRefused
from . import case_cards

CONFLICT = 409
CASES_PER_PAGE = 30
ALTERED_SHOWN = 10
LONGEST_REASON = 2000


@dataclass(frozen=True)
class Asked:
    """What a person sent with a step of a case."""

    request: StaffRequest
    address: str
    reason: str
    slot: Any


@require_GET
@roles(Role.PROE, Role.GF)
def box(request: StaffRequest) -> HttpResponse:
    return _box(request)


@require_POST
@roles(Role.PROE, Role.GF)
def case_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    if step not in PERFORMERS:
        raise Http404
    delivery = get_object_or_404(Delivery.objects.select_related("post", "channel"), pk=pk)
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in ("address", "reason", "slot")}
    try:
        slot = SlotField(required=False).clean(typed["slot"])
        asked = Asked(request, typed["address"][:300], typed["reason"][:LONGEST_REASON], slot)
        done = PERFORMERS[step](delivery, asked)
    except StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        return _box(request, case_cards.Tried(delivery, step, typed, refusal.objections))
    except ValidationError as error:
        wrong = [Objection(error.code or "slot.invalid", message, field="slot") for message in error.messages]
        return _box(request, case_cards.Tried(delivery, step, typed, wrong))
    messages.success(request, done)
    return redirect(f"{reverse('editorial:clearing')}#faelle")


def _box(request: StaffRequest, tried: case_cards.Tried | None = None) -> HttpResponse:
    here = house(request)
    first = tried.delivery.pk if tried else None
    page = _page(request, first, here.open_cases)
    known = Known(paused=here.pause is not None, money=here.money)
    cards = [case_cards.card(delivery, request.user, here.at, known, tried) for delivery in page]
    context = {
        "page": page,
        "cards": cards,
        "number": page.paginator.count,
        "tried": replace(tried, is_shown=any(card["pk"] == first for card in cards)) if tried else None,
        "altered": [case_cards.altered(delivery) for delivery in cases.altered_by_hand(here.at, ALTERED_SHOWN)],
    }
    return render(request, "editorial/clearing/box.html", context, status=CONFLICT if tried else 200)


def _page(request: StaffRequest, first: int | None, number: int) -> Page:
    found = cases.urgent_first(cases.with_reasons(cases.open_cases()), first=first)
    pages = Paginator(found, CASES_PER_PAGE)
    pages.count = number  # counted already, for the navigation
    return pages.get_page(1 if first else request.GET.get("seite"))


def _declare_online(delivery: Delivery, asked: Asked) -> str:
    clearing.declare_online(delivery, asked.address, asked.reason, by=asked.request.user)
    return "Der Beitrag gilt jetzt als veröffentlicht."


def _ask_resend(delivery: Delivery, asked: Asked) -> str:
    clearing.ask_resend(delivery, asked.reason, by=asked.request.user)
    return "Ihr Vorschlag steht da. Gesendet wird, wenn eine zweite Person zustimmt."


def _confirm_resend(delivery: Delivery, asked: Asked) -> str:
    seen = clearing.confirm_resend(delivery, by=asked.request.user, channel=current_channel())
    if seen == Reading.FOUND:
        return (
            "Der Beitrag steht schon auf dem Kanal. Er ist jetzt als veröffentlicht vermerkt und wurde nicht gesendet."
        )
    return "Der Beitrag steht nicht auf dem Kanal. Er geht in wenigen Sekunden hinaus."


def _withdraw_resend(delivery: Delivery, asked: Asked) -> str:
    clearing.withdraw_resend(delivery, asked.reason, by=asked.request.user)
    return "Der Vorschlag ist zurückgenommen. Es wird nichts gesendet."


def _discard(delivery: Delivery, asked: Asked) -> str:
    clearing.discard(delivery, asked.reason, by=asked.request.user)
    return "Der Beitrag geht nicht mehr hinaus. Er bleibt freigegeben."


def _step_of_the_post(slug: str, done: str, delivery: Delivery, asked: Asked) -> str:
    steps.perform(slug, delivery.post, by=asked.request.user, asked=steps.Request(slot=asked.slot))
    return done


PERFORMERS: dict[str, Callable[[Delivery, Asked], str]] = {
    "ist-online": _declare_online,
    "noch-einmal": _ask_resend,
    "noch-einmal-bestaetigen": _confirm_resend,
    "noch-einmal-zuruecknehmen": _withdraw_resend,
    "verwerfen": _discard,
    "verschieben": partial(
        _step_of_the_post,
        "verschieben",
        "Der neue Termin ist gespeichert. Der Beitrag braucht eine neue Freigabe.",
    ),
    "jetzt-senden": partial(_step_of_the_post, "jetzt-senden", "Der Beitrag geht in wenigen Sekunden hinaus."),
}
