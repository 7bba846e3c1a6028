"""Exactly what is shown of a person must be permitted (K-58)."""

import pytest
from django.utils import timezone

from editorial.rules import Situation
from editorial.rules.consent import everyone_shown_has_consented
from tests.factories import ConsentFactory, MediumFactory, PostFactory

pytestmark = pytest.mark.django_db


def against(post):
    return [one.code for one in everyone_shown_has_consented(post, Situation(at=timezone.now()))]


def shows(*pairs):
    return [f"{consent.pk}:{use}" for consent, use in pairs]


def test_what_the_author_says_is_shown_of_a_person_is_what_that_person_must_have_permitted():
    pictured = ConsentFactory(scope=["photo@x", "photo@website"])
    quoted = ConsentFactory(scope=["quote@x", "quote@website"])
    post = PostFactory(consents=[pictured, quoted], media=[MediumFactory(shows_people=True)])
    assert against(post) == ["consent.too_narrow"], "without a word everybody is taken to be on the picture"
    post.shows = shows((pictured, "photo"), (quoted, "quote"))
    assert against(post) == []
    post.shows = shows((pictured, "photo"), (quoted, "quote"), (quoted, "full_name"))
    assert against(post) == ["consent.too_narrow"]


def test_somebody_must_be_the_one_on_the_picture():
    consent = ConsentFactory()
    post = PostFactory(consents=[consent], media=[MediumFactory(shows_people=True)], shows=shows((consent, "quote")))
    assert against(post) == ["consent.nobody_pictured"]
    post.shows = shows((consent, "quote"), (consent, "photo"))
    assert against(post) == []
