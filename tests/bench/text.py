"""How fast texts are weighed: python -m tests.bench.text prints one JSON object per line."""

import json
import platform
import random
import statistics
import time
from collections.abc import Callable

from editorial.weighing import parse, weigh
from tests.editorial.weighing.hostile_texts import hostile_texts

TEXTS = 10_000
MEAN_LENGTH = 127
HOSTILE_LENGTH = 25_000
ROUNDS = 5
SEED = 1

OPENINGS = [
    "Heute öffnet unsere neue Anlaufstelle für Geschäftsführer:innen in der Überseestadt.",
    "Sie suchen Ausbildung oder Arbeit? Wir beraten Sie – ohne Termin, in vielen Sprachen.",
    "Gute Nachrichten: Der Antrag auf Bürgergeld geht jetzt vollständig online…",
    "Unser Stand auf der Jobmesse ist am 12.10. von 9:30 bis 16 Uhr geöffnet!",
    "“Es hat sich gelohnt”, sagt unsere Teilnehmerin nach drei Monaten im Betrieb.",
]
ADDITIONS = [
    "https://www.jobcenter-bremen.de/aktuelles/2026?von=x",
    "Mehr auf jobcenter-bremen.de/termine.",
    "#Ausbildung #Bremen",
    "#Übergang",
    "Danke, @BA_Presse und @senat_bremen!",
    "👍🏽",
    "👩🏿\u200d🚒🎉",
    "☎\ufe0f 0421 1234",
    "Kommen Sie vorbei.",
    "Wir freuen uns auf Sie, Ihre Fragen und Ihre Ideen für die Stadt.",
]


def german_texts() -> list[str]:
    """Texts with umlauts, emoji, links, hashtags and mentions; the same ones each time."""
    rng = random.Random(SEED)
    texts = []
    for _ in range(TEXTS):
        wanted = max(40, round(rng.gauss(MEAN_LENGTH + 1, 30)))
        pieces = [rng.choice(OPENINGS), *rng.sample(ADDITIONS, len(ADDITIONS))]
        texts.append(" ".join(pieces)[:wanted])
    return texts


def best_seconds(question: Callable[[str], object], texts: list[str]) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        for text in texts:
            question(text)
        times.append(time.perf_counter() - begin)
    return min(times)


def report(name: str, value: float, unit: str, **conditions: object) -> None:
    conditions |= {"python": platform.python_version(), "cores": 1, "best_of": ROUNDS}
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "conditions": conditions}), flush=True)


def main() -> None:
    texts = german_texts()
    length = round(statistics.mean(map(len, texts)), 1)
    for name, question in (("text.weigh_per_s", weigh), ("text.parse_per_s", parse)):
        seconds = best_seconds(question, texts)
        report(name, len(texts) / seconds, "texts/s", texts=len(texts), mean_characters=length)
    times_ms = {name: best_seconds(parse, [text]) * 1000 for name, text in hostile_texts(HOSTILE_LENGTH).items()}
    report("text.hostile_ms", times_ms["a.a."], "ms", text="a.a.a.…", characters=HOSTILE_LENGTH)
    worst = max(times_ms, key=lambda name: times_ms[name])
    report("text.hostile_worst_ms", times_ms[worst], "ms", text=worst, of=len(times_ms), characters=HOSTILE_LENGTH)


if __name__ == "__main__":
    main()
