import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.lint.figures import first_figure
from tests.editorial.weighing.hostile_texts import hostile_texts


def figure(text):
    span = first_figure(text)
    return span and text[slice(*span)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12 Prozent mehr Stellen", "12 Prozent"),
        ("50 % weniger", "50 %"),
        ("zehn Prozent der Kurse", "zehn Prozent"),
        ("Rund 3.500 Menschen", "3.500"),
        ("3.500 neue offene Stellen", "3.500"),
        ("2020 Menschen kamen", "2020"),
        ("Im Jahr 2025 waren es 312 Beratungen.", "312"),
        ("120 Kund:innen", "120"),
        ("8 von 10 Jugendlichen", "10"),
        ("Es sind 1.000.000 Euro.", "1.000.000"),
        ("2,5 Mio. Euro", "2,5 Mio"),
        ("12.345 waren da", "12.345"),
        ("Die Zahl ist um 5 gestiegen.", "5"),
        ("Die Quote sank auf 7,8.", "7,8"),
        ("Ein Zuwachs von 3,5 Punkten", "3,5"),
    ],
)
def test_what_somebody_counted_is_a_figure(text, words):
    assert figure(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Am 24.11.2026 um 9:30 Uhr öffnen wir, am 3. Dezember von 10 bis 12 Uhr.",
        "Nach § 16e SGB II und § 7 Abs. 3 fördern wir.",
        "Im Jahr 2027 und 2026/27 geht es weiter. 2024 und 2025 kamen viele Menschen.",
        "Haus 3, Raum 2.17, Musterweg 5, 28195 Bremen",
        "Mehr: https://www.jobcenter-bremen.de/2026/11 #Woche47 @konto12",
        "5 Tipps für die Bewerbung, Teil 3/5",
        "12,50 € im Monat, 563 Euro, 1.200 Euro netto",
        "0421 178-0 oder die 115",
        "Platz für 20 Personen, bis zu 12 Teilnehmende, ab 18 Jahren",
        "Zum 10. Mal laden wir ein. Die Statistik erscheint am 3. Dezember.",
    ],
)
def test_what_only_has_digits_is_none(text):
    assert figure(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read_and_the_place_is_in_it(text):
    span = first_figure(text)
    assert span is None or text[slice(*span)]


@given(st.integers(2, 999_999), st.sampled_from(["Menschen", "neue Stellen", "Prozent", "Kund:innen"]))
def test_a_number_of_people_or_cases_is_always_found(number, what):
    shown = f"{number:,}".replace(",", ".")
    assert figure(f"Es sind {shown} {what} in Bremen.") is not None


LENGTH = 25_000
PIECES = ["1 ", "1.", "1,", "12 ab ab ", "1.000 ", "(0", "0 1", "zahl 1 ", "ab 1 ", "x/", "2020 ab ", "§ 1 ", "quote"]
HOSTILE = hostile_texts(LENGTH) | {piece: (piece * LENGTH)[:LENGTH] for piece in PIECES}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_of_25000_characters_takes_no_time(name):
    begin = time.process_time()
    first_figure(HOSTILE[name])
    assert (time.process_time() - begin) * 1000 < 150
