import datetime as dt
import hashlib
from typing import Any

from django.db import models


class ConceptQuerySet(models.QuerySet["ConceptVersion"]):
    def in_force_on(self, day: dt.date) -> "ConceptVersion":
        """The version valid on this day. Raises ConceptVersion.DoesNotExist before the first one."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")[:1].get()


class ConceptVersion(models.Model):
    """One Stand of the Nutzungskonzept (K-01). Never changed after it was stored.

    Exactly one version is valid on a day, by construction: the one with the latest ``valid_from`` up to that day.
    """

    stand = models.CharField(max_length=7, unique=True)
    title = models.CharField(max_length=200)
    valid_from = models.DateField(unique=True)
    text = models.TextField()
    blocks = models.JSONField()
    sha256 = models.CharField(max_length=64)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.title}, Stand {self.stand}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValueError("A stored version of the concept is never changed.")
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        super().save(*args, **kwargs)
