"""Log-in by the house's own service (OpenID Connect). It says who somebody is; the account and the role are ours."""

import logging
import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from editorial.models import User

logger = logging.getLogger(__name__)
NO_ACCOUNT = "Ihre Anmeldung im Haus hat geklappt, aber für Sie ist hier kein offenes Konto eingerichtet."
FAILED = "Die Anmeldung des Hauses hat nicht geklappt oder wurde abgebrochen."
SOMEBODY_ELSE = "Die Anmeldung des Hauses nennt eine andere Person als die, die hier angemeldet ist."
NOT_ASKED = "Die Anmeldung des Hauses hat Sie nicht noch einmal gefragt. Melden Sie sich bitte dort ab und wieder an."
FORBIDDEN = 403


class Adapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The first time the address that the house has verified tells whose account it is, later its own number."""
        if sociallogin.state.get("process") == AuthProcess.REDIRECT:
            _take_as_confirmation(request, sociallogin)
            return
        if not sociallogin.is_existing and (user := _of_address(sociallogin)):
            sociallogin.connect(request, user)
        if not (sociallogin.is_existing and sociallogin.user.is_active):
            raise ImmediateHttpResponse(_refusal(request, NO_ACCOUNT))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """None: it is the usual way in, not a change that somebody has to hear of."""

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        logger.warning("Single sign-on failed: %s", kwargs.get("error"))
        raise ImmediateHttpResponse(_refusal(request, FAILED))


def confirm_at_house(request: HttpRequest) -> HttpResponse:
    """For people who have no password here: they prove at the house's own service that it is still them."""
    if not settings.OIDC:
        raise Http404
    wanted = request.GET.get("next", "")
    back = f"{reverse('confirmed_at_house')}?{urlencode({'next': wanted})}"
    # ``prompt=login``: the service asks even those whom it knows already (OpenID Connect Core 3.1.2.1).
    asked = {"process": AuthProcess.REDIRECT, "next": back, "auth_params": "prompt=login"}
    there = f"{reverse('openid_connect_login', args=['haus'])}?{urlencode(asked)}"
    return render(request, "account/confirm_at_house.html", {"there": there, "name": settings.OIDC_NAME})


def confirmed_at_house(request: HttpRequest) -> HttpResponse:
    """On with what was stopped, with everything that was typed."""
    return resume_request(request) or redirect(settings.LOGIN_REDIRECT_URL)


def _take_as_confirmation(request: HttpRequest, sociallogin: Any) -> None:
    user: Any = request.user
    if not (user.is_authenticated and sociallogin.is_existing and sociallogin.user == user):
        raise ImmediateHttpResponse(_refusal(request, SOMEBODY_ELSE))
    claims = sociallogin.account.extra_data.get("id_token") or {}
    # Not every service says when it asked; one that says so has to have asked just now.
    if time.time() - float(claims.get("auth_time") or time.time()) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise ImmediateHttpResponse(_refusal(request, NOT_ASKED))
    record_authentication(request, user, method="socialaccount", reauthenticated=True)


def _of_address(sociallogin: Any) -> User | None:
    verified = [one.email for one in sociallogin.email_addresses if one.verified]
    found = list(User.objects.filter(email__iexact=verified[0], is_active=True)[:2]) if verified else []
    return found[0] if len(found) == 1 else None


def _refusal(request: HttpRequest, words: str) -> Any:
    return render(request, "account/single_sign_on_refused.html", {"words": words}, status=FORBIDDEN)
