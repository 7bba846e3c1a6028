"""The public page to end one's consent, and where PRÖ reads what came."""

import pytest
import time_machine
from django.test import Client

from editorial.actions import withdrawing
from editorial.enums import Role
from editorial.models import AuditEntry, Consent, Notice, WithdrawalCase
from tests.factories import ConsentFactory, person

pytestmark = pytest.mark.django_db
PAGE = "/einwilligung-widerrufen/"
WORDS = {"name": "Mara Muster", "story": "Mein Foto im Frühjahr", "contact": "mara@example.org"}


def fresh_token(client):
    return client.get(PAGE).context["token"]


def strict():
    return Client(enforce_csrf_checks=True)


def received():
    return withdrawing.receive(WORDS)


def test_anybody_may_write_without_a_cookie_and_reads_that_it_came():
    proe, client = person(), strict()
    answer = client.post(PAGE, WORDS | {"token": fresh_token(client)}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 302
    assert "eingegangen" in client.get(answer["Location"]).content.decode()
    assert not client.cookies
    case = WithdrawalCase.objects.get()
    assert b"Mara" not in bytes(case.sealed)
    notice = Notice.objects.get(person=proe)
    assert "Mara" not in notice.words
    assert notice.path == f"/redaktion/einwilligungen/faelle/{case.pk}/"


def test_nothing_ends_by_what_anybody_may_write():
    consent = ConsentFactory()
    received()
    assert Consent.objects.get().state == consent.state


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://anderswo.example"}, {"origin": "null"}]
)
def test_what_another_site_sends_is_not_taken(headers):
    client = strict()
    answer = client.post(PAGE, WORDS | {"token": fresh_token(client)}, headers=headers)
    assert (answer.status_code, WithdrawalCase.objects.count()) == (403, 0)


def test_an_old_or_made_up_token_keeps_what_was_typed():
    client = strict()
    with time_machine.travel("2026-11-24T09:00:00Z"):
        token = fresh_token(client)
    with time_machine.travel("2026-11-24T13:00:01Z"):
        late = client.post(PAGE, WORDS | {"token": token})
    made_up = client.post(PAGE, WORDS | {"token": "ja:1:x"})
    for answer in (late, made_up):
        assert answer.status_code == 422
        assert "Mein Foto im Frühjahr" in answer.content.decode()
    assert not WithdrawalCase.objects.exists()


@pytest.mark.parametrize("name", ["name", "story"])
def test_what_is_missing_is_said_at_its_field(name):
    client = strict()
    answer = client.post(PAGE, WORDS | {"token": fresh_token(client), name: ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors[name]


def test_without_a_key_people_are_asked_to_ring_up(settings):
    settings.RECORD_KEYS = []
    client = strict()
    answer = client.post(PAGE, WORDS | {"token": fresh_token(client)})
    assert answer.status_code == 503
    assert "Bitte rufen Sie uns an" in answer.content.decode()
    assert not WithdrawalCase.objects.exists()


def test_too_many_open_cases_are_nobodys_withdrawals(monkeypatch):
    monkeypatch.setattr(withdrawing, "MOST_OPEN", 1)
    received()
    client = strict()
    assert client.post(PAGE, WORDS | {"token": fresh_token(client)}).status_code == 503


def test_proe_reads_it_on_demand_and_that_is_on_record(login):
    client, case = login(Role.PROE), received()
    page = f"/redaktion/einwilligungen/faelle/{case.pk}/"
    assert f"/faelle/{case.pk}/" in client.get("/redaktion/einwilligungen/").content.decode()
    assert "Mara" not in client.get(page).content.decode()
    assert "Mara Muster" in client.post(page, {"read": "1"}).content.decode()
    assert AuditEntry.objects.filter(step="read_withdrawal").count() == 1


def test_a_case_leads_to_the_withdrawal_and_what_was_written_is_destroyed(login):
    client, case, consent = login(Role.PROE), received(), ConsentFactory(pseudonym="VG-2026-007")
    page = f"/redaktion/einwilligungen/faelle/{case.pk}/"
    wrong = client.post(page, {"pseudonym": "VG-2026-008"})
    assert (wrong.status_code, "Diese Kennung gibt es nicht." in wrong.content.decode()) == (422, True)
    answer = client.post(page, {"pseudonym": "vg-2026-007"})
    assert answer["Location"] == f"/redaktion/einwilligungen/{consent.pk}/widerruf/"
    case.refresh_from_db()
    assert (case.consent, bytes(case.sealed), bytes(case.wrapped_key)) == (consent, b"", b"")
    assert Notice.objects.filter(settled_at=None).count() == 0


def test_a_case_of_nobody_is_closed_without_a_pseudonym(login):
    client, case = login(Role.PROE), received()
    assert client.post(f"/redaktion/einwilligungen/faelle/{case.pk}/", {"pseudonym": ""}).status_code == 302
    case.refresh_from_db()
    assert case.closed_at
    assert case.consent is None
