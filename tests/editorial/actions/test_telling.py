"""Who is told of open cases, and the mail of it."""

import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from editorial import pulse
from editorial.actions import clearing, notices
from editorial.enums import DeliveryState, MailWay, NoticeKind, Role
from editorial.models import Delivery, Notice, SendPause, User
from tests.editorial.open_cases import MINUTE, SLOT, case, tried
from tests.factories import person
from tests.mailing import mail_server

pytestmark = pytest.mark.django_db
D = DeliveryState
SECOND = dt.timedelta(seconds=1)


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise SMTPException("no")


@pytest.fixture(autouse=True)
def people():
    person(Role.PROE, email="proe@example.org")
    person(Role.GF, email="gf@example.org")
    for role in (Role.FACH, Role.ADMIN, Role.DSB):
        person(role, email=f"{role}@example.org")
    person(Role.GF, email="weg@example.org", is_active=False)


def mailed(at):
    """What goes out now, by whom it goes to."""
    notices.mail_due(at)
    return {told.to[0]: told for told in mail.outbox}


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"


def test_where_nothing_is_open_nobody_is_written_to():
    assert clearing.tell(SLOT) == 0
    assert mail.outbox == []


def test_a_minute_of_quiet_later_one_mail_names_everything_that_came_together():
    for number in range(3):
        case(D.MISSED, slot=SLOT + number * 10 * SECOND)
    assert clearing.tell(SLOT + 79 * SECOND) == 0
    assert clearing.tell(SLOT + 80 * SECOND) == 3
    mails = mailed(SLOT + 80 * SECOND)
    assert {"gf@example.org", "proe@example.org"} <= set(mails)
    assert not {"fach@example.org", "admin@example.org", "dsb@example.org", "weg@example.org"} & set(mails)
    told = mails["proe@example.org"]
    assert told.subject == "[Redaktion] 3 Beiträge brauchen Ihre Klärung"
    assert told.body.count("Status: Verpasst.") == 3
    assert "http://localhost:8000/redaktion/klaerung/" in told.body


def test_each_case_is_told_once_as_it_stands():
    case()
    assert [clearing.tell(SLOT + number * MINUTE) for number in (1, 2, 3)] == [1, 0, 0]


def test_a_burst_that_does_not_end_is_told_after_five_minutes():
    for number in range(11):
        case(D.MISSED, slot=SLOT + number * 30 * SECOND)
    assert clearing.tell(SLOT + 5 * MINUTE - SECOND) == 0
    assert clearing.tell(SLOT + 5 * MINUTE) == 11
    assert mailed(SLOT + 5 * MINUTE)["gf@example.org"].body.count("Status: Verpasst.") == 11


def test_an_outage_of_three_days_is_one_mail_that_names_twenty_and_counts_the_rest():
    for number in range(25):
        case(D.MISSED, slot=SLOT + number * SECOND)
    assert clearing.tell(SLOT + 3 * MINUTE) == 25
    told = mailed(SLOT + 3 * MINUTE)["gf@example.org"].body
    assert told.count("Status: Verpasst.") == 20
    assert "Und 5 weitere Mitteilungen." in told


def test_when_the_mail_server_fails_the_next_tick_tries_again(no_mail_server, settings):
    case()
    assert clearing.tell(SLOT + MINUTE) == 1
    assert notices.mail_due(SLOT + MINUTE) == 0
    assert pulse.every()[pulse.MAIL].good_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "gf@example.org" in mailed(SLOT + 3 * MINUTE)


def test_without_anybody_to_tell_nothing_counts_as_told():
    case()
    User.objects.update(is_active=False)
    assert clearing.tell(SLOT + MINUTE) == 0
    assert Delivery.objects.get().told_version is None


def test_what_is_unclear_is_looked_up_first_and_told_when_that_takes_long():
    case(D.UNKNOWN)
    assert clearing.tell(SLOT + 9 * MINUTE) == 0
    assert clearing.tell(SLOT + 10 * MINUTE) == 1
    told = mailed(SLOT + 10 * MINUTE)["proe@example.org"].body
    assert "Die Anwendung sieht weiter auf dem Kanal nach und sendet nichts doppelt." in told


def test_a_wish_to_send_again_is_told_so_that_a_second_person_knows():
    delivery = case()
    tried(delivery)
    clearing.tell(SLOT + MINUTE)
    clearing.ask_resend(delivery, "Er fehlt auf X.", by=person(email=""), at=SLOT + 2 * MINUTE)
    assert clearing.tell(SLOT + 3 * MINUTE) == 1
    told = mailed(SLOT + 3 * MINUTE)["proe@example.org"]
    assert told.subject == "[Redaktion] Braucht Ihre Klärung"
    assert "Eine zweite Person muss zustimmen oder ablehnen." in told.body


def test_what_is_settled_is_not_told():
    delivery = case(D.MISSED)
    clearing.discard(delivery, "Vorbei.", by=person(email=""), at=SLOT)
    assert clearing.tell(SLOT + MINUTE) == 0


@pytest.mark.parametrize(
    ("state", "why", "sentences"),
    [
        (D.BLOCKED, "publishing.off", ["Es war Sendepause.", "Bitte entscheiden Sie nach der Sendepause:"]),
        (D.BLOCKED, "consent.not_valid, media.rights_missing", ["Eine Einwilligung galt nicht mehr. Bei einem Bild"]),
        (D.BLOCKED, "etwas.neues", ["Eine Prüfung vor dem Senden war nicht erfüllt.", "Bitte beheben Sie den Grund."]),
        (D.MISSED, "slot.past", ["Der Termin und die Nachfrist von 60 Minuten sind vorbei.", "Bitte verschieben Sie"]),
        (D.NEEDS_DECISION, "too_long (400)", ["X hält den Text für zu lang.", "Bitte sehen Sie auf dem Kanal nach."]),
    ],
)
def test_the_mail_says_what_happened_and_what_to_do(state, why, sentences):
    delivery = case(state, why=why)
    if state == D.NEEDS_DECISION:
        tried(delivery, code="too_long")
    clearing.tell(SLOT + MINUTE)
    told = mailed(SLOT + MINUTE)["gf@example.org"]
    body, html = told.body, told.alternatives[0].content
    assert [sentence for sentence in sentences if sentence not in html] == []
    assert [sentence for sentence in sentences if sentence not in body] == []
    topic = delivery.post.topic.name
    assert f"Beitrag {delivery.post_id} zu „{topic}“ für den 25.11.2026, 09:00 Uhr" in body
    assert "&" not in body


def test_a_sendepause_keeps_nobody_from_being_told():
    SendPause.objects.create(started_at=SLOT, reason="Probe")
    case(D.BLOCKED, why="publishing.off")
    assert clearing.tell(SLOT + MINUTE) == 1


def told_of(delivery):
    return Notice.objects.filter(
        kind=NoticeKind.CASE, person__email="proe@example.org", path__endswith=f"-{delivery.pk}"
    )


def test_it_stands_among_the_notices_and_leads_to_its_place_in_the_box():
    delivery = case(D.MISSED)
    clearing.tell(SLOT + MINUTE)
    notice = told_of(delivery).get()
    assert notice.words == f"{delivery.named} ist nicht so hinausgegangen wie geplant. Status: Verpasst."
    assert notice.path == f"/redaktion/klaerung/#fall-{delivery.pk}"


def test_who_wants_one_mail_a_day_gets_this_at_once_and_who_wants_none_gets_none():
    User.objects.filter(email="proe@example.org").update(mail_way=MailWay.DAILY)
    User.objects.filter(email="gf@example.org").update(mail_way=MailWay.NEVER)
    case()
    clearing.tell(SLOT + MINUTE)
    mails = mailed(SLOT + MINUTE)
    assert "proe@example.org" in mails
    assert "gf@example.org" not in mails
    assert Notice.objects.filter(person__email="gf@example.org", kind=NoticeKind.CASE).exists()


def test_what_was_settled_before_the_mail_went_out_is_not_mailed():
    delivery = case(D.MISSED)
    clearing.tell(SLOT + MINUTE)
    clearing.discard(delivery, "Vorbei.", by=person(email=""), at=SLOT + MINUTE)
    clearing.tell(SLOT + MINUTE)
    assert mailed(SLOT + 2 * MINUTE) == {}
    assert told_of(delivery).get().settled_at == SLOT + MINUTE


def test_a_case_that_changes_is_told_anew_and_the_old_notice_is_over():
    delivery, other = case(), case(D.MISSED)
    tried(delivery)
    clearing.tell(SLOT + MINUTE)
    clearing.ask_resend(delivery, "Er fehlt auf X.", by=person(email=""), at=SLOT + 2 * MINUTE)
    clearing.tell(SLOT + 3 * MINUTE)
    assert [notice.settled_at for notice in told_of(delivery)] == [None, SLOT + 3 * MINUTE]
    assert [notice.settled_at for notice in told_of(other)] == [None]


def test_the_mail_arrives_readable_with_its_umlauts(settings):
    with mail_server(settings) as server:
        delivery = case(D.BLOCKED, why="publishing.off")
        clearing.tell(SLOT + MINUTE)
        notices.mail_due(SLOT + MINUTE)
        told = next(told for told in server.mails if told["To"] == "gf@example.org")
    assert told["Subject"] == "[Redaktion] Braucht Ihre Klärung"
    for kind in ("plain", "html"):
        body = told.get_body((kind,)).get_content()
        assert delivery.named in body
        assert "Es war Sendepause." in body
        assert "http://localhost:8000/redaktion/klaerung/" in body
