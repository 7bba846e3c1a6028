"""What one call costs on a paid network. Reckons with a price list it is given; amounts in US dollars."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .enums import CallKind

WARN_AT = Decimal("0.8")  # of the month's cap


@dataclass(frozen=True)
class PriceList:
    """``as_of``: the day from which it holds; None: there is no list. A call without a price is free."""

    amounts: Mapping[str, Decimal]
    as_of: dt.date | None

    def of(self, kind: str, count: int = 1) -> Decimal:
        return self.amounts.get(kind, Decimal(0)) * count


def kind_of(*, is_retweet: bool, has_link: bool) -> CallKind:
    if is_retweet:
        return CallKind.REPOST
    return CallKind.POST_WITH_LINK if has_link else CallKind.POST
