"""The sentences a review brings along whatever its figures are: no aims, no ranking, no alarm."""

from . import measures

FRAME = (
    "Das Jobcenter Bremen macht ein regionales Informationsangebot. Das Nutzungskonzept sagt dazu: "
    "„Da wir ein regionales Informationsangebot haben, wird die Entwicklung überschaubar bleiben und schnell "
    "Grenzen erreichen.“ Diese Zahlen werden deshalb nicht an Zielwerten gemessen und nicht mit anderen "
    "Konten verglichen. Alle Achsen der Diagramme beginnen bei null."
)
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


def share(part: int, whole: int) -> str:
    """„12 von 14“, with a percentage only where there are enough cases."""
    percent = measures.percent(part, whole)
    return f"{german(part)} von {german(whole)}" + (f" ({percent} %)" if percent is not None else "")


def german(number: float) -> str:
    """12.345 or 12,5."""
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def _direction(delta: int) -> str:
    return "mehr" if delta > 0 else "weniger"
