"""The kill switch as a page: stop everything, see who stopped it and why, let it go on."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ..actions import pausing
from ..enums import DeliveryState, Role
from ..forms.pausing import PauseForm
from ..models import Delivery, SendPause
from ..roles import StaffRequest, confirmed, roles

CONFLICT, UNPROCESSABLE = 409, 422
PAST_SHOWN = 20
DUE_SHOWN = 5
DUE_WITHIN = dt.timedelta(hours=24)
STOPPERS = (Role.PROE, Role.GF, Role.ADMIN)


@require_http_methods(["GET", "POST"])
@roles(*STOPPERS)
@confirmed
def send_pause(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request, PauseForm())
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    asked = form.cleaned_data
    pause = pausing.switch_off(asked["reason"], until=asked["until"], by=request.user)
    if pause.reason == asked["reason"] and pause.until == asked["until"]:
        messages.success(request, "Die Sendepause hat begonnen. Ab sofort geht nichts mehr hinaus.")
    else:
        messages.info(request, "Es ist schon Sendepause, und sie dauert mindestens so lange. Sie gilt weiter.")
    return redirect("editorial:send_pause")


@require_POST
@roles(*STOPPERS)
@confirmed
def send_pause_end(request: StaffRequest) -> HttpResponse:
    try:
        ended = pausing.switch_on(by=request.user)
    except pausing.NotCompared as reason:
        return _page(request, PauseForm(), refused=str(reason), status=CONFLICT)
    if ended:
        messages.success(request, "Die Sendepause ist beendet. Was inzwischen fällig war, wartet in der Klärung.")
    else:
        messages.info(request, "Die Sendepause war schon beendet.")
    return redirect("editorial:send_pause")


def _page(request: StaffRequest, form: PauseForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    pauses = SendPause.objects.select_related("started_by")
    active = pauses.active(now).first()
    ended = pauses.filter(Q(ended_at__isnull=False) | Q(until__lte=now))
    due = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__lte=now + DUE_WITHIN)
    context: dict[str, Any] = {
        "form": form,
        "refused": refused,
        "pause": active,
        "past": [(pause, pause.ended_at or pause.until) for pause in ended[:PAST_SHOWN]],
        "due": due.select_related("post").order_by("slot", "pk")[:DUE_SHOWN],
        "due_number": due.count(),
        "may_decide": request.user.role in (Role.PROE, Role.GF),
    }
    return render(request, "editorial/clearing/pause.html", context, status=status)
