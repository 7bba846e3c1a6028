import datetime as dt

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import Q

CHECK_HOLDS_MONTHS = 6


class ChannelAccessQuerySet(models.QuerySet["ChannelAccess"]):
    def valid(self, day: dt.date) -> "ChannelAccessQuerySet":
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def with_own_account(self, day: dt.date) -> "ChannelAccessQuerySet":
        """Of those valid on this day the ones whose own account was checked less than six months ago (K-35)."""
        since = day - relativedelta(months=CHECK_HOLDS_MONTHS)
        return self.valid(day).filter(handle_checked_on__gt=since, handle_checked_on__lte=day).exclude(own_handle="")


class ChannelAccess(models.Model):
    """Who holds access to a channel, from when until when (K-33 to K-36). Never a secret, never a shared password."""

    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="channel_accesses")
    own_handle = models.CharField("Eigenes Konto", max_length=50, blank=True)
    handle_checked_on = models.DateField("Konto geprüft am", null=True, blank=True)
    starts_on = models.DateField("Ab")
    ends_on = models.DateField("Beendet am", null=True, blank=True)

    objects = ChannelAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "user"], condition=Q(ends_on=None), name="one_open_access")
        ]

    def __str__(self) -> str:
        return f"{self.user} an {self.channel}"
