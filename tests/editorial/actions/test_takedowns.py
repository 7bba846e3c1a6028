"""Gone is what the channel says is gone."""

import datetime as dt

import pytest

from editorial.actions import approval, publishing, takedowns
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelSilent, Figures
from editorial.enums import DeliveryState, PostKind, Role
from editorial.models import Alarm, Delivery, Post
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
RETWEET = {
    "kind": PostKind.RETWEET,
    "retweet_url": "https://x.com/bremen/status/1500000000000000001",
    "text": "Zusammenfassung",
    "source_url": "",
}


def withdrawn(channel, **fields):
    """Published at its slot, withdrawn a minute later."""
    post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - 60 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)
    publishing.tick(channel, at=SLOT)
    approval.withdraw(Post.objects.get(), by=person(), at=SLOT + MINUTE)


def state():
    return Delivery.objects.get().state


@pytest.mark.parametrize("fields", [{}, RETWEET])
def test_it_is_deleted_and_seen_to_be_gone(fields):
    channel = DryRun(clock=lambda: SLOT)
    withdrawn(channel, **fields)
    assert takedowns.carry_out(channel, at=SLOT + MINUTE) == 1
    assert (state(), Delivery.objects.get().deleted_at) == (DeliveryState.DELETED, SLOT + MINUTE)
    assert channel.timeline(None, SLOT) == []


class Stubborn(DryRun):
    """Says that it deleted and shows the post all the same."""

    def delete(self, external_id):
        self.deleted.append(external_id)


def test_a_deletion_without_effect_is_not_believed_and_tried_again():
    channel = Stubborn(clock=lambda: SLOT)
    withdrawn(channel)
    assert takedowns.carry_out(channel, at=SLOT + MINUTE) == 0
    assert takedowns.carry_out(channel, at=SLOT + MINUTE) == 0  # not at once
    assert takedowns.carry_out(channel, at=SLOT + 2 * MINUTE) == 0
    assert (state(), len(channel.deleted)) == (DeliveryState.TAKEDOWN_DUE, 2)


def test_a_look_that_fails_proves_nothing():
    channel = DryRun(clock=lambda: SLOT)
    withdrawn(channel)
    looking = channel.figures

    def fails(external_ids):
        raise ChannelSilent("server_error", http_status=503)

    channel.figures = fails
    assert takedowns.carry_out(channel, at=SLOT + MINUTE) == 0
    channel.figures = lambda external_ids: [Figures(external_ids[0], {}, gone=False)]
    assert takedowns.carry_out(channel, at=SLOT + 2 * MINUTE) == 0
    channel.figures = looking
    assert takedowns.carry_out(channel, at=SLOT + 3 * MINUTE) == 1


def test_after_a_quarter_of_an_hour_there_is_one_alarm_that_ends_with_the_deletion():
    channel = Stubborn(clock=lambda: SLOT)
    withdrawn(channel)
    for minutes in (2, 10, 15, 17, 20):
        takedowns.sound_the_alarm(SLOT + minutes * MINUTE)
    alarm = Alarm.objects.get()
    assert (alarm.opened_at, alarm.closed_at) == (SLOT + 17 * MINUTE, None)
    assert Delivery.objects.get().external_url in alarm.words
    channel.delete = lambda external_id: DryRun.delete(channel, external_id)
    takedowns.carry_out(channel, at=SLOT + 21 * MINUTE)
    assert Alarm.objects.get().closed_at == SLOT + 21 * MINUTE
