"""The page Betrieb: how everything stands, and the way back after a start from a backup."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from .. import health, navigation
from ..actions import restoring
from ..channels import current_channel
from ..enums import Role
from ..models import Alarm, Restore
from ..roles import StaffRequest, roles, signed_in

CONFLICT = 409
ALARMS_SHOWN = 10
COMPARERS = (Role.PROE, Role.GF, Role.ADMIN)
KINDS = {
    restoring.PUBLISHED: "Als veröffentlicht vermerkt",
    restoring.TO_CHECK: "Bitte prüfen: derselbe Text ist für später geplant, er wurde angehalten",
    restoring.STRANGER: "Hier unbekannt: bitte prüfen, ob er noch einmal geschrieben werden muss",
    restoring.BY_HAND: "Von Hand verglichen",
}


@require_GET
@signed_in
def health_page(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@roles(*COMPARERS)
def health_compare(request: StaffRequest) -> HttpResponse:
    """Look at the channel now; without keys a person says what they compared."""
    if all(settings.X_KEYS.values()):
        look = restoring.try_to_reconcile(current_channel())
        if look.why_not:
            return _page(request, refused=restoring.words_of(look), status=CONFLICT)
        messages.success(request, restoring.words_of(look))
        return redirect("editorial:health")
    try:
        done = restoring.compared_by_hand(request.POST.get("reason", ""), by=request.user)
    except ValueError as error:
        return _page(request, refused=str(error), status=CONFLICT)
    if done:
        messages.success(request, "Vermerkt. Nun kann die Sendepause beendet werden.")
    return redirect("editorial:health")


# What has to work so that a Beitrag goes out: the worker, the channel and its token, mails, our own page.
IN_LINE = ("worker", "channel", "login", "mail", "mirror")


def line(request: StaffRequest) -> dict[str, Any]:
    """All of it in one line for the page Heute: the summary, and beside it those lights that matter most there."""
    found = health.lights(_facts(request))
    named = dict(zip(health.LIGHTS, found, strict=True))
    return {"health": health.summary(found), "beside": [named[name] for name in IN_LINE], "lights": found}


def _facts(request: StaffRequest) -> health.Facts:
    here = navigation.house(request)
    has_keys = all(settings.X_KEYS.values())
    return health.facts(here.at, channels=here.channels, is_paused=here.pause is not None, has_keys=has_keys)


def _page(request: StaffRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    found = health.lights(_facts(request))
    restored = Restore.objects.first()
    context = {
        "summary": health.summary(found),
        "lights": found,
        "alarms": Alarm.objects.all()[:ALARMS_SHOWN],
        "restored": restored,
        "findings": [_shown(finding) for finding in restored.findings] if restored else [],
        "step": _compare_step() if restored and not restored.reconciled_at else None,
        "may_compare": request.user.role in COMPARERS,
        "refused": refused,
    }
    return render(request, "editorial/health/page.html", context, status=status)


def _compare_step() -> dict[str, Any]:
    step = {"slug": "abgleich", "url": reverse("editorial:health_compare"), "label": "Jetzt vergleichen"}
    if all(settings.X_KEYS.values()):
        explanation = (
            "Die Anwendung liest auf dem Kanal, was seit der Sicherung erschienen ist. "
            "Sie versucht es auch jede Minute von selbst."
        )
        return step | {"tone": "primary", "explanation": explanation}
    explanation = (
        "Ohne Schlüssel kann die Anwendung nicht auf dem Kanal nachsehen. Bitte vergleichen Sie selbst: Was seit der "
        "Sicherung erschienen ist, tragen Sie in der Klärung als „ist online“ ein."
    )
    return step | {"label": "Ich habe verglichen", "explanation": explanation, "reason": "Was haben Sie verglichen?"}


def _shown(finding: dict[str, Any]) -> dict[str, Any]:
    at = dt.datetime.fromisoformat(finding["at"]) if "at" in finding else None
    return finding | {"words": KINDS[finding["kind"]], "at": at, "is_done": finding["kind"] == restoring.PUBLISHED}
