"""Everything about one person in one file, and nothing about anybody else (Art. 15 DSGVO)."""

import io
import json
import zipfile

import pytest

from editorial.actions import consents, disclosing
from editorial.enums import Role, WithdrawalWay
from editorial.models import AuditEntry
from editorial.vault import VaultError
from tests.editorial.actions.test_consents import MARA, NOW, complete, form, opened
from tests.factories import DeliveryFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db


def unpacked(consent):
    folder = zipfile.ZipFile(io.BytesIO(disclosing.everything_about(consent, by=person(), at=NOW)))
    return {name: folder.read(name) for name in folder.namelist()}


def told(consent):
    return json.loads(unpacked(consent)["auskunft.json"])


def test_it_holds_what_was_typed_signed_and_shown():
    consent = consents.put_in_force(complete(), by=person(), at=NOW)
    picture = MediumFactory(alt_text="Eine Frau an einer Werkbank")
    story = PostFactory(text="Vom Praktikum zur Ausbildung.", consents=[consent], media=[picture], approved=True)
    shown = DeliveryFactory(published=True, approval__post=story)
    files, found = unpacked(consent), told(consent)
    assert found["Person"] == {"Name": MARA["name"], "Kontakt": MARA["contact"]}
    assert found["Beiträge"][0]["Text"] == "Vom Praktikum zur Ausbildung."
    assert found["Beiträge"][0]["Gezeigt"][0]["Adresse"] == shown.external_url
    assert files["formular-1.png"] == form()
    with picture.file.open("rb") as file:
        assert [data for name, data in files.items() if name.startswith("medium-")] == [file.read()]
    page = files["auskunft.html"].decode()
    for words in (*MARA.values(), "Vom Praktikum zur Ausbildung.", "Eine Frau an einer Werkbank", "Wirksam geworden"):
        assert words in page, words
    assert set(found["Dateien"]) == set(files) - {"auskunft.json", "auskunft.html", "auskunft.pdf"}


def test_it_tells_of_every_field_that_was_filled_in():
    everything = {name: f"Angabe zu {name}" for name in disclosing.PERSON_WORDS}
    consent = consents.open_record({"valid_from": NOW.date(), "valid_until": NOW.date()}, everything, by=person())
    assert sorted(told(consent)["Person"].values()) == sorted(everything.values())


def test_it_tells_nothing_of_other_people_or_of_who_works_here():
    other = consents.open_record(
        {"valid_from": NOW.date(), "valid_until": NOW.date()}, {"name": "Otto Anders"}, by=person(first_name="Wilma")
    )
    PostFactory(text="Ottos Geschichte", consents=[other])
    whole = b"".join(unpacked(complete()).values())
    for words in ("Otto Anders", "Ottos Geschichte", other.pseudonym, "Wilma"):
        assert words.encode() not in whole


def test_that_it_was_made_is_on_record_and_stands_in_the_next_one():
    consent = complete()
    unpacked(consent)
    assert list(AuditEntry.objects.filter(step="disclose").values_list("subject_id", flat=True)) == [consent.pk]
    assert {"Auskunft erteilt", "Formular angesehen"} <= {entry["Was"] for entry in told(consent)["Verlauf"]}


def test_every_step_of_a_consent_is_told_in_words():
    consent = consents.put_in_force(complete(), by=person(), at=NOW)
    consents.read_person(consent, why="-", by=person())
    consents.revoke(consent, WithdrawalWay.MAIL, by=person(), at=NOW)
    unpacked(consent)
    assert {entry["Was"] for entry in told(consent)["Verlauf"]} <= set(disclosing.STEPS.values())


def test_after_a_withdrawal_it_tells_of_the_places_to_clear():
    consent = consents.put_in_force(complete(), by=person(), at=NOW)
    consents.revoke(consent, WithdrawalWay.MAIL, by=person(), at=NOW)
    found = told(consent)
    assert found["Einwilligung"]["Status"] == "Widerrufen"
    assert {removal["Ort"] for removal in found["Von Hand zu entfernen"]} >= {"Presse"}


def test_of_an_erased_record_nothing_can_be_told_and_nothing_is_on_record():
    consent = consents.erase(opened(), "Angelegt aus Versehen", by=person(Role.PROE))
    with pytest.raises(VaultError):
        disclosing.everything_about(consent, by=person())
    assert not AuditEntry.objects.filter(step="disclose").exists()
