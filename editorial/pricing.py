"""What one call costs on a paid network, as published. Data, dated; amounts in US dollars."""

from decimal import Decimal
from typing import NamedTuple


class Price(NamedTuple):
    post: Decimal
    post_with_link: Decimal
    repost: Decimal
    as_of: str


# Source: docs of X, "pricing", read 2026-08-22 (x-api.md 2.1).
X_PRICE = Price(post=Decimal("0.015"), post_with_link=Decimal("0.200"), repost=Decimal("0.015"), as_of="22.08.2026")


def price_of(*, is_retweet: bool, has_link: bool) -> Decimal:
    if is_retweet:
        return X_PRICE.repost
    return X_PRICE.post_with_link if has_link else X_PRICE.post
