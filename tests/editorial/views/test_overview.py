import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from editorial import audit
from editorial.actions import approval
from editorial.clock import BERLIN
from editorial.enums import ApprovalKind, DeliveryState, PostState, Role
from editorial.models import AuditEntry, Channel, DailyTarget, Notice, Post, PublicPageVersion
from tests.factories import ApprovalFactory, DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

TODAY = "/redaktion/"
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
D = DeliveryState


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def at(number, hour=9):
    """So many days from today, in Berlin."""
    return dt.datetime.combine(NOW.date() + dt.timedelta(days=number), dt.time(hour), BERLIN)


def seen(client, **asked):
    answer = client.get(TODAY, asked)
    assert answer.status_code == 200
    return answer


def html(client, **asked):
    return seen(client, **asked).content.decode()


def test_everybody_with_a_role_has_a_start_page_and_nobody_else(login):
    assert {role: login(role).get(TODAY).status_code for role in Role} == dict.fromkeys(Role, 200)
    assert Client().get(TODAY).status_code == 302


@pytest.mark.parametrize("role", Role)
def test_the_first_day_with_an_empty_house_looks_finished(login, role):
    page = html(login(role))
    assert "Traceback" not in page
    assert "<h1" in page


@pytest.mark.parametrize("role", Role)
def test_an_installation_without_any_channel_has_its_start_pages(login, role):
    DailyTarget.objects.all().delete()
    Channel.objects.all().delete()
    page = html(login(role))
    assert "Keiner der nächsten zehn Arbeitstage hat eine Lücke." in page or role in (Role.FACH, Role.ADMIN, Role.DSB)


# --- Will something go out? -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (lambda: None, "Nein, für diesen Tag ist noch nichts geplant."),
        (lambda: PostFactory(slot=at(1)), "Noch nicht: Unten steht, was fehlt."),
        (lambda: PostFactory(slot=at(1), in_review=True), "Noch nicht: Unten steht, was fehlt."),
        (lambda: DeliveryFactory(slot=at(1)), "Ja, das Tagesziel ist gesichert."),
    ],
)
def test_the_question_about_tomorrow_is_answered(login, make, answer):
    make()
    page = html(login())
    assert "Geht am Di, 24. November 2026 etwas hinaus?" in page
    assert answer in page


def test_on_a_friday_tomorrow_is_monday(login):
    with time_machine.travel(at(4, 10), tick=False):
        assert "Geht am Mo, 30. November 2026 etwas hinaus?" in html(login())


def test_what_is_planned_says_what_it_still_needs(login):
    PostFactory(slot=at(1))
    PostFactory(slot=at(1, 11), in_review=True)
    PostFactory(slot=at(1, 12), approved=True)
    page = html(login())
    for sentence in (
        "Noch nicht zur Freigabe gegeben.",
        "Wartet auf die Geschäftsführung.",
        "Freigegeben, aber noch nicht eingeplant.",
    ):
        assert sentence in page


def test_what_a_draft_of_these_days_lacks_is_said_in_words(login):
    PostFactory(slot=at(1), topic=None, twin_url="", twin_exception="").audiences.clear()
    page = html(login())
    assert "Noch nicht zur Freigabe gegeben." in page
    assert "Es fehlt noch: Thema, Zielgruppe, Seite mit demselben Inhalt." in page


def test_what_nobody_decided_in_time_says_so_where_it_stands(login):
    PostFactory(slot=at(0, 8), in_review=True)
    assert "Der Termin ist vorbei, ohne dass jemand entschieden hat." in html(login())


def test_ten_working_days_are_looked_at_and_the_next_gap_leads_to_its_draft(login):
    DeliveryFactory(slot=at(0, 12))
    DeliveryFactory(slot=at(2))
    page = html(login())
    assert "Von den nächsten zehn Arbeitstagen haben 8 noch eine Lücke." in page
    assert 'slot=2026-11-24T09:00">Beitrag für Di, 24. November 2026 schreiben' in page


def test_with_all_days_filled_nothing_warns(login):
    for number in range(12):
        PostFactory(slot=at(number, 15))
    assert "Keiner der nächsten zehn Arbeitstage hat eine Lücke." in html(login())


# --- What is to be done -----------------------------------------------------------------------------------------------


def submitted(**fields):
    post = PostFactory(slot=at(3), **fields)
    return approval.submit(post, by=person(Role.PROE))


def test_a_draft_that_came_back_stands_there_with_its_reason_until_it_is_handed_in_again(login):
    post = approval.request_changes(submitted(), "Bitte nennen Sie die Adresse.", by=person(Role.GF))
    client = login()
    assert "Wunsch: Bitte nennen Sie die Adresse." in html(client)
    assert "Zurück an Sie" in html(client)
    assert f"/redaktion/beitraege/{post.pk}/bearbeiten/" in html(client)
    approval.submit(post, by=person(Role.PROE))
    assert "Bitte nennen Sie die Adresse." not in html(client)


def lines(client, place="mine", **asked):
    return [(line.label, line.words, line.left) for line in seen(client, **asked).context[place]]


def test_the_directors_read_what_waits_soonest_first_and_how_long_there_is(login):
    names = {"ohne": None, "später": at(5), "bald": at(0, 12), "eben": at(0, 10)}
    for name, slot in names.items():
        PostFactory(text=name, slot=slot, in_review=True)
    assert lines(login(Role.GF)) == [
        ("Freigabe", "eben", "Termin vorbei"),
        ("Freigabe", "bald", "noch 2 Std."),
        ("Freigabe", "später", "noch 4 Tage"),
        ("Freigabe", "ohne", "ohne Termin"),
    ]


def test_what_nobody_can_approve_any_more_has_lapsed_and_waits_for_no_one(login):
    late = PostFactory(slot=at(0, 8), in_review=True)
    assert lines(login(Role.GF)) == []
    client = login()
    assert lines(client, "others") == []
    assert lines(client) == [("Verfallen", "1 Beitrag ohne gültige Freigabe", "ohne Frist")]
    assert 'href="/redaktion/freigaben/?reiter=verfallen"' in html(client)
    assert f"/redaktion/freigaben/{late.pk}/" not in html(login(Role.GF))


def test_of_proe_and_directors_each_reads_first_what_is_theirs(login):
    PostFactory(text="Zum Lesen", slot=at(3), in_review=True)
    assert lines(login()) == []
    assert lines(login(), "others") == [("Freigabe", "Zum Lesen", "noch 2 Tage")]
    assert lines(login(Role.GF)) == [("Freigabe", "Zum Lesen", "noch 2 Tage")]
    assert lines(login(Role.GF), "others") == []


def test_new_notices_are_one_line_for_everybody(login):
    for role in Role:
        client = login(role)
        before = lines(client)
        for number in range(2):
            Notice.objects.create(
                person=client.person, kind="reminded", words="Bitte", path="/", key=str(number), made_at=NOW
            )
        assert lines(client) == [*before, ("Mitteilungen", "2 neue Mitteilungen", "ohne Frist")]


def test_of_many_lines_five_are_shown_and_all_on_request(login):
    for number in range(7):
        PostFactory(slot=at(3 + number), in_review=True)
    client = login(Role.GF)
    assert len(lines(client)) == 5
    assert '?alle=1#jetzt">Alle zeigen' in html(client)
    assert len(lines(client, alle="1")) == 7
    assert "Alle zeigen" not in html(client, alle="1")


def test_what_failed_is_explained_with_the_channels_words_and_the_next_step(login):
    failed = DeliveryFactory(state=D.NEEDS_DECISION, slot=at(-1))
    failed.attempts.create(
        number=1,
        started_at=NOW,
        deadline_at=NOW,
        outcome="refused",
        code="too_long",
        finished_at=NOW,
    )
    for role in (Role.PROE, Role.GF):
        page = html(login(role))
        assert "X hält den Text für zu lang." in page
        assert "Bitte lesen Sie den Grund und entscheiden Sie." in page
        assert f"/redaktion/beitraege/{failed.post_id}/" in page


def test_of_many_failures_five_are_shown_and_all_on_request(login):
    for number in range(7):
        DeliveryFactory(state=D.MISSED, slot=at(-1 - number))
    client = login()
    assert len(seen(client).context["cases"]) == 5
    assert "Alle zeigen" in html(client)
    assert len(seen(client, alle="1").context["cases"]) == 7
    assert "Alle zeigen" not in html(client, alle="1")


@pytest.mark.parametrize(("due", "word"), [(0, "noch heute"), (-1, "überfällig"), (1, "noch 1 Tag")])
def test_a_second_look_is_owed_until_its_day_and_overdue_after_it(login, due, word):
    ApprovalFactory(
        kind=ApprovalKind.EXPRESS,
        reason="Eilig",
        approved_by=person(Role.PROE, first_name="Pia", last_name="Probe"),
        post_check_due_on=NOW.date() + dt.timedelta(days=due),
    )
    for role in (Role.PROE, Role.GF):
        page = html(login(role))
        assert (word in page, "Im Eilweg freigegeben von Pia Probe." in page) == (True, True)


def test_public_texts_with_gaps_are_named_to_those_who_can_fill_them(login):
    PublicPageVersion.objects.update(body="Alles da.")
    assert "Lücken in öffentlichen Texten" not in html(login())
    PublicPageVersion.objects.filter(page__slug="impressum").update(body="Tel. [[Bitte ergänzen: Nummer]]")
    page = html(login())
    assert "Social-Media-Impressum" in page
    assert "1 Angabe fehlt" in page
    assert "Lücken in öffentlichen Texten" not in html(login(Role.GF))


def test_the_directors_find_the_way_to_the_evaluation(login):
    assert 'href="/redaktion/auswertung/">Zu den Auswertungen' in html(login(Role.GF))


def test_the_fachberatung_reads_the_days_ahead_and_is_asked_for_nothing(login):
    PostFactory(text="Ein Entwurf", slot=at(1))
    DeliveryFactory(approval__post__text="Ein Beitrag", slot=at(1))
    DeliveryFactory(state=D.MISSED, slot=at(-1))
    page = html(login(Role.FACH))
    assert "Ein Beitrag" in page
    assert "Ein Entwurf" not in page
    for offer in ("/redaktion/beitraege/neu/", "Braucht Sie", "/verschieben/"):
        assert offer not in page


def test_the_administration_sees_whether_anything_goes_out_and_who_may_log_in(login):
    person(Role.GF)
    page = html(login(Role.ADMIN))
    for words in ("Es ist keine Sendepause.", "Keine Schlüssel", "X (früher Twitter)", "Geschäftsführung"):
        assert words in page


def test_the_data_protection_officer_sees_how_long_the_record_is(login):
    with transaction.atomic():
        audit.record("edit", subject_type="post", subject_id=1, at=NOW)
    assert "<strong>1 Eintrag</strong>" in html(login(Role.DSB))


def test_however_much_waits_for_others_what_is_proes_own_stands_there(login):
    approval.request_changes(submitted(), "Bitte kürzen.", by=person(Role.GF))
    PostFactory(slot=at(0, 8), in_review=True)
    for number in range(40):
        PostFactory(slot=at(0, 11) + dt.timedelta(minutes=number), in_review=True)
    assert [label for label, _, _ in lines(login())] == ["Zurück an Sie", "Verfallen"]
    assert len(lines(login(), "others")) == 5


# --- A locked channel -------------------------------------------------------------------------------------------------


@pytest.fixture
def locked():
    Channel.objects.update(locked_reason="expired_token", locked_at=NOW)
    return "/redaktion/kanal/x/wieder-senden/"


@pytest.mark.parametrize("role", [Role.PROE, Role.ADMIN])
def test_a_locked_channel_is_given_free_by_a_person_and_that_is_recorded(login, locked, role):
    client = login(role)
    assert "Die Administration muss die Schlüssel des Zugangs erneuern." in html(client)
    assert client.post(locked).status_code == 302
    assert Channel.objects.get().locked_reason == ""
    assert AuditEntry.objects.filter(step="unlock_channel").count() == 1
    assert locked not in html(client)


def test_giving_free_what_is_not_locked_changes_and_records_nothing(login):
    assert login().post("/redaktion/kanal/x/wieder-senden/").status_code == 302
    assert not AuditEntry.objects.exists()


def test_others_cannot_give_a_channel_free(login, locked):
    answers = {role: login(role).post(locked).status_code for role in (Role.GF, Role.FACH, Role.DSB)}
    assert answers == dict.fromkeys(answers, 403)
    assert login().post("/redaktion/kanal/gibt-es-nicht/wieder-senden/").status_code == 404


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_a_start_page_costs_at_most_fifteen_queries_and_not_one_more_when_full(
    login, role, django_assert_max_num_queries
):
    client = login(role)
    fill(1)
    seen(client)
    with django_assert_max_num_queries(15) as few:
        seen(client)
    fill(3)
    with django_assert_max_num_queries(15) as many:
        seen(client)
    assert len(many) == len(few)


def test_another_week_costs_one_query_more_at_most(login, django_assert_max_num_queries):
    client = login()
    fill(2)
    PostFactory(slot=at(1), topic=None, twin_url="", twin_exception="")
    seen(client)
    with django_assert_max_num_queries(14) as this_week:
        seen(client)
    with django_assert_max_num_queries(len(this_week) + 1):
        seen(client, woche="2026-06-01")


def fill(number):
    for place in range(number):
        PostFactory(slot=at(1 + place))
        PostFactory(slot=at(2), in_review=True)
        DeliveryFactory(slot=at(1 + place, 12))
        DeliveryFactory(state=D.MISSED, slot=at(-2))
        approval.request_changes(submitted(), "Bitte kürzen.", by=person(Role.GF))
        ApprovalFactory(kind=ApprovalKind.EXPRESS, approved_by=person(), reason="Eilig", post_check_due_on=NOW.date())
    assert Post.objects.filter(state=PostState.DRAFT).count() >= number
