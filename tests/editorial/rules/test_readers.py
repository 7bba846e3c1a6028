import datetime as dt

import pytest

from editorial.models import Topic
from editorial.rules import CONTENT_RULES, Situation, ask, readers
from tests.factories import ConsentFactory, DeliveryFactory, MediumFactory, PostFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def found(rule, post):
    return ask([rule], post, Situation(at=NOW))


@pytest.mark.parametrize(
    ("rule", "text", "code", "mended"),
    [
        (readers.nothing_needs_an_account, "https://x.com/a/status/1", "text.needs_account", "https://iab.de/a"),
        (readers.nothing_needs_an_account, "Link in Bio", "text.needs_account", "Auf jobcenter-bremen.de"),
        (readers.private_matters_stay_away, "Gern per DM", "text.private_message", "Gern am Telefon"),
        (readers.nobody_is_answered_here, "@erika Danke!", "text.single_case", "Danke!"),
        (readers.nobody_is_answered_here, "Ihr Bescheid ist da.", "text.single_case", "Bescheide kommen per Post."),
        (readers.names_need_a_consent, "Fragen Sie Frau Muster.", "text.person_named", "Fragen Sie uns."),
        (readers.nobody_takes_sides, "Die SPD fordert", "text.party", "Der Senat beschließt"),
    ],
)
def test_a_hint_and_none_where_it_is_mended(rule, text, code, mended):
    (objection,) = found(rule, PostFactory(text=text))
    assert (objection.code, objection.blocks, objection.field) == (code, False, "text")
    assert objection.passage.words.strip() in objection.text
    assert found(rule, PostFactory(text=mended)) == []
    assert rule in CONTENT_RULES


def test_a_source_only_members_can_read_is_a_hint():
    (objection,) = found(readers.nothing_needs_an_account, PostFactory(source_url="https://www.linkedin.com/a"))
    assert (objection.code, objection.field) == ("source.needs_account", "source_url")


def test_a_name_is_all_right_where_a_consent_is_chosen():
    post = PostFactory(text="Fragen Sie Frau Muster.", consents=[ConsentFactory()])
    assert found(readers.names_need_a_consent, post) == []


def test_advertising_is_a_matter_of_the_companies_topic():
    text = "Jetzt kaufen!"
    company = PostFactory(text=text, topic=Topic.objects.get(slug="unternehmen"))
    assert [objection.code for objection in found(readers.nobody_takes_sides, company)] == ["text.advertising"]
    assert found(readers.nobody_takes_sides, PostFactory(text=text)) == []


@pytest.mark.parametrize(
    ("alt", "expected"),
    [
        ("Foto von einem Haus im Schnee", ["media.alt_short"]),
        ("Ein Haus", ["media.alt_short"]),
        ("Das Haus am Hafen im Schnee", []),
    ],
)
def test_an_alternative_text_tells_what_is_to_be_seen(alt, expected):
    post = PostFactory(media=[MediumFactory(alt_text=alt)])
    assert [objection.code for objection in found(readers.alternative_texts_tell_something, post)] == expected


def test_after_seven_without_a_picture_one_is_proposed():
    DeliveryFactory.create_batch(7, published=True)
    rule, post = readers.pictures_come_now_and_then, PostFactory()
    assert [objection.code for objection in found(rule, post)] == ["media.none_for_long"]
    assert found(rule, PostFactory(media=[MediumFactory()])) == []
    with_picture = PostFactory(approved=True, media=[MediumFactory()])
    DeliveryFactory(published=True, approval__post=with_picture)
    assert found(rule, post) == []


def test_fewer_than_seven_say_nothing():
    DeliveryFactory.create_batch(6, published=True)
    assert found(readers.pictures_come_now_and_then, PostFactory()) == []
