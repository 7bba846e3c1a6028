"""Once a day: does the log-in still work, is the clock right, do all promises hold?"""

import datetime as dt
import logging

from .. import invariants, pulse
from ..channels.protocol import Channel as Line
from ..channels.protocol import ChannelError, ChannelLocked
from ..clock import database_now
from ..enums import ChannelStatus
from ..models import Channel
from . import alarms, channel_states

logger = logging.getLogger(__name__)

LOGIN, CLOCK, PROMISES = "login", "clock", "promises"
EVERY = dt.timedelta(hours=23)
# X refuses log-ins from clocks about five minutes off; a person shall know long before.
CLOCK_OFF_AT_MOST_S = 60


def run_if_due(line: Line | None, *, at: dt.datetime | None = None) -> bool:
    """Asked every hour, done once a day; a failed test of the log-in is repeated with the next hour."""
    moment = at or database_now()
    done = False
    if line is not None and _is_due(LOGIN, moment):
        done = try_log_in(line, at=moment)
    if _is_due(PROMISES, moment):
        check_promises(moment)
        done = True
    return done


def try_log_in(line: Line, *, at: dt.datetime) -> bool:
    """Ask the channel who we are. A refusal locks the channel as a refused post would."""
    channel = Channel.objects.filter(status=ChannelStatus.ACTIVE, posts_by_hand=False).first()
    if channel is None or channel.locked_reason:
        return False
    try:
        account = line.account()
    except ChannelLocked as error:
        pulse.beat(LOGIN, good=False, detail=error.detail, at=at)
        channel_states.lock(channel, error.code, at=at)
        return False
    except ChannelError as error:
        pulse.beat(LOGIN, good=False, detail=error.detail, at=at)
        return False
    pulse.beat(LOGIN, detail=f"@{account.handle}", at=at)
    if account.clock_ahead_s is not None:
        _judge_clock(account.clock_ahead_s, at)
    return True


def check_promises(at: dt.datetime) -> None:
    """The nightly look at what must never be (publishing.md 1.5)."""
    found = invariants.broken(at)
    pulse.beat(PROMISES, good=not found, detail="; ".join(invariant.words for invariant, _ in found), at=at)
    if found:
        alarms.open_alarm(PROMISES, "", _promise_words(found), at)
    else:
        alarms.close_alarm(PROMISES, "", at)


def _is_due(name: str, at: dt.datetime) -> bool:
    age = pulse.age(name, at)
    return age is None or age >= EVERY


def _judge_clock(ahead_s: float, at: dt.datetime) -> None:
    is_right = abs(ahead_s) <= CLOCK_OFF_AT_MOST_S
    way = "vor" if ahead_s > 0 else "nach"
    words = f"Die Uhr dieses Rechners geht {abs(ahead_s):.0f} Sekunden {way}."
    pulse.beat(CLOCK, good=is_right, detail="" if is_right else words, at=at)
    if is_right:
        alarms.close_alarm(CLOCK, "", at)
        return
    alarms.open_alarm(
        CLOCK,
        "",
        "Die Uhr des Servers geht falsch\n\n"
        f"Was ist geschehen? {words}\n"
        "Was bedeutet das? Noch gehen Beiträge hinaus. Ab etwa fünf Minuten Abweichung lehnt X die Anmeldung ab.\n"
        "Was ist zu tun? Die Administration stellt bitte die Uhr und schaltet den Abgleich über das Netz (NTP) ein.",
        at,
    )


def _promise_words(found: list[tuple[invariants.Invariant, list[str]]]) -> str:
    lines = [f"– {invariant.words} Nicht so: {', '.join(rows[:5])}" for invariant, rows in found]
    return (
        "Beim Senden stimmt etwas nicht\n\n"
        "Was ist geschehen? Die nächtliche Prüfung hat gefunden, was nicht sein darf:\n" + "\n".join(lines) + "\n"
        "Was bedeutet das? Vielleicht ist ein Beitrag nicht so hinausgegangen, wie er sollte.\n"
        "Was ist zu tun? Sehen Sie die genannten Beiträge auf dem Kanal an. Die Administration zeigt die Meldung bitte "
        "den Entwickler:innen; „check_invariants“ zeigt alle Zeilen."
    )
