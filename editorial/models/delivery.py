import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Expression, F, Q

from ..clock import BERLIN
from ..enums import LIVE_DELIVERY_STATES, AttemptOutcome, DeliveryState, Evidence, Reading


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def live(self) -> "DeliveryQuerySet":
        return self.filter(state__in=LIVE_DELIVERY_STATES)

    def due(self, at: dt.datetime | Expression) -> "DeliveryQuerySet":
        rested = Q(not_before=None) | Q(not_before__lte=at)
        return self.filter(rested, state=DeliveryState.SCHEDULED, slot__lte=at).order_by("slot", "pk")

    def of_this_service(self, *, own_simulator: bool) -> "DeliveryQuerySet":
        """Demonstration posts exist only in our own simulator and are never shown to a real service."""
        return self if own_simulator else self.filter(is_demo=False)


class Delivery(models.Model):
    """An Ausspielung: one Beitrag, one channel, one send. ``slot`` is the committed moment.

    ``not_before`` is when a failed call or deletion may be tried again.
    ``rule_results`` holds the answer of every rule at the moment of the claim (K-09).
    ``told_version`` is the version people were told of; any other number: not told of how it stands now.
    ``gone_at`` and ``altered_at`` say when we noticed that somebody deleted or changed it on the channel by hand.
    """

    post = models.ForeignKey("editorial.Post", on_delete=models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="deliveries")
    approval = models.ForeignKey("editorial.Approval", on_delete=models.PROTECT, related_name="deliveries")
    concept_version = models.ForeignKey("editorial.ConceptVersion", on_delete=models.PROTECT)
    state = models.CharField("Status", max_length=15, choices=DeliveryState, default=DeliveryState.SCHEDULED)
    version = models.PositiveIntegerField(default=0)
    slot = models.DateTimeField("Termin")
    not_before = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    rule_results = models.JSONField(default=dict)
    external_id = models.CharField(max_length=30, null=True, blank=True, unique=True)
    external_url = models.URLField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField("Belegt durch", max_length=10, choices=Evidence, blank=True)
    told_version = models.PositiveIntegerField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    altered_at = models.DateTimeField(null=True, blank=True)
    altered_text = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["slot", "pk"]
        indexes = [
            models.Index(fields=["state", "slot"], name="delivery_state_slot"),
            models.Index(fields=["slot"], name="delivery_slot"),
            models.Index(fields=["published_at"], name="delivery_published"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "channel"], condition=Q(state__in=LIVE_DELIVERY_STATES), name="one_live_delivery"
            ),
            # An id is stored with the state that claims it (I6): nothing is "published" without one.
            models.CheckConstraint(
                condition=~Q(state__in=["published", "takedown_due", "deleted"]) | Q(external_id__isnull=False),
                name="published_has_id",
            ),
        ]

    def __str__(self) -> str:
        return f"Ausspielung {self.pk}"

    @property
    def named(self) -> str:
        """Number, topic and moment, for mails: anybody may forward one, so no word of the text, which may be about a
        single person (G-05)."""
        topic = f" zu „{self.post.topic.name}“" if self.post.topic else ""
        return f"Beitrag {self.post_id}{topic} für den {self.slot.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"


class Attempt(models.Model):
    """One try to send. Committed before the call; its outcome is written once, by the sender or the reconciler.

    Only settling.py writes it; through the object nobody does.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    since_id = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=10, choices=AttemptOutcome, default=AttemptOutcome.STARTED)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    external_id = models.CharField(max_length=30, blank=True)
    code = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["delivery", "number"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number"),
            models.UniqueConstraint(  # I2: at most one attempt whose end is open
                fields=["delivery"],
                condition=Q(outcome__in=[AttemptOutcome.STARTED, AttemptOutcome.UNKNOWN]),
                name="one_unresolved_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"Versuch {self.number} von {self.delivery_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValueError("An attempt is closed by settling and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ValueError("An attempt is never deleted.")


class TimelineRead(models.Model):
    """One look at the own timeline for an attempt whose end is open. Only a look that saw everything is evidence."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="reads")
    at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=Reading)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["attempt", "at"]

    def __str__(self) -> str:
        return f"{self.get_result_display()} am {self.at:%d.%m.%Y %H:%M}"


class Resend(models.Model):
    """A person's wish to send once more; a second person confirms it (publishing.md 1.4, 10)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="resends")
    reason = models.TextField("Grund")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["delivery"], condition=Q(ended_at=None), name="one_open_resend"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="resend_by_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"Noch einmal senden: {self.delivery_id}"


class MediaUpload(models.Model):
    """How far a picture got on its way to the channel, so that a second attempt goes on where the first stopped.

    ``external_id`` is worth nothing after ``expires_at``. ``segments`` counts those the channel has taken.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="uploads")
    position = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    external_id = models.CharField(max_length=30)
    segments = models.PositiveIntegerField(default=0)
    is_ready = models.BooleanField(default=False)
    is_described = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["delivery", "position"]
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="upload_per_position")]

    def __str__(self) -> str:
        return f"Übertragung {self.external_id}"
