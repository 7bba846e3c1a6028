"""What a video needs before it may go out."""

import pytest
from django.utils import timezone

from editorial.rules import ask
from editorial.rules.base import Situation
from editorial.rules.films import a_video_stands_alone, videos_can_be_read
from editorial.rules.media import artificial_people_are_named, pictures_are_described, pictures_have_a_purpose
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


def test_a_purpose_is_asked_for_and_nothing_is_stopped():
    posts = [PostFactory(media=[MediumFactory(purpose=words)]) for words in (" ", "Zeigt den Eingang")]
    found = [list(pictures_have_a_purpose(post, Situation(at=timezone.now()))) for post in posts]
    assert [[(hint.code, hint.blocks) for hint in hints] for hints in found] == [[("media.purpose_missing", False)], []]


@pytest.mark.parametrize(
    ("text", "facts", "codes"),
    [
        ("Neue Zeiten", {"ai_mark": "created", "shows_people": True}, ["media.ai_unlabelled"]),
        ("Neue Zeiten. Bild: mit KI erzeugt", {"ai_mark": "created", "shows_people": True}, []),
        ("Neue Zeiten. SKIZZE", {"ai_mark": "edited", "shows_people": True}, ["media.ai_unlabelled"]),
        ("Neue Zeiten", {"ai_mark": "created"}, []),
        ("Neue Zeiten", {"shows_people": True}, []),
    ],
)
def test_artificial_people_are_named_in_the_text(text, facts, codes):
    post = PostFactory(text=text, media=[MediumFactory(**facts)])
    found = artificial_people_are_named(post, Situation(at=timezone.now()))
    assert [objection.code for objection in found] == codes
