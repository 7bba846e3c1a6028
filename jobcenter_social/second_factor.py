"""The second factor around allauth.mfa: asked of everybody outside the demonstration, kept sealed, put on record.

A log-in counts as a confirmation; before a sensitive step a person confirms again when it is long past.
"""

import base64
import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.mail import send_mail
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from editorial import audit
from editorial.clock import database_now
from editorial.models import User
from editorial.navigation import is_demo

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)
PRIVATE_PATHS = ("/redaktion/", "/konto/")
ALWAYS_OPEN = ("/konto/anmelden/", "/konto/abmelden/", "/konto/bestaetigen/", "/konto/einladung/")
SET_UP = "/konto/zweiter-faktor/"
# Ways to log in that prove more than a password. With single sign-on the house asks for its own second factor.
STRONG = ("mfa", "socialaccount")
NAMES: dict[str, str] = {"totp": "eine App für Codes", "webauthn": "ein Passkey", "recovery_codes": "Ersatzcodes"}
SEALED_PARTS = ("secret", "seed", "migrated_codes")  # of an Authenticator's data
UNREADABLE = "Der Schlüssel fehlt in CONSENT_KEYS. Die Administration setzt den Faktor zurück."
MUST_STAY = "Das ist Ihr letzter zweiter Faktor. Richten Sie erst einen anderen ein."


def second_factor(get_response: GetResponse) -> GetResponse:
    """Whoever is logged in by a password alone comes no further than to the page that sets the second factor up."""

    def answer(request: HttpRequest) -> HttpResponse:
        path = request.path
        is_guarded = path.startswith(PRIVATE_PATHS) and not path.startswith(ALWAYS_OPEN)
        missing = _missing(request) if settings.SECOND_FACTOR_REQUIRED and is_guarded else None
        return missing or get_response(request)

    return answer


def _missing(request: HttpRequest) -> HttpResponse | None:
    user: Any = request.user
    if not user.is_authenticated or _is_proven(request) or is_demo():
        return None
    if Authenticator.objects.filter(user_id=user.pk).exists():
        # Set up elsewhere after this log-in: whoever sits here has yet to show it.
        return suspend_request(request, reverse("mfa_reauthenticate"))
    return None if request.path.startswith(SET_UP) else redirect(SET_UP)


def _is_proven(request: HttpRequest) -> bool:
    return any(record.get("method") in STRONG for record in get_authentication_records(request, request.user))


class Adapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return "Redaktion Jobcenter Bremen"

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        is_last = not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return not (settings.SECOND_FACTOR_REQUIRED and is_last and not is_demo())

    def encrypt(self, text: str) -> str:
        return _sealing().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _sealing().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # No code fits what cannot be read: the Administration resets the factor.
            logger.exception("A second factor cannot be read: its key is no longer in CONSENT_KEYS")
            return ""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Der Code stimmt nicht, ist abgelaufen oder wurde schon benutzt.",
        "cannot_delete_authenticator": MUST_STAY,
    }


def reseal() -> tuple[int, list[str]]:
    """Seal every second factor by the newest key: how many were not yet, and whose cannot be read."""
    done, trouble = 0, []
    for pk in Authenticator.objects.values_list("pk", flat=True).order_by("pk"):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update(no_key=True).select_related("user").filter(pk=pk).first()
            if row is None:  # removed meanwhile
                continue
            try:
                new = {name: _by_the_newest_key(row.data[name]) for name in SEALED_PARTS if row.data.get(name)}
            except InvalidToken:
                trouble.append(f"{row.get_type_display()} von {row.user.get_username()}: {UNREADABLE}")
                continue
            if any(new[name] != row.data[name] for name in new):
                row.data |= new
                row.save(update_fields=["data"])
                done += 1
    return done, trouble


def _by_the_newest_key(sealed: Any) -> Any:
    if isinstance(sealed, list):
        return [_by_the_newest_key(one) for one in sealed]
    newest = Fernet(_derived(_secrets()[0]))
    try:
        newest.decrypt(sealed)
        return sealed
    except InvalidToken:
        return _sealing().rotate(sealed).decode()


def _secrets() -> list[str]:
    return settings.RECORD_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _sealing() -> MultiFernet:
    """The keys of the consents, or the secret key where there are none; the newest seals, each one opens."""
    return MultiFernet([Fernet(_derived(secret)) for secret in _secrets()])


def _derived(secret: str) -> bytes:
    raw = HKDF(SHA256(), 32, salt=None, info=b"jobcenter-social second factor").derive(secret.encode())
    return base64.urlsafe_b64encode(raw)


@receiver(user_logged_in)
def _log_in_confirms(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    record_authentication(request, user, method="log-in", reauthenticated=True)


@receiver(authenticator_added)
def _added(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    # Whoever sets it up has just shown it.
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", type=authenticator.type, id=authenticator.pk)
    _note("add_factor", user, authenticator, "Neu eingerichtet")


@receiver(authenticator_removed)
def _removed(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _note("remove_factor", user, authenticator, "Entfernt")


@receiver(authenticator_reset)
def _renewed(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _note("renew_codes", user, authenticator, "Neu erzeugt")


def _note(step: str, user: User, authenticator: Authenticator, done: str) -> None:
    with transaction.atomic():
        at = database_now()
        audit.record(step, subject_type="user", subject_id=user.pk, at=at, by=user, note=authenticator.type)
    if user.email:
        words = f"{done}: {NAMES[authenticator.type]}. Konto: {user.get_username()}."
        advice = "Waren Sie das nicht? Dann melden Sie sich bitte sofort bei der Administration."
        try:
            send_mail(
                "Ihr zweiter Faktor bei der Redaktion", f"Guten Tag,\n\n{words}\n\n{advice}\n", None, [user.email]
            )
        except (SMTPException, OSError):
            logger.exception("A mail about a second factor could not be sent")
