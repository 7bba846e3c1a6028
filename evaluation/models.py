import hashlib
import json

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from editorial.enums import Figure


class Source(models.TextChoices):
    API = "api", "Schnittstelle"
    HAND = "hand", "von Hand"
    CSV = "csv", "CSV-Datei"


class Missing(models.TextChoices):
    """Why there is no value. None of these is zero."""

    NOT_DELIVERED = "not_delivered", "nicht geliefert"
    GONE = "gone", "gelöscht"
    OF_THE_ORIGINAL = "of_the_original", "gehört zum Original"


class Unit(models.TextChoices):
    ACCOUNTS = "accounts", "Konten"
    TIMES = "times", "Anzahl"


class FigureRowQuerySet(models.QuerySet["FigureRow"]):
    def standing(self) -> "FigureRowQuerySet":
        """Without what was corrected later: its correction stands instead."""
        return self.filter(correction=None)

    def last_of_each(self) -> "FigureRowQuerySet":
        """Of a post's readings only the last one of each figure that brought a value, and the last for each reason.

        All of the channel's own. The database chooses: a busy half-year has a hundred times as many rows.
        """
        own = Case(When(delivery=None, then=F("pk")), default=0)
        same = Window(
            RowNumber(),
            partition_by=[F("delivery"), F("figure"), F("missing_reason"), own],
            order_by=[F("taken_at").desc(), F("pk").desc()],
        )
        return self.annotate(place=same).filter(place=1)


class FigureRow(models.Model):
    """One figure at one moment, as it was read. Never changed: a correction is a row that ``replaces`` another.

    ``delivery`` None: the figure belongs to the channel. ``value`` None was not delivered, ``missing_reason`` says why.
    ``point`` names the place in the collection schedule ("7d", or the day for the channel's own figures), so that two
    ticks at once store one row; it is empty for what a person entered.
    """

    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey("editorial.Delivery", null=True, on_delete=models.PROTECT, related_name="+")
    figure = models.CharField(max_length=20, choices=Figure)
    value = models.PositiveBigIntegerField(null=True)
    missing_reason = models.CharField(max_length=20, choices=Missing, blank=True)
    unit = models.CharField(max_length=10, choices=Unit)
    source = models.CharField(max_length=10, choices=Source)
    point = models.CharField(max_length=20, blank=True)
    taken_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="correction")

    objects = FigureRowQuerySet.as_manager()

    class Meta:
        ordering = ["taken_at", "pk"]
        indexes = [
            models.Index(fields=["channel", "taken_at"], name="figure_channel_taken"),
            models.Index(fields=["channel", "figure", "taken_at"], name="figure_series"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "figure", "point"],
                condition=Q(delivery__isnull=False) & ~Q(point=""),
                name="one_reading_per_delivery_and_point",
            ),
            models.UniqueConstraint(
                fields=["channel", "figure", "point"],
                condition=Q(delivery=None) & ~Q(point=""),
                name="one_reading_per_channel_and_point",
            ),
            models.CheckConstraint(
                # Each side says about NULL itself: a condition that is neither true nor false would let the row in.
                condition=Q(value__isnull=True) & ~Q(missing_reason="") | Q(value__isnull=False, missing_reason=""),
                name="value_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()} {self.taken_at:%d.%m.%Y}: {self.value}"


class ReviewKind(models.TextChoices):
    HALF_YEAR = "half_year", "Halbjahresprüfung"


class ReviewState(models.TextChoices):
    DRAFT = "draft", "In Arbeit"
    PUBLISHED = "published", "Veröffentlicht"


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> "ReviewQuerySet":
        return self.filter(state=ReviewState.PUBLISHED)


class Review(models.Model):
    """What a half-year brought (K-65): ``figures`` are frozen, ``sources`` holds the ids of the rows behind them.

    The period is half-open: ``start`` <= day < ``end``, days in Berlin. Figures name posts by their public id only.
    """

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=10, choices=ReviewKind, default=ReviewKind.HALF_YEAR)
    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="+")
    start = models.DateField("Beginn")
    end = models.DateField("Ende (ausschließlich)")
    state = models.CharField("Status", max_length=10, choices=ReviewState, default=ReviewState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    figures = models.JSONField()
    sources = models.JSONField()
    comment = models.TextField("Kommentar", blank=True)
    erratum = models.TextField("Berichtigung", blank=True)
    built_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-end", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "kind", "end"], name="one_review_per_period"),
            models.CheckConstraint(condition=Q(start__lt=models.F("end")), name="review_period_has_days"),
            models.CheckConstraint(
                condition=Q(state=ReviewState.DRAFT)
                | Q(state=ReviewState.PUBLISHED, published_at__isnull=False, published_by__isnull=False),
                name="published_review_has_a_publisher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} bis {self.end:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:evaluation", args=[self.slug])

    def digest(self) -> str:
        """SHA-256 over all that would be published: what was on the screen is what is published."""
        content = {"figures": self.figures, "sources": self.sources, "comment": self.comment, "erratum": self.erratum}
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
