"""What somebody typed while the log-in ended: carried through the log-in page, back into the form, unsaved.

Nothing of it is kept here for somebody who is not logged in: the page itself carries it, signed and for a limited
time. It comes back only to the person who typed it, and only into the form: they look at it and save it themselves.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import views as account
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from ..forms.consulting import AskForm, OpinionForm
from ..forms.post import PostForm

FIELD = "mitgebracht"
SALT = "editorial.views.typed"
SESSION_KEY = "typed"
KEPT_S = 3600
FIELDS = tuple(name for form in (PostForm, AskForm, OpinionForm) for name in form.base_fields)
# More than all fields of the composer take; whoever sends more did not type it.
LONGEST_CHARS = 40_000
UNAUTHORIZED, FOUND = 401, 302

View = Callable[..., HttpResponseBase]


def survives_log_in(view: View) -> View:
    """For a form with much to write: who hands it in after the log-in has ended logs in anew and loses nothing."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by_hand = request.method == "POST" and not {"HX-Request", "X-Autosave"} & set(request.headers)
        if by_hand and not request.user.is_authenticated and (carried := _carried(request)):
            return _log_in_page(request, carried)
        return view(request, *args, **kwargs)

    return kept


def _carried(request: HttpRequest) -> str:
    typed = {name: request.POST.getlist(name) for name in FIELDS if any(request.POST.getlist(name))}
    if not typed or sum(len(value) for values in typed.values() for value in values) > LONGEST_CHARS:
        return ""
    content = {"path": request.path, "by": request.POST.get("typed_by", ""), "typed": typed}
    return signing.dumps(content, salt=SALT, compress=True)


def _log_in_page(request: HttpRequest, carried: str) -> HttpResponseBase:
    request.method = "GET"
    request.GET = QueryDict(urlencode({"next": request.path}))
    page = account.login(request)
    page.context_data["carried"] = carried
    page.status_code = UNAUTHORIZED
    return page


def log_in(request: HttpRequest) -> HttpResponseBase:
    """The usual log-in; what the page carried is laid where only this person's next composer finds it."""
    answer = account.login(request)
    if (context := getattr(answer, "context_data", None)) is not None:
        context["single_sign_on"] = settings.OIDC_NAME if settings.OIDC else ""
    carried = request.POST.get(FIELD, "")
    if not carried:
        return answer
    if answer.status_code == FOUND:
        content = _opened(carried)
        # Whoever has yet to show the second factor is known only afterwards: then it is looked at who that is.
        if content and (not request.user.is_authenticated or content["by"] == str(request.user.pk)):
            request.session[SESSION_KEY] = content
            return redirect(content["path"]) if request.user.is_authenticated else answer
    elif context:
        context["carried"] = carried if _opened(carried) else ""
    return answer


def _opened(carried: str) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = signing.loads(carried, salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:  # forged, or too old
        return None
    return content


def brought_back(request: HttpRequest) -> QueryDict | None:
    """What was typed into the form at this address, once."""
    content = request.session.get(SESSION_KEY)
    if content is None or content["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    if content["by"] != str(request.user.pk):
        return None
    typed = QueryDict(mutable=True)
    for name, values in content["typed"].items():
        typed.setlist(name, values)
    return typed
