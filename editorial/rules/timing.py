import datetime as dt
from collections.abc import Iterator

from django.conf import settings

from ..clock import BERLIN, berlin_day, holiday_name
from ..models import Post
from .base import Objection, Situation, hint
from .house_lists import QuietTime


def grace() -> dt.timedelta:
    return dt.timedelta(minutes=settings.PUBLISH_GRACE_MIN)


def slot_lies_ahead(post: Post, situation: Situation) -> Iterator[Objection]:
    """A slot that has passed cannot be kept."""
    if situation.slot and situation.slot <= situation.at:
        yield Objection(
            "slot.past",
            f"Der Termin {_spoken(situation.slot)} ist vorbei. Bitte wählen Sie einen neuen.",
            "K-38",
            "slot",
        )


def slot_lies_within_grace(post: Post, situation: Situation) -> Iterator[Objection]:
    """Shortly after the slot a Freigabe sends at once; later it is refused."""
    if situation.slot is None or situation.slot > situation.at:
        return
    if situation.at - situation.slot > grace():
        yield Objection(
            "slot.past",
            f"Der Termin {_spoken(situation.slot)} ist vorbei. Bitte wählen Sie einen neuen.",
            "K-38",
            "slot",
        )
    else:
        yield hint("slot.now", "Der Termin ist schon erreicht: Der Beitrag geht sofort hinaus.", "K-38", "slot")


def slot_is_not_over(post: Post, situation: Situation) -> Iterator[Objection]:
    """Asked at the claim: a run of many slow sends may reach an Ausspielung after its grace."""
    if situation.slot and situation.at - situation.slot > grace():
        yield Objection("slot.past", f"Der Termin {_spoken(situation.slot)} ist vorbei.", "K-38", "slot")


def slot_is_usual(post: Post, situation: Situation) -> Iterator[Objection]:
    """Every minute of every day is allowed; unusual ones are said, as long as another can be chosen."""
    if situation.slot is None or situation.slot <= situation.at:
        return
    day = berlin_day(situation.slot)
    if holiday := holiday_name(day):
        yield hint("slot.holiday", f"Am {day:%d.%m.%Y} ist Feiertag in Bremen: {holiday}.", "K-44", "slot")
    elif day.weekday() >= 5:
        yield hint("slot.weekend", f"Der {day:%d.%m.%Y} ist ein Wochenende.", "K-44", "slot")
    if situation.known.posts_in_hour_of(situation.slot) - {post.pk}:
        yield hint("slot.same_hour", "In derselben Stunde ist schon ein Beitrag geplant.", "K-44", "slot")


def slot_is_in_no_quiet_time(post: Post, situation: Situation) -> Iterator[Objection]:
    """Before an election the house takes special care to stay neutral (G-10)."""
    if quiet := quiet_time(situation):
        yield hint(
            "slot.election",
            f"Am {quiet.last:%d.%m.%Y} ist Wahl ({quiet.election}). Bis dahin halten wir uns besonders zurück: "
            "keine Parteien, keine Wertung von Politik, keine Werbung mit Erfolgen.",
            "G-10",
            "slot",
        )


def quiet_time(situation: Situation) -> QuietTime | None:
    """The days before an election in which this would appear; None outside of them."""
    day = berlin_day(situation.slot or situation.at)
    return next((one for one in situation.known.lists.quiet_times if one.first <= day <= one.last), None)


def _spoken(moment: dt.datetime) -> str:
    return f"{moment.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"
