"""How much of a month's money is gone: asked here, decided by the rules, written by ``actions/spending.py``."""

import datetime as dt
import time
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import DateField, DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from .clock import berlin_day
from .enums import CallKind
from .models import Budget, Channel, Price, Spending
from .prepared import Given, Question
from .pricing import WARN_AT, PriceList

MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=12, decimal_places=4)
KEPT_S = 60
_kept: dict[dt.date, tuple[float, list[Price]]] = {}


@dataclass(frozen=True)
class Ledger:
    """``cap_usd`` None: no limit. ``spent_usd`` counts what is only reserved as well: it may come to that.

    ``by_hand``: a person sends, nothing is charged. The prices of the day are read when they are first asked for:
    every page has a ledger, few say what something costs.
    """

    day: dt.date
    cap_usd: Decimal | None
    spent_usd: Decimal
    by_hand: bool = False

    @property
    def month(self) -> dt.date:
        return month_of(self.day)

    @cached_property
    def prices(self) -> PriceList:
        found = _recent_prices(self.day)
        return PriceList(
            {price.kind: price.amount_usd for price in found}, max((price.valid_from for price in found), default=None)
        )

    @property
    def rest_usd(self) -> Decimal | None:
        return None if self.cap_usd is None else max(self.cap_usd - self.spent_usd, Decimal(0))

    @property
    def is_nearly_spent(self) -> bool:
        return self.cap_usd is not None and self.spent_usd >= self.cap_usd * WARN_AT

    def allows(self, cost_usd: Decimal) -> bool:
        return self.cap_usd is None or self.spent_usd + cost_usd <= self.cap_usd


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def with_money(channels: QuerySet[Channel], at: dt.datetime) -> QuerySet[Any]:
    """Each with what ``ledger_of`` reads: cap and sum of the month."""
    return _with_money_of(month_of(berlin_day(at)), channels)


def _with_money_of(month: Any, channels: QuerySet[Channel]) -> QuerySet[Any]:
    """``month``: its first day, or an expression of it."""
    cap, spent = cap_and_sum(OuterRef("pk"), month)
    return channels.annotate(cap_usd=cap, spent_usd=spent)


def cap_and_sum(channel: Any, month: Any) -> tuple[Any, Any]:
    """As expressions; ``channel`` and ``month`` may be some as well."""
    caps = Budget.objects.filter(channel=channel, valid_from__lte=month).order_by("-valid_from")
    sums = Spending.objects.counted(month).filter(channel=channel).order_by().values("channel")
    total = Subquery(sums.annotate(total=Sum("amount_usd")).values("total"))
    return Subquery(caps.values("cap_usd")[:1]), Coalesce(total, Decimal(0), output_field=MONEY)


def ledger_of(channel: Any, at: dt.datetime) -> Ledger:
    """Of a channel that ``with_money`` gave."""
    return Ledger(berlin_day(at), channel.cap_usd, channel.spent_usd, channel.posts_by_hand)


def ledger(at: dt.datetime, channel_pk: int | None = None) -> Ledger:
    """The channel's, else that of the leading one, as it stands at this moment."""
    month = month_of(berlin_day(at))
    channel = _ONE.first(channel=channel_pk, month=month) if channel_pk else _LEADING.first(month=month)
    return Ledger(berlin_day(at), None, Decimal(0)) if channel is None else ledger_of(channel, at)


# Pages and rules ask it often, and the ORM needs longer to write it than the database to answer.
_MONTH = Given("month", DateField())
_ONE: "Question[Channel]" = Question(
    lambda: _with_money_of(_MONTH, Channel.objects.filter(pk=Given.like(Channel, "id", "channel")))
)
_LEADING: "Question[Channel]" = Question(lambda: _with_money_of(_MONTH, Channel.objects.order_by("status", "pk"))[:1])


def price_on(day: dt.date, kind: CallKind) -> Decimal:
    valid = Price.objects.filter(kind=kind, valid_from__lte=day).order_by("-valid_from")
    return valid.values_list("amount_usd", flat=True).first() or Decimal(0)


def _recent_prices(day: dt.date) -> list[Price]:
    """Prices come with a new version of the program, so a process may look a minute back."""
    known = _kept.get(day)
    if known is None or time.monotonic() - known[0] > KEPT_S:
        _kept.clear()
        known = _kept[day] = (time.monotonic(), prices_on(day))
    return known[1]


def forget_prices() -> None:
    _kept.clear()


def prices_on(day: dt.date) -> list[Price]:
    """The price of each kind of call that holds on this day."""
    found: dict[str, Price] = {}
    for price in Price.objects.filter(valid_from__lte=day).order_by("valid_from"):
        found[price.kind] = price
    return [found[kind] for kind in CallKind.values if kind in found]


def spendings_of(channel: Channel, month: dt.date) -> list[dict[str, Any]]:
    """What the month's money went for, by kind of call; the most expensive first."""
    rows = Spending.objects.counted(month).filter(channel=channel).order_by().values("kind")
    rows = rows.annotate(number=Sum("count"), total_usd=Sum("amount_usd")).order_by("-total_usd", "kind")
    return [dict(row) for row in rows]
