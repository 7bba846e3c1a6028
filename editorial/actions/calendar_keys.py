"""The key with which a person's calendar reads the plan: made, renewed, revoked; never kept in the clear."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction

from .. import audit
from ..clock import database_now
from ..enums import Role
from ..models import CalendarKey, User

READERS = (Role.PROE, Role.GF, Role.FACH)
KEY_BYTES = 24


def renew(user: User, *, at: dt.datetime | None = None) -> str:
    """Make a key and give it, the only time it is seen; one from before no longer works."""
    at, key = at or database_now(), secrets.token_urlsafe(KEY_BYTES)
    with transaction.atomic():
        fields = {"digest": _digest(key), "created_at": at}
        kept, _ = CalendarKey.objects.update_or_create(user=user, defaults=fields)
        audit.record("renew_calendar_key", subject_type="calendarkey", subject_id=kept.pk, at=at, by=user)
    return key


def revoke(user: User, *, at: dt.datetime | None = None) -> bool:
    """Whether there was one."""
    with transaction.atomic():
        kept = CalendarKey.objects.filter(user=user).first()
        if kept is None:
            return False
        audit.record(
            "revoke_calendar_key", subject_type="calendarkey", subject_id=kept.pk, at=at or database_now(), by=user
        )
        kept.delete()
    return True


def made_at(user: User) -> dt.datetime | None:
    return CalendarKey.objects.filter(user=user).values_list("created_at", flat=True).first()


def reader(key: str) -> User | None:
    """Who holds this key and may still read the plan."""
    holders = User.objects.filter(calendar_key__digest=_digest(key), is_active=True)
    return holders.filter(groups__name__in=READERS).first()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
