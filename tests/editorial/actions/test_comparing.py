"""What people did on the channel by hand."""

import dataclasses
import datetime as dt

import pytest

from editorial.actions import approval, comparing, publishing
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelSilent
from editorial.enums import DeliveryState, PostKind, Role
from editorial.models import Alarm, Attempt, AuditEntry, Delivery
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LINK = "https://www.jobcenter-bremen.de/termine"


@pytest.fixture
def channel():
    return DryRun(clock=lambda: SLOT)


def published(channel, **fields):
    post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - HOUR)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - HOUR)
    publishing.tick(channel, at=SLOT)
    return Delivery.objects.get(post=post)


def change_on(channel, delivery, **changes):
    """Somebody edits it on the channel: there it gets another number."""
    entry = channel._live.pop(delivery.external_id)
    number = str(int(delivery.external_id) + 1)
    channel._live[number] = dataclasses.replace(entry, external_id=number, **changes)


def test_what_stands_there_as_sent_is_no_news(channel):
    published(channel)
    assert comparing.compare(channel, at=SLOT + HOUR) == 0


def test_a_post_deleted_by_hand_is_noted_once_and_never_sent_again(channel):
    delivery = published(channel)
    channel._live.clear()
    assert comparing.compare(channel, at=SLOT + HOUR) == 1
    assert comparing.compare(channel, at=SLOT + 2 * HOUR) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.gone_at) == (DeliveryState.PUBLISHED, SLOT + HOUR)
    assert AuditEntry.objects.filter(step="notice", note="gone").count() == 1
    publishing.tick(channel, at=SLOT + 2 * HOUR)
    assert (len(channel.sent), Attempt.objects.count()) == (1, 1)


def test_a_retweet_taken_back_by_hand_is_noted(channel):
    url = "https://x.com/bremen/status/1500000000000000001"
    delivery = published(channel, kind=PostKind.RETWEET, retweet_url=url, text="Zusammenfassung", source_url="")
    assert comparing.compare(channel, at=SLOT + HOUR) == 0
    channel._live.clear()
    assert comparing.compare(channel, at=SLOT + HOUR) == 1
    delivery.refresh_from_db()
    assert delivery.gone_at == SLOT + HOUR


def test_what_only_the_timeline_leaves_out_is_not_gone(channel):
    published(channel)
    channel.timeline = lambda *args: []
    assert comparing.compare(channel, at=SLOT + HOUR) == 0


def test_a_text_changed_by_hand_is_kept_beside_the_approved_one(channel):
    delivery = published(channel, text=f"Neue Zeiten: {LINK}")
    change_on(channel, delivery, text="Falsche Zeiten")
    assert comparing.compare(channel, at=SLOT + HOUR) == 1
    assert comparing.compare(channel, at=SLOT + 2 * HOUR) == 0
    delivery.refresh_from_db()
    assert (delivery.altered_text, delivery.altered_at, delivery.gone_at) == ("Falsche Zeiten", SLOT + HOUR, None)
    assert delivery.post.text == f"Neue Zeiten: {LINK}"


def test_a_changed_text_under_the_same_number_is_noticed_as_well(channel):
    delivery = published(channel)
    entry = channel._live[delivery.external_id]
    channel._live[delivery.external_id] = dataclasses.replace(entry, text="Etwas anderes")
    assert comparing.compare(channel, at=SLOT + HOUR) == 1


def test_the_same_post_twice_sets_off_one_alarm_until_one_is_gone(channel):
    delivery = published(channel, text=f"Neue Zeiten: {LINK}")
    channel.clock = lambda: SLOT + HOUR
    again = channel.send(publishing._message(delivery))
    for hours in (2, 3):
        comparing.compare(channel, at=SLOT + hours * HOUR)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.closed_at) == (comparing.TWICE, None)
    channel._live.pop(again.external_id)
    comparing.compare(channel, at=SLOT + 4 * HOUR)
    assert Alarm.objects.get().closed_at == SLOT + 4 * HOUR


def test_what_was_just_published_may_still_be_on_its_way(channel):
    published(channel)
    channel._live.clear()
    assert comparing.compare(channel, at=SLOT + dt.timedelta(minutes=14)) == 0


def test_a_timeline_that_cannot_be_read_says_nothing(channel):
    published(channel)

    def fails(*args):
        raise ChannelSilent("server_error", http_status=503)

    channel.timeline = fails
    assert comparing.compare(channel, at=SLOT + HOUR) is None
    assert Delivery.objects.get().gone_at is None
