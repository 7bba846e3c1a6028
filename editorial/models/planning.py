from django.conf import settings
from django.db import models

WEEKDAYS = (
    (0, "Montag"),
    (1, "Dienstag"),
    (2, "Mittwoch"),
    (3, "Donnerstag"),
    (4, "Freitag"),
    (5, "Samstag"),
    (6, "Sonntag"),
)


class CalendarKey(models.Model):
    """Who holds the key reads moments, first words and states of the plan without logging in, until it is revoked.

    Only the SHA-256 of the key is kept: nobody finds it in the database or in a backup.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Kalenderabo {self.user_id}"


class FixedDate(models.Model):
    """A day the house plans around: seen in the plan, without any effect."""

    title = models.CharField("Bezeichnung", max_length=80)
    day = models.DateField("Tag")
    is_yearly = models.BooleanField("Jedes Jahr", default=False)

    class Meta:
        ordering = ["day", "title"]
        constraints = [models.UniqueConstraint(fields=["title", "day"], name="fixed_date_once")]

    def __str__(self) -> str:
        return self.title


class RecurringSlot(models.Model):
    """A moment of every week for which there should be a Beitrag; an offer in the plan, never a Beitrag by itself."""

    weekday = models.PositiveSmallIntegerField("Wochentag", choices=WEEKDAYS)
    at = models.TimeField("Uhrzeit")
    topic = models.ForeignKey(
        "editorial.Topic", verbose_name="Thema", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["weekday", "at"]
        constraints = [models.UniqueConstraint(fields=["weekday", "at"], name="recurring_slot_once")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.at:%H:%M} Uhr"


class SavedView(models.Model):
    """Words and filters of the list of Beiträge under a name, for one person. ``query``: as in the address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField("Name der Ansicht", max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
