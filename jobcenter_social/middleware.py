from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponse]

# Below these addresses answers may hold what only the signed-in person may see.
PRIVATE_PATHS = ("/redaktion/", "/konto/")
PERMISSIONS = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "browsing-topics")
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS),
}
SECONDS_BETWEEN_MARKS = 60


def response_headers(get_response: GetResponse) -> GetResponse:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(PRIVATE_PATHS):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def without_null(get_response: GetResponse) -> GetResponse:
    """No word of an address holds a NUL character, and PostgreSQL cannot even be asked for one."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return get_response(request)

    return answer


def session_limits(get_response: GetResponse) -> GetResponse:
    """Ends a log-in after SESSION_COOKIE_AGE without a request and in any case after SESSION_LONGEST."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            _keep_or_end(request.session)
        return get_response(request)

    return answer


def _keep_or_end(session: SessionBase) -> None:
    now_s = int(timezone.now().timestamp())
    began_s = session.get("began")
    if began_s is None:
        session["began"] = began_s = now_s
    if now_s - began_s > settings.SESSION_LONGEST.total_seconds():
        session.flush()
    elif now_s - session.get("seen", 0) >= SECONDS_BETWEEN_MARKS:
        # Saving moves the expiry on; once a minute is enough and spares a write with every request.
        session["seen"] = now_s
