import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from editorial import pulse
from editorial.actions import alarms, pausing
from editorial.clock import BERLIN
from editorial.enums import Role
from editorial.models import Restore
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db
PAGE, COMPARE, TODAY = "/redaktion/betrieb/", "/redaktion/betrieb/abgleich/", "/redaktion/"
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token_secret"), "schlüssel") | {"access_token": "42-x"}


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def restored():
    pausing.switch_off("Wiederherstellung aus der Sicherung vom 23.11.2026, 03:00 Uhr", at=NOW)
    return Restore.objects.create(restored_at=NOW, backup_at=NOW - dt.timedelta(hours=7))


def html(client, path=PAGE):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_role_reads_it_and_nobody_else(login):
    assert {role: login(role).get(PAGE).status_code for role in Role} == dict.fromkeys(Role, 200)
    assert Client().get(PAGE).status_code == 302


def test_each_part_stands_there_with_word_and_meaning(login):
    for name in ("worker", "beat", "tick"):
        pulse.beat(name, at=NOW)
    page = html(login(Role.FACH))
    for word in ("Website", "Worker", "Taktgeber", "Sendetakt", "Datenbank", "Broker", "Mail", "Kanal", "Spiegel"):
        assert word in page
    assert "23.11.2026, 10:00 Uhr" in page
    assert "Bitte ansehen: Sicherung" in page


def test_what_is_down_says_what_to_do_and_every_page_warns(login):
    pulse.beat("worker", at=NOW - dt.timedelta(minutes=10))
    pulse.beat("tick", at=NOW)
    page = html(login(Role.PROE))
    assert "Gestört: Worker" in page
    assert "Worker meldet sich seit 23.11.2026, 09:50 Uhr nicht." in html(login(Role.GF), "/redaktion/plan/")
    assert "Die Administration muss den Worker auf dem Server neu starten" in page


def test_while_all_is_alive_no_page_warns(login):
    pulse.beat("worker", at=NOW - dt.timedelta(minutes=4))
    assert "meldet sich seit" not in html(login(Role.PROE), "/redaktion/plan/")


def test_the_start_page_says_it_in_one_line(login):
    assert "Bitte ansehen: Sicherung" in html(login(Role.PROE), TODAY)


def test_the_line_costs_at_most_three_queries(login, monkeypatch):
    client = login(Role.DSB)
    client.get(TODAY)
    with CaptureQueriesContext(connection) as queries:
        client.get(TODAY)
    monkeypatch.setattr("editorial.views.health.line", lambda request: {})
    with CaptureQueriesContext(connection) as without:
        client.get(TODAY)
    assert len(queries) - len(without) <= 3


def test_past_and_open_alarms_are_listed(login):
    alarms.open_alarm("outage", "worker", "Worker meldet sich nicht mehr\n\nWas ist geschehen? Nichts.", NOW)
    alarms.open_alarm("backup", "", "Es gibt keine neue Sicherung\n\nAch.", NOW)
    alarms.close_alarm("backup", "", NOW)
    page = html(login(Role.ADMIN))
    assert "<summary>Worker meldet sich nicht mehr</summary>" in page
    assert page.count("Offen") == 1
    assert page.count("Vorbei") == 1


# --- after a start from a backup --------------------------------------------------------------------------------------


def test_the_page_says_what_was_restored_and_what_is_missing(login, restored):
    page = html(login(Role.PROE))
    assert "wurde die Sicherung vom Mo, 23. November 2026, 03:00 Uhr eingespielt" in page
    assert "muss der Kanal mit dem Plan verglichen sein" in page


def test_who_may_not_compare_is_told_who_may(login, restored):
    assert "Vergleichen können PRÖ, Geschäftsführung und Administration." in html(login(Role.FACH))
    assert login(Role.FACH).post(COMPARE).status_code == 403


def test_by_hand_a_person_says_what_was_compared(login, restored):
    client = login(Role.ADMIN)
    refused = client.post(COMPARE, {"reason": " "})
    assert (refused.status_code, "Bitte schreiben Sie" in refused.content.decode()) == (409, True)
    assert client.post(COMPARE, {"reason": "Alle fünf stehen auf X."}).status_code == 302
    assert "Alle fünf stehen auf X." in html(client)


def test_a_channel_that_does_not_answer_is_said(login, restored, settings):
    settings.X_KEYS = KEYS
    answer = login(Role.GF).post(COMPARE)
    assert (answer.status_code, "steht noch aus" in answer.content.decode()) == (409, True)
    assert Restore.objects.get().reconciled_at is None


def test_findings_are_listed_with_the_way_to_each(login, restored):
    post = PostFactory()
    at = NOW.isoformat()
    known = {"kind": "published", "post": post.pk, "text": "Unser Text", "url": "https://x.com/i/status/1", "at": at}
    Restore.objects.update(reconciled_at=NOW, findings=[known, known | {"kind": "stranger", "post": None}])
    page = html(login(Role.PROE))
    assert "Als veröffentlicht vermerkt" in page
    assert "Hier unbekannt" in page
    assert f'href="/redaktion/beitraege/{post.pk}/"' in page
    assert page.count("https://x.com/i/status/1") == 2
