import datetime as dt

from django.db import models
from django.db.models import Q

from ..enums import CallKind, Payment


class Price(models.Model):
    """What one call costs from this day on, in US dollars, as the network publishes it."""

    kind = models.CharField(max_length=20, choices=CallKind)
    valid_from = models.DateField()
    amount_usd = models.DecimalField(max_digits=8, decimal_places=4)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["kind", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="price_per_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount_usd} USD"


class Budget(models.Model):
    """The most a channel may cost in a month, from this month on. ``cap_usd`` None: no limit."""

    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="budgets")
    valid_from = models.DateField()
    cap_usd = models.DecimalField("Grenze im Monat (US-Dollar)", max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["channel", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["channel", "valid_from"], name="budget_per_month")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.cap_usd} USD ab {self.valid_from}"


class SpendingQuerySet(models.QuerySet["Spending"]):
    def counted(self, month: dt.date) -> "SpendingQuerySet":
        return self.filter(month=month).exclude(state=Payment.RELEASED)


class Spending(models.Model):
    """What a call costs or may cost: reserved before the call, settled after it. ``month`` is its first day."""

    channel = models.ForeignKey("editorial.Channel", on_delete=models.PROTECT, related_name="spendings")
    attempt = models.OneToOneField(
        "editorial.Attempt", null=True, blank=True, on_delete=models.PROTECT, related_name="spending"
    )
    month = models.DateField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=CallKind)
    count = models.PositiveIntegerField(default=1)
    amount_usd = models.DecimalField(max_digits=10, decimal_places=4)
    state = models.CharField(max_length=10, choices=Payment, default=Payment.RESERVED)

    objects = SpendingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["channel", "month"], name="spending_month")]
        constraints = [models.CheckConstraint(condition=Q(amount_usd__gte=0), name="spending_not_negative")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount_usd} USD"
