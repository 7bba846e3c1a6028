"""How much of a month's money is gone: asked here, decided by the rules, written by ``actions/spending.py``."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from .clock import berlin_day
from .enums import CallKind
from .models import Budget, Channel, Price, Spending
from .pricing import WARN_AT, PriceList

MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=12, decimal_places=4)
# What one Beitrag can cost: looked up together with the month's money, so that neither costs a query of its own.
OF_A_POST = (CallKind.POST, CallKind.POST_WITH_LINK, CallKind.REPOST, CallKind.MEDIA_METADATA)


@dataclass(frozen=True)
class Ledger:
    """``cap_usd`` None: no limit. ``spent_usd`` counts what is only reserved as well: it may come to that.

    ``by_hand``: a person sends, nothing is charged.
    """

    month: dt.date
    cap_usd: Decimal | None
    spent_usd: Decimal
    prices: PriceList
    by_hand: bool = False

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
    """Each with what ``ledger_of`` reads: prices of the day, cap and sum of the month."""
    day = berlin_day(at)
    month = month_of(day)
    caps = Budget.objects.filter(channel=OuterRef("pk"), valid_from__lte=month).order_by("-valid_from")
    sums = Spending.objects.counted(month).filter(channel=OuterRef("pk")).order_by().values("channel")
    valid = Price.objects.filter(valid_from__lte=day).order_by("-valid_from")
    prices = {f"price_{kind}": Subquery(valid.filter(kind=kind).values("amount_usd")[:1]) for kind in OF_A_POST}
    return channels.annotate(
        cap_usd=Subquery(caps.values("cap_usd")[:1]),
        spent_usd=Coalesce(
            Subquery(sums.annotate(total=Sum("amount_usd")).values("total")), Decimal(0), output_field=MONEY
        ),
        prices_as_of=Subquery(valid.values("valid_from")[:1]),
        **prices,
    )


def ledger_of(channel: Any, at: dt.datetime) -> Ledger:
    """Of a channel that ``with_money`` gave."""
    amounts = {kind.value: getattr(channel, f"price_{kind}") or Decimal(0) for kind in OF_A_POST}
    prices = PriceList(amounts, channel.prices_as_of)
    return Ledger(month_of(berlin_day(at)), channel.cap_usd, channel.spent_usd, prices, channel.posts_by_hand)


def ledger(at: dt.datetime, channel_pk: int | None = None) -> Ledger:
    """The channel's, else that of the leading one, as it stands at this moment."""
    wanted = Channel.objects.filter(pk=channel_pk) if channel_pk else Channel.objects.order_by("status", "pk")
    channel = with_money(wanted, at).first()
    if channel is None:
        return Ledger(month_of(berlin_day(at)), None, Decimal(0), PriceList({}, None))
    return ledger_of(channel, at)


def price_on(day: dt.date, kind: CallKind) -> Decimal:
    valid = Price.objects.filter(kind=kind, valid_from__lte=day).order_by("-valid_from")
    return valid.values_list("amount_usd", flat=True).first() or Decimal(0)


def current_prices(at: dt.datetime) -> list[Price]:
    """The price of each kind of call that holds at this moment."""
    found: dict[str, Price] = {}
    for price in Price.objects.filter(valid_from__lte=berlin_day(at)).order_by("valid_from"):
        found[price.kind] = price
    return [found[kind] for kind in CallKind.values if kind in found]


def spendings_of(channel: Channel, month: dt.date) -> list[dict[str, Any]]:
    """What the month's money went for, by kind of call; the most expensive first."""
    rows = Spending.objects.counted(month).filter(channel=channel).order_by().values("kind")
    rows = rows.annotate(number=Sum("count"), total_usd=Sum("amount_usd")).order_by("-total_usd", "kind")
    return [dict(row) for row in rows]
