"""What must not happen when something nobody foresaw does: one in the way of all, an answer that comes too late."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from editorial import invariants
from editorial.actions import (
    approval,
    by_hand,
    comparing,
    mirroring,
    pausing,
    publishing,
    reconciling,
    sender_lock,
    settling,
    takedowns,
)
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import (
    ChannelBusy,
    ChannelLocked,
    ChannelSilent,
    ChannelUnreached,
    Receipt,
    TimelineEntry,
)
from editorial.enums import AttemptOutcome, DeliveryState, Evidence, Payment, Role
from editorial.models import Alarm, Attempt, AuditEntry, Channel, Delivery, MirrorItem, Post, Spending
from editorial.workflow import StepRefused
from tests.factories import MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)


def plan(text="Neue Zeiten.", slot=SLOT, **fields):
    post = approval.submit(PostFactory(text=text, slot=slot, **fields), by=person(), at=SLOT - 60 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)
    return Delivery.objects.get(post=post)


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


class Poisoned:
    """Something in this text makes the program stumble, every time."""

    def __init__(self, real):
        self.real = real

    def __call__(self, post, **options):
        if post.text == "Gift.":
            raise ZeroDivisionError
        return self.real(post, **options)


def test_one_that_makes_the_program_stumble_keeps_no_other_from_website_and_channel(monkeypatch):
    plan("Gift.")
    plan("Neue Zeiten.")
    monkeypatch.setattr(mirroring, "show", Poisoned(mirroring.show))
    channel = DryRun(clock=lambda: SLOT)
    tally = publishing.tick(channel, at=SLOT)
    assert (tally.shown, tally.sent, states()) == (1, 1, ["scheduled", "published"])
    assert [item.text for item in MirrorItem.objects.visible()] == ["Neue Zeiten."]
    publishing.tick(channel, at=SLOT + 61 * MINUTE)
    assert states() == ["missed", "published"]


def test_one_that_cannot_be_looked_up_keeps_no_other_from_being_found(monkeypatch):
    plan("Gift.")
    plan("Neue Zeiten.")
    channel = DryRun(clock=lambda: SLOT)
    for _ in range(2):
        channel.fail_next(ChannelSilent(), after_going_out=True)
    publishing.tick(channel, at=SLOT)
    real = settling.own_entry

    def stumbles(delivery, *rest):
        if delivery.post.text == "Gift.":
            raise ZeroDivisionError
        return real(delivery, *rest)

    monkeypatch.setattr(settling, "own_entry", stumbles)
    reconciling.tick(channel, at=SLOT + 4 * MINUTE)
    assert states() == ["unknown", "published"]


def test_nothing_is_claimed_after_its_grace_however_long_the_run_before_it_took():
    delivery = plan()
    with pytest.raises(StepRefused, match=r"slot\.past"):
        publishing.claim(delivery, at=SLOT + 60 * MINUTE + SECOND)
    late = SLOT + 60 * MINUTE + SECOND
    assert publishing.send(delivery.pk, DryRun(clock=lambda: late), at=late) == DeliveryState.SCHEDULED
    publishing.tick(None, at=late)
    assert states() == ["missed"]


def test_what_is_on_time_goes_out_however_much_is_late():
    for number in range(publishing.SEEN_AT_ONCE + 1):
        plan(f"Spät {number}.", slot=SLOT - 30 * MINUTE)
    plan("Pünktlich.")
    channel = DryRun(clock=lambda: SLOT)
    publishing.tick(channel, at=SLOT)
    assert [message.text for message in channel.sent] == ["Pünktlich.", "Spät 0."]


def test_of_what_is_late_the_next_goes_where_the_first_makes_the_program_stumble(monkeypatch):
    for text, minutes in (("Gift.", 30), ("Spät.", 29), ("Auch spät.", 28)):
        plan(text, slot=SLOT - minutes * MINUTE)
    monkeypatch.setattr(mirroring, "show", Poisoned(mirroring.show))
    channel = DryRun(clock=lambda: SLOT)
    publishing.tick(channel, at=SLOT)
    assert [message.text for message in channel.sent] == ["Spät."]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_what_is_late_nothing_goes_beside_the_one_that_another_sender_has_in_hand():
    first = plan("Spät.", slot=SLOT - 30 * MINUTE)
    plan("Auch spät.", slot=SLOT - 29 * MINUTE)
    channel, lock = DryRun(clock=lambda: SLOT), sender_lock.holding(first.pk)
    with ThreadPoolExecutor(1) as another:
        assert another.submit(lock.__enter__).result()
        publishing.send_due(channel, at=SLOT)
        another.submit(lock.__exit__, None, None, None).result()
        another.submit(sender_lock.let_go).result()
    assert channel.sent == []


class SlowWithPictures(DryRun):
    """Something happens while it takes the pictures; then it asks, as the real one does."""

    def __init__(self, happening, **options):
        super().__init__(**options)
        self.happening = happening

    def send(self, message):
        self.happening()
        if message.is_still_wanted is not None and not message.is_still_wanted():
            raise ChannelUnreached("called_off")
        return super().send(message)


@pytest.mark.parametrize(
    ("happening", "expected"),
    [
        (lambda: None, DeliveryState.PUBLISHED),
        (lambda: pausing.switch_off("Probe", at=SLOT), DeliveryState.SCHEDULED),
        (lambda: approval.withdraw(Post.objects.get(), by=person(), at=SLOT), DeliveryState.SCHEDULED),
    ],
)
def test_what_ends_while_the_pictures_are_on_their_way_stops_the_post(happening, expected):
    delivery = plan(media=[MediumFactory()])
    channel = SlowWithPictures(happening, clock=lambda: SLOT)
    assert publishing.send(delivery.pk, channel, at=SLOT) == expected
    assert len(channel.sent) == (expected == DeliveryState.PUBLISHED)


def given_up_for_dead(delivery):
    """Claimed; the sender's lock was lost with its session, and three looks found nothing."""
    claimed, attempt = publishing.claim(delivery, at=SLOT)
    nothing = DryRun(clock=lambda: SLOT)
    for minutes in (4, 5, 6):
        reconciling.tick(nothing, at=SLOT + minutes * MINUTE)
    assert (states(), Attempt.objects.get().outcome) == (["scheduled"], AttemptOutcome.ABSENT)
    return claimed, attempt


def receipt(number="1600000000000000001"):
    return Receipt(number, SLOT, f"https://x.com/i/status/{number}")


def test_an_answer_that_comes_after_all_counts_and_nothing_is_sent_again():
    claimed, attempt = given_up_for_dead(plan())
    late = SLOT + 7 * MINUTE
    state = settling.published(claimed, attempt, receipt(), at=late, evidence=Evidence.ANSWER)
    assert state == DeliveryState.PUBLISHED
    assert Spending.objects.get().state == Payment.SPENT
    channel = DryRun(clock=lambda: late)
    publishing.tick(channel, at=late)
    assert channel.sent == []


def test_a_failure_that_comes_after_all_leaves_the_next_attempt_alone():
    claimed, attempt = given_up_for_dead(plan())
    publishing.claim(claimed, at=SLOT + 7 * MINUTE)
    for error in (ChannelUnreached(), ChannelSilent()):
        with pytest.raises(StepRefused):
            settling.failed(claimed, attempt, error, at=SLOT + 7 * MINUTE)
    assert states() == ["sending"]
    assert list(Attempt.objects.values_list("outcome", flat=True)) == ["absent", "started"]


@pytest.mark.breaks("I8")
def test_a_second_one_on_the_channel_is_told_to_a_person():
    delivery = plan()

    class Overtaken(DryRun):
        def send(self, message):
            Delivery.objects.update(state="published", external_id="1600000000000000009", evidence="answer")
            return super().send(message)

    assert publishing.send(delivery.pk, Overtaken(clock=lambda: SLOT), at=SLOT) == DeliveryState.PUBLISHED
    words = Alarm.objects.get(kind=comparing.TWICE).words
    told = AuditEntry.objects.get(step="find_twin")
    assert (told.subject_id, told.note in words) == (delivery.pk, True)
    assert Delivery.objects.get().external_id == "1600000000000000009"


def test_what_a_person_was_asked_to_send_is_not_sent_by_a_tick_that_looked_before():
    delivery = plan()
    Channel.objects.update(posts_by_hand=True)
    channel = DryRun(clock=lambda: SLOT)
    assert publishing.send(delivery.pk, channel, at=SLOT) == DeliveryState.SCHEDULED
    assert channel.sent == []


def test_what_a_person_may_have_sent_already_waits_for_a_decision_when_the_application_takes_over():
    plan()
    plan("Erst später.", slot=SLOT + 30 * MINUTE)
    channel = Channel.objects.get(slug="x")
    by_hand.switch(channel, True, by=person(Role.ADMIN), at=SLOT - MINUTE)
    by_hand.switch(channel, False, by=person(Role.ADMIN), at=SLOT + 5 * MINUTE)
    sent = DryRun(clock=lambda: SLOT + 5 * MINUTE)
    publishing.tick(sent, at=SLOT + 5 * MINUTE)
    assert (states(), sent.sent) == (["blocked", "scheduled"], [])
    assert invariants.broken(SLOT + 5 * MINUTE) == []


def withdrawn(channel):
    plan()
    publishing.tick(channel, at=SLOT)
    approval.withdraw(Post.objects.get(), by=person(), at=SLOT)


def test_a_deletion_waits_out_the_channels_limit():
    channel = DryRun(clock=lambda: SLOT)
    withdrawn(channel)
    channel.fail_next(ChannelBusy(SLOT + 12 * MINUTE))
    takedowns.carry_out(channel, at=SLOT)
    assert takedowns.carry_out(channel, at=SLOT + 11 * MINUTE) == 0
    assert takedowns.carry_out(channel, at=SLOT + 12 * MINUTE) == 1


def test_a_deletion_that_meets_a_locked_account_is_told_at_once_and_not_asked_in_a_loop():
    channel = DryRun(clock=lambda: SLOT)
    withdrawn(channel)
    channel.fail_next(ChannelLocked("expired_token", http_status=401))
    takedowns.carry_out(channel, at=SLOT)
    assert (Channel.objects.get(slug="x").locked_reason, Alarm.objects.count()) == ("expired_token", 1)
    assert takedowns.carry_out(channel, at=SLOT + 4 * MINUTE) == 0
    assert takedowns.carry_out(channel, at=SLOT + 5 * MINUTE) == 1


def test_what_is_taken_down_while_the_channel_is_compared_stops_no_comparison():
    channel = DryRun(clock=lambda: SLOT)
    plan()
    publishing.tick(channel, at=SLOT)
    published = Delivery.objects.get()

    def timeline(since_id=None, start_at=None):
        approval.withdraw(Post.objects.get(), by=person(), at=SLOT)
        return [TimelineEntry(published.external_id, SLOT, "Von Hand geändert.")]

    channel.timeline = timeline
    assert comparing.compare(channel, at=SLOT + 60 * MINUTE) == 0
    assert states() == ["takedown_due"]
