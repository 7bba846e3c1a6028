"""What the public learns at a glance: what we say, by which rules, and whether we look at what came of it."""

import datetime as dt
from dataclasses import dataclass

from editorial import queries
from editorial.clock import berlin_day, start_of_day
from editorial.queries import ChannelFacts, ConceptFacts, MirrorTeaser

from . import measures, periods
from .models import Review
from .periods import Period

TEASERS = 3
RHYTHM = dt.timedelta(days=28)


@dataclass(frozen=True)
class Agenda:
    """``due`` is a half-year that has ended without a published review; ``next_on`` the day the running one ends."""

    due: Period | None
    is_overdue: bool
    next_on: dt.date | None


@dataclass(frozen=True)
class Rhythm:
    """The target on a working day today, and how the last four weeks went (K-44)."""

    per_working_day: int
    met: int
    working_days: int


@dataclass(frozen=True)
class StartPage:
    teasers: list[MirrorTeaser]
    concept: ConceptFacts | None
    newest_review: Review | None
    rhythm: Rhythm | None
    agenda: Agenda


NOTHING_DUE = Agenda(None, False, None)


def start_page(at: dt.datetime) -> StartPage:
    channel = queries.channel_facts(at)
    return StartPage(
        teasers=queries.newest_on_mirror(TEASERS),
        concept=queries.concept_in_force(berlin_day(at)),
        newest_review=Review.objects.published().defer("figures", "sources").first(),
        rhythm=rhythm(channel, at) if channel else None,
        agenda=agenda(channel, berlin_day(at)),
    )


def agenda(channel: ChannelFacts | None, on: dt.date) -> Agenda:
    """What is due and when the next half-year ends; nothing before the channel's start is entered (K-65)."""
    if channel is None or channel.started_on is None:
        return NOTHING_DUE
    ended = periods.half_years_ended(channel.started_on, on)
    next_on = periods.next_due(channel.started_on, on)
    if not ended:
        return Agenda(None, False, next_on)
    last = periods.half_year(channel.started_on, ended)
    if Review.objects.published().filter(channel=channel.pk, end=last.end).exists():
        return Agenda(None, False, next_on)
    return Agenda(last, periods.is_overdue(last.end, on), next_on)


def rhythm(channel: ChannelFacts, at: dt.datetime) -> Rhythm | None:
    """None while no target is set, or while the four weeks would reach back before the channel's start."""
    today = berlin_day(at)
    window = Period(today - RHYTHM, today)
    targets = queries.daily_targets(channel.pk)
    per_day = measures.target_on(today, targets)
    if not per_day or channel.started_on is None or channel.started_on > window.start:
        return None
    moments = queries.moments_published(channel.pk, start_of_day(window.start), start_of_day(window.end))
    found = measures.daily_target(moments, targets, window)
    return Rhythm(per_day, found.met, found.working_days)
