"""After an outage: one at a time, soonest first, and what is on time does not wait for it."""

import datetime as dt

import pytest

from editorial.actions import approval, publishing
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelUnreached
from editorial.enums import DeliveryState, Role
from editorial.models import Channel, Delivery
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def plan(slot, text):
    post = approval.submit(PostFactory(slot=slot, text=text), by=person(), at=SLOT - 60 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)
    return Delivery.objects.get(post=post)


class Outage:
    """Three Beiträge fell due while nothing ran; ``up_at`` is when the first tick comes again."""

    def __init__(self, *slots):
        self.now = SLOT
        self.channel = DryRun(clock=lambda: self.now)
        for slot in slots:
            plan(slot, f"Beitrag für {slot:%H:%M}")

    def tick(self, at):
        self.now = at
        publishing.tick(self.channel, at=at)
        return [message.text[-5:] for message in self.channel.sent]


def test_what_fell_due_during_an_outage_goes_out_one_in_ten_minutes():
    outage = Outage(SLOT, SLOT + MINUTE, SLOT + 2 * MINUTE)
    up = SLOT + 10 * MINUTE
    assert outage.tick(up) == ["08:00"]
    assert outage.tick(up + 9 * MINUTE) == ["08:00"]
    assert outage.tick(up + 10 * MINUTE) == ["08:00", "08:01"]
    assert outage.tick(up + 20 * MINUTE) == ["08:00", "08:01", "08:02"]


def test_what_is_on_time_does_not_wait_for_the_backlog():
    outage = Outage(SLOT, SLOT + MINUTE, SLOT + 10 * MINUTE)
    assert outage.tick(SLOT + 10 * MINUTE) == ["08:10", "08:00"]


def test_two_in_the_same_minute_are_no_backlog():
    outage = Outage(SLOT, SLOT)
    assert outage.tick(SLOT + dt.timedelta(seconds=59)) == ["08:00", "08:00"]


def test_an_approval_after_the_slot_is_on_time_from_its_own_moment_on():
    outage = Outage(SLOT, SLOT + MINUTE)
    Delivery.objects.update(created_at=SLOT + 10 * MINUTE)
    assert len(outage.tick(SLOT + 10 * MINUTE)) == 2


def test_pacing_can_be_switched_off(settings):
    settings.PUBLISH_CATCH_UP_GAP_S = 0
    outage = Outage(SLOT, SLOT + MINUTE, SLOT + 2 * MINUTE)
    assert len(outage.tick(SLOT + 10 * MINUTE)) == 3


def test_what_never_left_the_house_does_not_hold_up_the_next():
    outage = Outage(SLOT, SLOT + MINUTE)
    outage.channel.fail_next(ChannelUnreached())
    assert outage.tick(SLOT + 10 * MINUTE) == ["08:01"]


def test_what_is_past_the_grace_is_not_caught_up_at_all():
    outage = Outage(SLOT, SLOT + 50 * MINUTE)
    assert outage.tick(SLOT + 61 * MINUTE) == ["08:50"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.MISSED, DeliveryState.PUBLISHED}


def test_a_channel_posted_by_hand_is_left_alone():
    outage = Outage(SLOT)
    Channel.objects.update(posts_by_hand=True)
    assert outage.tick(SLOT) == []
    assert Delivery.objects.get().state == DeliveryState.SCHEDULED
