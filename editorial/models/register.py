"""What Beiträge of certain topics refer to: one table with what all registers share, one more for each of them."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Expression
from django.utils import timezone

from ..clock import berlin_day
from ..enums import (
    IN_BREMEN,
    About,
    Certainty,
    EntryKind,
    Paywall,
    ReadingKind,
    Region,
    Subject,
)

SNIPPET_CHARS = 300  # a quotation, never the report itself (K-64)


class Kept(models.Model):
    """A row of a register. What is no longer needed is archived: Beiträge may still refer to it."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField("Archiviert am", null=True, editable=False)

    class Meta:
        abstract = True


class EntryQuerySet(models.QuerySet["Entry"]):
    def current(self, on: dt.date | Expression) -> "EntryQuerySet":
        """What may still be chosen on this day."""
        return self.filter(models.Q(usable_until=None) | models.Q(usable_until__gte=on), archived_at=None)


class WholeManager(models.Manager["Entry"]):
    """A Beitrag's entry comes with what its own register knows, in one query."""

    def get_queryset(self) -> models.QuerySet["Entry"]:
        found = super().get_queryset()
        # Django hands this manager on to the registers' own models, which have nothing to add.
        return found.select_related(*EntryKind.values, "article__partner") if self.model is Entry else found


class Entry(Kept):
    """``label`` and ``usable_until`` follow from the other fields: what a list of choices shows, and until when."""

    KIND: ClassVar[EntryKind]

    kind = models.CharField(max_length=12, choices=EntryKind, editable=False)
    title = models.CharField("Titel", max_length=200)
    url = models.URLField("Adresse", max_length=500, blank=True)
    label = models.CharField(max_length=260, editable=False)
    usable_until = models.DateField(null=True, editable=False)

    objects = EntryQuerySet.as_manager()
    whole = WholeManager()

    class Meta:
        ordering = ["-pk"]
        base_manager_name = "whole"
        indexes = [models.Index(fields=["kind", "-id"], name="entry_kind")]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = self.KIND
        day = self.day
        self.label = f"{self.title}, {day:%d.%m.%Y}" if day else self.title
        super().save(*args, **kwargs)

    @property
    def actual(self) -> Any:
        """The row of its own register."""
        return getattr(self, self.kind) if type(self) is Entry else self

    @property
    def day(self) -> dt.date | None:
        return None


class Offer(Entry):
    """A Serviceangebot and until when it holds (K-51)."""

    KIND = EntryKind.OFFER

    valid_until = models.DateField("Gilt bis einschließlich", null=True, blank=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.usable_until = self.valid_until
        super().save(*args, **kwargs)


class Event(Entry):
    """A regional event and, afterwards, how many came (K-53, K-70)."""

    KIND = EntryKind.EVENT

    starts_at = models.DateTimeField("Beginn")
    region = models.CharField("Gebiet", max_length=12, choices=Region, blank=True)
    place = models.CharField("Ort", max_length=200, blank=True)
    organiser = models.CharField("Veranstaltende Organisation", max_length=200)
    accessibility = models.CharField("Barrierefreiheit", max_length=300, blank=True)
    attendance = models.PositiveIntegerField("Teilnehmende", null=True, blank=True)
    attendance_note = models.CharField("Anmerkung zur Teilnahme", max_length=300, blank=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.usable_until = self.day
        super().save(*args, **kwargs)

    @property
    def day(self) -> dt.date:
        return berlin_day(self.starts_at)


class Appointment(Entry):
    """An appointment of a director in Bremen. Nobody hears of it before that director has released it (K-56)."""

    KIND = EntryKind.APPOINTMENT

    starts_at = models.DateTimeField("Beginn")
    region = models.CharField("Gebiet", max_length=12, choices=[(place.value, place.label) for place in IN_BREMEN])
    place = models.CharField("Ort", max_length=200)
    director = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="Geschäftsführer:in"
    )
    is_public = models.BooleanField("Der Termin ist öffentlich bekannt", default=False)
    released_at = models.DateTimeField("Freigegeben am", null=True, editable=False)

    @property
    def day(self) -> dt.date:
        return berlin_day(self.starts_at)


class Readable(Entry):
    """Something published elsewhere; whether everybody can read it is looked up by a person (K-61)."""

    published_on = models.DateField("Erschienen am")
    paywall = models.CharField("Wie ist der Text zu lesen?", max_length=12, choices=Paywall)
    paywall_checked_on = models.DateField("Nachgesehen am")

    class Meta:
        abstract = True

    @property
    def day(self) -> dt.date:
        return self.published_on


class ReadingTip(Readable):
    """A Lesetipp (K-59, K-60)."""

    KIND = EntryKind.READINGTIP

    genre = models.CharField("Art", max_length=12, choices=ReadingKind)
    publisher = models.CharField("Herausgeber:in", max_length=200)
    subject = models.CharField("Schlagwort", max_length=10, choices=Subject)


class Article(Entry):
    """A Fachbeitrag of an organisation we work with (K-63)."""

    KIND = EntryKind.ARTICLE

    partner = models.ForeignKey("editorial.Partner", on_delete=models.PROTECT, verbose_name="Organisation")
    author_line = models.CharField("Autorenzeile, wie veröffentlicht", max_length=200)
    published_on = models.DateField("Erschienen am")
    neutral_on = models.DateField("Auf Neutralität geprüft am", null=True, blank=True)

    @property
    def day(self) -> dt.date:
        return self.published_on


class Mention(Readable):
    """A report in the media that mentions us or took up our topic (K-64, K-73, K-74). Never its full text."""

    KIND = EntryKind.MENTION

    outlet = models.CharField("Medium", max_length=200)
    about = models.CharField("Worum geht es?", max_length=10, choices=About)
    snippet = models.CharField("Kurzes Zitat", max_length=SNIPPET_CHARS, blank=True)
    took_up_topic = models.BooleanField("greift ein Thema von uns auf", default=False)
    mentioned_us = models.BooleanField("erwähnt uns", default=False)
    caused_by = models.ForeignKey(
        "editorial.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="reports", verbose_name="Anlass"
    )
    certainty = models.CharField("Wie sicher ist das?", max_length=10, choices=Certainty, blank=True)
