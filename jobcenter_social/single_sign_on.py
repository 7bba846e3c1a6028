"""Log-in by the house's own service (OpenID Connect). It says who somebody is; the account and the role are ours."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from editorial.models import User

logger = logging.getLogger(__name__)
NO_ACCOUNT = "Ihre Anmeldung im Haus hat geklappt, aber für Sie ist hier kein offenes Konto eingerichtet."
FAILED = "Die Anmeldung des Hauses hat nicht geklappt oder wurde abgebrochen."
FORBIDDEN = 403


class Adapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The first time the address that the house has verified tells whose account it is, later its own number."""
        if not sociallogin.is_existing and (user := _of_address(sociallogin)):
            sociallogin.connect(request, user)
        if not (sociallogin.is_existing and sociallogin.user.is_active):
            raise ImmediateHttpResponse(_refusal(request, NO_ACCOUNT))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """None: it is the usual way in, not a change that somebody has to hear of."""

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        logger.warning("Single sign-on failed: %s", kwargs.get("error"))
        raise ImmediateHttpResponse(_refusal(request, FAILED))


def _of_address(sociallogin: Any) -> User | None:
    verified = [one.email for one in sociallogin.email_addresses if one.verified]
    found = list(User.objects.filter(email__iexact=verified[0], is_active=True)[:2]) if verified else []
    return found[0] if len(found) == 1 else None


def _refusal(request: HttpRequest, words: str) -> Any:
    return render(request, "account/single_sign_on_refused.html", {"words": words}, status=FORBIDDEN)
