"""The form that a person signs."""

import io
import json
import zipfile

import page
import pytest
from django.utils import timezone

from editorial.actions import consent_forms, consents, disclosing
from editorial.clock import berlin_day
from editorial.models import AuditEntry, Consent
from tests.documents import words_of
from tests.factories import person

pytestmark = pytest.mark.django_db
KINDS = ("normal", "einfach")
# Whoever changes a word of the form raises FORM_STAND and writes down the new sums: old ones stay what was signed.
SUMS = {
    "2026-11": {
        "normal": "b1bb0f99c6b513775e3084dcbcd95fbb6ab55685051b0fa085f03cbee9b83d06",
        "einfach": "7f5bea29ab84171a77ef132900ac1f85e02014f11526b362c9e7bac3174a2d85",
    }
}


def prepared(**facts):
    today = berlin_day(timezone.now())
    words = {
        "name": "Mara Muster",
        "contact": "0421 12345678",
        "relation": "Kundin",
        "special_sentence": "Ich war krank.",
    }
    facts = {
        "scope": ["photo@website"],
        "valid_from": today,
        "valid_until": today.replace(year=today.year + 1),
        "has_special_categories": True,
        **facts,
    }
    return consents.open_record(facts, words, by=person())


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_form_names_nobody_and_has_room_for_guardians(kind):
    written = consent_forms.blank(kind)
    assert [str(failure) for failure in page.validate_pdf_bytes(written).failures] == []
    words = words_of(written)
    assert "zweiten sorgeberechtigten Person" in words
    assert "VG-" not in words


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_form_holds_what_the_record_holds(kind):
    consent = prepared()
    written = consent_forms.filled(consent, kind, by=person())
    assert [str(failure) for failure in page.validate_pdf_bytes(written).failures] == []
    words = words_of(written)
    for expected in (consent.pseudonym, "Mara Muster", "0421 12345678", "Ich war krank.", "/einwilligung-widerrufen/"):
        assert expected in words
    assert "Foto Ja Nein" in words
    assert "Video Nein Nein" in words
    assert "sorgeberechtigten" not in words
    kept = Consent.objects.get()
    assert (kept.form_stand, kept.form_sha256) == (f"{consent_forms.FORM_STAND} {kind}", consent_forms.form_hash(kind))
    assert kept.form_sha256[:12] in words


def test_for_a_minor_both_guardians_sign():
    assert "zweiten sorgeberechtigten Person" in words_of(
        consent_forms.filled(prepared(is_minor=True), "normal", by=person())
    )


def test_printing_is_on_record_as_a_look_at_the_person():
    consent = prepared()
    consent_forms.filled(consent, "normal", by=person())
    assert AuditEntry.objects.filter(step="read_person", subject_id=consent.pk, note=consent_forms.WHY).count() == 1


def test_what_is_in_force_gets_no_new_form():
    consent = prepared()
    Consent.objects.update(state="effective")
    with pytest.raises(consent_forms.TooLate):
        consent_forms.filled(consent, "normal", by=person())
    assert not AuditEntry.objects.filter(step="read_person").exists()


def test_other_words_need_another_number():
    assert {kind: consent_forms.form_hash(kind) for kind in KINDS} == SUMS[consent_forms.FORM_STAND]


def test_the_disclosure_is_there_as_pdf_too():
    consent = prepared()
    packed = disclosing.everything_about(consent, by=person())
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        written = folder.read("auskunft.pdf")
        told = json.loads(folder.read("auskunft.json"))
    assert [str(failure) for failure in page.validate_pdf_bytes(written).failures] == []
    assert told["Person"]["Name"] in words_of(written)
