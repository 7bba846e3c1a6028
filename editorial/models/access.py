import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q


class ChannelAccessQuerySet(models.QuerySet["ChannelAccess"]):
    def valid(self, day: dt.date) -> "ChannelAccessQuerySet":
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


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
