"""What a video needs before it may go out."""

import pytest
from django.utils import timezone

from editorial.rules import ask
from editorial.rules.base import Situation
from editorial.rules.films import a_video_stands_alone, videos_can_be_read
from editorial.rules.media import pictures_are_described
from editorial.rules.personal import no_personal_data
from tests.factories import FilmFactory, MediumFactory, PostFactory

pytestmark = pytest.mark.django_db

RULES = (pictures_are_described, videos_can_be_read, a_video_stands_alone, no_personal_data)


def told(*media):
    return [(found.code, found.text) for found in ask(RULES, PostFactory(media=media), Situation(at=timezone.now()))]


def test_a_video_with_everything_and_pictures_without_pass():
    assert told(FilmFactory()) == told(MediumFactory(), MediumFactory()) == []


@pytest.mark.parametrize(
    ("missing", "code", "sentence"),
    [
        ("captions", "media.captions_missing", "braucht Untertitel, auch ohne Ton: dann genügt „[ohne Ton]“."),
        ("transcript", "media.transcript_missing", "braucht eine Textfassung: Was ist zu hören und zu sehen?"),
        ("alt_text", "media.alt_missing", "braucht eine Kurzbeschreibung: Worum geht es?"),
    ],
)
def test_each_thing_a_reader_needs_is_asked_for(missing, code, sentence):
    medium = FilmFactory(**{missing: " "})
    assert told(medium) == [(code, f"Das Video „{medium.title}“ {sentence}")]


@pytest.mark.parametrize("other", [FilmFactory, MediumFactory])
def test_a_video_stands_alone(other):
    ((code, sentence),) = told(FilmFactory(), other())
    assert code == "media.mixed"
    assert sentence.startswith("Ein Video steht allein")


@pytest.mark.parametrize("place", ["captions", "transcript"])
def test_data_of_persons_is_found_in_captions_and_transcript(place):
    words = "Meine Nummer ist 0421 1234567."
    text = f"WEBVTT\n\n00:00.000 --> 00:01.000\n{words}\n" if place == "captions" else words
    ((code, sentence),) = told(FilmFactory(**{place: text}))
    assert code == "text.personal_data"
    assert "0421 1234567" in sentence
