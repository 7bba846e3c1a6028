"""What no form sends, but somebody may: each field of a Beitrag and of a step with each kind of nonsense."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from editorial.actions import approval
from editorial.enums import Role
from editorial.models import Medium, Post
from tests.editorial.views.test_posts import NEW, content
from tests.factories import DOT, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

FIELDS = (
    "kind",
    "text",
    "topic",
    "audiences",
    "source_url",
    "twin_url",
    "twin_exception",
    "slot",
    "retweet_url",
    "media",
    "consents",
    "shows",
    "value_added",
    "partner",
    "other_ways",
    "source_decision",
    "source_reason",
    "seen_digest",
)
ODD = {
    "null byte": "a\x00b",
    "lone surrogate": "%ED%A0%80",
    "huge number": "9" * 5000,
    "large number": str(2**63),
    "minus": "-1",
    "first year": "0001-01-01T00:00",
    "last year": "9999-12-31T23:59",
    "other digits": "٣",
    "long": "x" * 1_000_000,
    "right to left": "\u202egnihton",
    "address": "https://[::1",
    "address with a null byte": "https://www.jobcenter-bremen.de/\x00",
    "vertical tab": "a\x0bb",
}


@pytest.mark.parametrize("field", FIELDS)
def test_nonsense_in_any_field_is_answered_and_saved_or_refused(login, field):
    client = login()
    for name, odd in ODD.items():
        typed = content(**{field: [odd] if field in ("audiences", "media", "consents", "shows") else odd})
        answer = client.post(NEW, typed)
        assert answer.status_code in (302, 422), name
        if answer.status_code == 302:
            assert client.get(answer["Location"]).status_code == 200, name
            assert client.get(answer["Location"] + "bearbeiten/").status_code == 200, name
        assert client.post("/redaktion/beitraege/pruefen/", typed).status_code == 200, name
    assert client.get("/redaktion/beitraege/").status_code == 200
    assert client.get("/redaktion/plan/?ansicht=liste").status_code == 200


@pytest.mark.parametrize("field", ["digest", "reason", "slot"])
@pytest.mark.parametrize("slug", ["aendern-lassen", "verschieben", "freigeben", "einplanen"])
def test_nonsense_with_a_step_is_answered(login, slug, field):
    post, client = approval.submit(PostFactory(), by=person()), login(Role.GF)
    for name, odd in ODD.items():
        answer = client.post(f"/redaktion/beitraege/{post.pk}/schritt/{slug}/", {field: odd})
        assert answer.status_code in (302, 409), name


@pytest.mark.parametrize("field", ["title", "alt_text", "author", "licence", "rights_until", "shows_people"])
def test_nonsense_about_a_picture_is_answered(login, field):
    client, medium = login(), MediumFactory()
    for name, odd in ODD.items():
        fields = {"title": "Haus", "alt_text": "Ein Haus", field: odd}
        upload = SimpleUploadedFile("a.png", DOT)
        assert client.post("/redaktion/medien/", {**fields, "upload": upload}).status_code in (302, 422), name
        assert client.post(f"/redaktion/medien/{medium.pk}/", fields).status_code in (302, 422), name
    assert client.get("/redaktion/medien/").status_code == 200


@pytest.mark.parametrize("field", ["twin_exception", "value_added", "other_ways"])
def test_a_note_has_an_end(login, field):
    assert login().post(NEW, content(**{field: "x" * 2000})).status_code == 302
    answer = login().post(NEW, content(**{field: "x" * 2001}))
    assert answer.status_code == 422
    assert "Das sind mehr als 2000 Zeichen. Bitte kürzen Sie." in answer.content.decode()


@pytest.mark.parametrize("odd", ODD)
def test_nonsense_in_an_address_is_answered(login, odd):
    client = login()
    for path, name in (
        (NEW, "slot"),
        ("/redaktion/beitraege/", "q"),
        ("/redaktion/beitraege/", "status"),
        ("/redaktion/beitraege/", "seite"),
        ("/redaktion/freigaben/", "seite"),
        ("/redaktion/medien/", "seite"),
    ):
        assert client.get(path, {name: ODD[odd][:4000]}).status_code == 200, (path, name)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/redaktion/beitraege/1/kopieren/", "get"),
        ("/redaktion/beitraege/1/", "post"),
        ("/redaktion/beitraege/pruefen/", "get"),
        ("/redaktion/freigaben/", "post"),
        ("/redaktion/medien/1/datei/", "post"),
        ("/redaktion/beitraege/1/bearbeiten/", "delete"),
        ("/redaktion/medien/", "put"),
    ],
)
def test_a_wrong_method_is_refused(login, path, method):
    assert getattr(login(), method)(path).status_code == 405


def test_an_empty_upload_form_says_what_is_missing(login):
    answer = login().post("/redaktion/medien/", {})
    assert answer.status_code == 422
    assert "Bitte wählen Sie eine Datei." in answer.content.decode()
    assert Medium.objects.count() == Post.objects.count() == 0
