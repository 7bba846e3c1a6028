"""Which part has fallen silent, and what that means in plain words: for the banner, the page Betrieb and the mail."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from . import pulse
from .clock import BERLIN, berlin_day
from .models import Heartbeat

# What must report every few seconds; without one of them Beiträge may not go out.
WATCHED = (pulse.TICK, pulse.BEAT, pulse.WORKER)
NAMES = {pulse.TICK: "Sendetakt", pulse.BEAT: "Taktgeber (Beat)", pulse.WORKER: "Worker"}
DOES = {
    pulse.TICK: "Im Sendetakt wird alle paar Sekunden nachgesehen, was fällig ist, und gesendet.",
    pulse.BEAT: "Der Taktgeber stößt das Senden und das Sammeln der Kennzahlen an.",
    pulse.WORKER: "Der Worker sendet die Beiträge und sammelt die Kennzahlen.",
}
WHAT_TO_DO = {
    pulse.TICK: "Die Administration muss Worker und Taktgeber (Beat) auf dem Server neu starten.",
    pulse.BEAT: "Die Administration muss den Taktgeber (Beat) auf dem Server neu starten.",
    pulse.WORKER: "Die Administration muss den Worker auf dem Server neu starten und nachsehen, ob Redis läuft.",
}


@dataclass(frozen=True)
class Outage:
    """A part that has not reported since then. ``still_sending``: Beiträge go out all the same, by another way."""

    name: str
    since: dt.datetime
    still_sending: bool

    @property
    def title(self) -> str:
        return f"{NAMES[self.name]} meldet sich nicht mehr"

    @property
    def sentence(self) -> str:
        """For a banner: what, since when, what it means, what to do."""
        return f"{NAMES[self.name]} meldet sich seit {spoken(self.since)} nicht. {self.meaning} {WHAT_TO_DO[self.name]}"

    @property
    def meaning(self) -> str:
        if self.still_sending:
            return "Fällige Beiträge gehen trotzdem hinaus, höchstens etwa eine Minute später."
        return "Zurzeit geht kein Beitrag hinaus."


def current(beats: Mapping[str, Heartbeat], at: dt.datetime) -> list[Outage]:
    """What was alive once and has been silent for too long; the gravest first."""
    silent = [name for name in WATCHED if is_silent(beats.get(name), at)]
    sending = pulse.TICK in beats and pulse.TICK not in silent
    return [Outage(name, _last(beats[name]), still_sending=sending) for name in silent]


def is_silent(heartbeat: Heartbeat | None, at: dt.datetime) -> bool:
    return heartbeat is not None and at - _last(heartbeat) > pulse.SILENT_AFTER


def spoken(moment: dt.datetime) -> str:
    return f"{berlin_day(moment):%d.%m.%Y}, {moment.astimezone(BERLIN):%H:%M} Uhr"


def _last(heartbeat: Heartbeat) -> dt.datetime:
    return heartbeat.good_at or heartbeat.at
