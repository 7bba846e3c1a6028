"""The numbers at tabs, asked for anew by themselves when somebody comes back to the window.

Not by the clock: a page left open would keep its log-in alive.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ..roles import StaffRequest

TARGET = "reiter"  # as in partials/_tabs.html


def asked_alone(request: StaffRequest) -> bool:
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # set by the middleware of django-htmx
    return bool(htmx) and htmx.target == TARGET


def alone(request: StaffRequest, tabs: Sequence[dict[str, Any]], label: str) -> HttpResponse:
    context = {"tabs": tabs, "label": label, "live_url": request.get_full_path()}
    return render(request, "partials/_tabs.html", context)
