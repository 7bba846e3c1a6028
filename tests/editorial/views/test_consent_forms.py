"""The form of a consent as a file: for PRÖ alone, and kept by no cache."""

import pytest

from editorial.enums import Role
from editorial.models import Consent
from tests.editorial.actions.test_consent_forms import prepared
from tests.factories import ConsentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["normal", "einfach"])
def test_both_forms_can_be_loaded_blank_and_filled(login, kind):
    proe, consent = login(), prepared()
    for answer in (
        proe.get(f"/redaktion/einwilligungen/formblatt/{kind}.pdf"),
        proe.post(f"/redaktion/einwilligungen/{consent.pk}/formblatt/{kind}/"),
    ):
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
            200,
            "application/pdf",
            "no-store",
        )
        assert answer.content.startswith(b"%PDF")


def test_there_is_no_third_form(login):
    proe, consent = login(), prepared()
    assert proe.get("/redaktion/einwilligungen/formblatt/lang.pdf").status_code == 404
    assert proe.post(f"/redaktion/einwilligungen/{consent.pk}/formblatt/lang/").status_code == 404


def test_a_record_in_force_offers_no_form_and_says_why(login):
    proe, consent = login(), ConsentFactory()
    assert "/formblatt/" not in proe.get(f"/redaktion/einwilligungen/{consent.pk}/").content.decode()
    answer = proe.post(f"/redaktion/einwilligungen/{consent.pk}/formblatt/normal/", follow=True)
    assert "solange die Einwilligung vorbereitet wird" in answer.content.decode()


def test_an_edit_that_was_begun_before_does_not_forget_which_form_was_printed(login):
    proe, consent = login(), prepared()
    proe.post(f"/redaktion/einwilligungen/{consent.pk}/formblatt/normal/")
    day = f"{consent.valid_from:%Y-%m-%d}"
    typed = {"language": "Deutsch", "valid_from": day, "valid_until": day, "version": consent.version, "form_stand": ""}
    assert proe.post(f"/redaktion/einwilligungen/{consent.pk}/bearbeiten/", typed).status_code == 409
    assert Consent.objects.get().form_stand.endswith("normal")


def test_nobody_else_gets_one(login):
    assert login(Role.GF).get("/redaktion/einwilligungen/formblatt/normal.pdf").status_code == 403
