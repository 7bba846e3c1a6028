import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Expression, Q

from ..enums import ChannelStatus


class Channel(models.Model):
    """An outlet of the house (K-02, K-07). The network's name is data: networks are renamed and retired."""

    slug = models.SlugField(unique=True)
    name = models.CharField("Name", max_length=100)
    handle = models.CharField("Kontoname", max_length=50, blank=True)
    profile_url = models.URLField("Adresse des Profils", blank=True)
    status = models.CharField("Status", max_length=10, choices=ChannelStatus, default=ChannelStatus.ACTIVE)
    unit = models.CharField("Zuständige Stelle", max_length=100, default="PRÖ")
    started_on = models.DateField("Gestartet am", null=True, blank=True)
    retired_on = models.DateField("Eingestellt am", null=True, blank=True)
    retired_reason = models.TextField("Grund", blank=True)
    readable_without_login = models.BooleanField("Ohne Anmeldung lesbar", default=False)
    interaction = models.TextField("Was auf dem Kanal möglich ist", blank=True)
    posts_by_hand = models.BooleanField("Von Hand senden", default=False)
    marks_links = models.BooleanField("Kennzeichen an Links zur eigenen Website", default=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    locked_reason = models.CharField(max_length=40, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["status", "name"]

    def __str__(self) -> str:
        return self.name

    def accepts(self, at: dt.datetime) -> bool:
        """Whether the channel takes posts at this moment, as far as we know from its last answers."""
        return not self.locked_reason and (self.paused_until is None or self.paused_until <= at)


class DailyTarget(models.Model):
    """How many Beiträge a working day should have, from this day on (K-44: *zunächst täglich*)."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="targets")
    valid_from = models.DateField()
    per_working_day = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["channel", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["channel", "valid_from"], name="target_per_day")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.per_working_day} ab {self.valid_from}"


class SendPauseQuerySet(models.QuerySet["SendPause"]):
    def active(self, at: dt.datetime | Expression) -> "SendPauseQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=at), started_at__lte=at, ended_at=None)


class SendPause(models.Model):
    """The kill switch (Sendepause). A row without ``ended_at`` and without a past ``until`` stops all sending."""

    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("Grund")
    until = models.DateTimeField("Bis", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SendPauseQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"Sendepause seit {self.started_at:%d.%m.%Y %H:%M}"
