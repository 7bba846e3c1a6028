import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.lint import inclusive, language, signs
from tests.editorial.weighing.hostile_texts import hostile_texts

SYLLABLES = {
    1: "Haus neu Zeit Mai Moor Saal sein wir die See vier",
    2: "Arbeit Bremen geehrt Bürger Euro Leute heute bequem Bayern Quelle Chance",
    3: "Jobcenter Beratung Ferien Industrie beenden Museum Theater Region Ruine aktuell Abkürzung Medien",
    4: "Familie Grundsicherung Weiterbildung Ausbildungen Beauftragte Teilnehmende Öffnungszeiten Unternehmen",
    5: "Information Kooperation Situation individuell Zusammenarbeit Kreativität",
    6: "Leistungsberechtigte Digitalisierung",
}


@pytest.mark.parametrize(("count", "word"), [(n, word) for n, words in SYLLABLES.items() for word in words.split()])
def test_syllables_are_counted_as_spoken(count, word):
    assert language.syllables(word) == count


def parts(text):
    return [text[one.start : one.end] for one in language.sentences(text)]


def test_sentences_end_where_people_end_them():
    text = (
        "Wir beraten Sie z.B. am 24. November. Kommen Sie! Dr. Muster ist da, Nr. 5.\nNeue Zeile #Tag https://a.de/x.y"
    )
    assert parts(text) == [
        "Wir beraten Sie z.B. am 24. November.",
        "Kommen Sie!",
        "Dr. Muster ist da, Nr. 5.",
        "Neue Zeile",
    ]


EASY = (
    "Wir helfen Ihnen. Sie suchen Arbeit? Kommen Sie zu uns. Wir reden. Dann suchen wir. "
    "Das kostet nichts, auch keine Gebühr."
)
HARD = (
    "Die Inanspruchnahme leistungsrechtlicher Unterstützungsmöglichkeiten setzt die vorherige Antragstellung und "
    "die Mitwirkung der leistungsberechtigten Personen entsprechend den gesetzlichen Bestimmungen des "
    "Zweiten Buches Sozialgesetzbuch voraus."
)


def test_a_hard_text_has_a_higher_grade_than_an_easy_one():
    assert (language.grade(EASY) or 99) < 6
    assert (language.grade(HARD) or 0) > 15


def test_a_few_words_have_no_grade():
    assert language.grade("Wir beraten Sie gern.") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das ALG und BuT und KdU, noch einmal ALG", ["ALG", "BuT", "KdU"]),
        ("Bildung und Teilhabe (BuT), ALG (Arbeitslosengeld)", []),
        ("NEU und WICHTIG: Teil II, #SGB @BA", []),
        ("Mitarbeiter:innen im Haus der JobcenterBremen", []),
    ],
)
def test_abbreviations_are_found_once_and_not_where_they_are_explained(text, expected):
    assert [text[start:end] for start, end in language.abbreviations(text)] == expected


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Partner*innen", "Partner:innen"),
        ("Partner_innen", "Partner:innen"),
        ("PartnerInnen", "Partner:innen"),
        ("Partner/-innen", "Partner:innen"),
        ("Partner(innen)", "Partner:innen"),
        ("ein Mitarbeiter*in", "Mitarbeiter:in"),
        ("Partner:innen bei LinkedIn", None),
    ],
)
def test_other_signs_become_a_colon(text, instead):
    assert [offer for _, _, offer in inclusive.other_signs(text)] == ([instead] if instead else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Liebe Bürger und Kunden", ["Bürger", "Kunden"]),
        ("Bürgerinnen und Bürger, Teilnehmer und Teilnehmerinnen", []),
        ("Kundennummer, Kunden-Portal, Arbeitgeber-Service, Bürger:innen, Bürgergeld", []),
    ],
)
def test_words_that_name_men_only_are_found(text, found):
    assert [text[start:end] for start, end, _ in inclusive.men_only(text)] == found


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("#jobcenterbremen", "#JobcenterBremen"),
        ("#jobmesse2026 #arbeitinbremen", "#ArbeitInBremen"),
        ("#JOBCENTERBREMEN", "#JobcenterBremen"),
        ("#gibtesnirgendwo", ""),
        ("#weiterbildung #AusbildungBremen #Bremen", None),
    ],
)
def test_a_hashtag_of_several_words_gets_its_capitals(text, instead):
    found = signs.plain_hashtag(text)
    assert (found[1] if found else None) == instead


@pytest.mark.parametrize(
    ("text", "run", "bullet", "inside"),
    [
        ("Gern 👍👍👍", True, False, False),
        ("Gern 👍 👩🏿\u200d🚒 🏳️\u200d🌈", True, False, False),
        ("Gern 👍👍", False, False, False),
        ("✅ eins\n✅ zwei", False, True, False),
        ("1️⃣ eins\n2️⃣ zwei", False, True, False),
        ("Wir 😀 freuen uns", False, False, True),
        ("Wir freuen uns 😀 Bis bald", False, False, False),
    ],
)
def test_where_emoji_disturb(text, run, bullet, inside):
    found = signs.emoji(text)
    places = [signs.emoji_run(text, found), signs.emoji_bullets(text, found), signs.emoji_inside(text, found)]
    assert [place is not None for place in places] == [run, bullet, inside]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("𝗪𝗶𝗰𝗵𝘁𝗶𝗴: neu", "𝗪𝗶𝗰𝗵𝘁𝗶𝗴"),
        ("Ganz ＷＥＩＴ weg", "ＷＥＩＴ"),
        ("Ⓐ wie Arbeit", "Ⓐ"),
        ("g\u0336e\u0336strichen", "g\u0336e\u0336"),
        ("Grüße, é, e\u0301, ™, ℹ️, ½, ①, 日本, привет, ₂", None),
    ],
)
def test_letters_that_only_look_like_letters(text, words):
    span = signs.lettering(text)
    assert (text[slice(*span)] if span else None) == words


LENGTH = 25_000
PIECES = [
    "aA ",
    "aI",
    "AB ",
    "#a",
    "#arbeit",
    "😀 ",
    "😀\n",
    "a.",
    "ein. ",
    "Kunden ",
    "Bürger und ",
    "a*",
    "a(",
    "𝗪",
    "z.B.",
]
PIECES += ["e\u0301", "\u0301", "1️⃣"]
HOSTILE = hostile_texts(LENGTH) | {piece: (piece * LENGTH)[:LENGTH] for piece in PIECES}


def everything(text):
    found = signs.emoji(text)
    return [
        language.grade(text),
        list(language.abbreviations(text)),
        list(inclusive.other_signs(text)),
        list(inclusive.men_only(text)),
        signs.plain_hashtag(text),
        signs.lettering(text),
        [look(text, found) for look in (signs.emoji_run, signs.emoji_bullets, signs.emoji_inside)],
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_of_25000_characters_takes_no_time(name):
    begin = time.process_time()
    everything(HOSTILE[name])
    assert (time.process_time() - begin) * 1000 < 250


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    everything(text)
