import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from editorial import pulse
from editorial.actions import alarms
from editorial.enums import Role
from editorial.models import Alarm
from tests.factories import person

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
WORDS = "Der Worker antwortet nicht\n\nBeiträge gehen später hinaus. Bitte rufen Sie die Technik an."


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise SMTPException("no")


@pytest.fixture(autouse=True)
def people():
    person(Role.PROE, email="proe@example.org")
    person(Role.ADMIN, email="admin@example.org")
    person(Role.GF, email="gf@example.org")
    person(Role.ADMIN, email="weg@example.org", is_active=False)


def begin(at=AT):
    return alarms.open_alarm("outage", "worker", WORDS, at)


def test_an_alarm_is_opened_once():
    assert [begin(), begin(AT + HOUR)] == [True, False]
    assert Alarm.objects.get().opened_at == AT


def test_the_same_thing_may_happen_again_after_it_was_over():
    begin()
    assert alarms.close_alarm("outage", "worker", AT + HOUR)
    assert begin(AT + 2 * HOUR)
    assert Alarm.objects.count() == 2


def test_nothing_is_closed_that_was_not_open():
    assert not alarms.close_alarm("outage", "worker", AT)


def test_the_press_office_and_the_administration_are_told_once():
    begin()
    assert [alarms.mail_open(AT), alarms.mail_open(AT + HOUR)] == [1, 0]
    [told] = mail.outbox
    assert told.to == ["admin@example.org", "proe@example.org"]
    assert told.subject == "[Redaktion] Der Worker antwortet nicht"
    assert "Bitte rufen Sie die Technik an." in told.body
    assert "Beginn: 23.11.2026, 10:00 Uhr" in told.body
    assert "/redaktion/betrieb/" in told.body


def test_the_end_is_told_once_too():
    begin()
    alarms.mail_open(AT)
    alarms.close_alarm("outage", "worker", AT + HOUR)
    assert [alarms.mail_open(AT + HOUR), alarms.mail_open(AT + HOUR)] == [1, 0]
    told = mail.outbox[-1]
    assert told.subject == "[Redaktion] Behoben: Der Worker antwortet nicht"
    assert "Ende: 23.11.2026, 11:00 Uhr" in told.body


def test_what_was_over_before_anybody_was_told_is_not_told():
    begin()
    alarms.close_alarm("outage", "worker", AT + HOUR)
    assert alarms.mail_open(AT + HOUR) == 0


def test_a_mail_that_was_not_taken_is_tried_again_and_shows_on_the_mail_light(settings):
    begin()
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert alarms.mail_open(AT) == 0
    assert pulse.every()["mail"].good_at is None
    settings.EMAIL_BACKEND = usual
    assert alarms.mail_open(AT + HOUR) == 1
    assert pulse.age("mail", AT + HOUR) == dt.timedelta()


def test_without_anybody_to_tell_the_alarm_stays_untold():
    for user in alarms.User.objects.all():
        user.email = ""
        user.save()
    begin()
    assert alarms.mail_open(AT) == 0
    assert pulse.every()["mail"].detail == "Es gibt niemanden mit Mailadresse."
