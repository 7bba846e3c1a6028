"""Captions are read strictly: what a player would drop in silence is a sentence here, with its line."""

import datetime as dt

import pytest

from editorial.captions import Cue, UnusableCaptions, as_srt, read, spoken

GOOD = """WEBVTT - Untertitel

NOTE von der Pressestelle

STYLE
::cue { color: yellow }

eins
00:00.000 --> 00:02.500 align:start
Guten Tag,
<v Beraterin>willkommen &amp; hallo.

01:00:00.100 --> 01:00:02.000
<i>Musik</i>
"""


def seconds(number):
    return dt.timedelta(seconds=number)


def test_cues_are_read_in_order():
    first, second = read(GOOD)
    assert first == Cue(seconds(0), seconds(2.5), "Guten Tag,\n<v Beraterin>willkommen &amp; hallo.")
    assert (second.start, second.end, second.text) == (seconds(3600.1), seconds(3602), "<i>Musik</i>")


def test_line_ends_and_a_byte_order_mark_do_not_matter():
    assert read("\ufeff" + GOOD.replace("\n", "\r\n")) == read(GOOD)


def test_for_x_they_become_subrip_without_marks():
    assert as_srt(GOOD) == (
        "1\n00:00:00,000 --> 00:00:02,500\nGuten Tag,\nwillkommen & hallo.\n\n2\n01:00:00,100 --> 01:00:02,000\nMusik\n"
    )


def test_only_the_words_are_searched():
    assert spoken(GOOD) == "Guten Tag,\nwillkommen & hallo.\nMusik"
    assert (spoken(""), spoken("kaputt 0421")) == ("", "kaputt 0421")


HEAD = "WEBVTT\n\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Das sind keine Untertitel im Format WebVTT"),
        ("1\n00:00:01,000 --> 00:00:02,000\nHallo", "Das sind keine Untertitel im Format WebVTT"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\nHallo", "Das sind keine Untertitel im Format WebVTT"),
        ("WEBVTT", "Die Datei enthält keinen Untertitel."),
        (HEAD + "NOTE nichts", "Die Datei enthält keinen Untertitel."),
        (HEAD + "Hallo", "Zeile 4: Hier wird eine Zeit erwartet"),
        (HEAD + "00:00:01,000 --> 00:00:02,000\nHallo", "Zeile 3: Hier wird eine Zeit erwartet"),
        (HEAD + "00:61.000 --> 00:62.000\nHallo", "Zeile 3: Hier wird eine Zeit erwartet"),
        (HEAD + "00:02.000 --> 00:02.000\nHallo", "Zeile 3: Das Ende liegt nicht nach dem Anfang."),
        (HEAD + "a\n00:02.000 --> 00:03.000\n<b></b>", "Zeile 4: Unter der Zeit steht kein Text."),
        (
            HEAD + "00:02.000 --> 00:03.000\nZwei\n\n00:01.000 --> 00:02.000\nEins",
            "Zeile 6: Dieser Untertitel beginnt vor dem vorigen.",
        ),
        (HEAD + "00:01.000 --> 00:09.000\nHallo", "Die Untertitel enden nach dem Video. Es dauert 5 Sekunden."),
        (HEAD + "0" * 5000 + ":00:01.000 --> 00:02.000\nHallo", "Zeile 3: Hier wird eine Zeit erwartet"),
        (HEAD + "00:01.000 --> 00:02.000\nHal\0lo", "Zeile 4: Hier steht ein unlesbares Zeichen."),
        (HEAD + "00:01.000 --> 00:02.000\n&nbsp;", "Zeile 3: Unter der Zeit steht kein Text."),
        (HEAD + "00:01.000 --> 00:02.000\nEins\n00:02.000 --> 00:03.000\nZwei", "Zeile 5: „-->“ steht nur zwischen"),
        (HEAD + "00:01.000 --> 00:02.000\n00:02.000 --> 00:03.000\nZwei", "Zeile 4: „-->“ steht nur zwischen"),
        (HEAD + "NOTE von uns\n00:01.000 --> 00:02.000\nHallo", "Zeile 4: „-->“ steht nur zwischen"),
        ("WEBVTT\n00:01.000 --> 00:02.000\nEins\n\n00:02.000 --> 00:03.000\nZwei", "Zeile 2: „-->“ steht nur"),
        (HEAD + "x" * 100_001, "Die Untertitel haben mehr als 100 000 Zeichen."),
    ],
)
def test_what_a_player_would_not_show_is_refused_with_its_line(text, sentence):
    with pytest.raises(UnusableCaptions) as refusal:
        read(text, 5)
    assert str(refusal.value).startswith(sentence)


def test_captions_may_outlive_the_video_by_a_breath():
    assert len(read(HEAD + "00:01.000 --> 00:05.900\nHallo", 5)) == 1
