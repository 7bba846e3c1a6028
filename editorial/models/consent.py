import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import HOLDING_STATES, ConsentPlace, ConsentState, ConsentUse, WithdrawalWay


def cell(use: str, place: str) -> str:
    """How one permission of the matrix is written."""
    return f"{use}@{place}"


EVERYTHING = sorted(cell(use, place) for use in ConsentUse for place in ConsentPlace)


class Consent(models.Model):
    """The consent of one person (K-58), known everywhere by pseudonym only.

    What says who it is stands in ``sealed`` alone: bytes that only ``editorial.vault`` can read, under a key of this
    record (``wrapped_key``), which is itself wrapped by a key from outside the database (``key_id`` names it). A record
    without a key has been erased: nobody can read it any more, not even from a backup.
    """

    pseudonym = models.CharField("Kennung", max_length=20, unique=True)
    state = models.CharField("Status", max_length=10, choices=ConsentState, default=ConsentState.PREPARED)
    version = models.PositiveIntegerField(default=0)
    valid_from = models.DateField("Gilt ab")
    valid_until = models.DateField("Gilt bis einschließlich")
    withdrawn_at = models.DateTimeField("Widerrufen am", null=True, blank=True)
    withdrawn_way = models.CharField("Widerrufen durch", max_length=10, choices=WithdrawalWay, blank=True)
    # Cells of the matrix what × where that are permitted now, as "photo@x"; what was taken back is not in it.
    scope = models.JSONField("Erlaubt", default=list)
    is_minor = models.BooleanField("Die Person ist noch nicht 18 Jahre alt", default=False)
    has_special_categories = models.BooleanField("Angaben zu Gesundheit, Herkunft oder Ähnlichem", default=False)
    language = models.CharField("Sprache des Formulars", max_length=40, default="Deutsch")
    form_stand = models.CharField("Fassung des Formulars", max_length=20, blank=True)
    form_sha256 = models.CharField(max_length=64, blank=True)
    has_guardians = models.BooleanField("Die Sorgeberechtigten haben unterschrieben", default=False)
    informed_on = models.DateField("Informiert am", null=True, blank=True)
    signed_on = models.DateField("Unterschrieben am", null=True, blank=True)
    preview_shown_on = models.DateField("Vorschau gezeigt am", null=True, blank=True)
    is_anonymous_considered = models.BooleanField("Eine anonyme Fassung ist geprüft", default=False)
    created_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    warned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    key_id = models.CharField(max_length=16, blank=True)
    wrapped_key = models.BinaryField(default=bytes)
    sealed = models.BinaryField(default=bytes)

    class Meta:
        ordering = ["-valid_from", "pseudonym"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=models.F("valid_from")), name="consent_period"),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="consent_ending")]

    def __str__(self) -> str:
        return self.pseudonym

    def permits(self, use: str, place: str) -> bool:
        return cell(use, place) in self.scope

    def covers(self, day: dt.date) -> bool:
        return self.withdrawn_at is None and self.state in HOLDING_STATES and self.valid_from <= day <= self.valid_until


class Scan(models.Model):
    """The signed form as it was brought, sealed under the key of its consent; ``preview`` is a picture made from it."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="scans")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField(default=bytes)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"Formular vom {self.added_at:%d.%m.%Y}"


class Removal(models.Model):
    """A place that the channel's adapter cannot reach: somebody takes it down by hand and says how it went."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="removals")
    post = models.ForeignKey("Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField("Ort", max_length=10, choices=ConsentPlace)
    due_on = models.DateField("Zu erledigen bis")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proof = models.TextField("Was wurde getan?", blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.consent.pseudonym}"


class WithdrawalCase(models.Model):
    """Somebody wrote on the public page that a consent shall end. PRÖ finds out whose and records the withdrawal.

    ``sealed`` holds what they wrote, under a key of its own as with a consent. Nothing ends by this alone: anybody can
    write here.
    """

    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    key_id = models.CharField(max_length=16, blank=True)
    wrapped_key = models.BinaryField(default=bytes)
    sealed = models.BinaryField(default=bytes)

    class Meta:
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"Widerruf über die Website vom {self.received_at:%d.%m.%Y}"
