"""What is asked again between the claim and the call, and at the edges of time."""

import datetime as dt

import pytest

from editorial.actions import approval, drafting, mirroring, pausing, publishing, scheduling
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelRefused, ChannelUnreached, Message
from editorial.enums import DeliveryState, Role
from editorial.models import Attempt, Delivery, MirrorItem, Post
from editorial.rules import Situation
from editorial.rules.consent import everyone_shown_has_consented
from editorial.workflow import StepRefused
from tests.factories import ConsentFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)


def due(**fields):
    post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - 60 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)
    return post.deliveries.get()


def test_a_pause_that_begins_between_claim_and_call_stops_the_call():
    delivery, attempt = publishing.claim(due(), at=SLOT)
    pausing.switch_off("Probe", at=SLOT)
    channel = DryRun(clock=lambda: SLOT)
    assert publishing._call_and_settle(delivery, attempt, channel, at=SLOT) == DeliveryState.SCHEDULED
    assert channel.sent == []


@pytest.mark.parametrize("fields", [(), ("consents",)])
def test_a_withdrawal_between_claim_and_call_stops_the_call(fields):
    delivery, attempt = publishing.claim(due(**{name: [ConsentFactory()] for name in fields}), at=SLOT)
    approval.withdraw(Post.objects.get(), by=person(), at=SLOT)
    channel = DryRun(clock=lambda: SLOT)
    publishing._call_and_settle(delivery, attempt, channel, at=SLOT)
    assert channel.sent == []


@pytest.mark.parametrize(("seconds", "expected"), [(0, DeliveryState.PUBLISHED), (1, DeliveryState.MISSED)])
def test_the_last_moment_to_be_sent_is_exactly_the_end_of_the_grace(seconds, expected):
    due()
    moment = SLOT + 60 * MINUTE + dt.timedelta(seconds=seconds)
    publishing.tick(DryRun(clock=lambda: moment), at=moment)
    assert Delivery.objects.get().state == expected


@pytest.mark.parametrize("past", ["the wall", "an edit"])
def test_what_is_not_what_was_approved_is_never_sent(past):
    delivery, channel = due(), DryRun(clock=lambda: SLOT)
    if past == "the wall":  # somebody wrote into the database
        Post.objects.update(text="Etwas ganz anderes.")
    else:
        drafting.save(delivery.post, {"text": "Etwas ganz anderes."}, by=person(), at=SLOT - MINUTE)
    for minutes in (0, 5, 61):
        publishing.tick(channel, at=SLOT + minutes * MINUTE)
    assert channel.sent == []
    assert Delivery.objects.get().state in (DeliveryState.BLOCKED, DeliveryState.CANCELLED)


def test_what_was_approved_for_a_moment_that_has_passed_is_never_sent_later():
    due()
    late = SLOT + 61 * MINUTE
    channel = DryRun(clock=lambda: late)
    for minutes in (0, 5, 600):
        publishing.tick(channel, at=late + minutes * MINUTE)
    with pytest.raises(StepRefused):
        scheduling.schedule(Post.objects.get(), SLOT, by=person(), at=late)
    with pytest.raises(StepRefused):
        scheduling.send_now(Post.objects.get(), by=person(), at=late)
    assert channel.sent == []


def test_a_picture_that_is_not_the_approved_one_any_more_is_not_sent():
    medium = MediumFactory()
    due(media=[medium])
    with medium.file.storage.open(medium.file.name, "wb") as file:
        file.write(b"etwas anderes")
    channel = DryRun(clock=lambda: SLOT)
    publishing.tick(channel, at=SLOT)
    assert (Delivery.objects.get().state, channel.sent) == (DeliveryState.NEEDS_DECISION, [])
    assert Attempt.objects.get().code == "media.file_missing"


def test_an_older_post_with_the_same_words_does_not_make_a_refused_one_published():
    delivery, moment = due(), [SLOT - dt.timedelta(seconds=30)]
    channel = DryRun(clock=lambda: moment[0])
    channel.send(Message(text=delivery.post.message_text))
    moment[0] = SLOT
    channel.fail_next(ChannelRefused("forbidden", http_status=403))
    publishing.tick(channel, at=SLOT)
    assert Delivery.objects.get().state == DeliveryState.NEEDS_DECISION


@pytest.mark.parametrize(("days_late", "expected"), [(0, []), (1, ["consent.not_valid"])])
def test_a_late_post_needs_a_consent_for_the_day_it_really_goes_out(days_late, expected):
    post = PostFactory(slot=SLOT, consents=[ConsentFactory(valid_until=SLOT.date())])
    situation = Situation(at=SLOT + dt.timedelta(days=days_late), slot=SLOT)
    assert [objection.code for objection in everyone_shown_has_consented(post, situation)] == expected


def test_a_channel_out_of_reach_is_tried_ever_more_rarely():
    due()
    channel, waits = DryRun(clock=lambda: SLOT), []
    moment = SLOT
    for _ in range(5):
        channel.fail_next(ChannelUnreached())
        publishing.tick(channel, at=moment)
        waits.append((Delivery.objects.get().not_before - moment).total_seconds())
        moment = Delivery.objects.get().not_before
    assert waits == [30, 120, 300, 600, 600]


def test_the_mirror_shows_nothing_new_during_a_pause():
    due()
    pausing.switch_off("Probe", at=SLOT)
    assert mirroring.show_due(SLOT) == 0
    pausing.switch_on(at=SLOT + MINUTE)
    assert mirroring.show_due(SLOT + MINUTE) == 1


def test_what_is_moved_to_a_later_slot_leaves_the_mirror_until_then():
    delivery = due()
    mirroring.show_due(SLOT)
    moved = scheduling.reschedule(delivery.post, SLOT + 120 * MINUTE, by=person(), at=SLOT + MINUTE)
    assert MirrorItem.objects.visible().count() == 0
    approval.approve(moved, by=person(Role.GF), seen_digest=moved.digest(), at=SLOT + 2 * MINUTE)
    assert mirroring.show_due(SLOT + 119 * MINUTE) == 0
    assert mirroring.show_due(SLOT + 120 * MINUTE) == 1
    assert MirrorItem.objects.visible().get().shown_from == SLOT + 120 * MINUTE
