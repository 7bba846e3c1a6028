import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import pulse
from editorial.actions import watching
from editorial.enums import Role
from editorial.models import Alarm
from tests.factories import DeliveryFactory, person

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def administration():
    person(Role.ADMIN, email="admin@example.org")


def alive(at, *names):
    for name in names:
        pulse.beat(name, at=at)


def test_nothing_is_told_while_all_are_alive():
    alive(AT, "worker", "beat", "tick")
    assert watching.watch(AT + 4 * MINUTE) == 0
    assert Alarm.objects.count() == 0


def test_a_new_installation_raises_no_alarm():
    assert watching.watch(AT) == 0


def test_one_mail_when_it_begins_and_one_when_it_is_over():
    alive(AT, "worker", "tick")
    told = []
    for minute in range(1, 20):
        now = AT + minute * MINUTE
        alive(now, "tick")
        if minute >= 15:
            alive(now, "worker")
        told += [minute] * watching.watch(now)
    assert told == [6, 15]
    assert [letter.subject for letter in mail.outbox] == [
        "[Redaktion] Worker meldet sich nicht mehr",
        "[Redaktion] Behoben: Worker meldet sich nicht mehr",
    ]


def test_the_mail_says_what_it_means_for_today_and_what_to_do():
    DeliveryFactory(slot=AT + 2 * dt.timedelta(hours=1))
    DeliveryFactory(slot=AT + 5 * dt.timedelta(hours=1))
    DeliveryFactory(slot=AT + dt.timedelta(days=1))
    alive(AT, "worker")
    alive(AT + 10 * MINUTE, "tick")
    watching.watch(AT + 10 * MINUTE)
    body = mail.outbox[0].body
    assert "Seit 23.11.2026, 10:00 Uhr kommt keine Meldung mehr." in body
    assert "Heute sind noch 2 Beiträge geplant, der nächste für 12:00 Uhr." in body
    assert "gehen trotzdem hinaus" in body
    assert "Von Hand senden müssen Sie nichts." in body


def test_when_nobody_sends_the_mail_says_so():
    alive(AT, "worker", "beat", "tick")
    assert watching.watch(AT + 10 * MINUTE) == 3
    assert all("Zurzeit geht kein Beitrag hinaus." in letter.body for letter in mail.outbox)
    assert all("gilt als verpasst" in letter.body for letter in mail.outbox)
    assert "Für heute ist kein Beitrag mehr geplant." in mail.outbox[0].body


def test_a_backup_that_no_longer_comes_is_told_once():
    alive(AT, "backup")
    assert [watching.watch(AT + dt.timedelta(hours=hours)) for hours in (49, 51, 52)] == [0, 1, 0]
    assert "Die letzte Sicherung ist vom 23.11.2026, 10:00 Uhr." in mail.outbox[0].body
    alive(AT + dt.timedelta(hours=53), "backup")
    assert watching.watch(AT + dt.timedelta(hours=53)) == 1


def test_an_untroubled_look_is_cheap():
    alive(AT, "worker", "beat", "tick", "backup")
    with CaptureQueriesContext(connection) as queries:
        watching.watch(AT)
    assert len(queries) <= 6


def test_the_broker_of_files_answers():
    assert watching.try_broker(AT)
    assert pulse.age("broker", AT) == dt.timedelta()


def test_a_broker_that_is_gone_is_noticed_within_seconds(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    assert not watching.try_broker(AT)
    assert pulse.every()["broker"].good_at is None


@pytest.mark.services
def test_a_real_redis_answers(settings, redis_url):
    settings.CELERY_BROKER_URL = redis_url
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
    assert watching.try_broker(AT)


def test_a_website_that_stays_away_is_told_and_a_restart_is_not():
    told = []
    for minute, answers in enumerate([True, False, True, *[False] * 7, True]):
        watching.note_website(answers, AT + minute * MINUTE)
        told += [minute] * watching.watch(AT + minute * MINUTE)
    assert told == [8, 10]
    assert [letter.subject for letter in mail.outbox] == [
        "[Redaktion] Die Website antwortet nicht",
        "[Redaktion] Behoben: Die Website antwortet nicht",
    ]
