"""What a Beitrag costs, and whether the month's money reaches for it."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from .. import weighing
from ..enums import CallKind, PostKind
from ..models import Post
from ..pricing import PriceList, kind_of
from .base import Objection, Situation
from .channel import no_keys
from .known import Known
from .links import message_for


def call_kind(post: Post, known: Known) -> CallKind:
    is_retweet = post.kind == PostKind.RETWEET
    return kind_of(is_retweet=is_retweet, has_link=not is_retweet and bool(weighing.extract_urls(_sent(post, known))))


def cost_of(post: Post, prices: PriceList, known: Known) -> Decimal:
    """The post itself, and for each picture the call that tells the channel its alternative text."""
    kind = call_kind(post, known)
    described = 0 if kind == CallKind.REPOST else sum(bool(medium.alt_text) for medium in post.ordered_media())
    return prices.of(kind) + prices.of(CallKind.MEDIA_METADATA, described)


def month_has_money(post: Post, situation: Situation) -> Iterator[Objection]:
    """The cap of the month is never exceeded: a hint while a Beitrag is written and approved, a stop at the claim."""
    delivery, known = situation.delivery, situation.known
    # A Beitrag is paid in the month in which it goes out.
    at = situation.at if delivery else max(situation.slot or situation.at, situation.at)
    money = known.money(at, delivery.channel_id if delivery else None)
    if money.cap_usd is None or (delivery is None and (money.by_hand or no_keys())):
        return
    cost = cost_of(post, money.prices, known)
    if not money.allows(cost):
        text = (
            f"Das Geld für {_month(money.month)} reicht nicht: {_usd(cost)} US-Dollar kostet dieser Beitrag, "
            f"{_usd(money.rest_usd or Decimal(0))} von {_usd(money.cap_usd)} sind noch da."
        )
        yield Objection("budget.exceeded", text, blocks=delivery is not None)


def _sent(post: Post, known: Known) -> str:
    return getattr(post, "message_text", "") or message_for(post, known)


def _usd(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",") if amount == round(amount, 2) else f"{amount:.3f}".replace(".", ",")


def _month(day: dt.date) -> str:
    return f"{day:%m/%Y}"
