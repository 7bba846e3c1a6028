"""Every saved version can be read, and taken up again."""

import datetime as dt
import io

import pytest
from django.utils import timezone
from PIL import Image

from editorial.actions import drafting, versions
from editorial.actions.cropping import recut
from editorial.actions.media import describe, prepare, store
from editorial.enums import PostState, Role
from editorial.models import Audience, Entry, Medium, Post, Topic
from tests.factories import (
    ConsentFactory,
    DeliveryFactory,
    MediumFactory,
    OfferFactory,
    PartnerFactory,
    PostFactory,
    person,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
QUERIES = 15


def wide_picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (220, 180, 0)).save(out, format="PNG")
    return out.getvalue()


def address(post, rest=""):
    return f"/redaktion/beitraege/{post.pk}/fassungen/{rest}"


def written(*texts, **content):
    """A draft saved once an hour, each time by somebody else."""
    at = timezone.now() - len(texts) * HOUR
    post = drafting.create({"text": texts[0], **content}, by=person(Role.PROE), at=at)
    for number, text in enumerate(texts[1:], 1):
        post = drafting.save(post, {"text": text}, by=person(Role.PROE), at=at + number * HOUR)
    return post


def told(client, post):
    """What the page says of each version: number to {field: [(kind, text)]}."""
    found = client.get(address(post)).context["versions"]
    return {
        version.number: {
            change.label: [(segment.kind, segment.text) for segment in change.segments] for change in changes
        }
        for version, changes in found
    }


def test_each_version_tells_what_it_changed(login):
    post = written("Wir öffnen um acht.", "Wir öffnen um neun.")
    assert told(login(), post) == {
        2: {"Text": [("same", "Wir öffnen um "), ("removed", "acht."), ("added", "neun.")]},
        1: {"Art": [("added", "Eigener Beitrag")], "Text": [("added", "Wir öffnen um acht.")]},
    }


def test_every_field_is_told_in_words(login):
    partner, consent, medium = PartnerFactory(), ConsentFactory(), MediumFactory(alt_text="Ein gelbes Haus")
    topic, audience = Topic.objects.get(slug="lesetipps"), Audience.objects.get(slug="arbeitgeber")
    content = {"partner": partner, "topic": topic, "audiences": [audience], "consents": [consent], "media": [medium]}
    slot = dt.datetime(2026, 12, 1, 8, 0, tzinfo=dt.UTC)
    post = written("Text", **content, slot=slot, twin_url="https://www.jobcenter-bremen.de/a")
    (changes,) = told(login(), post).values()
    assert {label: words for label, ((_, words),) in changes.items()} == {
        "Art": "Eigener Beitrag",
        "Text": "Text",
        "Thema": topic.name,
        "Zielgruppen": audience.name,
        "Seite mit demselben Inhalt": "https://www.jobcenter-bremen.de/a",
        "Beteiligte Organisation": partner.name,
        "Termin": "01.12.2026, 09:00 Uhr",
        "Bilder": f"{medium.title}: Ein gelbes Haus",
        "Einwilligungen": consent.pseudonym,
    }


def test_an_older_version_is_taken_up_again_as_a_new_one(login):
    client = login()
    first = Topic.objects.get(slug="lesetipps")
    post = written("Erste Fassung", "Zweite Fassung", topic=first)
    slot = timezone.now().replace(second=0, microsecond=0) + 24 * HOUR
    post = drafting.save(post, {"text": "Dritte Fassung", "slot": slot}, by=client.person)
    answer = client.post(address(post, "1/aufnehmen/"))
    assert (answer.status_code, answer["Location"]) == (302, f"/redaktion/beitraege/{post.pk}/")
    post = Post.objects.get()
    assert (post.text, post.topic, post.slot) == ("Erste Fassung", first, slot)
    # The same person wrote a moment ago, and still nothing is written over.
    texts = dict(post.versions.values_list("number", "payload__text"))
    assert texts == {1: "Erste Fassung", 2: "Zweite Fassung", 3: "Dritte Fassung", 4: "Erste Fassung"}


def test_whatever_a_version_holds_comes_back_but_for_the_slot():
    post = PostFactory()
    version = versions.keep(post, by=person(Role.PROE), at=timezone.now(), number=99)
    assert set(version.payload) - set(versions.content_of(version)) == {"slot", "message_text"}


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_picture_that_was_cut_anew_comes_back_and_the_page_says_so(login):
    medium = store(Medium(title="Haus", alt_text="Ein gelbes Haus"), prepare(wide_picture()), by=person(Role.PROE))
    post = written("Mit Bild", media=[medium])
    drafting.save(post, {"media": []}, by=person(Role.PROE))
    medium.crop = "1:1"
    recut(medium)
    describe(medium, by=person(Role.PROE))
    client = login()
    assert messages_of(client.post(address(post, "1/aufnehmen/"), follow=True)) == [
        "Fassung 1 gilt wieder. Die Fassung von eben steht weiter im Verlauf.",
        "„Haus“ hat heute einen anderen Ausschnitt als in Fassung 1. Es gilt der heutige.",
    ]
    assert Post.objects.get().ordered_media() == [medium]
    assert told(client, post)[1]["Bilder"] == [("added", "Haus: Ein gelbes Haus")]


def test_a_picture_that_nobody_has_any_more_is_named(login):
    medium = MediumFactory(alt_text="Ein gelbes Haus")
    post = written("Mit Bild", media=[medium])
    Medium.objects.update(sha256="0" * 64)
    told_then = messages_of(login().post(address(post, "1/aufnehmen/"), follow=True))
    assert told_then[1:] == [
        "Ein Bild aus Fassung 1 fehlt: „Ein gelbes Haus“. Bitte wählen Sie es unter „Bilder“ neu aus."
    ]


def test_the_entry_of_the_register_comes_back_and_is_told_by_name(login):
    offer = OfferFactory(title="Bewerbungshilfe")
    post = written("Text", entry=Entry.objects.get(pk=offer.pk))
    drafting.save(post, {"entry": None, "text": "Anderes"}, by=person(Role.PROE))
    client = login()
    client.post(address(post, "1/aufnehmen/"))
    assert Post.objects.get().entry_id == offer.pk
    assert told(client, post)[1]["Eintrag aus dem Register"] == [("added", "Bewerbungshilfe")]


def test_an_approval_ends_with_it_and_the_page_says_so_before(login):
    post = PostFactory(approved=True)
    version = versions.keep(post, by=person(Role.PROE), at=timezone.now())
    earlier = version.payload | {"text": "Ein früherer Text"}
    post.versions.filter(number=1).update(payload=earlier)
    client = login()
    assert "Die Freigabe endet damit" in client.get(address(post)).content.decode()
    client.post(address(post, "1/aufnehmen/"))
    post.refresh_from_db()
    assert (post.state, post.text) == (PostState.DRAFT, "Ein früherer Text")


def test_what_was_published_is_read_but_not_taken_back(login):
    post = DeliveryFactory(published=True).post
    client = login()
    assert "wieder aufnehmen" not in client.get(address(post)).content.decode()
    assert client.post(address(post, f"{post.versions.first().number}/aufnehmen/")).status_code == 409


def test_a_version_that_never_was_is_not_found(login):
    assert login().post(address(written("Text"), "7/aufnehmen/")).status_code == 404


@pytest.mark.parametrize("number", [2, 9])
def test_the_number_of_questions_does_not_grow_with_the_versions(login, number, django_assert_max_num_queries):
    post, client = written(*map(str, range(number))), login()
    client.get(address(post))
    with django_assert_max_num_queries(QUERIES):
        client.get(address(post))


def test_the_oldest_of_a_page_is_compared_with_the_next_page(login):
    post, client = written(*(f"Fassung {number}" for number in range(12))), login()
    last = client.get(address(post)).context["versions"][-1]
    assert [(s.kind, s.text) for s in last[1][0].segments][-2:] == [("removed", "1"), ("added", "2")]
    assert len(client.get(address(post) + "?seite=2").context["versions"]) == 2
