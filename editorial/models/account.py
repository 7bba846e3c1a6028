from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from ..clock import berlin_day
from ..enums import MailWay, Role
from .access import ChannelAccess
from .duty import Training


def _lost_access() -> Any:
    held = ChannelAccess.objects.filter(user=OuterRef("pk"), granted_at__isnull=False)
    return Exists(held.filter(ends_on__isnull=False)) & ~Exists(held.filter(ends_on=None))


def _lapsed_training() -> Any:
    today = berlin_day(timezone.now())
    kept = Training.objects.filter(person=OuterRef("pk"), archived_at=None)
    valid = kept.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    return Exists(kept.filter(valid_until__lt=today)) & ~Exists(valid)


class User(AbstractUser):
    """A member of staff. The role is the one Django group of the role's name (contract: accounts)."""

    # Part of what each session is signed with: the next number ends all of them, everywhere.
    sessions_number = models.PositiveIntegerField(default=0, editable=False)
    mail_way = models.CharField("Mails", max_length=10, choices=MailWay.choices, default=MailWay.AT_ONCE)

    @cached_property
    def role(self) -> Role | None:
        names = set(self.groups.values_list("name", flat=True))
        return next((role for role in Role if role.value in names), None)

    @cached_property
    def has_lost_access(self) -> bool:
        """Whether this person held access to the channel once and does so no longer (K-36)."""
        return type(self)._default_manager.filter(_lost_access(), pk=self.pk).exists()

    @cached_property
    def has_lapsed_training(self) -> bool:
        """Whether this person was trained once and no training holds any more (G-09)."""
        return type(self)._default_manager.filter(_lapsed_training(), pk=self.pk).exists()

    @classmethod
    def with_role(cls, pk: int) -> "User | None":
        """A person together with the role, in one query: every page begins with it."""
        found = cls._default_manager.filter(pk=pk).annotate(group_name=F("groups__name"))
        rows = list(found.annotate(was_sent_away=_lost_access(), is_out_of_training=_lapsed_training()))
        names = {row.group_name for row in rows}
        for person in rows:
            person.role = next((role for role in Role if role.value in names), None)
            person.has_lost_access = person.was_sent_away
            person.has_lapsed_training = person.is_out_of_training
        return rows[0] if rows else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        signed = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # the stubs know the public half only
        return f"{signed}-{self.sessions_number}"

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.get_username()

    def __str__(self) -> str:
        return self.display_name
