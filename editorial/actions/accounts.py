"""Accounts of staff: created by the administration, entered by an invitation or a given password."""

import datetime as dt

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

DAY_S = 24 * 3600


def create(
    username: str,
    role: Role,
    email: str,
    *,
    password: str | None = None,
    name: tuple[str, str] = ("", ""),
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
        audit.record("create_account", subject_type="user", subject_id=user.pk, at=at, note=role.value)
    return user


def invite(user: User) -> None:
    """Mail the link with which the person sets the first password."""
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
