"""Bad input (issue 2): each mistake with its German sentence, its field and its status, and nothing lost."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from editorial.enums import Role
from editorial.models import Medium, Post
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

NEW = "/redaktion/beitraege/neu/"
PAST = "2026-01-05T09:00"


def said(answer, field):
    """What a page says about a field: beside it, and in the links that lead to it."""
    page = answer.content.decode()
    beside = re.findall(rf'id="id_{field}_error">(.*?)</div>', page, re.DOTALL)
    return " ".join([*beside, *re.findall(rf'#id_{field}"[^>]*>(.*?)</a>', page, re.DOTALL)])


def typed(**changes):
    slot = timezone.localtime() + dt.timedelta(days=2)
    return {
        "text": "Unser Servicecenter hilft Ihnen weiter.",
        "topic": "dienstleistungen",
        "audiences": ["stadtgesellschaft"],
        "source_url": "https://www.jobcenter-bremen.de/service",
        "twin_url": "https://www.jobcenter-bremen.de/service",
        "slot": f"{slot:%Y-%m-%dT%H:%M}",
        "einreichen": "1",
        **changes,
    }


@pytest.mark.parametrize(
    ("field", "value", "status", "sentence"),
    [
        ("text", "ä" * 281, 409, "Der Text ist um 1 Zeichen zu lang. Erlaubt sind 280, ein Link zählt immer 23."),
        ("text", "ä" * 10_001, 422, "Der Text ist länger als 10000 Zeichen. Bitte kürzen Sie ihn."),
        ("slot", "2027-03-28T02:30", 422, "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ("slot", PAST, 409, "Der Termin 05.01.2026, 09:00 Uhr ist vorbei. Bitte wählen Sie einen neuen."),
        ("topic", "", 409, "Bitte wählen Sie ein Thema."),
        ("topic", "unsinn", 422, "Bitte wählen Sie"),
    ],
)
def test_a_mistake_in_the_composer_is_named_at_its_field_and_nothing_typed_is_lost(
    login, field, value, status, sentence
):
    client = login()
    answer = client.post(NEW, typed(**{field: value}))
    assert answer.status_code == status
    assert sentence in said(answer, field)
    if status == 422:
        assert Post.objects.count() == 0
        kept = answer.context["form"]
        assert {name: kept[name].value() for name in ("text", "slot")} == {
            name: typed(**{field: value})[name] for name in ("text", "slot")
        }
    else:
        post = Post.objects.get()
        edit = reverse("editorial:post_edit", args=[post.pk])
        assert f'href="{edit}#id_{field}"' in answer.content.decode()
        form = client.get(edit).context["form"]
        assert form["text"].value() == post.text == typed(**{field: value})["text"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", "ä" * 281, "um 1 Zeichen zu lang"),
        ("slot", "2027-03-28T02:30", "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ("slot", PAST, "ist vorbei"),
        ("topic", "", "Bitte wählen Sie ein Thema."),
    ],
)
def test_the_panel_says_it_while_it_is_typed_and_leads_to_the_field(login, field, value, sentence):
    answer = login().post("/redaktion/beitraege/pruefen/", typed(**{field: value}), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert sentence in said(answer, field)


def test_a_wrong_kind_of_file_is_named_at_its_field(login):
    file = SimpleUploadedFile("vertrag.pdf", b"%PDF-1.7 kein Bild", content_type="image/png")
    answer = login().post("/redaktion/medien/", {"upload": file, "title": "Haus", "alt_text": "Ein gelbes Haus"})
    assert (answer.status_code, Medium.objects.count()) == (422, 0)
    assert "Diese Datei ist ein PDF und kein Bild." in said(answer, "upload")
    assert answer.context["form"]["alt_text"].value() == "Ein gelbes Haus"


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
def test_a_wrong_role_is_told_whom_to_ask(login, role):
    for answer in (login(role).get(NEW), login(role).post(NEW, typed())):
        page = answer.content.decode()
        assert (answer.status_code, Post.objects.count()) == (403, 0)
        assert "Das dürfen Sie mit Ihrem Konto nicht" in page
        assert "wenden Sie sich an die Administration" in page


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("/gibt-es-nicht/", "Übersicht der Beiträge"),
        ("/beitraege/gibtesnicht/", "Übersicht der Beiträge"),
    ],
)
def test_an_unknown_address_leads_a_visitor_on(client, path, advice):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.content.decode()
    assert advice in answer.content.decode()


@pytest.mark.parametrize("path", ["/redaktion/gibt-es-nicht/", "/redaktion/beitraege/999999/bearbeiten/"])
def test_an_unknown_address_leads_an_editor_to_the_list(login, path):
    answer = login().get(path)
    assert answer.status_code == 404
    assert "Suchen Sie den Beitrag im Plan oder in der Liste der Beiträge." in answer.content.decode()


def test_a_slot_that_passes_while_the_beitrag_waits_is_named_when_it_is_approved(login):
    post = PostFactory(state="in_review", slot=timezone.now() - dt.timedelta(days=2), written_by=person())
    path = reverse("editorial:post_step", args=[post.pk, "freigeben"])
    answer = login(Role.GF).post(path, {"digest": post.digest()})
    assert answer.status_code == 409
    assert "ist vorbei. Bitte wählen Sie einen neuen." in said(answer, "slot")
