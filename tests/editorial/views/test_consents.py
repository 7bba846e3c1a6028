"""The register of consents on screen: who sees what, what is typed, what stands there afterwards."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from editorial.actions import consents
from editorial.enums import ConsentState, Role, WithdrawalWay
from editorial.models import AuditEntry, Consent, Removal, Scan
from editorial.models.consent import EVERYTHING
from tests.factories import ConsentFactory, DeliveryFactory, person

pytestmark = pytest.mark.django_db
LIST = "/redaktion/einwilligungen/"
PERSON = {"name": "Mara Muster", "contact": "0421 12345678"}


def typed(**fields):
    day = f"{timezone.localdate():%Y-%m-%d}"
    later = f"{timezone.localdate() + dt.timedelta(days=700):%Y-%m-%d}"
    return {
        **PERSON,
        "language": "Deutsch",
        "valid_from": day,
        "valid_until": later,
        "informed_on": day,
        "signed_on": day,
        "is_anonymous_considered": "on",
        "use_quote": ["website", "x"],
    } | fields


def sheet():
    drawn = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(drawn, "PNG")
    return SimpleUploadedFile("formular.png", drawn.getvalue(), content_type="image/png")


def record(**facts):
    day = timezone.localdate()
    told = {"informed_on": day, "signed_on": day, "is_anonymous_considered": True}
    period = {"valid_from": day, "valid_until": day + dt.timedelta(days=700), "scope": EVERYTHING}
    return consents.open_record(period | told | facts, PERSON, by=person())


def page_of(consent):
    return f"{LIST}{consent.pk}/"


def test_proe_keeps_a_record_from_the_first_note_to_its_force(login):
    client = login(Role.PROE)
    answer = client.post(f"{LIST}neu/", typed())
    consent = Consent.objects.get()
    assert answer["Location"] == page_of(consent)
    assert consent.scope == ["quote@website", "quote@x"]
    refused = client.post(f"{page_of(consent)}schritt/wirksam/")
    assert refused.status_code == 409
    assert "Das unterschriebene Formular fehlt" in refused.content.decode()
    assert client.post(f"{page_of(consent)}formular/", {"upload": sheet()}).status_code == 302
    assert client.post(f"{page_of(consent)}schritt/wirksam/").status_code == 302
    assert Consent.objects.get().state == ConsentState.EFFECTIVE


def test_no_page_shows_the_name_until_somebody_says_why(login):
    client, consent = login(Role.PROE), record()
    for path in (LIST, f"{LIST}?stand=vorbereitung", page_of(consent), f"{page_of(consent)}bearbeiten/"):
        assert "Mara" not in client.get(path).content.decode()
    assert client.post(f"{page_of(consent)}person/").status_code == 422
    shown = client.post(f"{page_of(consent)}person/", {"why": "check"})
    assert "Mara Muster" in shown.content.decode()
    assert AuditEntry.objects.get(step="read_person").note == "Angaben prüfen"


def test_the_form_is_shown_as_a_picture_or_given_as_it_was_brought(login):
    client, consent = login(Role.PROE), record()
    original = sheet()
    kept = consents.add_scan(consent, original.read(), "image/png", by=client.person)
    place = f"{page_of(consent)}formular/{kept.pk}/"
    assert client.get(place).status_code == 405
    assert client.post(place).status_code == 422
    seen = client.post(place, {"why": "check"})
    assert "data:image/jpeg;base64," in seen.content.decode()
    brought = client.post(place, {"why": "check", "original": "1"})
    original.seek(0)
    assert brought.content == original.read()
    assert brought["Content-Disposition"] == f'attachment; filename="{consent.pseudonym}.png"'
    assert "no-store" in brought["Cache-Control"]
    assert AuditEntry.objects.filter(step="read_scan").count() == 2


@pytest.mark.parametrize("role", [Role.GF, Role.DSB])
def test_others_see_pseudonym_and_state_and_nothing_sealed(login, role):
    client, consent = login(role), record()
    page = client.get(page_of(consent)).content.decode()
    assert consent.pseudonym in page
    for words in ("Person anzeigen", "Hochladen", "Widerruf eintragen", "Bearbeiten"):
        assert words not in page
    for path in ("person/", "formular/", "widerruf/", "bearbeiten/", "schritt/wirksam/"):
        assert client.post(f"{page_of(consent)}{path}").status_code == 403


def test_the_datenschutz_sees_no_beitraege(login):
    consent = ConsentFactory()
    DeliveryFactory(approval__post__consents=[consent], approval__post__text="Meine Geschichte")
    assert "Meine Geschichte" in login(Role.GF).get(page_of(consent)).content.decode()
    assert "Meine Geschichte" not in login(Role.DSB).get(page_of(consent)).content.decode()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("name", "", "Bitte nennen Sie den Namen."),
        ("valid_until", "2020-01-01", "Das Ende liegt vor dem Anfang."),
        ("valid_until", "2099-01-01", "Länger als fünf Jahre"),
        ("signed_on", "2099-01-01", "Dieser Tag liegt in der Zukunft."),
        ("signed_on", "gestern", "Bitte wählen Sie einen Tag."),
        ("use_quote", "mars", "Diesen Ort gibt es hier nicht."),
        ("contact", "x" * 2001, "Bitte kürzen Sie."),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_typed_is_lost(login, name, value, words):
    answer = login(Role.PROE).post(f"{LIST}neu/", typed(relation="Arbeitgeber:in", **{name: value}))
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[name])
    assert 'value="Arbeitgeber:in" selected' in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_file_that_is_no_form_is_refused_at_its_field(login):
    client, consent = login(Role.PROE), record()
    upload = SimpleUploadedFile("formular.pdf", b"<svg></svg>", content_type="application/pdf")
    answer = client.post(f"{page_of(consent)}formular/", {"upload": upload})
    assert (answer.status_code, Scan.objects.count()) == (422, 0)
    assert "Bitte laden Sie das Formular als PDF, JPEG oder PNG hoch." in answer.content.decode()


def test_two_who_edit_at_once_do_not_overwrite_each_other(login):
    client, consent = login(Role.PROE), record()
    assert client.post(f"{page_of(consent)}bearbeiten/", typed(version="0")).status_code == 302
    late = client.post(f"{page_of(consent)}bearbeiten/", typed(version="0", form_stand="2026-01"))
    assert late.status_code == 409
    assert "2026-01" in late.content.decode()


def test_a_withdrawal_is_one_form_and_says_what_follows(login):
    client, consent = login(Role.PROE), ConsentFactory()
    place = f"{page_of(consent)}widerruf/"
    assert "Ein Widerruf gilt sofort" in client.get(place).content.decode()
    assert client.post(place, {"way": "phone", "extent": "some"}).status_code == 422
    assert client.post(place, {"way": "phone", "extent": "all"}).status_code == 302
    ended = Consent.objects.get()
    assert (ended.state, ended.withdrawn_way) == (ConsentState.REVOKED, WithdrawalWay.PHONE)
    assert "Antwort an die Person" in client.get(page_of(consent)).content.decode()
    assert client.post(place, {"way": "phone", "extent": "all"}).status_code == 409


def test_a_part_may_be_taken_back(login):
    client, consent = login(Role.PROE), ConsentFactory(scope=["photo@x", "quote@x"])
    client.post(f"{page_of(consent)}widerruf/", {"way": "mail", "extent": "some", "cells": ["photo@x"]})
    assert (Consent.objects.get().state, Consent.objects.get().scope) == (ConsentState.RESTRICTED, ["quote@x"])


def test_what_only_a_person_can_take_down_is_settled_with_a_word(login):
    client, consent = login(Role.PROE), ConsentFactory()
    client.post(f"{page_of(consent)}widerruf/", {"way": "phone", "extent": "all"})
    removal = Removal.objects.first()
    place = f"{LIST}entfernt/{removal.pk}/"
    assert "Noch von Hand zu entfernen" in client.get(LIST).content.decode()
    assert "Bitte schreiben Sie, was getan wurde." in client.post(place).content.decode()
    assert client.post(place, {"proof": "Nachdruck abgesagt"}).status_code == 302
    assert "Nachdruck abgesagt" in client.get(page_of(consent)).content.decode()


def test_without_a_key_it_says_who_can_help(login, settings):
    settings.RECORD_KEYS = []
    answer = login(Role.PROE).post(f"{LIST}neu/", typed())
    assert "CONSENT_KEYS" in answer.content.decode()
    assert not Consent.objects.exists()


def test_the_list_asks_the_same_number_of_questions_for_many(login, django_assert_max_num_queries):
    client = login(Role.PROE)
    for _ in range(25):
        ConsentFactory()
    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_an_empty_register_says_what_to_do(login):
    assert "Wer in einem Beitrag gezeigt wird" in login(Role.PROE).get(LIST).content.decode()
    assert "Die PRÖ legt Einwilligungen an." in login(Role.GF).get(LIST).content.decode()


def test_the_person_gets_everything_in_one_file(login):
    client, consent = login(Role.PROE), ConsentFactory()
    assert "Auskunft an die Person" in client.get(page_of(consent)).content.decode()
    answer = client.post(f"{page_of(consent)}auskunft/")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-store")
    assert consent.pseudonym in answer["Content-Disposition"]
    assert client.get(f"{page_of(consent)}auskunft/").status_code == 405
    assert login(Role.GF).post(f"{page_of(consent)}auskunft/").status_code == 403


def test_of_what_cannot_be_read_there_is_no_file_but_a_sentence(login, settings):
    client = login(Role.PROE)
    day = dt.date(2030, 1, 1)
    consent = consents.open_record({"valid_from": day, "valid_until": day}, {"name": "Mara"}, by=client.person)
    settings.RECORD_KEYS = []
    answer = client.post(f"{page_of(consent)}auskunft/", follow=True)
    assert "CONSENT_KEYS" in answer.content.decode()
