import datetime as dt

from django.db import models


class Consent(models.Model):
    """The consent of one person (K-58), known here by pseudonym only; persons and scans never enter this table."""

    pseudonym = models.CharField("Kennung", max_length=20, unique=True)
    valid_from = models.DateField("Gilt ab")
    valid_until = models.DateField("Gilt bis einschließlich")
    withdrawn_at = models.DateTimeField("Widerrufen am", null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "pseudonym"]
        constraints = [
            models.CheckConstraint(condition=models.Q(valid_until__gte=models.F("valid_from")), name="consent_period"),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    def covers(self, day: dt.date) -> bool:
        return self.withdrawn_at is None and self.valid_from <= day <= self.valid_until
