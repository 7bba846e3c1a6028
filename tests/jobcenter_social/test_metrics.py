import datetime as dt
import ipaddress

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from editorial import pulse
from editorial.actions import alarms, pausing
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db
PAGE = "/metrics"


def figures():
    answer = Client().get(PAGE)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_the_figures_come_from_the_database():
    now = timezone.now()
    pulse.beat("worker", at=now - dt.timedelta(minutes=10))
    DeliveryFactory(slot=now - dt.timedelta(seconds=90))
    DeliveryFactory(published=True)
    alarms.open_alarm("outage", "worker", "Worker", now)
    pausing.switch_off("Probe", at=now)
    found = figures()
    assert found["redaktion_light", "worker"] == 2
    assert found["redaktion_light", "database"] == 0
    assert found["redaktion_last_good_age_seconds", "worker"] >= 600
    assert found["redaktion_deliveries", "scheduled"] == 1
    assert found["redaktion_deliveries", "published"] == 1
    assert found["redaktion_attempts_total", "published"] == 0
    assert found["redaktion_due",] == 1
    assert found["redaktion_due_oldest_seconds",] >= 90
    assert found["redaktion_open_alarms", "outage"] == 1
    assert found["redaktion_send_pause",] == 1


def test_an_empty_house_has_figures_too():
    found = figures()
    assert (found["redaktion_due",], found["redaktion_due_oldest_seconds",]) == (0, 0)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.7", "2001:db8::1", "::ffff:10.0.0.1", "", "unix:"])
def test_for_everybody_else_it_does_not_exist(address):
    assert Client(REMOTE_ADDR=address).get(PAGE).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may_read_it(address):
    assert Client(REMOTE_ADDR=address).get(PAGE).status_code == 200


def test_a_network_may_be_allowed(settings):
    settings.METRICS_ALLOWED = [ipaddress.ip_network("10.20.0.0/16")]
    assert Client(REMOTE_ADDR="10.20.3.4").get(PAGE).status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.1").get(PAGE).status_code == 404


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"])
@pytest.mark.parametrize("value", ["127.0.0.1", "8.8.8.8", ""])
def test_whatever_a_proxy_passes_on_is_refused_whoever_it_names(name, value):
    """The proxy stands on this machine, so the whole world would look local."""
    assert Client(headers={name: value}).get(PAGE).status_code == 404


def test_reading_needs_no_cookie_and_writes_nothing():
    assert not Client().get(PAGE).cookies
    assert Client().post(PAGE).status_code == 405


def test_a_database_that_is_gone_is_said(monkeypatch):
    def gone():
        raise DatabaseError

    monkeypatch.setattr("jobcenter_social.metrics.database_now", gone)
    assert Client().get(PAGE).status_code == 503


def test_it_is_read_without_tls_on_this_machine(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(PAGE).status_code == 200
    assert Client().get("/kontakt/").status_code == 301
