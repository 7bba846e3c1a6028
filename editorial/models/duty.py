import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..enums import Agreement
from .register import Kept


class Duty(Kept):
    """A standing duty of the staff with somebody who stands in (K-28): nothing hangs on one person."""

    name = models.CharField("Aufgabe", max_length=200, unique=True)
    source = models.CharField("Fundstelle", max_length=100, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties", verbose_name="Zuständig"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputed_duties", verbose_name="Vertretung"
    )
    absent_until = models.DateField("Vertretung übernimmt bis einschließlich", null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(owner=F("deputy")), name="duty_has_two_people")]

    def __str__(self) -> str:
        return self.name

    def acting(self, day: dt.date) -> models.Model | None:
        """Who has to do it on this day; None when neither of the two has an open account."""
        is_away = self.absent_until is not None and day <= self.absent_until
        order = (self.deputy, self.owner) if is_away else (self.owner, self.deputy)
        return next((person for person in order if person.is_active), None)


class Training(Kept):
    """Who was trained in what, until when it holds (G-09). A name of the training, never a mark or a judgement."""

    subject = models.CharField("Schulung", max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trainings", verbose_name="Person"
    )
    held_on = models.DateField("Besucht am")
    valid_until = models.DateField("Gilt bis einschließlich", null=True, blank=True)

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.subject


class Participation(Kept):
    """When the staff council was heard about what, and what was agreed (G-14)."""

    subject = models.CharField("Worum es ging", max_length=200)
    held_on = models.DateField("Beteiligt am")
    agreement = models.CharField("Ergebnis", max_length=10, choices=Agreement)
    scope = models.TextField("Was ist vereinbart?", max_length=1000)
    reference = models.CharField("Aktenzeichen oder Ablage", max_length=200, blank=True)

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.subject
