import pytest

from editorial.weighing import (
    Found,
    FoundMention,
    extract_hashtags,
    extract_hashtags_with_indices,
    extract_mentions,
    extract_mentions_or_lists_with_indices,
    extract_mentions_with_indices,
)


@pytest.mark.parametrize(
    ("text", "hashtags"),
    [
        ("#Bremen, (#Jobcenter) und #Ausbildung2026!", ["Bremen", "Jobcenter", "Ausbildung2026"]),
        ("#Übergang #straße #Geschäftsführer:innen", ["Übergang", "straße", "Geschäftsführer"]),
        ("#Привет ＃日本語 #हिन्दी", ["Привет", "日本語", "हिन्दी"]),
        ("#1 #2026 #1a #_a #___", ["1a", "_a"]),
        ("#a·b #ka\u200cmel", ["a·b", "ka\u200cmel"]),
        ("a#b 1#c &#d;", []),
        ("😀#a ☺\ufe0f#b ☺\ufe0e#c", ["a", "b", "c"]),
        ("#\ufe0f\u20e3a #\u20e3b", []),
        ("##a #b#c", ["a"]),
        ("#http://a.de #a://b", []),
        ("\ud83d#a", []),
        ("#a\ufe0f#b", []),
        ("#\U00020021 #\U0001d7d8a \U00020021#x", ["\U00020021", "\U0001d7d8a"]),
    ],
)
def test_hashtags_are_found_in_all_scripts(text: str, hashtags: list[str]) -> None:
    assert extract_hashtags(text) == hashtags


@pytest.mark.parametrize(
    ("text", "hashtags"),
    [
        ("http://a.de/#anker #frei", ["frei"]),
        ("http://a.de/x,#anker", []),
        ("#a.de", ["a"]),
        ("#äb.com/#x #y", ["äb", "x", "y"]),
    ],
)
def test_of_a_hashtag_and_an_address_the_first_keeps_its_place(text: str, hashtags: list[str]) -> None:
    assert extract_hashtags(text) == hashtags


def test_places_of_a_hashtag_count_its_sign() -> None:
    assert extract_hashtags_with_indices("😀 #Bremen ＃x") == [Found("Bremen", 2, 9), Found("x", 10, 12)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@BA_Presse und ＠name1: gut", ["BA_Presse", "name1"]),
        ("x@name.de ü@name _@name !@name &@name", ["name"]),
        ("RT@eins rt @zwei RT:@drei xRT@vier .RT@fünf", ["eins", "zwei", "drei"]),
        ("@zwanzigzeichenlangerx", ["zwanzigzeichenlanger"]),
        ("@name@host @é @näher @a://b", []),
        ("@a @@b", ["a"]),
        ("@rt@x", []),
        ("😀@a 日@b", ["a", "b"]),
        ("http://a.de/@name", ["name"]),
        ("@person/liste @person/1 @person/", ["person", "person"]),
    ],
)
def test_mentions_are_found_where_no_word_goes_before(text: str, names: list[str]) -> None:
    assert extract_mentions(text) == names


def test_places_of_a_mention_count_its_sign() -> None:
    assert extract_mentions_with_indices("😀 @a") == [FoundMention("a", "", 2, 4)]


def test_lists_are_told_from_persons() -> None:
    assert extract_mentions_or_lists_with_indices("@a/liste-1 @b/" + "x" * 30) == [
        FoundMention("a", "/liste-1", 0, 10),
        FoundMention("b", "/" + "x" * 25, 11, 39),
    ]
