"""What the evaluation's readings cost: asked before each call, counted after it. Its door to the month's budget."""

import datetime as dt

from .actions import spending
from .clock import berlin_day
from .enums import CallKind
from .ledger import ledger, price_on
from .models import Channel

POST_READ, ACCOUNT_READ = CallKind.READ, CallKind.USER_READ


def affords(channel_pk: int, kind: CallKind, n: int, at: dt.datetime) -> bool:
    """Whether the rest of the month's budget pays for ``n`` objects of this kind."""
    return ledger(at, channel_pk).allows(price_on(berlin_day(at), kind) * n)


def count(channel_pk: int, kind: CallKind, n: int, at: dt.datetime) -> None:
    """Count ``n`` objects that the channel has given."""
    spending.count_reads(Channel(pk=channel_pk), kind, n, at)
