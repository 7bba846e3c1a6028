"""Who may use a view. Each view declares it here; a test fails for a view that declares nothing."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows, suspend_request
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from .enums import Role
from .models import User

View = Callable[..., HttpResponseBase]
EVERYONE = "everyone"


class StaffRequest(HttpRequest):
    """A request behind ``roles``: somebody is logged in. For the type checker."""

    user: User


def roles(*allowed: Role) -> Callable[[View], View]:
    """Let only people with one of these roles in: no log-in answers 302, a wrong role 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            if request.user.role not in allowed:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.allowed_roles = frozenset(allowed)  # type: ignore[attr-defined]  # read by the permission test
        return guarded

    return decorate


signed_in = roles(*Role)


# Below ``roles``, before a sensitive step: whoever logged in or confirmed long ago (ACCOUNT_REAUTHENTICATION_TIMEOUT)
# does so again; the step is then taken with what was typed. Looking at the page needs no confirmation.
def confirmed(view: View) -> View:
    by_own_means = reauthentication_required(allow_get=True)(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        is_step = request.method != "GET" and user.is_authenticated
        # allauth lets people through who have neither password nor code here: they log in at the house's own service.
        if is_step and not get_reauthentication_flows(user) and _was_long_ago(request):
            return suspend_request(request, reverse("confirm_at_house"))
        found: HttpResponseBase = by_own_means(request, *args, **kwargs)
        return found

    return answer


def _was_long_ago(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    last = max((float(one["at"]) for one in records if one.get("reauthenticated")), default=0.0)
    return time.time() - last >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def everyone(view: View) -> View:
    """Open to the public; such a view neither needs nor sets a cookie."""
    view.allowed_roles = EVERYONE  # type: ignore[attr-defined]  # read by the permission test
    return view


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # htmx would swap the log-in page into a corner of the form: it is told to stay, the page says what to do.
        return HttpResponse("Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich neu an.", status=401)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
