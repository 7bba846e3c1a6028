"""The pages of the Fachberatung: who sees what, what is typed, what stands there afterwards."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.clock import BERLIN
from editorial.enums import ConsultationState, Role
from editorial.models import Consultation
from editorial.models.consultation import digest_as_shown
from tests.factories import (
    PASSWORD,
    ConsentFactory,
    ConsultationFactory,
    DeliveryFactory,
    DepartmentFactory,
    MediumFactory,
    PostFactory,
    person,
)

pytestmark = pytest.mark.django_db
LIST = "/redaktion/fachberatung/"
C = ConsultationState


def page_of(asked):
    return f"{LIST}{asked.pk}/"


def about(post):
    return f"/redaktion/beitraege/{post.pk}/fachberatung/"


def step(asked, slug):
    return f"{LIST}{asked.pk}/schritt/{slug}/"


def typed(post, **fields):
    return {"digest": digest_as_shown(post), "opinion": "fine", "reason": "", "proposal": post.text} | fields


def in_two_days():
    return f"{timezone.now().astimezone(BERLIN) + dt.timedelta(days=2):%Y-%m-%dT%H:%M}"


# What the Fachberatung sees


def test_the_fachberatung_sees_what_was_asked_of_her_or_her_department_and_nothing_else(login):
    client = login(Role.FACH)
    mine = ConsultationFactory(person=client.person, question="An mich?")
    house = DepartmentFactory(members=[client.person])
    ours = ConsultationFactory(person=None, department=house, question="An uns?")
    others = [
        ConsultationFactory(question="An jemand anderen?"),
        ConsultationFactory(person=None, department=DepartmentFactory(), question="An ein anderes Haus?"),
        ConsultationFactory(person=client.person, state=C.WITHDRAWN, question="Nicht mehr?"),
    ]
    listed = [asked.question for asked in client.get(LIST).context["page"]]
    assert listed == [mine.question, ours.question]
    assert [client.get(page_of(asked)).status_code for asked in (mine, ours, *others)] == [200, 200, 404, 404, 404]
    assert [client.post(page_of(asked), typed(asked.post)).status_code for asked in others] == [404, 404, 404]


def test_whoever_leaves_a_department_sees_its_questions_no_longer(login):
    client = login(Role.FACH)
    house = DepartmentFactory(members=[client.person])
    asked = ConsultationFactory(person=None, department=house)
    assert client.get(page_of(asked)).status_code == 200
    house.members.clear()
    assert client.get(page_of(asked)).status_code == 404


def test_the_question_comes_with_what_will_be_public_and_nothing_confidential(login):
    client = login(Role.FACH)
    consent = ConsentFactory(pseudonym="VG-2026-777")
    medium = MediumFactory(alt_text="Ein Formular auf einem Tisch")
    post = PostFactory(
        text="Bis Montag abgeben.",
        consents=[consent],
        media=[medium],
        twin_url="",
        twin_exception="Interner Grund",
        source_reason="Interne Einschätzung",
    )
    other = PostFactory(text="Ein ganz anderer Entwurf")
    page = client.get(page_of(ConsultationFactory(person=client.person, post=post))).content.decode()
    for public in (
        "Bis Montag abgeben.",
        "Ein Formular auf einem Tisch",
        post.topic.name,
        post.source_url,
        "Stimmt das so?",
    ):
        assert public in page
    for confidential in (consent.pseudonym, "Interner Grund", "Interne Einschätzung", other.text):
        assert confidential not in page


def test_the_reading_page_hides_consents_and_opinions_from_the_fachberatung(login):
    consent = ConsentFactory(pseudonym="VG-2026-777", ended=True)
    post = PostFactory(consents=[consent])
    ConsultationFactory(post=post, answered=True, opinion="concerns", reason="Das ist ein Geheimnis.")
    where = f"/redaktion/beitraege/{post.pk}/"
    secrets = (consent.pseudonym, "Das ist ein Geheimnis.")
    hidden, shown = login(Role.FACH).get(where).content.decode(), login(Role.GF).get(where).content.decode()
    assert [secret in hidden for secret in secrets] == [False, False]
    assert [secret in shown for secret in secrets] == [True, True]


@pytest.mark.parametrize(("role", "status"), [(Role.PROE, 403), (Role.GF, 403), (Role.ADMIN, 403), (Role.DSB, 403)])
def test_nobody_else_answers(login, role, status):
    asked = ConsultationFactory()
    client = login(role)
    assert client.post(page_of(asked), typed(asked.post)).status_code == status
    asked.refresh_from_db()
    assert asked.state == C.ASKED


# Answering


def test_an_answer_is_sent_and_stands_under_done(login):
    client = login(Role.FACH)
    asked = ConsultationFactory(person=client.person, post__text="Bis Montag.")
    content = typed(asked.post, opinion="change", reason="Es ist Dienstag.", proposal="Bis Dienstag.\r\nDanke.")
    page = client.post(page_of(asked), content, follow=True)
    assert "Ihre Antwort ist bei der PRÖ." in page.content.decode()
    assert list(page.context["page"]) == []
    asked.refresh_from_db()
    assert (asked.opinion, asked.reason, asked.proposal) == ("change", "Es ist Dienstag.", "Bis Dienstag.\nDanke.")
    assert [one.pk for one in client.get(LIST, {"status": "erledigt"}).context["page"]] == [asked.pk]
    assert "Es ist Dienstag." in client.get(page_of(asked)).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"opinion": ""}, "Bitte wählen Sie Ihr Votum."),
        ({"opinion": "vielleicht"}, "Bitte wählen Sie Ihr Votum."),
        ({"opinion": "concerns"}, "Bitte begründen Sie das in ein paar Worten."),
        ({"opinion": "change", "reason": " "}, "Bitte begründen Sie das in ein paar Worten."),
        ({"opinion": "fine", "reason": "x" * 2001}, "mehr als 2.000 Zeichen"),
    ],
)
def test_a_bad_answer_is_refused_at_its_field_and_nothing_is_lost(login, fields, sentence):
    client = login(Role.FACH)
    asked = ConsultationFactory(person=client.person)
    answer = client.post(page_of(asked), typed(asked.post, proposal="Mein langer Vorschlag") | fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Mein langer Vorschlag" in answer.content.decode()


def test_an_answer_to_an_older_version_is_kept_and_can_be_sent_again(login):
    client = login(Role.FACH)
    asked = ConsultationFactory(person=client.person)
    old = typed(asked.post, opinion="concerns", reason="Mit viel Mühe geschrieben") | {"digest": "0" * 64}
    answer = client.post(page_of(asked), old)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Der Beitrag wurde geändert, seit Sie ihn geöffnet haben." in page
    assert "Mit viel Mühe geschrieben" in page
    assert client.post(page_of(asked), old | {"digest": answer.context["digest"]}).status_code == 302


def test_of_two_answers_at_once_the_second_is_told(login):
    first, second = login(Role.FACH), login(Role.FACH)
    asked = ConsultationFactory(person=None, department=DepartmentFactory(members=[first.person, second.person]))
    assert first.post(page_of(asked), typed(asked.post)).status_code == 302
    answer = second.post(page_of(asked), typed(asked.post, opinion="concerns", reason="Zu spät"))
    assert answer.status_code == 409
    asked.refresh_from_db()
    assert (asked.opinion, asked.answered_by) == ("fine", first.person)


def test_what_was_written_survives_the_end_of_the_log_in(login, client):
    asker = person(Role.FACH)
    asked = ConsultationFactory(person=asker)
    content = typed(asked.post, opinion="concerns", reason="Mit viel Mühe", typed_by=str(asker.pk))
    answer = client.post(page_of(asked), content)
    assert answer.status_code == 401
    carried = {"login": asker.username, "password": PASSWORD, "mitgebracht": answer.context_data["carried"]}
    page = client.post(f"/konto/anmelden/?next={page_of(asked)}", carried, follow=True).content.decode()
    assert "Es ist noch nicht gesendet." in page
    assert "Mit viel Mühe" in page
    asked.refresh_from_db()
    assert asked.state == C.ASKED


# Asking


def test_proe_asks_a_person_or_a_department(login):
    client, post = login(), PostFactory()
    expert = person(Role.FACH)
    house = DepartmentFactory(members=[expert])
    for to in (f"person-{expert.pk}", f"abteilung-{house.pk}"):
        answer = client.post(about(post), {"to": to, "question": "Stimmt die Frist?", "due_at": in_two_days()})
        assert answer.status_code == 302
    assert [asked.addressee for asked in post.consultations.all()] == [str(expert), house.name]
    page = client.get(f"/redaktion/beitraege/{post.pk}/").content.decode()
    assert about(post) in page
    assert house.name in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"to": ""}, "Bitte wählen Sie, wen Sie fragen."),
        ({"to": "person-999999"}, "Hier kann gerade niemand antworten."),
        ({"question": " "}, "Bitte schreiben Sie, was Sie wissen möchten."),
        ({"due_at": "2020-01-01T09:00"}, "Dieser Zeitpunkt ist vorbei."),
        ({"due_at": ""}, "Bitte wählen Sie eine Frist."),
        ({"due_at": "2027-03-28T02:30"}, "Diese Uhrzeit gibt es an diesem Tag nicht"),
    ],
)
def test_a_bad_question_is_refused_at_its_field_and_nothing_is_lost(login, fields, sentence):
    expert, post = person(Role.FACH), PostFactory()
    content = {"to": f"person-{expert.pk}", "question": "Meine lange Frage", "due_at": in_two_days()} | fields
    answer = login().post(about(post), content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert fields.get("question") or "Meine lange Frage" in answer.content.decode()
    assert not Consultation.objects.exists()


def test_a_department_without_anybody_and_people_of_other_roles_cannot_be_asked(login):
    DepartmentFactory(members=[person(Role.FACH, is_active=False)])
    person(Role.ADMIN)
    assert login().get(about(PostFactory())).context["form"].nobody_to_ask


def test_directors_read_and_ask_nothing(login):
    asked = ConsultationFactory(answered=True, opinion="concerns", reason="Lieber nicht.")
    client = login(Role.GF)
    page = client.get(about(asked.post)).content.decode()
    assert "Lieber nicht." in page
    assert "Frage stellen" not in page
    assert client.post(about(asked.post), {}).status_code == 403
    assert client.post(step(ConsultationFactory(), "zuruecknehmen"), {"reason": "x"}).status_code == 403


# The result


def test_a_proposal_is_shown_word_by_word_and_taken_over(login):
    asked = ConsultationFactory(
        post__text="Bis Montag.", answered=True, opinion="change", reason="r", proposal="Bis Dienstag."
    )
    client = login()
    answer = client.get(about(asked.post))
    assert "<ins>" in answer.content.decode()
    client.post(step(asked, "uebernehmen"), {"digest": answer.context["digest"]})
    asked.post.refresh_from_db()
    assert asked.post.text == "Bis Dienstag."
    assert "Vorschlag übernommen von" in client.get(about(asked.post)).content.decode()


def test_a_proposal_is_not_taken_over_behind_somebodys_back(login):
    asked = ConsultationFactory(
        post__text="Bis Montag.", answered=True, opinion="change", reason="r", proposal="Bis Dienstag."
    )
    for digest in ("0" * 64, ""):
        answer = login().post(step(asked, "uebernehmen"), {"digest": digest})
        assert answer.status_code == 409
        assert "den Beitrag inzwischen geändert" in answer.content.decode()
    asked.post.refresh_from_db()
    assert asked.post.text == "Bis Montag."


def test_what_was_sent_takes_no_proposal_any_more(login):
    delivery = DeliveryFactory(published=True)
    asked = ConsultationFactory(post=delivery.post, answered=True, opinion="change", reason="r", proposal="Neu.")
    client = login()
    page = client.get(about(delivery.post))
    assert "Vorschlag übernehmen: jetzt nicht möglich" in page.content.decode()
    assert client.post(step(asked, "uebernehmen"), {"digest": page.context["digest"]}).status_code == 409


def test_one_sees_that_the_text_changed_since_the_opinion(login):
    asked = ConsultationFactory(post__text="Bis Montag.", answered=True)
    asked.post.text = "Bis Mittwoch."
    asked.post.save()
    page = login().get(about(asked.post)).content.decode()
    assert "Der Beitrag wurde seither geändert." in page
    assert "Was sich am Text seither geändert hat" in page


def test_questions_are_taken_back_and_passed_over_with_a_reason(login):
    open_one, late = ConsultationFactory(), ConsultationFactory(late=True)
    client = login()
    refused = client.post(step(open_one, "weiter"), {"reason": "Mein guter Grund"})
    assert refused.status_code == 409
    assert "Die Frist läuft noch bis" in refused.content.decode()
    assert client.post(step(late, "weiter"), {"reason": ""}).status_code == 409
    assert client.post(step(late, "weiter"), {"reason": "Es eilt."}).status_code == 302
    assert client.post(step(open_one, "zuruecknehmen"), {"reason": "Falsche\x00 Stelle."}).status_code == 302
    assert client.post(step(open_one, "gibt-es-nicht")).status_code == 404
    ends = dict(Consultation.objects.values_list("state", "end_reason"))
    assert ends == {"gone_on": "Es eilt.", "withdrawn": "Falsche Stelle."}


def test_the_opinion_stands_at_the_freigabe(login):
    asked = ConsultationFactory(post__in_review=True, answered=True, opinion="concerns", reason="Die Frist ist falsch.")
    page = login(Role.GF).get("/redaktion/freigaben/").content.decode()
    assert f"Bedenken von {asked.person}: Die Frist ist falsch." in page


def test_the_record_of_the_beitrag_tells_it_to_the_editors(login):
    client, post = login(), PostFactory()
    expert = person(Role.FACH)
    client.post(about(post), {"to": f"person-{expert.pk}", "question": "Stimmt das?", "due_at": in_two_days()})
    asker = login(Role.FACH, user=expert)
    asker.post(page_of(post.consultations.get()), typed(post, opinion="concerns", reason="Nein."))
    history = [(one["title"], one["text"]) for one in client.get(f"/redaktion/beitraege/{post.pk}/").context["history"]]
    assert history[-1] == ("Fachberatung hat geantwortet", "Bedenken.")
    assert history[-2][0] == "Fachberatung gefragt"


# Costs


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("role", "queries"), [(Role.FACH, 5), (Role.PROE, 5)])
def test_the_list_costs_the_same_for_one_row_and_for_three(login, role, queries, rows, django_assert_num_queries):
    client = login(role)
    ConsultationFactory.create_batch(rows, person=client.person if role == Role.FACH else person(Role.FACH))
    client.get(LIST)
    with django_assert_num_queries(queries):
        client.get(LIST)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_beitrag_costs_the_same_for_one_question_and_for_three(
    login, rows, django_assert_max_num_queries
):
    client, post = login(), PostFactory()
    ConsultationFactory.create_batch(rows, post=post, answered=True, proposal="Anders.")
    client.get(about(post))
    with django_assert_max_num_queries(19):
        client.get(about(post))


def test_a_long_list_has_pages_and_the_nearest_deadline_comes_first(login):
    client, now = login(), timezone.now()
    for hours in range(25, 0, -1):
        ConsultationFactory(due_at=now + dt.timedelta(hours=hours))
    first = client.get(LIST).context["page"]
    assert (len(first), first.paginator.num_pages) == (20, 2)
    assert first[0].due_at == now + dt.timedelta(hours=1)
    assert len(client.get(LIST, {"seite": 2}).context["page"]) == 5
