"""Who may use a view. Each view declares it here; a test fails for a view that declares nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

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
confirmed: Callable[[View], View] = reauthentication_required(allow_get=True)


def everyone(view: View) -> View:
    """Open to the public; such a view neither needs nor sets a cookie."""
    view.allowed_roles = EVERYONE  # type: ignore[attr-defined]  # read by the permission test
    return view


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # htmx would swap the log-in page into a corner of the form: it is told to stay, the page says what to do.
        return HttpResponse("Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich neu an.", status=401)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
