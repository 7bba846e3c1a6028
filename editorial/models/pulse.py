from django.db import models
from django.db.models import Q


class Heartbeat(models.Model):
    """When a part of the system last showed signs of life. ``good_at`` is the last time it also worked."""

    name = models.SlugField(unique=True)
    at = models.DateTimeField()
    good_at = models.DateTimeField(null=True, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """Something a person must know of: told once when it begins and once when it is over."""

    kind = models.SlugField()
    key = models.CharField(max_length=60, blank=True)
    words = models.TextField()
    opened_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    end_mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(closed_at=None), name="one_open_alarm")
        ]

    def __str__(self) -> str:
        return f"{self.kind} seit {self.opened_at:%d.%m.%Y %H:%M}"


class Restore(models.Model):
    """A start from a backup. Until ``reconciled_at`` nobody knows what went out since, so nothing is sent.

    ``findings`` is a list of what stood on the channel and not in the backup, for the person who releases.
    """

    restored_at = models.DateTimeField()
    backup_at = models.DateTimeField()
    reconciled_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ["-restored_at", "-pk"]

    def __str__(self) -> str:
        return f"Sicherung vom {self.backup_at:%d.%m.%Y %H:%M}"
