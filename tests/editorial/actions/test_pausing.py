import datetime as dt

import pytest

from editorial.actions import approval, pausing, publishing
from editorial.channels.dry_run import DryRun
from editorial.enums import DeliveryState, Role
from editorial.models import AuditEntry, Channel, Delivery, SendPause
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_pause_says_why(reason):
    with pytest.raises(ValueError, match="Grund"):
        pausing.switch_off(reason, at=NOW)


def test_a_pause_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="Vergangenheit"):
        pausing.switch_off("Probe", until=NOW, at=NOW)
    assert SendPause.objects.count() == 0


@pytest.mark.parametrize("until", [None, NOW + 5 * HOUR])
def test_who_asks_for_a_longer_pause_gets_it(until):
    pausing.switch_off("Wartung", until=NOW + HOUR, at=NOW)
    pausing.switch_off("Falschmeldung", until=until, at=NOW + MINUTE)
    assert pausing.active_pause(NOW + 4 * HOUR).reason == "Falschmeldung"
    assert SendPause.objects.active(NOW + 2 * MINUTE).count() == 1


@pytest.mark.parametrize("until", [None, NOW + 5 * HOUR])
def test_a_shorter_pause_shortens_none(until):
    first = pausing.switch_off("Falschmeldung", until=until, at=NOW)
    assert pausing.switch_off("Wartung", until=NOW + HOUR, at=NOW + MINUTE) == first
    assert SendPause.objects.get() == first


def test_switching_on_ends_every_pause_there_is():
    for reason in ("eins", "zwei"):
        SendPause.objects.create(started_at=NOW, reason=reason)
    assert pausing.switch_on(at=NOW + MINUTE)
    assert pausing.active_pause(NOW + MINUTE) is None
    assert not pausing.switch_on(at=NOW + 2 * MINUTE)
    assert AuditEntry.objects.filter(step="publishing_on").count() == 2


def test_what_is_approved_after_a_pause_goes_out_at_once_although_its_slot_lay_in_it():
    post = approval.submit(PostFactory(slot=NOW + 20 * MINUTE), by=person(), at=NOW)
    pausing.switch_off("Probe", at=NOW)
    pausing.switch_on(at=NOW + 30 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=NOW + 35 * MINUTE)
    publishing.tick(DryRun(clock=lambda: NOW), at=NOW + 36 * MINUTE)
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


@pytest.mark.parametrize(("before", "expected"), [(59, DeliveryState.BLOCKED), (61, DeliveryState.MISSED)])
def test_what_was_due_just_before_a_pause_and_not_sent_yet_belongs_to_it(before, expected):
    slot = NOW - before * MINUTE
    post = approval.submit(PostFactory(slot=slot), by=person(), at=slot - HOUR)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=slot - HOUR)
    pausing.switch_off("Probe", at=NOW)
    publishing.tick(DryRun(clock=lambda: NOW), at=NOW)
    assert Delivery.objects.get().state == expected


def test_what_is_due_after_a_pause_waits_for_its_slot():
    post = approval.submit(PostFactory(slot=NOW + 5 * HOUR), by=person(), at=NOW)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=NOW)
    pausing.switch_off("Probe", until=NOW + HOUR, at=NOW)
    for hour in range(6):
        publishing.tick(DryRun(clock=lambda: NOW), at=NOW + hour * HOUR)
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED


def test_a_channel_is_given_free_with_the_reason_it_was_locked_for_in_the_record():
    Channel.objects.filter(slug="x").update(locked_reason="expired_token", locked_at=NOW, paused_until=NOW + HOUR)
    stale = Channel(pk=Channel.objects.get(slug="x").pk)
    pausing.unlock(stale, by=person(), at=NOW)
    channel = Channel.objects.get(slug="x")
    assert (channel.locked_reason, channel.locked_at, channel.paused_until) == ("", None, None)
    assert AuditEntry.objects.get(step="unlock_channel").note == "expired_token"
