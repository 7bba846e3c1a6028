"""Protokoll: all of it for the data protection officer, the own entries for PRÖ, nothing for those who lead."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial import audit
from editorial.enums import Role
from editorial.models import AuditEntry
from editorial.record_words import EVERY_STEP, SUBJECTS
from editorial.steps import CONSENT_STEPS, CONSULTATION_STEPS, DELIVERY_STEPS, POST_STEPS
from tests.factories import person

pytestmark = pytest.mark.django_db

PAGE = "/redaktion/protokoll/"


def note(step="create", number=7, *, by=None, at=None, **fields):
    audit.record(step, subject_type="post", subject_id=number, at=at or timezone.now(), by=by, **fields)


def test_the_officer_reads_who_took_which_step_in_words(login):
    note("approve", by=person(Role.GF, first_name="Gesa", last_name="Probe"), note="Grund")
    html = login(Role.DSB).get(PAGE).content.decode()
    for words in ("Freigegeben", "Beitrag 7", "Gesa Probe", "Grund", "1 Eintrag"):
        assert words in html, words


def test_the_moment_is_written_for_machines_without_fractions(login):
    note(at=dt.datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=dt.UTC))
    assert (
        '<time datetime="2026-03-01T10:30:15+01:00">01.03.2026 10:30</time>'
        in login(Role.DSB).get(PAGE).content.decode()
    )


def test_after_twelve_months_only_the_pseudonym_stands_there(login):
    by = person(Role.GF, first_name="Gesa", last_name="Probe")
    note(by=by, at=timezone.now() - audit.NAMES_SHOWN - dt.timedelta(days=1))
    html = login(Role.DSB).get(PAGE).content.decode()
    assert "Gesa Probe" not in html
    assert f"Kennung {audit.pseudonym_of(by)[:8]}" in html


def test_proe_read_their_own_entries_only_and_directors_none(login):
    client = login()
    note("submit", 1, by=client.person)
    note("approve", 2, by=person(Role.GF))
    html = client.get(PAGE).content.decode()
    assert ("Beitrag 1" in html, "Beitrag 2" in html) == (True, False)
    assert [login(role).get(PAGE).status_code for role in (Role.GF, Role.FACH, Role.ADMIN)] == [403] * 3
    assert client.post(f"{PAGE}liste.csv").status_code == 403


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("?step=approve", {2}),
        ("?subject=post&number=3", {3}),
        ("?since=2026-03-02", {2, 3}),
        ("?until=2026-03-02", {1, 2}),
        ("?since=2026-03-02&until=2026-03-02", {2}),
        ("?subject=consent", set()),
    ],
)
def test_it_is_filtered_by_day_step_and_subject(login, asked, left):
    for number, step in enumerate(("create", "approve", "submit"), 1):
        note(step, number, at=dt.datetime(2026, 3, number, 22, 30, tzinfo=dt.UTC))
    page = login(Role.DSB).get(PAGE + asked)
    assert {int(row["subject"].split()[-1]) for row in page.context["rows"]} == left


def test_bad_filters_are_refused_at_their_field_and_persons_cannot_be_asked_for(login):
    note()
    answer = login(Role.DSB).get(f"{PAGE}?since=2026-03-02&until=2026-03-01&number=null")
    html = answer.content.decode()
    assert (answer.status_code, "Dieser Tag liegt vor dem ersten." in html) == (422, True)
    assert not {"actor", "person", "user"} & set(answer.context["form"].fields)


def test_the_file_holds_what_the_filters_leave_and_is_on_record_itself(login):
    note("approve", 2, note="=1+1")
    note("create", 3)
    answer = login(Role.DSB).post(f"{PAGE}liste.csv?step=approve")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert (len(lines), "Beitrag 2" in lines[1], ";=1+1" in lines[1]) == (2, True, False)
    assert AuditEntry.objects.last().step == "export_record"


def test_a_page_costs_the_same_for_one_entry_and_for_a_hundred(login, django_assert_max_num_queries):
    for number in range(1, 101):
        note(number=number, by=person() if number % 10 == 0 else None)
    client = login(Role.DSB)
    with django_assert_max_num_queries(15):
        assert len(client.get(PAGE).context["rows"]) == 50
    assert len(client.get(f"{PAGE}?seite=2").context["rows"]) == 50


def test_every_step_of_the_tables_has_its_words():
    steps = {*POST_STEPS, *DELIVERY_STEPS, *CONSULTATION_STEPS, *CONSENT_STEPS}
    assert steps <= set(EVERY_STEP)
    assert all(SUBJECTS.values())
