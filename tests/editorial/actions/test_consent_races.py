"""A consent is withdrawn at the very moment of a claim, an answer, a Freigabe or a showing: in both orders of locks."""

import threading
import time
from contextlib import suppress

import pytest
from django.db import connection, transaction

from editorial.actions import approval, consents, mirroring, publishing, scheduling
from editorial.channels.dry_run import DryRun
from editorial.enums import DeliveryState, Role, WithdrawalWay
from editorial.models import Delivery, MirrorItem, Post
from editorial.workflow import StepRefused
from tests.editorial.actions.test_races import MINUTE, SLOT, at_once, due
from tests.factories import ConsentFactory, PostFactory, person

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def consent():
    return ConsentFactory()


def slowly_withdrawn(consent, begun):
    """Withdrawn, and the transaction stays open long enough for others to run into its locks."""
    with transaction.atomic():
        consents.revoke(consent, WithdrawalWay.PHONE, by=person(), at=SLOT)
        begun.set()
        time.sleep(0.5)


def test_whoever_claims_behind_a_withdrawal_sends_nothing(consent):
    delivery, begun, channel = due(consents=[consent]), threading.Event(), DryRun(lambda: SLOT)

    def send():
        assert begun.wait(10)
        publishing.send(delivery.pk, channel, at=SLOT)

    assert at_once(lambda: slowly_withdrawn(consent, begun), send) == []
    assert (channel.sent, Delivery.objects.get().state) == ([], DeliveryState.BLOCKED)


def test_a_withdrawal_behind_a_claim_stops_the_call(consent):
    delivery, claimed, channel = due(consents=[consent]), threading.Event(), DryRun(lambda: SLOT)

    def claim():
        with transaction.atomic():
            publishing.workflow.take("claim", delivery, at=SLOT)
            claimed.set()
            time.sleep(0.5)

    def withdraw():
        assert claimed.wait(10)
        consents.revoke(consent, WithdrawalWay.PHONE, by=person(), at=SLOT)

    assert at_once(claim, withdraw) == []
    sending = Delivery.objects.get()
    attempt = sending.attempts.create(number=1, started_at=SLOT, deadline_at=SLOT + MINUTE)
    assert publishing._call_and_settle(sending, attempt, channel, at=SLOT) == DeliveryState.SCHEDULED
    assert channel.sent == []


def test_a_withdrawal_while_the_outcome_is_stored_still_takes_the_post_down(consent):
    delivery, begun = due(consents=[consent]), threading.Event()
    withdrawing = threading.Thread(target=lambda: (slowly_withdrawn(consent, begun), connection.close()))

    class Slow(DryRun):
        def send(self, message):
            receipt = super().send(message)
            withdrawing.start()
            assert begun.wait(10)
            return receipt

    publishing.send(delivery.pk, Slow(lambda: SLOT), at=SLOT)
    withdrawing.join(30)
    assert Delivery.objects.get().state == DeliveryState.TAKEDOWN_DUE
    assert not MirrorItem.objects.visible().exists()


def test_a_freigabe_behind_a_withdrawal_is_refused_or_what_it_planned_is_blocked(consent):
    post = PostFactory(slot=SLOT, consents=[consent])
    post = approval.submit(post, by=person(), at=SLOT - 60 * MINUTE)
    begun, director = threading.Event(), person(Role.GF)

    def approve():
        assert begun.wait(10)
        with suppress(StepRefused):
            approval.approve(post, by=director, seen_digest=post.digest(), at=SLOT - 50 * MINUTE)

    assert at_once(lambda: slowly_withdrawn(consent, begun), approve) == []
    assert not Delivery.objects.filter(state=DeliveryState.SCHEDULED).exists()


def test_the_website_never_shows_what_is_withdrawn_at_that_moment(consent):
    delivery, begun = due(consents=[consent]), threading.Event()

    def show():
        assert begun.wait(10)
        mirroring.show_if_due([delivery.pk], SLOT)

    assert at_once(lambda: slowly_withdrawn(consent, begun), show) == []
    assert not MirrorItem.objects.visible().exists()


def test_a_withdrawal_and_a_step_of_its_beitrag_never_wait_for_each_other(consent):
    delivery, held = due(consents=[consent]), threading.Event()

    def hold_back():
        with transaction.atomic():
            Post.objects.select_for_update(no_key=True).get(pk=delivery.post_id)
            held.set()
            time.sleep(0.5)
            scheduling.hold(delivery.post, "Der Grund", by=person(), at=SLOT - MINUTE)

    def withdraw():
        assert held.wait(10)
        consents.revoke(consent, WithdrawalWay.PHONE, by=person(), at=SLOT)

    assert at_once(hold_back, withdraw) == []
    assert Delivery.objects.get().state == DeliveryState.CANCELLED
