import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import health, pulse
from editorial.actions import pausing
from editorial.ledger import with_money
from editorial.models import Budget, Channel, Spending
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
ALL = (
    "worker",
    "links",
    "beat",
    "tick",
    "timer",
    "broker",
    "mail",
    "backup",
    "metrics",
    "nightly",
    "login",
    "clock",
    "promises",
)


def shown(at=AT, has_keys=True):
    found = health.lights(health.facts_from_scratch(at, has_keys=has_keys))
    return {light.label: (light.tone, light.word) for light in found}


@pytest.fixture
def well():
    for name in ALL:
        pulse.beat(name, at=AT)


def test_when_all_is_well_one_line_says_so(well):
    found = health.lights(health.facts_from_scratch(AT, has_keys=True))
    neutral = {light.label for light in found if light.tone != "success"}
    assert neutral == {"Spiegel", "Budget"}  # nothing was shown yet, no limit was set
    assert health.summary(found) == health.Summary("success", "Alles läuft")


def test_a_new_installation_is_not_red():
    found = health.lights(health.facts_from_scratch(AT, has_keys=False))
    assert {light.tone for light in found} == {"success", "neutral", "warning"}
    assert health.summary(found).words == "Bitte ansehen: Sicherung"


@pytest.mark.parametrize(
    ("name", "label", "after", "expected"),
    [
        ("worker", "Worker", 6 * MINUTE, ("danger", "steht")),
        ("beat", "Taktgeber (Beat)", 6 * MINUTE, ("danger", "steht")),
        ("tick", "Sendetakt", 6 * MINUTE, ("danger", "steht")),
        ("timer", "Zweiter Takt", 6 * MINUTE, ("warning", "steht")),
        ("backup", "Sicherung", 27 * HOUR, ("warning", "überfällig")),
        ("backup", "Sicherung", 51 * HOUR, ("danger", "überfällig")),
        ("metrics", "Kennzahlen", 2 * HOUR, ("warning", "überfällig")),
        ("nightly", "Aufräumen", 27 * HOUR, ("warning", "überfällig")),
    ],
)
def test_what_has_been_silent_for_too_long_changes_its_light(well, name, label, after, expected):
    later = AT + after
    for other in set(ALL) - {name}:
        pulse.beat(other, at=later)
    assert {key: value for key, value in shown(later).items() if value[0] in ("warning", "danger")} == {label: expected}


@pytest.mark.parametrize(
    ("name", "label", "expected"),
    [
        ("mail", "Mail", ("danger", "geht nicht hinaus")),
        ("backup", "Sicherung", ("danger", "misslungen")),
        ("broker", "Broker (Redis)", ("danger", "antwortet nicht")),
        ("metrics", "Kennzahlen", ("warning", "misslungen")),
        ("promises", "Selbstprüfung", ("warning", "misslungen")),
    ],
)
def test_what_tried_and_failed_changes_its_light(well, name, label, expected):
    pulse.beat(name, good=False, detail="Grund.", at=AT + MINUTE)
    assert shown(AT + MINUTE)[label] == expected


def test_a_task_that_arrived_proves_the_broker(well):
    pulse.beat("broker", good=False, at=AT + MINUTE)
    pulse.beat("worker", at=AT + 2 * MINUTE)
    assert shown(AT + 2 * MINUTE)["Broker (Redis)"] == ("success", "läuft")


def test_the_channel_light_follows_the_channel(well):
    channels = Channel.objects.filter(slug="x")
    assert shown()["Kanal"] == ("success", "nimmt an")
    assert shown(has_keys=False)["Kanal"] == ("neutral", "Versand von Hand")
    channels.update(paused_until=AT + HOUR)
    assert shown()["Kanal"] == ("warning", "ruht")
    pausing.switch_off("Trauerfall", at=AT)
    assert shown()["Kanal"] == ("warning", "Sendepause")
    channels.update(locked_reason="suspended")
    assert shown()["Kanal"] == ("danger", "gesperrt")


def test_a_due_post_that_is_not_on_the_website_is_seen(well):
    DeliveryFactory(slot=AT - MINUTE)
    assert shown()["Spiegel"] == ("neutral", "noch leer")
    DeliveryFactory(slot=AT - 3 * MINUTE)
    assert shown()["Spiegel"] == ("danger", "unvollständig")


def test_every_light_says_what_it_means_and_every_bad_one_what_to_do(well):
    for name in ("mail", "backup", "broker", "metrics"):
        pulse.beat(name, good=False, detail="Grund.", at=AT + HOUR)
    DeliveryFactory(slot=AT)
    found = health.lights(health.facts_from_scratch(AT + HOUR, has_keys=True))
    assert [light.label for light in found if not light.meaning] == []
    assert [light.label for light in found if light.tone in ("warning", "danger") and not light.to_do] == []
    assert sum(light.tone == "danger" for light in found) >= 6


def test_all_lights_cost_three_queries(well):
    channels = list(with_money(Channel.objects.all(), AT))
    with CaptureQueriesContext(connection) as queries:
        health.lights(health.facts(AT, channels=channels, is_paused=False, has_keys=True))
    assert len(queries) <= 3


@pytest.mark.parametrize(
    ("cap_usd", "spent_usd", "tone"),
    [(None, 9, "neutral"), (10, 1, "success"), (10, 8, "warning"), (10, 10, "danger")],
)
def test_the_budget_turns_yellow_at_four_fifths_and_red_when_it_is_gone(cap_usd, spent_usd, tone):
    channel = Channel.objects.filter(status="active").first()
    month = AT.date().replace(day=1)
    Budget.objects.create(channel=channel, valid_from=month, cap_usd=cap_usd)
    Spending.objects.create(channel=channel, month=month, at=AT, kind="post", amount_usd=spent_usd, state="spent")
    light = health.budget(health.facts_from_scratch(AT, has_keys=True))
    assert light.tone == tone
