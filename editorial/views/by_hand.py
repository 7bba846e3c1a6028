"""What a person has to send now, ready to copy, and where it stands afterwards (hand-posting)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ..actions import by_hand
from ..enums import DeliveryState, PostKind, Role
from ..models import Delivery, Entry
from ..navigation import house
from ..roles import StaffRequest, roles
from ..rules import Objection
from ..rules.known import Known
from ..workflow import StepForbidden, StepRefused
from .presenting import file_url, shown_url

CONFLICT = 409
SHOWN = 30
LONGEST_ADDRESS = 300
COMING_WITHIN = dt.timedelta(days=1)
COMPOSE_PAGE = "https://x.com/compose/post"


@dataclass(frozen=True)
class Tried:
    """A confirmation that was refused: the address comes back with the objections."""

    delivery: Delivery
    address: str
    objections: list[Objection] = field(default_factory=list)


@require_GET
@roles(Role.PROE, Role.GF)
def page(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@roles(Role.PROE, Role.GF)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("post", "channel", "approval"), pk=pk)
    address = request.POST.get("address", "").replace("\x00", "").strip()[:LONGEST_ADDRESS]
    try:
        by_hand.confirm(delivery, address, by=request.user)
    except StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        return _page(request, Tried(delivery, address, refusal.objections))
    messages.success(request, "Danke. Der Beitrag gilt jetzt als veröffentlicht.")
    return redirect("editorial:by_hand")


@require_POST
@roles(Role.PROE, Role.GF)
def deleted(request: StaffRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("post", "channel", "approval"), pk=pk)
    try:
        by_hand.confirm_deleted(delivery, by=request.user)
    except StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        return _page(request, Tried(delivery, "", refusal.objections))
    messages.success(request, "Danke. Der Beitrag gilt jetzt als gelöscht.")
    return redirect("editorial:by_hand")


def _page(request: StaffRequest, tried: Tried | None = None) -> HttpResponse:
    here = house(request)
    at, known = here.at, Known(paused=here.pause is not None, money=here.money)
    cards = [
        _card(delivery, request, at, known, tried)
        for found in (by_hand.due(at), by_hand.late())
        for delivery in _looked_up(found)[:SHOWN]
    ]
    context = {
        "cards": cards,
        "coming": by_hand.coming(at, at + COMING_WITHIN).select_related("post", "channel")[:SHOWN],
        "to_delete": by_hand.to_delete().select_related("post", "channel")[:SHOWN],
        "channels": by_hand.channels_by_hand(),
        "tried": tried,
        "tried_is_shown": tried and any(card["delivery"].pk == tried.delivery.pk for card in cards),
        "compose_url": COMPOSE_PAGE,
    }
    return render(request, "editorial/by_hand/page.html", context, status=CONFLICT if tried else 200)


def _looked_up(found: Any) -> Any:
    rows = found.select_related("post__topic", "post__partner", "channel", "approval")
    return rows.prefetch_related(
        Prefetch("post__entry", Entry.whole.all()), "post__audiences", "post__consents", "post__media_links"
    )


def _card(
    delivery: Delivery, request: StaffRequest, at: dt.datetime, known: Known, tried: Tried | None
) -> dict[str, Any]:
    post = delivery.post
    mine = tried if tried and tried.delivery.pk == delivery.pk else None
    is_late = delivery.state == DeliveryState.MISSED
    against = by_hand.against_sending(delivery, request.user, at, known)
    if is_late:  # it is only told of, not sent: what counts is whose account it went through
        against = [objection for objection in against if objection.code == "access.no_own_account"]
    return {
        "delivery": delivery,
        "post": post,
        "is_retweet": post.kind == PostKind.RETWEET,
        "is_late": is_late,
        "until": delivery.slot + by_hand.grace(),
        "pictures": [
            {
                "number": number,
                "medium": medium,
                "url": file_url(medium),
                "shown_url": shown_url(medium),
                "title": medium.title,
                "alt_text": medium.alt_text,
            }
            for number, medium in enumerate(post.ordered_media(), 1)
        ],
        "against": against,
        "refused": mine.objections if mine else [],
        "address": mine.address if mine else "",
        "url": reverse("editorial:by_hand_confirm", args=[delivery.pk]),
    }
