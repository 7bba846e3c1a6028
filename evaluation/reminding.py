"""By the clock: who is told that a half-year's review comes, is due, or is overdue (K-65)."""

import datetime as dt

from django.urls import reverse

from editorial import queries, telling
from editorial.clock import OFFICE_HOURS, berlin_day, database_now, from_wall
from editorial.queries import ChannelFacts

from . import presenting, transparency

ANNOUNCED_BEFORE = dt.timedelta(days=14)


def watch(at: dt.datetime | None = None) -> int:
    """Tell whoever has to know, from the morning on. Returns how many were told; asked again nobody is told twice."""
    at = at or database_now()
    today = berlin_day(at)
    channel = queries.channel_facts(at)
    if channel is None or at < from_wall(dt.datetime.combine(today, OFFICE_HOURS[0])):
        return 0
    agenda, path, told = transparency.agenda(channel, today), reverse("evaluation:reviews"), 0
    if agenda.next_on and today >= agenda.next_on - ANNOUNCED_BEFORE:
        words = f"Am {agenda.next_on:%d.%m.%Y} wird die Auswertung des laufenden Halbjahrs fällig."
        told += telling.due(f"{key_of(channel, agenda.next_on)}-bald", words=words, path=path, at=at)
    if agenda.due:
        key, which = key_of(channel, agenda.due.end), presenting.span_words(agenda.due)
        words = f"Die Auswertung {which} ist fällig."
        told += telling.due(f"{key}-faellig", words=words, path=path, at=at)
        if agenda.is_overdue:
            words = f"Die Auswertung {which} ist überfällig. Die Geschäftsführung veröffentlicht sie."
            told += telling.overdue(f"{key}-ueberfaellig", words=words, path=path, at=at)
    return told


def settle(channel_pk: int, end: dt.date, *, at: dt.datetime) -> None:
    """This half-year's review is published."""
    telling.done(f"review-{channel_pk}-{end.isoformat()}", at=at)


def key_of(channel: ChannelFacts, end: dt.date) -> str:
    return f"review-{channel.pk}-{end.isoformat()}"
