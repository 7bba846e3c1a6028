"""Accounts of staff: created by the administration, entered by an invitation or a given password, closed at once.

Nobody does any of the latter to the own account, and the last open account of the Administration stays one.
"""

import datetime as dt
import logging
from smtplib import SMTPException

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from .. import audit
from ..clock import database_now
from ..enums import Role
from ..models import User
from . import accesses

NAMES = ("first_name", "last_name", "email")
DAY_S = 24 * 3600
logger = logging.getLogger(__name__)


def create(
    username: str,
    role: Role,
    email: str,
    *,
    password: str | None = None,
    name: tuple[str, str] = ("", ""),
    by: User | None = None,
    at: dt.datetime | None = None,
) -> User:
    """Create an account with one role. Without a password nobody can log in until the invitation is used.

    Raises ValidationError, in German, for a name that is taken or unusable, a bad address or a weak password.
    """
    at = at or database_now()
    user = User(username=username, email=email, first_name=name[0], last_name=name[1])
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError(f"Den Anmeldenamen {username} gibt es schon.")
    if not email:
        raise ValidationError("Bitte geben Sie eine E-Mail-Adresse an.")
    user.full_clean()
    with transaction.atomic():
        user.save()
        user.groups.set([Group.objects.get(name=role.value)])
        audit.record("create_account", subject_type="user", subject_id=user.pk, at=at, by=by, note=role.value)
    return user


class Refused(Exception):
    """This cannot be done to this account; the message says why, in German."""


def rename(user: User, values: dict[str, str], *, by: User, at: dt.datetime | None = None) -> list[str]:
    """Keep another name or address (``NAMES``) and give the fields that changed.

    Who had another address is told so there: whoever reads the mails of an account can take it over.
    """
    at = at or database_now()
    with transaction.atomic():
        kept = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        changed = [name for name in NAMES if name in values and getattr(kept, name) != values[name]]
        if not changed:
            return []
        former = kept.email
        for name in changed:
            setattr(kept, name, values[name])
        kept.save(update_fields=changed)
        _record("rename_account", kept, by=by, at=at, note=", ".join(changed))
    if "email" in changed and former:
        _tell_by_mail([former], "Ihre E-Mail-Adresse bei der Redaktion", f"Für das Konto {kept.username} {ELSEWHERE}")
    return changed


def disable(user: User, reason: str, *, by: User, at: dt.datetime | None = None) -> None:
    """Close the account: no log-in any more, and every open session ends with its next request."""
    at = at or database_now()
    with transaction.atomic():
        kept = _of_another(user, by)
        if not kept.is_active:
            raise Refused("Das Konto ist schon gesperrt.")
        _keep_one_administration(kept)
        accesses.end_all_of(kept, "Konto gesperrt", by=by, at=at)
        kept.is_active = False
        kept.sessions_number += 1
        kept.save(update_fields=["is_active", "sessions_number"])
        _record("disable_account", kept, by=by, at=at, note=reason)


def enable(user: User, reason: str, *, by: User, at: dt.datetime | None = None) -> None:
    at = at or database_now()
    with transaction.atomic():
        kept = _of_another(user, by)
        if kept.is_active:
            raise Refused("Das Konto ist schon offen.")
        kept.is_active = True
        kept.save(update_fields=["is_active"])
        _record("enable_account", kept, by=by, at=at, note=reason)


def change_role(user: User, role: Role, reason: str, *, by: User, at: dt.datetime | None = None) -> None:
    """Give the account another role: it holds from the next request on, in open sessions, too."""
    at = at or database_now()
    with transaction.atomic():
        kept = _of_another(user, by)
        former = kept.role
        if former == role:
            raise Refused(f"Das Konto hat die Rolle {role.label} schon.")
        _keep_one_administration(kept)
        accesses.end_all_of(kept, "Andere Rolle", by=by, at=at)
        kept.groups.set([Group.objects.get(name=role.value)])
        source = former.value if former else ""
        _record("change_role", kept, by=by, at=at, source=source, target=role.value, note=reason)


def reset_second_factor(user: User, reason: str, *, by: User, at: dt.datetime | None = None) -> None:
    """Forget a lost second factor, end every session and tell the person, who sets up a new one at the next log-in."""
    at = at or database_now()
    with transaction.atomic():
        kept = _of_another(user, by)
        if not Authenticator.objects.filter(user=kept).delete()[0]:
            raise Refused("Dieses Konto hat keinen zweiten Faktor.")
        kept.sessions_number += 1
        kept.save(update_fields=["sessions_number"])
        _record("reset_second_factor", kept, by=by, at=at, note=reason)
    if kept.email:
        _tell_by_mail([kept.email], "Ihr zweiter Faktor bei der Redaktion", f"Für das Konto {kept.username} {RESET}")


def end_sessions(user: User, *, by: User, at: dt.datetime | None = None) -> None:
    """Log the account out everywhere."""
    at = at or database_now()
    with transaction.atomic():
        kept = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        kept.sessions_number += 1
        kept.save(update_fields=["sessions_number"])
        _record("end_sessions", kept, by=by, at=at)


def _of_another(user: User, by: User) -> User:
    """The account as it is now, nobody else's until the transaction ends.

    Every account of the Administration is locked along with it, so that two cannot close each other at once; all in
    one order.
    """
    if user.pk == by.pk:
        raise Refused("Das eigene Konto ändert eine andere Person der Administration.")
    concerned = {user.pk, *User.objects.filter(groups__name=Role.ADMIN).values_list("pk", flat=True)}
    locked = {
        one.pk: one for one in User.objects.select_for_update(no_key=True).filter(pk__in=concerned).order_by("pk")
    }
    if by.pk in locked and not locked[by.pk].is_active:
        raise Refused("Ihr Konto wurde inzwischen gesperrt.")
    return locked[user.pk]


def _keep_one_administration(user: User) -> None:
    others = User.objects.filter(groups__name=Role.ADMIN, is_active=True).exclude(pk=user.pk)
    if user.role == Role.ADMIN and user.is_active and not others.exists():
        raise Refused("Das ist das letzte offene Konto der Administration. Legen Sie erst ein zweites an.")


def _record(step: str, user: User, *, by: User, at: dt.datetime, **more: str) -> None:
    audit.record(step, subject_type="user", subject_id=user.pk, at=at, by=by, **more)


RESET = (
    "hat die Administration den zweiten Faktor zurückgesetzt. Bei der nächsten Anmeldung richten Sie einen neuen ein. "
    "Wenn Sie davon nichts wissen, melden Sie sich bitte sofort bei der Administration.\n"
)
ELSEWHERE = (
    "hat die Administration eine andere E-Mail-Adresse eingetragen. "
    "Wenn Sie davon nichts wissen, melden Sie sich bitte sofort bei der Administration.\n"
)


def _tell_by_mail(addresses: list[str], subject: str, words: str) -> None:
    """What is done stays done when the mail server does not answer."""
    try:
        send_mail(subject, f"Guten Tag,\n\n{words}", None, addresses)
    except (SMTPException, OSError):
        logger.exception("A mail about an account could not be sent")


def send_invitation(user: User, *, by: User, at: dt.datetime | None = None) -> bool:
    """Mail a link for a new password and say whether the mail server took it. Raises Refused for a closed account."""
    if not user.is_active:
        raise Refused("Das Konto ist gesperrt. Öffnen Sie es erst wieder.")
    try:
        invite(user)
    except (SMTPException, OSError):
        logger.exception("An invitation could not be sent")
        return False
    with transaction.atomic():
        _record("invite", user, by=by, at=at or database_now())
    return True


def invite(user: User) -> None:
    """Mail the link with which the person sets the first password, or a new one when the old is lost."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("editorial:invitation", args=[key, default_token_generator.make_token(user)])
    send_mail(
        "Ihr Zugang zur Redaktion des Jobcenters Bremen",
        f"Guten Tag,\n\nfür Sie ist ein Zugang angelegt. Ihr Anmeldename: {user.username}\n\n"
        f"Bitte legen Sie hier Ihr Passwort fest:\n{settings.PUBLIC_BASE_URL.rstrip('/')}{path}\n\n"
        f"Der Link gilt einmal und {settings.PASSWORD_RESET_TIMEOUT // DAY_S} Tage lang. "
        "Wenn Sie die Nachricht nicht erwartet haben, melden Sie sich bitte bei der Administration.\n",
        None,
        [user.email],
    )
