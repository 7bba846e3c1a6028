"""Two people, or a person and the clock, at the same moment."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from editorial import workflow
from editorial.actions import (
    approval,
    drafting,
    looking,
    mirroring,
    publishing,
    reconciling,
    scheduling,
    sender_lock,
    settling,
)
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelSilent, ChannelUnreached
from editorial.enums import AttemptOutcome, DeliveryState, PostState, Role
from editorial.models import Alarm, Approval, Attempt, AuditEntry, Delivery, Look, MirrorItem, Post
from tests.factories import MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
for_real = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def due(**fields):
    """A Beitrag that went the whole way and whose slot has come."""
    post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - 60 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)
    return post.deliveries.get()


def at_once(*jobs):
    """Run each in a thread with a connection of its own; returns what went wrong."""
    errors = []

    def run(job):
        try:
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors


def test_what_is_handed_in_is_the_text_as_it_stands_now_not_as_it_was_on_the_screen():
    post = PostFactory(text="Alt: https://www.jobcenter-bremen.de/alt")
    seen = Post.objects.get(pk=post.pk)
    drafting.save(post, {"text": "Neu: https://www.jobcenter-bremen.de/neu"}, by=person())
    handed_in = approval.submit(seen, by=person())
    assert handed_in.message_text == f"Neu: https://www.jobcenter-bremen.de/neu?t={handed_in.link_token}"


@for_real
def test_a_withdrawal_at_the_moment_of_the_claim_neither_fails_nor_lets_it_out():
    delivery, by, has_begun = due(), person(), threading.Event()
    channel = DryRun(clock=lambda: SLOT)

    def withdraw():
        with transaction.atomic():
            post = workflow.take("withdraw", delivery.post, by=by, at=SLOT)
            has_begun.set()
            time.sleep(0.5)  # time enough for the sender to take its own locks
            scheduling.void_approval(post, by=by, at=SLOT, note="withdraw")

    def send():
        assert has_begun.wait(10)
        publishing.send(delivery.pk, channel, at=SLOT)

    assert at_once(withdraw, send) == []
    assert channel.sent == []
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


@for_real
def test_a_withdrawal_while_the_outcome_is_stored_still_takes_the_post_down():
    delivery, by, has_begun = due(), person(), threading.Event()

    def withdraw():
        with transaction.atomic():
            approval.withdraw(delivery.post, by=by, at=SLOT)
            has_begun.set()
            time.sleep(0.5)

    class Slow(DryRun):
        def send(self, message):
            receipt = super().send(message)
            withdrawing.start()
            assert has_begun.wait(10)
            return receipt

    withdrawing = threading.Thread(target=lambda: (withdraw(), connection.close()))
    publishing.send(delivery.pk, Slow(clock=lambda: SLOT), at=SLOT)
    withdrawing.join(30)
    assert (Post.objects.get().state, Delivery.objects.get().state) == (
        PostState.WITHDRAWN,
        DeliveryState.TAKEDOWN_DUE,
    )


def test_what_is_withdrawn_or_held_just_before_the_mirror_shows_it_stays_hidden():
    held, withdrawn = due(), due()
    waiting = [held.pk, withdrawn.pk]
    scheduling.hold(held.post, "Rückfrage", by=person(), at=SLOT)
    approval.withdraw(withdrawn.post, by=person(), at=SLOT)
    assert mirroring.show_if_due(waiting, SLOT) == 0
    assert MirrorItem.objects.count() == 0


def test_what_falls_due_while_a_tick_is_running_is_on_the_mirror_before_it_is_sent():
    delivery = due()
    seen = []

    class Watching(DryRun):
        def send(self, message):
            seen.append(MirrorItem.objects.visible().count())
            return super().send(message)

    mirroring.show_due(SLOT - MINUTE)  # the tick's own look at the mirror came a moment too early
    publishing.send_due(Watching(clock=lambda: SLOT), at=SLOT)
    assert (seen, MirrorItem.objects.get().post_id) == ([1], delivery.post_id)


def test_a_picture_described_anew_while_its_post_is_on_the_way_is_not_sent_with_either_text():
    medium = MediumFactory()
    delivery = due(media=[medium])
    delivery, attempt = publishing.claim(delivery, at=SLOT)
    type(medium).objects.update(alt_text="Nie freigegeben")
    channel = DryRun(clock=lambda: SLOT)
    publishing._call_and_settle(delivery, attempt, channel, at=SLOT)
    assert channel.sent == []
    assert Delivery.objects.get().state == DeliveryState.SCHEDULED


def test_what_is_blocked_at_the_claim_is_not_left_on_the_mirror():
    medium = MediumFactory()
    delivery = due(media=[medium])
    delivery.channel.__class__.objects.update(locked_reason="no_credits")
    channel = DryRun(clock=lambda: SLOT)
    publishing.tick(channel, at=SLOT)
    assert MirrorItem.objects.visible().count() == 1
    type(medium).objects.update(alt_text="Nie freigegeben")
    publishing.tick(channel, at=SLOT + MINUTE)
    assert (Delivery.objects.get().state, MirrorItem.objects.visible().count()) == (DeliveryState.BLOCKED, 0)


@pytest.mark.parametrize("error", [ChannelUnreached(), None])
def test_an_answer_after_the_quarantine_is_no_error_and_never_sends_again(error):
    delivery = due()

    class Late(DryRun):
        def send(self, message):
            # As if the session with the sender's lock had ended: somebody else found the claim without an owner.
            attempt = Attempt.objects.get()
            settling.failed(attempt.delivery, attempt, ChannelSilent("no_answer"), at=SLOT + 4 * MINUTE)
            if error:
                raise error
            return super().send(message)

    channel = Late(clock=lambda: SLOT)
    state = publishing.send(delivery.pk, channel, at=SLOT)
    expected = (
        (DeliveryState.UNKNOWN, AttemptOutcome.UNKNOWN)
        if error
        else (DeliveryState.PUBLISHED, AttemptOutcome.PUBLISHED)
    )
    assert (state, Attempt.objects.get().outcome) == expected


@for_real
def test_a_sender_that_is_slow_but_alive_keeps_its_claim():
    delivery = due()
    found = []

    def look_for_the_dead():
        found.append(reconciling.lose_sight_of_dead_senders(SLOT + 4 * MINUTE))
        sender_lock.let_go()

    class Slow(DryRun):
        def send(self, message):
            assert at_once(look_for_the_dead) == []
            raise ChannelUnreached()

    assert publishing.send(delivery.pk, Slow(clock=lambda: SLOT), at=SLOT) == DeliveryState.SCHEDULED
    assert found == [0]


@for_real
def test_a_sender_frozen_for_long_sets_off_one_alarm():
    delivery = due()
    publishing.claim(delivery, at=SLOT)

    def look_for_the_dead():
        for minutes in (4, 16, 20):
            reconciling.lose_sight_of_dead_senders(SLOT + minutes * MINUTE)
        sender_lock.let_go()

    with sender_lock.holding(delivery.pk) as mine:
        assert mine
        assert at_once(look_for_the_dead) == []
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.opened_at) == (reconciling.FROZEN, SLOT + 16 * MINUTE)
    assert delivery.named in alarm.words


@for_real
def test_two_clicks_on_send_now_send_once():
    delivery, by = due(), person()
    now = timezone.now()
    Post.objects.update(slot=now + 60 * MINUTE)
    post = Post.objects.get()
    post.approvals.update(slot=post.slot, digest=post.digest())
    Delivery.objects.update(slot=post.slot)
    assert at_once(*(lambda: scheduling.send_now(post, by=by) for _ in range(2))) == []
    assert Delivery.objects.get().pk == delivery.pk


def test_two_retweets_of_one_original_are_one_on_the_channel_and_a_person_hears_of_it():
    address = "https://x.com/konto/status/1234567890"
    first, second = (due(kind="retweet", retweet_url=address) for _ in range(2))
    channel = DryRun(clock=lambda: SLOT)
    publishing.tick(channel, at=SLOT)
    assert channel.retweeted == [address]
    assert list(Delivery.objects.order_by("pk").values_list("pk", "state")) == [
        (first.pk, DeliveryState.PUBLISHED),
        (second.pk, DeliveryState.NEEDS_DECISION),
    ]
    assert Attempt.objects.get(delivery=second).code == "duplicate"


@for_real
@pytest.mark.parametrize("answer", ["approve", "return"])
def test_of_two_directors_who_decide_at_once_one_is_first_and_the_other_is_told(answer):
    post = approval.submit(PostFactory(), by=person())
    first, second = person(Role.GF), person(Role.GF)
    seen = post.digest()

    def second_decides():
        if answer == "approve":
            approval.approve(post, by=second, seen_digest=seen)
        else:
            approval.request_changes(post, "Bitte kürzer.", by=second, seen_digest=seen)

    errors = at_once(lambda: approval.approve(post, by=first, seen_digest=seen), second_decides)
    assert [type(error) for error in errors] == [workflow.StepRefused]
    approved = Post.objects.get().state == PostState.APPROVED
    assert (Approval.objects.count(), Delivery.objects.count()) == ((1, 1) if approved else (0, 0))


@for_real
def test_two_windows_of_one_director_keep_what_they_show_once():
    post, gf = approval.submit(PostFactory(), by=person()), person(Role.GF)
    assert at_once(*[lambda: looking.note(post, by=gf)] * 2) == []
    assert (Look.objects.count(), AuditEntry.objects.filter(step="look").count()) == (1, 1)
