"""The start page: each role's one question, answered."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from .. import desk, navigation, needs, plan
from ..actions import pausing
from ..clock import BERLIN
from ..enums import ChannelStatus, Role
from ..models import Channel, SendPause
from ..roles import StaffRequest, roles, signed_in
from . import health, needing, presenting, week

SHOWN, SHOWN_ALL = 5, 100
READ_FOR_ONE = 6  # what waits for others is read with it
WITH_PLAN = (Role.PROE, Role.GF, Role.FACH)


@require_GET
@signed_in
def overview(request: StaffRequest) -> HttpResponse:
    now = timezone.now().astimezone(BERLIN)
    role = request.user.role or Role.FACH  # whoever has no role was refused before
    monday = week.asked_for(request, now) if role in WITH_PLAN else now.date()
    if role in WITH_PLAN and _wants_the_week_only(request):
        return render(request, "editorial/overview/_week.html", week.alone(now, monday, role))
    context = {
        "now": now,
        "role": role.value,
        "shows_all": "alle" in request.GET,
        **health.line(request),
        **_channels(request),
        **(week.days(now, monday, role) if role in WITH_PLAN else {}),
    }
    context |= DESKS[role](request, context)
    return render(request, f"editorial/overview/{role.value}.html", context)


def _wants_the_week_only(request: StaffRequest) -> bool:
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # set by the middleware of django-htmx
    return bool(htmx) and not htmx.history_restore_request


@require_POST
@roles(Role.PROE, Role.ADMIN)
def channel_unlock(request: StaffRequest, slug: str) -> HttpResponse:
    """A person says that the account is in order again."""
    channel = get_object_or_404(Channel, slug=slug)
    if channel.locked_reason:
        pausing.unlock(channel, by=request.user)
        messages.success(request, f"{channel.name} wird wieder benutzt. Was fällig ist, geht jetzt hinaus.")
    return redirect("editorial:overview")


Page = dict[str, Any]


def _for_proe(request: StaffRequest, page: Page) -> Page:
    gaps = needs.text_gaps()
    return {**_needs(request, page, Role.PROE), **_cases(page), "text_gaps": gaps}


def _for_gf(request: StaffRequest, page: Page) -> Page:
    reviews_url = navigation.address_of("evaluation:reviews")
    return {**_needs(request, page, Role.GF), **_cases(page), "reviews_url": reviews_url}


def _for_fach(request: StaffRequest, page: Page) -> Page:
    return _needs(request, page, Role.FACH)


def _for_admin(request: StaffRequest, page: Page) -> Page:
    return {
        **_shown(needing.disturbed(page["lights"]) + _unread(request), [], page),
        "pause": SendPause.objects.active(page["now"]).first(),
        "has_keys": all(settings.X_KEYS.values()),
        "accounts": desk.accounts_by_role(),
    }


def _for_dsb(request: StaffRequest, page: Page) -> Page:
    return {**_shown(_unread(request), [], page), "audit_length": desk.audit_length()}


DESKS: dict[Role, Callable[[StaffRequest, Page], Page]] = {
    Role.PROE: _for_proe,
    Role.GF: _for_gf,
    Role.FACH: _for_fach,
    Role.ADMIN: _for_admin,
    Role.DSB: _for_dsb,
}


def _needs(request: StaffRequest, page: Page, role: Role) -> Page:
    most = _most(page)
    mine, others = needing.of(request, role, page["now"], read=READ_FOR_ONE * most, shown=most)
    return _shown(mine + _unread(request), others, page)


def _shown(mine: list[needing.Line], others: list[needing.Line], page: Page) -> Page:
    most = _most(page)
    return {"mine": mine[:most], "more_mine": mine[most:], "others": others[:most], "more_others": others[most:]}


def _most(page: Page) -> int:
    return SHOWN_ALL if page["shows_all"] else SHOWN


def _unread(request: StaffRequest) -> list[needing.Line]:
    return needing.unread(navigation.house(request).unread)


def _cases(page: Page) -> Page:
    most = _most(page)
    found = plan.cases(most + 1)
    return {
        "cases": [(case, presenting.NEXT_STEPS[case.state]) for case in found[:most]],
        "more_cases": len(found) > most and not page["shows_all"],
    }


def _channels(request: StaffRequest) -> Page:
    """The active channels; with what to do, those that take nothing until somebody has put the account in order."""
    active = [channel for channel in navigation.house(request).channels if channel.status == ChannelStatus.ACTIVE]
    locked = [(channel, navigation.way_out(channel)) for channel in active if channel.locked_reason]
    return {"channels": active, "locked": locked}
