"""What a Beitrag refers to in a register: each refusal beside a success from the same set-up."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.actions import approval, publishing
from editorial.channels.dry_run import DryRun
from editorial.enums import DeliveryState, PostKind, Region, Role
from editorial.models import Entry, Offer, Topic
from editorial.rules import CONTENT_RULES, Situation, ask, blocking
from editorial.rules.entries import KIND_OF_TOPIC
from editorial.workflow import StepRefused
from tests.factories import (
    AppointmentFactory,
    ArticleFactory,
    DeliveryFactory,
    EventFactory,
    MentionFactory,
    OfferFactory,
    PartnerFactory,
    PostFactory,
    ReadingTipFactory,
    person,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
SLOT = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
LATER, EARLIER = SLOT + dt.timedelta(hours=1), SLOT - dt.timedelta(hours=1)
RETWEET = {"kind": PostKind.RETWEET, "retweet_url": "https://x.com/konto/status/1234567890"}
MAKERS = {
    "serviceangebote": OfferFactory,
    "veranstaltungen": EventFactory,
    "gf-termine": AppointmentFactory,
    "lesetipps": ReadingTipFactory,
    "fachbeitraege": ArticleFactory,
    "erwaehnungen": MentionFactory,
}


def beitrag(topic, entry=None, **fields):
    """Complete but for its entry; the partner is the article's."""
    partner = getattr(entry, "partner", None) or PartnerFactory()
    given = {"value_added": "Sie erfahren, was sich ändert.", "partner": partner, "slot": SLOT} | fields
    kept = Entry.objects.get(pk=entry.pk) if entry else None
    return PostFactory(topic=Topic.objects.get(slug=topic), entry=kept, **given)


def found(post):
    return blocking(ask(CONTENT_RULES, post, Situation(at=NOW, slot=post.slot)))


def codes(post):
    return [objection.code for objection in found(post)]


def test_six_topics_speak_of_an_entry():
    assert set(KIND_OF_TOPIC) == set(MAKERS)


@pytest.mark.parametrize("topic", MAKERS)
def test_such_a_topic_needs_an_entry_of_its_own_register(topic):
    assert codes(beitrag(topic)) == ["entry.missing"]
    assert codes(beitrag(topic, MAKERS[topic]())) == []
    other = MentionFactory() if topic != "erwaehnungen" else OfferFactory()
    assert "entry.wrong_register" in codes(beitrag(topic, other))


@pytest.mark.parametrize("topic", MAKERS)
def test_what_was_archived_is_no_longer_spoken_of(topic):
    assert codes(beitrag(topic, MAKERS[topic](archived_at=NOW))) == ["entry.archived"]


def test_an_archived_organisation_is_no_longer_named():
    assert codes(beitrag("netzwerkprojekte", partner=PartnerFactory(archived_at=NOW))) == ["partner.archived"]
    assert codes(beitrag("netzwerkprojekte", partner=PartnerFactory())) == []


@pytest.mark.parametrize(
    ("topic", "entry", "expected"),
    [
        ("serviceangebote", {"valid_until": SLOT.date()}, []),
        ("serviceangebote", {"valid_until": SLOT.date() - dt.timedelta(days=1)}, ["offer.expired"]),
        ("veranstaltungen", {"starts_at": LATER}, []),
        ("veranstaltungen", {"starts_at": EARLIER}, ["event.past"]),
        ("veranstaltungen", {"place": ""}, ["event.place_missing"]),
        ("veranstaltungen", {"region": ""}, ["event.place_missing"]),
        ("veranstaltungen", {"accessibility": ""}, ["event.accessibility_missing"]),
        ("gf-termine", {"released_at": None}, ["appointment.not_released"]),
        ("gf-termine", {"is_public": False, "starts_at": LATER}, ["appointment.in_advance"]),
        ("gf-termine", {"is_public": False, "starts_at": EARLIER}, []),
        ("gf-termine", {"is_public": True, "starts_at": LATER}, []),
        ("fachbeitraege", {"neutral_on": None}, ["article.not_checked"]),
        ("lesetipps", {"paywall": "paid"}, ["paywall.note_missing"]),
        ("erwaehnungen", {"paywall": "unclear"}, ["paywall.note_missing"]),
        ("erwaehnungen", {"paywall": "registration"}, ["paywall.note_missing"]),
    ],
)
def test_an_entry_holds_at_the_moment_of_sending(topic, entry, expected):
    assert codes(beitrag(topic, MAKERS[topic](**entry))) == expected


def test_an_article_comes_from_the_organisation_that_is_named():
    article = ArticleFactory()
    assert codes(beitrag("fachbeitraege", article, partner=PartnerFactory())) == ["article.other_partner"]
    assert codes(beitrag("fachbeitraege", article, partner=article.partner)) == []


def test_without_a_date_nothing_is_told_in_advance_yet():
    assert codes(beitrag("gf-termine", AppointmentFactory(is_public=False, starts_at=LATER), slot=None)) == []


def test_a_cooperation_is_one_with_a_company():
    assert codes(beitrag("unternehmen", partner=PartnerFactory())) == ["partner.no_company"]
    assert codes(beitrag("unternehmen", partner=PartnerFactory(kind="company"))) == []


@pytest.mark.parametrize("topic", ["lesetipps", "erwaehnungen"])
@pytest.mark.parametrize("paywall", ["free", "registration", "paid", "unclear"])
def test_only_what_is_free_is_retweeted(topic, paywall):
    post = beitrag(topic, MAKERS[topic](paywall=paywall), **RETWEET)
    assert codes(post) == ([] if paywall == "free" else ["retweet.not_free"])


def test_a_beitrag_of_our_own_says_that_one_has_to_pay():
    post = beitrag("erwaehnungen", MentionFactory(paywall="paid"))
    assert codes(post) == ["paywall.note_missing"]
    post.text += " (Bezahlinhalt)"
    assert codes(post) == []


def test_appointments_lie_in_bremen():
    places = {value for value, _ in AppointmentFactory.build(director=None)._meta.get_field("region").choices}
    assert places == {Region.MITTE, Region.NORD, Region.OST, Region.SUED, Region.WEST}


@pytest.mark.parametrize("topic", MAKERS)
def test_each_objection_says_in_german_where_to_go(topic):
    for objection in found(beitrag(topic)):
        assert objection.text.endswith("aus dem Register.")
        assert (objection.field, objection.clause) == ("entry", Topic.objects.get(slug=topic).clause)


def test_an_offer_that_ended_is_refused_at_submit_and_at_approval():
    offer = OfferFactory()
    post = beitrag("serviceangebote", offer, slot=timezone.now() + dt.timedelta(days=3))
    end_of(offer)
    with pytest.raises(StepRefused) as refusal:
        approval.submit(post, by=person())
    assert [objection.code for objection in refusal.value.objections] == ["offer.expired"]
    Offer.objects.update(valid_until=None)
    post = approval.submit(post, by=person())
    end_of(offer)
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    assert [objection.code for objection in refusal.value.objections] == ["offer.expired"]


def test_an_offer_that_ended_after_the_approval_is_not_sent():
    offer = OfferFactory()
    topic = Topic.objects.get(slug="serviceangebote")
    delivery = DeliveryFactory(
        approval__post__topic=topic, approval__post__entry=Entry.objects.get(pk=offer.pk), slot=timezone.now()
    )
    end_of(offer)
    channel = DryRun()
    assert publishing.send(delivery.pk, channel) == DeliveryState.BLOCKED
    assert channel.sent == []


def end_of(offer):
    Offer.objects.filter(pk=offer.pk).update(valid_until=dt.date(2026, 1, 1))


def test_the_digest_covers_which_entry_it_is_and_older_ones_stay_as_they_were():
    post = PostFactory()
    before = post.digest()
    assert "entry" not in post.payload()
    post.entry = Entry.objects.get(pk=OfferFactory().pk)
    assert post.digest() != before
