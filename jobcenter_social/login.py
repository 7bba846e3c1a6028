"""Log-in rules around allauth and axes: no sign-up, a delay that grows, one answer for every kind of failure."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from editorial.models import User

MEMORY = timedelta(hours=24)
FIRST_LOCK_MIN, GROWTH, LONGEST_LOCK_MIN = 1, 4, 60
LOCAL_WORDS = ("jobcenter", "bremen", "redaktion", "passwort", "arbeitsagentur")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Passwords are counted by django-axes alone: two limits would give two answers."""

    def login(self, request: HttpRequest, user: Any) -> None:
        user.backend = "jobcenter_social.login.Backend"  # also after single sign-on, which asks none
        super().login(request, user)


class Backend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        user = User.with_role(user_id)
        return user if user and self.user_can_authenticate(user) else None


class LocalWordsValidator:
    """Refuses what an attacker of this house tries first: its own words with a few signs around them."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.lower()
        for word in LOCAL_WORDS:
            rest = rest.replace(word, "")
        if len(rest) < len(password) and len(rest) < 8:
            raise ValidationError(self.get_help_text(), code="password_local_words")

    def get_help_text(self) -> str:
        return "Das Passwort darf nicht fast nur aus Wörtern wie „Jobcenter“ oder „Bremen“ bestehen."


def lockout_time(request: HttpRequest) -> timedelta:
    """1, 4, 16, then 60 minutes: the lock after each further AXES_FAILURE_LIMIT failures since the last log-in."""
    failures = _failures_since_success(attempted_username(request), client_address(request))
    # The failure that locks is written down only after this question was asked, hence the 1.
    rounds = max(1, (failures + 1) // settings.AXES_FAILURE_LIMIT)
    return timedelta(minutes=min(FIRST_LOCK_MIN * GROWTH ** min(rounds - 1, 10), LONGEST_LOCK_MIN))


def _failures_since_success(username: str | None, address: str | None) -> int:
    by = {"username": username, "ip_address": address}
    since = timezone.now() - MEMORY
    success = AccessLog.objects.filter(**by, attempt_time__gt=since).order_by("-attempt_time").first()
    return AccessFailureLog.objects.filter(**by, attempt_time__gt=success.attempt_time if success else since).count()


def attempted_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    name = (credentials or {}).get("username") or request.POST.get("login", "").strip()
    return name[:255] or None


def client_address(request: HttpRequest) -> str | None:
    """Who asks. With https a proxy stands in front, and only the entry that it added itself can be believed."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.IS_HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR")


def locked_out(request: HttpRequest, original: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    minutes = int(lockout_time(request).total_seconds() // 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
