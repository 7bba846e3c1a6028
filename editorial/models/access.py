import datetime as dt

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..enums import AccessKind, Role

CHECK_HOLDS_MONTHS = 6
REVIEWED_EVERY_MONTHS = 6
# How many people of each role may hold access at a time (K-33, K-34); their seats are numbered from 1.
SEATS = {Role.PROE: 2, Role.GF: 3}


class ChannelAccessQuerySet(models.QuerySet["ChannelAccess"]):
    def open(self) -> "ChannelAccessQuerySet":
        """Granted or proposed, and not ended: each of them takes a seat."""
        return self.filter(ends_on=None)

    def valid(self, day: dt.date) -> "ChannelAccessQuerySet":
        begun = self.filter(starts_on__lte=day, granted_at__isnull=False)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def with_own_account(self, day: dt.date) -> "ChannelAccessQuerySet":
        """Of those valid on this day the ones whose own account was checked less than six months ago (K-35)."""
        since = day - relativedelta(months=CHECK_HOLDS_MONTHS)
        return self.valid(day).filter(handle_checked_on__gt=since, handle_checked_on__lte=day).exclude(own_handle="")


class ChannelAccess(models.Model):
    """Who holds access to a channel, from when until when (K-33 to K-36). Never a secret, never a shared password.

    Until it is granted it is a proposal, which takes a seat but gives no right.
    """

    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="channel_accesses")
    role = models.CharField("Rolle", max_length=10, choices=[(role.value, role.label) for role in SEATS])
    seat = models.PositiveSmallIntegerField("Platz")
    kind = models.CharField("Art des Zugangs", max_length=20, choices=AccessKind.choices)
    basis = models.CharField("Grundlage", max_length=200)
    has_second_factor = models.BooleanField("Zweiter Faktor auf X eingeschaltet", default=False)
    own_handle = models.CharField("Eigenes Konto", max_length=50, blank=True)
    handle_checked_on = models.DateField("Konto geprüft am", null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    granted_at = models.DateTimeField("Erteilt am", null=True)
    starts_on = models.DateField("Ab")
    ends_on = models.DateField("Beendet am", null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    end_reason = models.CharField("Grund des Endes", max_length=300, blank=True)
    removed_on = models.DateField("Auf X entzogen am", null=True)
    removal_proof = models.CharField("Nachweis", max_length=300, blank=True)

    objects = ChannelAccessQuerySet.as_manager()

    class Meta:
        ordering = ("-role", "seat", "pk")
        constraints = [
            models.UniqueConstraint(fields=["channel", "user"], condition=Q(ends_on=None), name="one_open_access"),
            models.UniqueConstraint(
                fields=["channel", "role", "seat"], condition=Q(ends_on=None), name="access_seat_is_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    *(Q(role=role.value, seat__gte=1, seat__lte=number) for role, number in SEATS.items()),
                    _connector=Q.OR,
                ),
                name="access_seat_exists",
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("user")), name="access_is_granted_by_another"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="access_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} an {self.channel}"

    @property
    def place(self) -> str:
        """„Platz 2 der PRÖ“, as the register numbers it."""
        return f"Platz {self.seat} der {Role(self.role).label}"

    def check_holds_until(self) -> dt.date | None:
        """The first day on which the check of the own account no longer holds; None where there was none."""
        if not self.own_handle or self.handle_checked_on is None:
            return None
        return self.handle_checked_on + relativedelta(months=CHECK_HOLDS_MONTHS)


class AccessReview(models.Model):
    """Half-yearly somebody of the Geschäftsführung signs that every access is as the register says (K-36)."""

    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="access_reviews")
    done_on = models.DateField("Geprüft am")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField("Bemerkung", max_length=300, blank=True)
    # What was signed: one line for each access there was, in the order of the seats.
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ("-done_on", "-pk")

    def __str__(self) -> str:
        return f"Prüfung vom {self.done_on:%d.%m.%Y}"
