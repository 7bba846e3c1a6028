"""The start page: each role's one question, answered."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from .. import desk, navigation, plan, prose
from ..actions import by_hand, pausing, texts
from ..clock import BERLIN, is_working_day
from ..enums import ChannelStatus, DeliveryState, PostState, Role
from ..models import Channel, Consultation, SendPause
from ..roles import StaffRequest, roles, signed_in
from . import health, presenting

SHOWN, SHOWN_ALL = 5, 100
WORKING_DAYS_AHEAD = 10  # K-38

# What has to happen to an entry so that it goes out, and whether it will without anybody.
TO_DO: dict[str, str] = {
    PostState.IDEA: "Noch eine Idee. Schreiben Sie den Text.",
    PostState.DRAFT: "Noch nicht zur Freigabe gegeben.",
    PostState.IN_REVIEW: "Wartet auf die Geschäftsführung.",
    PostState.APPROVED: "Freigegeben, aber noch nicht eingeplant.",
    PostState.WITHDRAWN: "Zurückgezogen.",
    DeliveryState.SCHEDULED: "Geht zum Termin von selbst hinaus.",
    DeliveryState.SENDING: "Wird gerade gesendet.",
    DeliveryState.PUBLISHED: "Ist erschienen.",
    DeliveryState.CANCELLED: "Angehalten.",
    DeliveryState.TAKEDOWN_DUE: "Wird vom Kanal gelöscht.",
    DeliveryState.DELETED: "Ist vom Kanal gelöscht.",
    **presenting.NEXT_STEPS,
}
ON_ITS_WAY = (DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.PUBLISHED)


@require_GET
@signed_in
def overview(request: StaffRequest) -> HttpResponse:
    now = timezone.now().astimezone(BERLIN)
    role = request.user.role or Role.FACH  # whoever has no role was refused before
    most = SHOWN_ALL if request.GET.get("alle") else SHOWN
    context = {
        "now": now,
        "role": role.value,
        "health": health.line(request),
        **_channels(request),
        **DESKS[role](now, most),
        **_questions(request, role),
    }
    return render(request, f"editorial/overview/{role.value}.html", context)


@require_POST
@roles(Role.PROE, Role.ADMIN)
def channel_unlock(request: StaffRequest, slug: str) -> HttpResponse:
    """A person says that the account is in order again."""
    channel = get_object_or_404(Channel, slug=slug)
    if channel.locked_reason:
        pausing.unlock(channel, by=request.user)
        messages.success(request, f"{channel.name} wird wieder benutzt. Was fällig ist, geht jetzt hinaus.")
    return redirect("editorial:overview")


def _for_proe(now: dt.datetime, most: int) -> dict[str, Any]:
    drafts = [(version.page, gaps) for version in texts.current_versions() if (gaps := prose.gaps(version.body))]
    return {
        **_days(now),
        **_cases(most),
        **_by_hand(now, most),
        "returned": desk.returned(most),
        "waiting": _with_time_left(desk.in_review(most), now),
        "checks": desk.open_checks(most, today=now.date()),
        "text_gaps": drafts,
    }


def _for_gf(now: dt.datetime, most: int) -> dict[str, Any]:
    return {
        **_days(now),
        **_cases(most),
        **_by_hand(now, most),
        "waiting": _with_time_left(desk.in_review(most), now),
        "checks": desk.open_checks(most, today=now.date()),
        "reviews_url": navigation.address_of("evaluation:reviews"),
    }


def _for_fach(now: dt.datetime, most: int) -> dict[str, Any]:
    return _days(now)


def _for_admin(now: dt.datetime, most: int) -> dict[str, Any]:
    return {
        "pause": SendPause.objects.active(now).first(),
        "has_keys": all(settings.X_KEYS.values()),
        "accounts": desk.accounts_by_role(),
    }


def _for_dsb(now: dt.datetime, most: int) -> dict[str, Any]:
    return {"audit_length": desk.audit_length()}


DESKS: dict[Role, Callable[[dt.datetime, int], dict[str, Any]]] = {
    Role.PROE: _for_proe,
    Role.GF: _for_gf,
    Role.FACH: _for_fach,
    Role.ADMIN: _for_admin,
    Role.DSB: _for_dsb,
}


def _days(now: dt.datetime) -> dict[str, Any]:
    """Today and the next working day closely, the next ten working days at a glance."""
    ahead = plan.working_days_from(now.date(), WORKING_DAYS_AHEAD)
    end, aim = ahead[-1] + dt.timedelta(days=1), plan.target()
    found = plan.days(now.date(), end, plan.entries(now.date(), end), aim, now=now)
    next_day = ahead[1] if ahead[0] == now.date() else ahead[0]
    near = [day for day in found if day.date in (now.date(), next_day)]
    return {
        "near": [(day, [(entry, TO_DO[entry.state]) for entry in day.entries]) for day in near],
        "next_day": near[-1],
        "is_ready": sum(entry.state in ON_ITS_WAY for entry in near[-1].entries) >= max(near[-1].wanted, 1),
        "ahead": [day for day in found if is_working_day(day.date)],
        "gaps": sum(day.is_gap for day in found),
        "new_url": reverse("editorial:post_new"),
    }


def _cases(most: int) -> dict[str, Any]:
    found = plan.cases(most + 1)
    return {
        "cases": [(case, presenting.NEXT_STEPS[case.state]) for case in found[:most]],
        "more_cases": len(found) > most and most < SHOWN_ALL,
    }


def _by_hand(now: dt.datetime, most: int) -> dict[str, Any]:
    return {"by_hand": list(by_hand.due(now).select_related("post")[:most])}


def _questions(request: StaffRequest, role: Role) -> dict[str, Any]:
    """What the Fachberatung is asked, the nearest deadline first."""
    if role != Role.FACH:
        return {}
    asked = Consultation.objects.asked_of(request.user).unanswered().select_related("post__topic")
    return {"questions": list(asked[:SHOWN])}


def _channels(request: StaffRequest) -> dict[str, Any]:
    """The active channels; with what to do, those that take nothing until somebody has put the account in order."""
    active = [channel for channel in navigation.house(request).channels if channel.status == ChannelStatus.ACTIVE]
    locked = [(channel, navigation.way_out(channel)) for channel in active if channel.locked_reason]
    return {"channels": active, "locked": locked}


def _with_time_left(papers: list[desk.Paper], now: dt.datetime) -> list[tuple[desk.Paper, str, str]]:
    """Each with the time left until its moment in words, and the tone of it."""
    return [(paper, *time_left(paper.slot, now)) for paper in papers]


def time_left(slot: dt.datetime | None, now: dt.datetime) -> tuple[str, str]:
    if slot is None:
        return "ohne Termin", "neutral"
    left = slot - now
    if left <= dt.timedelta():
        return "Termin vorbei", "danger"
    if left < dt.timedelta(hours=1):
        return f"noch {max(int(left.total_seconds() // 60), 1)} Min.", "danger"
    if left < dt.timedelta(days=2):
        return f"noch {int(left.total_seconds() // 3600)} Std.", "warning"
    return f"noch {left.days} Tage", "info"
