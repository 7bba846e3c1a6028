"""What must hold of a Beitrag; each refusal beside a success from the same set-up."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editorial import models
from editorial.enums import PostKind
from editorial.rules import CONTENT_RULES, Situation, ask, blocking
from editorial.rules.known import Known
from editorial.rules.links import message_for, with_token
from editorial.rules.sketch import sketch
from tests.factories import (
    AppointmentFactory,
    ConsentFactory,
    DeliveryFactory,
    MediumFactory,
    PartnerFactory,
    PostFactory,
    ReadingTipFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def codes(post, slot=None, *, hints=False):
    found = ask(CONTENT_RULES, post, Situation(at=NOW, slot=slot or post.slot))
    return [objection.code for objection in (found if hints else blocking(found))]


def test_a_plain_beitrag_about_services_needs_nothing_else():
    assert codes(PostFactory()) == []


def test_an_empty_one_is_told_everything_that_is_missing():
    assert codes(PostFactory(text="", topic=None, audiences=[], twin_url="")) == [
        "text.empty",
        "topic.missing",
        "audience.missing",
        "twin.missing",
    ]


@pytest.mark.parametrize(("length", "expected"), [(280, []), (281, ["text.too_long"])])
def test_280_weighted_characters_fit(length, expected):
    assert codes(PostFactory(text="ü" * length)) == expected


def test_a_link_counts_23_also_with_its_token():
    text = "a" * 256 + " https://www.jobcenter-bremen.de/" + "sehr-lang/" * 20
    assert codes(PostFactory(text=text, link_token="abc234")) == []


def test_the_summary_of_a_retweet_is_not_sent_and_may_be_longer():
    post = PostFactory(kind=PostKind.RETWEET, text="ü" * 500, retweet_url="https://x.com/konto/status/1234567890")
    assert codes(post) == []
    post.retweet_url = "https://x.com/konto"
    assert codes(post) == ["retweet.original_missing"]


def test_figures_need_a_source():
    post = PostFactory(text="12 Prozent mehr Stellen", source_url="")
    assert codes(post) == ["text.figure_without_source"]
    post.source_url = "https://www.jobcenter-bremen.de/zahlen"
    assert codes(post) == []


def test_a_date_needs_none():
    assert codes(PostFactory(text="Am 3. Dezember von 10 bis 12 Uhr.", source_url="")) == []


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=400))
def test_the_rules_answer_to_any_text(text):
    content = {"text": text, "topic": models.Topic.objects.get(slug="dienstleistungen")}
    found = ask(CONTENT_RULES, sketch(content), Situation(at=NOW))
    assert all(objection.text and objection.code.count(".") == 1 for objection in found)


@pytest.mark.parametrize("strange", ["\ufffe", "\uffff"])
def test_a_character_that_the_channel_refuses_is_named(strange):
    assert codes(PostFactory(text=f"Der Termin steht fest.{strange}")) == ["text.not_sendable"]
    assert codes(PostFactory(text="Der Termin steht fest.")) == []


def test_letters_that_only_look_like_letters_are_refused():
    assert codes(PostFactory(text="𝗪𝗶𝗰𝗵𝘁𝗶𝗴: neue Zeiten")) == ["text.lettering"]


@pytest.mark.parametrize(
    ("url", "own", "trusted"),
    [
        ("https://www.jobcenter-bremen.de/x", True, True),
        ("https://jobcenter-bremen.de", True, True),
        ("https://termine.jobcenter-bremen.de", True, True),
        ("https://notjobcenter-bremen.de", False, False),
        ("https://jobcenter-bremen.de.boese.example", False, False),
        ("https://www.jobcenter-bremen.de@boese.example", False, False),
        ("javascript:alert(1)", False, False),
        ("http://[kaputt", False, False),
        ("", False, False),
    ],
)
def test_which_addresses_are_ours(url, own, trusted):
    known = Known()
    assert (known.is_own(url), known.is_trusted(url)) == (own, trusted)


def test_a_twin_lies_on_our_own_or_a_listed_site_or_there_is_a_reason():
    post = PostFactory(twin_url="https://irgendwo.example/seite")
    assert codes(post) == ["twin.missing"]
    models.TrustedSite.objects.create(domain="irgendwo.example", name="x", reason="frei", added_on=NOW)
    assert codes(post) == []
    assert codes(PostFactory(twin_url="", twin_exception="Der Hinweis gilt nur heute.")) == []


def test_our_mirror_is_the_twin_only_below_the_authoritys_domain(settings):
    post = PostFactory(twin_url="")
    settings.PUBLIC_BASE_URL = "https://social.jobcenter-bremen.de"
    assert codes(post) == []
    settings.PUBLIC_BASE_URL = "https://social.example.org"
    assert codes(post) == ["twin.missing"]


def test_a_source_outside_the_list_is_a_hint():
    assert "source.not_trusted" in codes(PostFactory(source_url="https://zeitung.example/a"), hints=True)


@pytest.mark.parametrize(
    ("slug", "code", "cure"),
    [
        ("gf-termine", "value_added.missing", {"value_added": "Sie erfahren, was sich ändert."}),
        ("netzwerkprojekte", "partner.missing", {"partner": PartnerFactory}),
        ("unternehmen", "partner.missing", {"partner": lambda: PartnerFactory(kind="company")}),
        ("lesetipps", "source.missing", {"source_url": "https://www.jobcenter-bremen.de/studie"}),
        ("vorzeigegeschichten", "consent.missing", None),
    ],
)
def test_each_topic_asks_for_its_duty(slug, code, cure):
    entry = {"gf-termine": AppointmentFactory, "lesetipps": ReadingTipFactory}.get(slug)
    post = PostFactory(topic=models.Topic.objects.get(slug=slug), source_url="", entry=entry() if entry else None)
    assert codes(post) == [code]
    for field, value in (cure or {}).items():
        setattr(post, field, value() if callable(value) else value)
    if cure is None:
        post.consents.add(ConsentFactory())
    assert codes(post) == []


def test_a_partner_without_an_agreement_is_not_enough():
    topic = models.Topic.objects.get(slug="unternehmen")
    assert codes(PostFactory(topic=topic, partner=PartnerFactory(agreed_on=None, kind="company"))) == [
        "partner.not_agreed"
    ]


@pytest.mark.parametrize(
    ("medium", "expected"),
    [
        ({}, []),
        ({"alt_text": " "}, ["media.alt_missing"]),
        ({"title": "IMG_1.jpg", "alt_text": "IMG_1.jpg"}, ["media.alt_missing"]),
        ({"licence": ""}, ["media.rights_missing"]),
        ({"author": ""}, ["media.rights_missing"]),
        ({"rights_until": dt.date(2026, 1, 1)}, ["media.rights_missing"]),
        ({"shows_people": True}, ["consent.missing"]),
    ],
)
def test_a_picture_has_a_description_and_rights(medium, expected):
    assert codes(PostFactory(media=[MediumFactory(**medium)])) == expected


def test_four_pictures_are_the_most():
    assert codes(PostFactory(media=MediumFactory.create_batch(5))) == ["media.too_many"]


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        ({}, []),
        ({"withdrawn": True}, ["consent.not_valid"]),
        ({"ended": True}, ["consent.not_valid"]),
        ({"valid_until": dt.date(2026, 12, 2)}, []),
        ({"valid_until": dt.date(2026, 12, 1)}, ["consent.not_valid"]),
    ],
)
def test_a_consent_covers_the_day_of_sending(consent, expected):
    post = PostFactory(consents=[ConsentFactory(**consent)], slot=dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC))
    assert codes(post) == expected


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC), []),
        (dt.datetime(2026, 11, 28, 8, tzinfo=dt.UTC), ["slot.weekend"]),
        (dt.datetime(2026, 12, 25, 8, tzinfo=dt.UTC), ["slot.holiday"]),
        (dt.datetime(2029, 10, 31, 8, tzinfo=dt.UTC), ["slot.holiday"]),
    ],
)
def test_unusual_days_are_hints(slot, expected):
    assert codes(PostFactory(slot=slot), hints=True) == expected


def test_a_second_beitrag_in_the_same_hour_is_a_hint():
    slot = dt.datetime(2026, 11, 25, 8, 10, tzinfo=dt.UTC)
    DeliveryFactory(slot=slot)
    assert codes(PostFactory(slot=slot + dt.timedelta(minutes=40)), hints=True) == ["slot.same_hour"]
    assert codes(PostFactory(slot=slot + dt.timedelta(minutes=50)), hints=True) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.de/x", "https://a.de/x?t=tok"),
        ("https://a.de/x?b=1#c", "https://a.de/x?b=1&t=tok#c"),
        ("https://a.de/x?t=alt", "https://a.de/x?t=tok"),
        ("www.a.de", "www.a.de?t=tok"),
    ],
)
def test_a_token_is_added_to_an_address(url, expected):
    assert with_token(url, "tok") == expected


def test_only_links_to_our_own_site_carry_the_token():
    post = PostFactory(text="www.jobcenter-bremen.de und iab.example", link_token="tok")
    assert message_for(post) == "www.jobcenter-bremen.de?t=tok und iab.example"


def test_every_objection_speaks_german_and_names_its_clause():
    post = PostFactory(text="", topic=None, audiences=[], twin_url="", slot=timezone.now())
    for objection in ask(CONTENT_RULES, post, Situation(at=NOW)):
        assert objection.text.endswith((".", "?"))
        assert objection.clause[:2] in ("K-", "G-")


@pytest.mark.parametrize("mark", ["created", "edited"])
def test_a_person_answers_for_what_a_machine_wrote(mark):
    assert "text.ai_unedited" in codes(PostFactory(ai_text=mark))
    assert "text.ai_unedited" not in codes(PostFactory(ai_text=mark, ai_edited=True))
    assert "text.ai_unedited" not in codes(PostFactory())
