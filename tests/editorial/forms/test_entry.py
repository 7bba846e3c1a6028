"""Choosing from the registers while writing: grouped, current, and one query however much there is."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.actions import drafting
from editorial.forms import entry
from editorial.forms.post import PostForm
from editorial.models import Entry, Topic
from editorial.prepared import Question
from tests.factories import EventFactory, MentionFactory, OfferFactory, PartnerFactory, PostFactory, person

pytestmark = pytest.mark.django_db


def offered(form):
    """The groups and, in each, what can be chosen."""
    _, *groups = form["entry"].field.widget.choices
    return [(group, [str(label) for _, label in options]) for group, options in groups]


def test_entries_stand_below_the_name_of_their_register():
    MentionFactory(title="Bericht", published_on=dt.date(2026, 10, 1))
    OfferFactory(title="Alt")
    OfferFactory(title="Neu")
    assert offered(PostForm()) == [("Serviceangebote", ["Neu", "Alt"]), ("Medienspiegel", ["Bericht, 01.10.2026"])]


def test_only_what_fits_the_topic_is_offered_and_what_was_chosen():
    OfferFactory(title="Kurs")
    event, partner = EventFactory(title="Messe"), PartnerFactory(name="Verein")
    PartnerFactory(name="Werft", kind="company")

    def shown(**typed):
        form = PostForm({"text": "", **typed})
        return offered(form), [str(label) for _, label in form["partner"].field.widget.choices]

    assert shown(topic="serviceangebote") == ([("Serviceangebote", ["Kurs"])], ["Keine", "Verein", "Werft"])
    assert shown(topic="dienstleistungen") == ([], ["Keine", "Verein", "Werft"])
    assert shown(topic="unternehmen") == ([], ["Keine", "Werft"])
    kept = shown(topic="unternehmen", entry=str(event.pk), partner=str(partner.pk))
    assert ([group for group, _ in kept[0]], kept[1]) == (["Veranstaltungen"], ["Keine", "Verein", "Werft"])
    assert len(offered(PostForm())) == 2
    saved = PostFactory(topic=Topic.objects.get(slug="serviceangebote"))
    assert offered(PostForm(post=saved)) == [("Serviceangebote", ["Kurs"])]


def test_what_is_over_or_archived_is_not_offered():
    OfferFactory(valid_until=dt.date(2026, 1, 1))
    EventFactory(starts_at=timezone.now() - dt.timedelta(days=2))
    OfferFactory(archived_at=timezone.now())
    assert offered(PostForm()) == []


def test_what_was_chosen_stays_to_be_seen_and_is_saved_again():
    offer, partner = OfferFactory(archived_at=timezone.now()), PartnerFactory(archived_at=timezone.now())
    post = PostFactory(entry=Entry.objects.get(pk=offer.pk), partner=partner)
    form = PostForm(post=post)
    assert offered(form) == [("Serviceangebote", [offer.title])]
    assert partner in form.fields["partner"].queryset
    sent = PostForm({"entry": str(offer.pk), "text": "Neu", "partner": str(partner.pk)}, post=post)
    assert sent.is_valid(), sent.errors
    assert drafting.save(post, sent.content(), by=person()).entry_id == offer.pk


@pytest.mark.parametrize("typed", ["999999", "x", "9" * 40, "１"])
def test_an_entry_that_does_not_exist_is_said_at_its_field(typed):
    form = PostForm({"entry": typed})
    assert not form.is_valid()
    assert list(form.errors) == ["entry"]


def test_only_so_many_are_offered_in_one_query_and_the_chosen_one_is_among_them(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(entry, "MOST_OF_A_KIND", 3)
    monkeypatch.setattr(entry, "_EVERYTHING", Question(entry._everything))  # written anew, with the lower number
    MentionFactory()
    first, *_ = OfferFactory.create_batch(5)
    partner = PartnerFactory()
    offered = entry.Offered((first.pk,))
    with django_assert_num_queries(1):
        labels = [(kind, label) for _, kind, label in offered.rows]
    assert labels[:2] == [(entry.ORGANISATIONS, partner.name), ("offer", first.title)]
    assert [kind for kind, _ in labels] == [entry.ORGANISATIONS, "offer", "offer", "offer", "mention"]


def test_organisations_are_offered_by_name_and_archived_ones_are_not():
    for name in ("Werft", "anker"):
        PartnerFactory(name=name)
    PartnerFactory(name="Fort", archived_at=timezone.now())
    assert [label for _, label in PostForm()["partner"].field.widget.choices] == ["Keine", "anker", "Werft"]
