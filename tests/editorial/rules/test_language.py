"""Hints about words: each rule with a text it speaks about and one it leaves alone."""

import datetime as dt

import pytest

from editorial.rules import CONTENT_RULES, Situation, ask, language
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
LONG = "Wir " + "beraten " * 19 + "Sie."
HARD = (
    "Die Inanspruchnahme leistungsrechtlicher Unterstützungsmöglichkeiten setzt die vorherige Antragstellung und "
    "die Mitwirkung der leistungsberechtigten Personen entsprechend den gesetzlichen Bestimmungen des "
    "Zweiten Buches Sozialgesetzbuch voraus."
)


def found(rule, text):
    return ask([rule], PostFactory(text=text), Situation(at=NOW))


@pytest.mark.parametrize(
    ("rule", "text", "code", "said", "passing"),
    [
        (language.house_style, "Unsere Partner*innen", "text.style", "„Partner:innen“", "Unsere Partner:innen"),
        (language.words_are_for_everybody, "Die Teilnehmer", "text.neutral", "Teilnehmende", "Die Teilnehmenden"),
        (
            language.hashtags_show_their_words,
            "#jobcenterbremen",
            "text.hashtag",
            "#JobcenterBremen",
            "#JobcenterBremen",
        ),
        (language.gaps_are_filled, "Am [Datum] um neun", "text.gap", "einzusetzen: [Datum]", "Am 1. März um neun"),
        (language.emoji_are_few, "Ja 👍👍👍", "text.emoji", "hintereinander", "Ja 👍👍"),
        (language.emoji_are_few, "✅ eins\n✅ zwei", "text.emoji", "Spiegelstrich", "– eins\n– zwei"),
        (language.emoji_are_few, "Wir 😀 sind da", "text.emoji", "mitten im Satz", "Wir sind da 😀"),
        (language.emoji_are_few, "😀 Ja. 😀 Ja. 😀 Ja. 😀", "text.emoji", "4 Emoji", "Ja. 😀 Ja."),
        (language.sentences_are_short, LONG, "text.long_sentence", "21 Wörter", LONG.replace(" beraten", "", 1)),
        (language.text_is_easy_to_read, HARD, "text.hard_to_read", "Stufe", "Wir helfen Ihnen gern. " * 6),
    ],
)
def test_a_hint_with_what_to_do_and_none_where_it_is_done(rule, text, code, said, passing):
    (objection,) = found(rule, text)
    assert (objection.code, objection.blocks, objection.field) == (code, False, "text")
    assert said in objection.text
    assert found(rule, passing) == []


def test_house_style_is_a_hint_with_a_proposal():
    (objection,) = found(language.house_style, "Unsere PartnerInnen")
    assert (objection.clause, objection.passage.words) == ("K-81", "PartnerInnen")
    assert "also „Partner:innen“" in objection.text


def test_a_long_sentence_is_a_hint():
    (objection,) = found(language.sentences_are_short, LONG)
    assert objection.passage.words == LONG
    assert not objection.blocks


def test_of_one_kind_three_are_told():
    assert len(found(language.words_are_for_everybody, "Bürger, Kunden, Lehrer, Leser, Nutzer")) == 3


def test_all_of_them_are_asked_with_the_others():
    text = "Die Teilnehmer*innen, alle Kunden 👍👍👍 #jobcenterbremen"
    codes = {objection.code for objection in ask(CONTENT_RULES, PostFactory(text=text), Situation(at=NOW))}
    assert {"text.style", "text.neutral", "text.emoji", "text.hashtag"} <= codes
