"""Once a day: log-in, clock, promises."""

import dataclasses
import datetime as dt

import pytest

from editorial import pulse
from editorial.actions import pausing, self_test
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelLocked, ChannelSilent
from editorial.models import Alarm, Channel, Heartbeat
from tests.factories import DeliveryFactory, person

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


class Counting(DryRun):
    """Counts how often it is asked who we are; ``error`` is its answer, ``ahead_s`` how far our clock is ahead."""

    def __init__(self, error=None, ahead_s=None):
        super().__init__(clock=lambda: NOW)
        self.asked, self.error, self.ahead_s = 0, error, ahead_s

    def account(self):
        self.asked += 1
        if self.error:
            raise self.error
        return dataclasses.replace(super().account(), clock_ahead_s=self.ahead_s)


def test_it_is_done_once_a_day():
    line = Counting()
    for hours in range(25):
        self_test.run_if_due(line, at=NOW + hours * HOUR)
    assert line.asked == 2
    assert Heartbeat.objects.get(name=self_test.LOGIN).detail == "@probe"


def test_a_refused_log_in_locks_the_channel_with_one_alarm():
    line = Counting(ChannelLocked("expired_token", http_status=401))
    for hours in range(3):
        self_test.run_if_due(line, at=NOW + hours * HOUR)
    assert line.asked == 1
    assert Channel.objects.exclude(locked_reason="").get().locked_reason == "expired_token"
    alarm = Alarm.objects.get()
    assert "Schlüssel des Zugangs erneuern" in alarm.words
    pausing.unlock(Channel.objects.exclude(locked_reason="").get(), by=person(), at=NOW + 3 * HOUR)
    assert Alarm.objects.get().closed_at == NOW + 3 * HOUR


def test_a_channel_that_does_not_answer_is_asked_again_after_an_hour():
    line = Counting(ChannelSilent())
    self_test.run_if_due(line, at=NOW)
    line.error = None
    self_test.run_if_due(line, at=NOW + HOUR)
    assert line.asked == 2
    assert pulse.age(self_test.LOGIN, NOW + HOUR) == dt.timedelta()
    assert Alarm.objects.count() == 0


@pytest.mark.parametrize(("ahead_s", "way"), [(90.0, "90 Sekunden vor"), (-120.4, "120 Sekunden nach")])
def test_a_wrong_clock_is_told_before_the_channel_refuses_it(ahead_s, way):
    self_test.run_if_due(Counting(ahead_s=ahead_s), at=NOW)
    assert way in Alarm.objects.get().words
    self_test.run_if_due(Counting(ahead_s=1.0), at=NOW + 24 * HOUR)
    assert Alarm.objects.get().closed_at == NOW + 24 * HOUR


def test_a_broken_promise_is_told_with_its_rows():
    delivery = DeliveryFactory(slot=NOW - 3 * HOUR)
    self_test.run_if_due(None, at=NOW)
    assert f"Ausspielung {delivery.pk}" in Alarm.objects.get().words
    assert pulse.age(self_test.PROMISES, NOW) is None


def test_without_keys_there_is_no_log_in_to_test():
    assert self_test.run_if_due(None, at=NOW)
    assert not Heartbeat.objects.filter(name=self_test.LOGIN).exists()
    assert not self_test.run_if_due(None, at=NOW + HOUR)
