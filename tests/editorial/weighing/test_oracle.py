"""Random texts: whatever npm twitter-text 3.1.0 says of them, we say too.

No difference is tolerated for what is compared here. Not compared is what depends on versions and not on the algorithm:
* characters newer than this Python's Unicode (U+A7CB, U+A7DC, …), whose other case only a newer node knows;
* two lone halves of a UTF-16 pair side by side, which JavaScript cannot tell from the character they make.
As the original does, CRLF counts two, © without selector one, emoji newer than its list count by their parts.
"""

import random

import pytest

from editorial.weighing import parse
from tests.editorial.weighing import oracle
from tests.editorial.weighing.hostile_texts import hostile_texts, random_character, random_texts, texts_around

SEEDS = (1, 2, 3)


def differences(texts: list[str]) -> list[str]:
    answers = oracle.ask(texts)
    assert len(answers) == len(texts)
    pairs = ((text, list(parse(text)), answer) for text, answer in zip(texts, answers, strict=True))
    return [f"{text!a}: ours {ours!a}, original {theirs!a}" for text, ours, theirs in pairs if ours != theirs]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_texts_are_read_as_the_original_reads_them(seed: int) -> None:
    wrong = differences(random_texts(seed, 4000))
    assert not wrong, f"seed {seed}: {len(wrong)} differences, first {wrong[:3]}"


def test_each_kind_of_character_counts_as_in_the_original() -> None:
    rng = random.Random(1)
    texts = [text for _ in range(1500) for text in texts_around(random_character(rng))]
    assert differences(texts) == []


def test_short_hostile_texts_are_read_as_the_original_reads_them() -> None:
    assert differences(list(hostile_texts(150).values())) == []


def test_the_random_texts_hold_what_they_shall_try() -> None:
    found = [parse(text) for text in random_texts(1, 4000)]
    shares = [sum(bool(field) for field in fields) / len(found) for fields in zip(*found, strict=True)]
    assert [share > 0.05 for share in shares] == [True] * 5
