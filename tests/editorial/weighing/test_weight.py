import unicodedata

import pytest

from editorial.weighing import LIMIT, RAW_LIMIT, URL_WEIGHT, Parsed, Weighed, parse, weigh
from editorial.weighing.counting import normalised


def weighted(text: str) -> int:
    return weigh(text).weighted


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("Grüß Gott", 9),
        ("Привет", 6),
        ("日本", 4),
        ("“Zitat” ‘so’", 12),
        ("von–bis—nie", 11),
        ("…", 2),
        ("€", 2),
        ("→", 2),
        ("\u10ff\u1100", 3),
        ("\u200d\u200e", 3),
        ("\u2032\u2037\u2038", 4),
        ("\U00020021", 2),
        ("\ud83d", 2),
        ("\r\n", 2),
        (" \t\n", 3),
    ],
)
def test_characters_weigh_one_or_two(text: str, weight: int) -> None:
    assert weighted(text) == weight


@pytest.mark.parametrize(
    "emoji",
    [
        "😀",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "👩🏿‍🚒",
        "🕵🏻\u200d♀\ufe0f",
        "👨\u200d❤\ufe0f\u200d💋\u200d👨",
        "🏳\ufe0f\u200d🌈",
        "🇩🇪",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "1\ufe0f\u20e3",
        "#\u20e3",
        "☺",
        "☺\ufe0f",
        "©\ufe0f",
        "☝\ufe0f🏽",
    ],
)
def test_an_emoji_weighs_two_however_many_characters_it_has(emoji: str) -> None:
    assert weighted(emoji) == 2
    assert weighted(f"a{emoji}{emoji}b") == 6


@pytest.mark.parametrize(("text", "weight"), [("©", 1), ("☺\ufe0e", 4), ("12", 2), ("1\ufe0f", 3), ("\ufe0f", 2)])
def test_a_sign_shown_as_text_is_no_emoji(text: str, weight: int) -> None:
    assert weighted(text) == weight


def test_an_emoji_newer_than_the_list_counts_by_its_parts_which_is_never_too_little() -> None:
    assert weighted("\U0001faf6\U0001f3fd") == 4


def test_without_emoji_parsing_each_part_counts() -> None:
    assert weigh("👨‍👩‍👧‍👦", emoji_as_one=False).weighted == 11


@pytest.mark.parametrize("url", ["http://a.de", "jobcenter-bremen.de", "https://www.jobcenter-bremen.de/" + "x" * 300])
def test_an_address_weighs_23_whatever_its_length(url: str) -> None:
    assert weighted(f"Mehr: {url}") == 6 + URL_WEIGHT


def test_what_follows_an_address_without_path_counts_by_itself() -> None:
    assert weighted("a.de?x=1") == URL_WEIGHT + 4


def test_an_emoji_that_begins_inside_an_address_counts_by_its_rest() -> None:
    assert weighted("a.de/1\ufe0f\u20e3") == URL_WEIGHT + 4


def test_text_is_composed_before_it_is_weighed() -> None:
    assert weighted("u\u0308") == 1
    assert parse("http://a.de/u\u0308").weighted == URL_WEIGHT


def test_280_is_valid_and_281_is_not() -> None:
    assert weigh("ä" * LIMIT) == Weighed(280, True, 280, 0)
    assert weigh("ä" * (LIMIT + 1)) == Weighed(281, False, 280, -1)


def test_nothing_is_not_valid_but_a_blank_is() -> None:
    assert weigh("") == Weighed(0, False, 280, 280)
    assert weigh(" ").valid is True


@pytest.mark.parametrize("char", ["\ufffe", "\ufeff", "\uffff"])
def test_a_forbidden_character_makes_a_short_text_invalid(char: str) -> None:
    assert weigh(f"Guten{char}Tag").valid is False


def test_direction_marks_are_allowed() -> None:
    assert weigh("\u202aGuten Tag\u202c") == Weighed(13, True, 280, 267)


def test_everything_is_found_in_one_pass() -> None:
    assert parse("Neu auf jobcenter-bremen.de/a: #Beratung für alle 👍🏽 @BA_Presse") == Parsed(
        8 + URL_WEIGHT + 21 + 2 + 11, True, ["jobcenter-bremen.de/a"], ["Beratung"], ["BA_Presse"]
    )


def test_a_whole_book_is_too_long_and_not_searched() -> None:
    book = "a.de " * (RAW_LIMIT // 5 + 1)
    assert weigh(book) == Weighed(len(book), False, LIMIT, LIMIT - len(book))
    assert parse(book + "#x @y") == Parsed(len(book) + 5, False, [], [], [])


@pytest.mark.parametrize(
    "row", ["\u0300\u0316", "\u0316\u0300\u0345", "\u0f73\u0f71", "\u0f81\u0344", "\u0323\u0302\u0307"]
)
def test_long_rows_of_marks_are_composed_as_unicode_says(row: str) -> None:
    for text in (f"a{row * 100}b", f"ä{row * 33}x{row * 5}", row * 50, f"\u1100\u1161{row * 40}"):
        assert normalised(text) == unicodedata.normalize("NFC", text)
