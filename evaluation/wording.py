"""The sentences a review brings along whatever its figures are: no aims, no ranking, no alarm."""

import datetime as dt
from collections.abc import Sequence

from editorial.clock import start_of_day
from editorial.enums import DeliveryState
from editorial.queries import NotSent

from . import measures

FRAME = (
    "Das Jobcenter Bremen macht ein regionales Informationsangebot. Das Nutzungskonzept sagt dazu: "
    "„Da wir ein regionales Informationsangebot haben, wird die Entwicklung überschaubar bleiben und schnell "
    "Grenzen erreichen.“ Diese Zahlen werden deshalb nicht an Zielwerten gemessen und nicht mit anderen "
    "Konten verglichen. Alle Achsen der Diagramme beginnen bei null."
)
NOT_OUT = {
    DeliveryState.CANCELLED: "ein Beitrag wurde angehalten oder verschoben",
    DeliveryState.BLOCKED: "ein Beitrag durfte nicht hinaus",
    DeliveryState.MISSED: "ein Beitrag wurde verpasst",
    DeliveryState.UNKNOWN: "ungewiss, ob ein Beitrag erschien",
    DeliveryState.NEEDS_DECISION: "ungewiss, ob ein Beitrag erschien",
}
NOT_DELIVERED = "nicht geliefert"
HOW_COUNTED = (
    "Gezählt sind die Beiträge, die im Zeitraum erschienen sind, mit ihrem letzten Stand vor dem Ende des Zeitraums. "
    "Zahlen zu Retweets gehören zum Original und sind nicht mitgezählt. "
    "Was der Kanal nicht geliefert hat, bleibt eine Lücke und zählt nicht als null."
)


def curve(start: int | None, end: int | None) -> str:
    """How the number of followers moved, in even words (K-69)."""
    if start is None or end is None:
        return "Die Entwicklung lässt sich nicht angeben, weil am Anfang oder am Ende eine Zahl fehlt."
    delta = end - start
    accounts = "ein Konto" if abs(delta) == 1 else f"{german(abs(delta))} Konten"
    if measures.is_even(start, end):
        moved = "ist gleich geblieben" if delta == 0 else f"hat sich kaum verändert ({accounts} {_direction(delta)})"
        return f"Die Zahl der Follower:innen {moved}. Das ist bei einem regionalen Angebot zu erwarten."
    verb = "gestiegen" if delta > 0 else "gesunken"
    return f"Die Zahl der Follower:innen ist um {accounts} {verb}."


def missed_day(
    day: dt.date,
    published: Sequence[dt.datetime],
    not_sent: Sequence[NotSent],
    pauses: Sequence[tuple[dt.datetime, dt.datetime | None]],
) -> str:
    """Why fewer Beiträge than wanted went out on this working day, as far as the application knows (K-44)."""
    begins, ends = start_of_day(day), start_of_day(day + dt.timedelta(days=1))
    words = []
    if any(begun < ends and (over is None or over > begins) for begun, over in pauses):
        words.append("das Senden war angehalten")
    states = {one.state for one in not_sent if begins <= one.slot < ends}
    words += [text for state, text in NOT_OUT.items() if state in states]
    if not words:
        some = any(begins <= moment < ends for moment in published)
        words = ["weniger Beiträge geplant als das Tagesziel"] if some else ["kein Beitrag geplant"]
    return ", ".join(words)


def share(part: int, whole: int) -> str:
    """„12 von 14“, with a percentage only where there are enough cases."""
    percent = measures.percent(part, whole)
    return f"{german(part)} von {german(whole)}" + (f" ({percent} %)" if percent is not None else "")


def german(number: float) -> str:
    """12.345 or 12,5."""
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def _direction(delta: int) -> str:
    return "mehr" if delta > 0 else "weniger"
