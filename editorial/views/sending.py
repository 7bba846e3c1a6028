"""Settings of a channel: who sends, what a month may cost, what this one has cost."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..actions import by_hand, spending
from ..enums import CallKind, Role
from ..forms.sending import SendingForm
from ..ledger import ledger, prices_on, spendings_of
from ..models import Channel
from ..roles import StaffRequest, confirmed, roles
from ..rules.channel import no_keys

EDITORS = (Role.PROE, Role.ADMIN)
UNPROCESSABLE = 422
CENT = Decimal("0.01")


@require_http_methods(["GET", "POST"])
@roles(Role.PROE, Role.GF, Role.ADMIN)
@confirmed
def sending(request: StaffRequest, slug: str) -> HttpResponse:
    channel, at = get_object_or_404(Channel, slug=slug), timezone.now()
    money = ledger(at, channel.pk)
    cap_usd = None if money.cap_usd is None else money.cap_usd.quantize(CENT)
    stored = {"posts_by_hand": channel.posts_by_hand, "cap_usd": cap_usd}
    form = SendingForm(request.POST if request.method == "POST" else None, initial=stored)
    if request.method == "POST":
        if request.user.role not in EDITORS:
            raise PermissionDenied
        if form.is_valid():
            return _store(request, channel, form.cleaned_data)
    context = {
        "channel": channel,
        "form": form,
        "may_edit": request.user.role in EDITORS,
        "no_keys": no_keys(),
        "money": money,
        "spendings": [(CallKind(row["kind"]).label, row) for row in spendings_of(channel, money.month)],
        "prices": prices_on(money.day),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "editorial/texts/sending.html", context, status=status)


def _store(request: StaffRequest, channel: Channel, typed: dict[str, Any]) -> HttpResponse:
    changed = [
        by_hand.switch(channel, typed["posts_by_hand"], by=request.user),
        spending.set_cap(channel, typed["cap_usd"], by=request.user),
    ]
    messages.success(request, "Gespeichert." if any(changed) else "Es hat sich nichts geändert.")
    return redirect("editorial:sending", channel.slug)
