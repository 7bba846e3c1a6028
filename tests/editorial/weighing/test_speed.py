"""No text may hold up a form. Bounds are generous, as tests share their machine; quadratic work would take seconds."""

import time

import pytest

from editorial.weighing import parse, weigh
from tests.editorial.weighing.hostile_texts import hostile_texts

LENGTH = 25_000
HOSTILE = hostile_texts(LENGTH)


def least_time_ms(text: str) -> float:
    times = []
    for _ in range(3):
        begin = time.process_time()
        parse(text)
        times.append((time.process_time() - begin) * 1000)
    return min(times)


def test_hostile_texts_have_the_length_they_promise() -> None:
    assert {len(text) for text in HOSTILE.values()} == {LENGTH}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_of_25000_characters_takes_no_time(name: str) -> None:
    assert least_time_ms(HOSTILE[name]) < 200


def test_a_chain_of_one_letter_labels_takes_less_than_50_ms() -> None:
    assert least_time_ms(HOSTILE["a.a."]) < 50


@pytest.mark.parametrize(("measured", "at_least_per_s"), [(weigh, 10_000), (parse, 3_000)])
def test_usual_texts_are_weighed_by_the_thousand(measured, at_least_per_s) -> None:
    text = "Am Dienstag beraten wir Sie zu #Ausbildung: https://www.jobcenter-bremen.de/termine und bei @Beispiel 🙂 "
    texts = [(text + str(number) * 20)[:127] for number in range(2_000)]
    begin = time.process_time()
    for one in texts:
        measured(one)
    assert len(texts) / (time.process_time() - begin) > at_least_per_s


def test_a_hostile_text_is_weighed_correctly_however_long() -> None:
    assert weigh("a." * 12_500).weighted == 25_000
    assert weigh("a.com " * 4_000).weighted == 4_000 * 24
