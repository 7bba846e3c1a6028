"""What rules look up besides the Beitrag itself."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from ..clock import berlin_day
from ..ledger import Ledger, ledger, month_of
from ..models import Audience, ChannelAccess, Delivery, SendPause, User
from . import house_lists
from .house_lists import HouseLists

HOUR = dt.timedelta(hours=1)


class Known:
    """Looked up when first asked for, then kept as long as this object lives: for one step or one page, never longer.

    A page with many Beiträge shares one between them; ``paused``: whether there is a Sendepause, where that is known.
    ``like``: another one, from which is taken what changes seldom: the lists of the house, the target groups.
    ``money``: how the leading channel's month stands, where that is known.
    """

    def __init__(self, *, paused: bool | None = None, like: "Known | None" = None, money: Ledger | None = None) -> None:
        self._paused = paused
        self._ledgers: dict[tuple[int | None, dt.date], Ledger] = {(None, money.month): money} if money else {}
        if like is not None:
            self.lists = like.lists
        self._audiences: dict[int, Audience] = like._audiences if like else {}
        self._posts_in: dict[dt.datetime, set[int]] = {}
        # Pages that change nothing and offer several steps ask the same of a Beitrag again and again; None: ask anew.
        self.said: dict[tuple[Any, ...], list[Any]] | None = None
        self._own_accounts: dict[tuple[int, dt.date], bool] = {}

    def learn(self, *, paused: bool, money: Ledger, channel: int) -> None:
        """What somebody has just asked for this step."""
        self._paused, self._ledgers[channel, money.month] = paused, money

    def is_paused(self, at: dt.datetime) -> bool:
        if self._paused is None:
            self._paused = SendPause.objects.active(at).exists()
        return self._paused

    def money(self, at: dt.datetime, channel: int | None = None) -> Ledger:
        """How this channel's month stands at this moment; without a channel, the leading one's."""
        month = month_of(berlin_day(at))
        if (channel, month) not in self._ledgers:
            self._ledgers[channel, month] = ledger(at, channel)
        return self._ledgers[channel, month]

    def has_own_account(self, person: User, on: dt.date) -> bool:
        """Whether this person stands in the access register with an own account that was checked lately (K-35)."""
        if (person.pk, on) not in self._own_accounts:
            accesses = ChannelAccess.objects.with_own_account(on).filter(user=person)
            self._own_accounts[person.pk, on] = accesses.exists()
        return self._own_accounts[person.pk, on]

    def is_own(self, url: str) -> bool:
        """Whether the address lies on the authority's own site (K-45)."""
        return _lies_under(host_of(url), [domain for domain, is_own in self.lists.sites if is_own])

    def is_trusted(self, url: str) -> bool:
        """Whether the address lies on a site that is listed as free to read (K-46)."""
        return _lies_under(host_of(url), [domain for domain, _ in self.lists.sites])

    def posts_in_hour_of(self, moment: dt.datetime) -> set[int]:
        """The ids of all Beiträge that go out, or went out, in the hour of this moment."""
        if _hour_of(moment) not in self._posts_in:
            self.look_up_hours_of([moment])
        return self._posts_in[_hour_of(moment)]

    def look_up_hours_of(self, moments: Iterable[dt.datetime]) -> None:
        """Ask for several hours at once."""
        wanted = {_hour_of(moment) for moment in moments}
        self._posts_in |= {hour: set() for hour in wanted}
        here = Q(*(Q(slot__gte=hour, slot__lt=hour + HOUR) for hour in sorted(wanted)), _connector=Q.OR)
        if wanted:
            for post, slot in Delivery.objects.live().filter(here).order_by().values_list("post_id", "slot"):
                self._posts_in[_hour_of(slot)].add(post)

    def audiences_of(self, keys: str) -> "QuerySet[Audience]":
        """The target groups with these keys (with commas between them), without asking for them again."""
        wanted = {int(key) for key in keys.split(",") if key}
        if not wanted <= self._audiences.keys():
            self._audiences |= {audience.pk: audience for audience in Audience.objects.all()}
        found = Audience.objects.all()
        found._result_cache = [audience for key, audience in self._audiences.items() if key in wanted]
        return found

    @cached_property
    def lists(self) -> HouseLists:
        return house_lists.read()


def host_of(url: str) -> str:
    """The host in lower case without port; empty for what is no web address."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _lies_under(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def _hour_of(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
