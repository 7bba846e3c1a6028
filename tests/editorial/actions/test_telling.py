"""The collected mail about open cases."""

import datetime as dt
import time
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from editorial import pulse
from editorial.actions import clearing
from editorial.enums import DeliveryState, Role
from editorial.models import Delivery, SendPause
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
    [told] = mail.outbox
    assert {"gf@example.org", "proe@example.org"} <= set(told.to)
    assert not {"fach@example.org", "admin@example.org", "dsb@example.org", "weg@example.org"} & set(told.to)
    assert told.subject == "[Redaktion] 3 Beiträge brauchen Sie"
    assert told.body.count("Verpasst:") == 3
    assert "http://localhost:8000/redaktion/klaerung/" in told.body


def test_each_case_is_told_once_as_it_stands():
    case()
    assert [clearing.tell(SLOT + number * MINUTE) for number in (1, 2, 3)] == [1, 0, 0]


def test_a_burst_that_does_not_end_is_told_after_five_minutes():
    for number in range(11):
        case(D.MISSED, slot=SLOT + number * 30 * SECOND)
    assert clearing.tell(SLOT + 5 * MINUTE - SECOND) == 0
    assert clearing.tell(SLOT + 5 * MINUTE) == 11
    assert mail.outbox[0].body.count("Verpasst:") == 11


def test_an_outage_of_three_days_is_one_mail_that_names_twenty_and_counts_the_rest():
    for number in range(25):
        case(D.MISSED, slot=SLOT + number * SECOND)
    assert clearing.tell(SLOT + 3 * MINUTE) == 25
    assert mail.outbox[0].body.count("Verpasst:") == 20
    assert "Und 5 weitere Beiträge." in mail.outbox[0].body


def test_when_the_mail_server_fails_the_next_tick_tries_again(no_mail_server, settings):
    case()
    assert clearing.tell(SLOT + MINUTE) == 0
    assert Delivery.objects.get().told_version is None
    assert pulse.every()[pulse.MAIL].good_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert clearing.tell(SLOT + MINUTE + 5 * SECOND) == 1
    assert Delivery.objects.get().told_version == Delivery.objects.get().version


def test_without_anybody_to_write_to_nothing_counts_as_told():
    case()
    Delivery.objects.get().approval.approved_by.__class__.objects.update(email="")
    assert clearing.tell(SLOT + MINUTE) == 0
    assert Delivery.objects.get().told_version is None


def test_what_is_unclear_is_looked_up_first_and_told_when_that_takes_long():
    case(D.UNKNOWN)
    assert clearing.tell(SLOT + 9 * MINUTE) == 0
    assert clearing.tell(SLOT + 10 * MINUTE) == 1
    assert "Die Anwendung sieht weiter auf dem Kanal nach und sendet nichts doppelt." in mail.outbox[0].body


def test_a_wish_to_send_again_is_told_so_that_a_second_person_knows():
    delivery = case()
    tried(delivery)
    clearing.tell(SLOT + MINUTE)
    clearing.ask_resend(delivery, "Er fehlt auf X.", by=person(email=""), at=SLOT + 2 * MINUTE)
    assert clearing.tell(SLOT + 3 * MINUTE) == 1
    assert "Eine zweite Person muss zustimmen oder ablehnen." in mail.outbox[1].body


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
    body = mail.outbox[0].body
    assert [sentence for sentence in sentences if sentence not in body] == []
    topic = delivery.post.topic.name
    assert f"Beitrag {delivery.post_id} zu „{topic}“ für den 25.11.2026, 09:00 Uhr" in body
    assert "&" not in body


def test_a_sendepause_keeps_nobody_from_being_told():
    SendPause.objects.create(started_at=SLOT, reason="Probe")
    case(D.BLOCKED, why="publishing.off")
    assert clearing.tell(SLOT + MINUTE) == 1


# --- With a real mail server ------------------------------------------------------------------------------------------


@pytest.fixture
def server(settings):
    with mail_server(settings) as catcher:
        yield catcher


def test_the_mail_arrives_readable_with_its_umlauts(server):
    delivery = case(D.BLOCKED, why="publishing.off")
    assert clearing.tell(SLOT + MINUTE) == 1
    [told] = server.mails
    assert told["Subject"] == "[Redaktion] Ein Beitrag braucht Sie"
    body = told.get_content()
    assert f"1. Blockiert: Beitrag {delivery.post_id} zu" in body
    assert "Bitte entscheiden Sie nach der Sendepause: senden, verschieben oder darauf verzichten." in body
    assert "http://localhost:8000/redaktion/klaerung/" in body


def test_a_server_that_refuses_is_asked_again_and_then_told_once(server):
    case()
    server.answer = "451 später"
    assert clearing.tell(SLOT + MINUTE) == 0
    server.answer = "250 OK"
    assert [clearing.tell(SLOT + 2 * MINUTE), clearing.tell(SLOT + 3 * MINUTE)] == [1, 0]
    assert len(server.mails) == 1


def test_a_server_that_does_not_answer_holds_nobody_up_for_long(server, monkeypatch):
    monkeypatch.setattr(clearing, "MAIL_TIMEOUT_S", 0.3)
    case()
    server.silent_s = 2
    began = time.monotonic()
    assert clearing.tell(SLOT + MINUTE) == 0
    assert time.monotonic() - began < 1.5
    assert Delivery.objects.get().told_version is None


def test_without_any_server_nothing_is_raised(server, settings):
    settings.EMAIL_PORT = 9
    case()
    assert clearing.tell(SLOT + MINUTE) == 0
