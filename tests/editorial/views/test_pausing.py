"""The page of the kill switch."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from editorial.actions import pausing, publishing
from editorial.channels.dry_run import DryRun
from editorial.enums import DeliveryState, Role
from editorial.models import AuditEntry, Delivery, Restore, SendPause
from tests.editorial.open_cases import MINUTE, NOW, case
from tests.factories import DeliveryFactory, person

pytestmark = pytest.mark.django_db
PAGE, END = "/redaktion/betrieb/sendepause/", "/redaktion/betrieb/sendepause/beenden/"
STOPPERS = (Role.PROE, Role.GF, Role.ADMIN)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def html(client, page=PAGE):
    return client.get(page).content.decode()


@pytest.mark.parametrize("role", STOPPERS)
def test_whoever_is_responsible_stops_everything_with_a_reason_and_ends_it_again(login, role):
    client = login(role)
    assert client.post(PAGE, {"reason": "Falschmeldung im Umlauf"}).status_code == 302
    pause = SendPause.objects.get()
    assert (pause.reason, pause.until, pause.started_by) == ("Falschmeldung im Umlauf", None, client.person)
    assert "Die Sendepause hat begonnen." in html(client)
    assert client.post(END).status_code == 302
    assert pausing.active_pause(NOW) is None
    assert "wartet in der Klärung" in html(client)
    assert list(AuditEntry.objects.values_list("step", flat=True)) == ["publishing_off", "publishing_on"]


@pytest.mark.parametrize("role", [Role.FACH, Role.DSB])
def test_others_stop_nothing(login, role):
    client = login(role)
    assert [client.get(PAGE).status_code, client.post(PAGE).status_code, client.post(END).status_code] == [403] * 3
    assert Client().post(PAGE, {"reason": "x"}).status_code == 302
    assert not SendPause.objects.exists()


def test_a_pause_may_have_an_end_in_berlin_time(login):
    login().post(PAGE, {"reason": "Wahltag", "until": "2026-11-26T18:00"})
    assert SendPause.objects.get().until == dt.datetime(2026, 11, 26, 17, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": " "}, "Bitte nennen Sie einen Grund."),
        ({"reason": "Probe", "until": "2026-11-25T09:00"}, "Dieses Ende ist schon vorbei."),
        ({"reason": "Probe", "until": "2027-03-28T02:30"}, "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ({"reason": "Probe", "until": "bald"}, "Bitte geben Sie Tag und Uhrzeit an"),
    ],
)
def test_what_is_missing_is_said_at_the_field_and_nothing_stops(login, typed, words):
    answer = login().post(PAGE, typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SendPause.objects.exists()


def test_the_page_says_what_will_happen_and_what_is_planned(login):
    DeliveryFactory(slot=NOW + 60 * MINUTE, approval__post__text="Geht bald hinaus.")
    page = html(login())
    for words in (
        "In den nächsten 24 Stunden ist ein Beitrag geplant.",
        "Geht bald hinaus.",
        "Was in der Pause fällig wird, geht auch danach nicht von selbst hinaus.",
    ):
        assert words in page
    assert "Geht bald hinaus." not in html(login(Role.ADMIN))


def test_everybody_reads_who_stopped_it_when_and_why_and_where_it_is_ended(login):
    pausing.switch_off("Falschmeldung.", by=person(first_name="Pia", last_name="Probe"), at=NOW)
    banner = login().get("/redaktion/").context["banners"][0]
    assert banner["text"].startswith("Sendepause seit 25.11.2026, 09:20 Uhr von Pia Probe. Grund: Falschmeldung. Es")
    assert (banner["url"], banner["link_label"]) == (PAGE, "Sendepause beenden")
    assert "url" not in login(Role.FACH).get("/redaktion/").context["banners"][0]


def test_a_longer_pause_is_kept_when_somebody_asks_for_a_shorter_one(login):
    pausing.switch_off("Falschmeldung", until=NOW + 60 * MINUTE, at=NOW)
    client = login()
    assert "Länger anhalten" in html(client)
    client.post(PAGE, {"reason": "Kurz", "until": "2026-11-25T09:30"})
    assert "sie dauert mindestens so lange" in html(client)
    assert SendPause.objects.get().reason == "Falschmeldung"


def test_past_pauses_are_listed(login):
    SendPause.objects.create(started_at=NOW - 90 * MINUTE, until=NOW - 60 * MINUTE, reason="Wartung am Server")
    page = html(login())
    assert "Wartung am Server" in page
    assert "Befehlszeile" in page
    assert "Es gab noch keine." not in page


def test_after_a_start_from_a_backup_it_does_not_end_before_the_channel_was_compared(login):
    pausing.switch_off("Wiederherstellung", at=NOW)
    Restore.objects.create(restored_at=NOW, backup_at=NOW - 60 * MINUTE)
    answer = login().post(END)
    assert answer.status_code == 409
    assert "Die Sendepause kann noch nicht enden" in answer.content.decode()
    assert pausing.active_pause(NOW) is not None


def test_ending_what_was_ended_already_says_so(login):
    client = login()
    client.post(END)
    assert "Die Sendepause war schon beendet." in html(client)


def test_with_the_next_tick_nothing_goes_out_and_what_fell_due_waits_for_a_person(login):
    delivery = case("missed", slot=NOW)
    Delivery.objects.update(state=DeliveryState.SCHEDULED)
    client, channel = login(), DryRun(clock=lambda: NOW)
    client.post(PAGE, {"reason": "Probe"})
    publishing.tick(channel, at=NOW)
    client.post(END)
    publishing.tick(channel, at=NOW + MINUTE)
    assert channel.sent == []
    [card] = client.get("/redaktion/klaerung/").context["cards"]
    assert (card["pk"], card["happened"][-1]) == (delivery.pk, "Es war Sendepause.")
