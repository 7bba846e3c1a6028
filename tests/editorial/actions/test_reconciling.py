"""What became of an attempt whose end is open."""

import datetime as dt

import pytest

from editorial.actions import approval, publishing, reconciling, scheduling
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelBusy, ChannelRefused, ChannelSilent
from editorial.enums import AttemptOutcome, DeliveryState, Evidence, PostKind, PostState, Reading, Role
from editorial.models import Attempt, Channel, Delivery, MirrorItem, Post, TimelineRead
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
QUARANTINE = 180 * SECOND
LOST = ChannelSilent("no_answer")


class World:
    """One Beitrag on its way, a channel in memory and one clock for both."""

    def __init__(self, **fields):
        self.now = SLOT
        self.channel = DryRun(clock=lambda: self.now)
        post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - 60 * MINUTE)
        approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)

    def send(self):
        publishing.tick(self.channel, at=self.now)

    def look(self, after=QUARANTINE + SECOND):
        self.now += after
        return reconciling.tick(self.channel, at=self.now)

    def prove_absent(self):
        self.look()
        self.look(60 * SECOND)
        return self.look(60 * SECOND)

    @property
    def delivery(self):
        return Delivery.objects.get()

    @property
    def story(self):
        outcomes = list(Attempt.objects.order_by("number").values_list("outcome", flat=True))
        return self.delivery.state, outcomes, len(self.channel.sent)


def test_a_lost_answer_is_found_on_the_timeline_and_nothing_is_sent_again():
    world = World()
    world.channel.fail_next(LOST, after_going_out=True)
    world.send()
    assert world.story == (DeliveryState.UNKNOWN, [AttemptOutcome.UNKNOWN], 1)
    world.look()
    assert world.story == (DeliveryState.PUBLISHED, [AttemptOutcome.PUBLISHED], 1)
    delivery = world.delivery
    assert (delivery.evidence, delivery.published_at) == (Evidence.TIMELINE, SLOT)
    assert TimelineRead.objects.get().result == Reading.FOUND


def test_nobody_looks_before_the_quarantine_is_over():
    world = World()
    world.channel.fail_next(LOST)
    world.send()
    world.look(QUARANTINE - SECOND)
    assert TimelineRead.objects.count() == 0


def test_three_looks_a_minute_apart_prove_it_absent_and_it_goes_out_once_more():
    world = World()
    world.channel.fail_next(LOST)
    world.send()
    for after in (QUARANTINE + SECOND, 60 * SECOND):
        world.look(after)
        world.send()
        assert world.story == (DeliveryState.UNKNOWN, [AttemptOutcome.UNKNOWN], 0)
    assert world.look(60 * SECOND).again == 1
    world.send()
    assert world.story == (DeliveryState.PUBLISHED, [AttemptOutcome.ABSENT, AttemptOutcome.PUBLISHED], 1)


def test_looks_less_than_the_gap_apart_are_not_even_made():
    world = World()
    world.channel.fail_next(LOST)
    world.send()
    world.look()
    for _ in range(10):
        world.look(5 * SECOND)
    assert TimelineRead.objects.count() == 1


def test_a_post_that_appears_late_is_found_by_a_later_look():
    world = World()
    world.channel.fail_next(LOST, after_going_out=True)
    world.send()
    hidden, world.channel._live = world.channel._live, {}
    world.look()
    world.channel._live = hidden
    world.look(60 * SECOND)
    assert world.story == (DeliveryState.PUBLISHED, [AttemptOutcome.PUBLISHED], 1)


def test_a_look_that_failed_says_nothing():
    world = World()
    world.channel.fail_next(LOST)
    world.send()

    class Unreadable(DryRun):
        def timeline(self, since_id=None, start_at=None):
            raise ChannelSilent("server_error", http_status=503)

    readable, world.channel = world.channel, Unreadable()
    for _ in range(4):
        world.look()
    assert list(TimelineRead.objects.values_list("result", flat=True)) == [Reading.FAILED]
    world.channel = readable
    world.look()
    world.look(60 * SECOND)
    assert world.delivery.state == DeliveryState.UNKNOWN
    world.look(60 * SECOND)
    assert world.delivery.state == DeliveryState.SCHEDULED


def test_after_three_tries_a_person_decides():
    world = World()
    for _ in range(3):
        world.channel.fail_next(LOST)
        world.send()
        world.prove_absent()
        world.now += 31 * SECOND
    assert world.story == (DeliveryState.NEEDS_DECISION, [AttemptOutcome.ABSENT] * 3, 0)
    assert Attempt.objects.order_by("number").last().code == "absent_often"


def test_what_is_proved_absent_too_late_goes_to_a_person():
    world = World()
    world.channel.fail_next(LOST)
    world.send()
    world.now += 60 * MINUTE
    world.prove_absent()
    assert world.delivery.state == DeliveryState.NEEDS_DECISION
    assert Attempt.objects.get().code == "absent_late"


def test_a_duplicate_that_is_ours_is_published():
    world = World()
    world.channel.fail_next(ChannelSilent("duplicate", http_status=403), after_going_out=True)
    world.send()
    world.look()
    assert world.story == (DeliveryState.PUBLISHED, [AttemptOutcome.PUBLISHED], 1)


def test_a_duplicate_of_an_older_post_names_that_post():
    world = World()
    world.now = SLOT - 5 * 60 * MINUTE
    older = world.channel.send(publishing._message(world.delivery))
    world.now = SLOT
    world.channel.fail_next(ChannelSilent("duplicate", http_status=403))
    world.send()
    world.look()
    attempt = Attempt.objects.get()
    assert (world.delivery.state, attempt.code) == (DeliveryState.NEEDS_DECISION, "older_post")
    assert attempt.detail == older.url


def test_a_refusal_though_it_is_online_is_found_even_when_the_first_look_failed():
    world = World()
    world.channel.fail_next(ChannelRefused("invalid_request", http_status=400), after_going_out=True)
    hidden = []
    seen = world.channel.timeline
    world.channel.timeline = lambda *args: hidden.append(args) or []
    world.send()
    assert world.delivery.state == DeliveryState.NEEDS_DECISION
    world.channel.timeline = seen
    world.look(61 * SECOND)
    assert world.story == (DeliveryState.PUBLISHED, [AttemptOutcome.REFUSED], 1)


def test_what_was_withdrawn_meanwhile_is_taken_down_when_it_is_found():
    world = World()
    world.channel.fail_next(LOST, after_going_out=True)
    world.send()
    approval.withdraw(Post.objects.get(), by=person(), at=world.now)
    world.look()
    assert world.delivery.state == DeliveryState.TAKEDOWN_DUE
    world.send()
    assert (world.delivery.state, len(world.channel.deleted)) == (DeliveryState.DELETED, 1)


def test_what_was_withdrawn_meanwhile_and_never_appeared_is_given_up():
    world = World()
    world.channel.fail_next(LOST)
    world.send()
    approval.withdraw(Post.objects.get(), by=person(), at=world.now)
    world.prove_absent()
    assert world.story == (DeliveryState.CANCELLED, [AttemptOutcome.ABSENT], 0)


def test_a_dead_sender_is_noticed_and_its_post_looked_up():
    world = World()
    publishing.claim(world.delivery, at=SLOT)
    world.look()
    assert world.delivery.state == DeliveryState.UNKNOWN
    world.look(60 * SECOND)
    world.look(60 * SECOND)
    world.send()
    assert world.story == (DeliveryState.PUBLISHED, [AttemptOutcome.ABSENT, AttemptOutcome.PUBLISHED], 1)


def test_a_locked_or_resting_channel_is_not_asked():
    world = World()
    world.channel.fail_next(LOST, after_going_out=True)
    world.send()
    Channel.objects.update(locked_reason="expired_token")
    world.look()
    Channel.objects.update(locked_reason="", paused_until=world.now + 60 * MINUTE)
    world.look()
    assert (TimelineRead.objects.count(), world.delivery.state) == (0, DeliveryState.UNKNOWN)


def test_a_channel_that_is_busy_during_the_look_is_no_evidence():
    world = World()
    world.channel.fail_next(LOST, after_going_out=True)
    world.send()
    seen = world.channel.timeline

    def busy(*args):
        raise ChannelBusy(world.now + 15 * MINUTE)

    world.channel.timeline = busy
    world.look()
    assert TimelineRead.objects.get().result == Reading.FAILED
    world.channel.timeline = seen
    world.look()
    assert world.delivery.state == DeliveryState.PUBLISHED


def test_a_retweet_is_found_by_its_original():
    url = "https://x.com/bremen/status/1500000000000000001"
    world = World(kind=PostKind.RETWEET, retweet_url=url, text="Zusammenfassung", source_url="")
    world.channel.fail_next(LOST, after_going_out=True)
    world.send()
    assert world.delivery.state == DeliveryState.UNKNOWN
    world.look()
    assert (world.delivery.state, world.channel.retweeted) == (DeliveryState.PUBLISHED, [url])


def test_a_fresh_look_for_a_person_finds_it_or_says_that_it_is_not_there():
    world = World()
    world.channel.fail_next(ChannelRefused("forbidden", http_status=403))
    world.send()
    assert reconciling.look_now(world.delivery, world.channel, at=world.now) == Reading.ABSENT
    assert world.delivery.state == DeliveryState.NEEDS_DECISION
    world.channel.send(publishing._message(world.delivery))
    assert reconciling.look_now(world.delivery, world.channel, at=world.now) == Reading.FOUND
    assert world.delivery.state == DeliveryState.PUBLISHED


def test_the_mirror_keeps_what_is_looked_up():
    world = World()
    world.channel.fail_next(LOST)
    world.send()
    world.prove_absent()
    assert MirrorItem.objects.visible().count() == 1
    scheduling.hold(Post.objects.get(), "Rückfrage", by=person(), at=world.now)
    assert (world.delivery.state, Post.objects.get().state) == (DeliveryState.CANCELLED, PostState.APPROVED)
