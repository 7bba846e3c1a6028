"""Sending at once, planning, holding: what may be asked for when something is already under way."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial import workflow
from editorial.actions import approval, scheduling
from editorial.enums import SENT_DELIVERY_STATES, DeliveryState, Role
from editorial.models import Delivery
from editorial.workflow import StepRefused
from tests.factories import ConsentFactory, DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def approved(**fields):
    post = approval.submit(PostFactory(**fields), by=person())
    return approval.approve(post, by=person(Role.GF), seen_digest=post.digest())


def in_state(state):
    ids = {"external_id": "7"} if state in ("published", "takedown_due", "deleted") else {}
    return DeliveryFactory(state=state, **ids).post


@pytest.mark.parametrize("state", SENT_DELIVERY_STATES)
def test_what_was_sent_or_may_have_been_is_not_sent_at_once_again(state):
    post = in_state(state)
    with pytest.raises(StepRefused) as refusal:
        scheduling.send_now(post, by=person())
    assert refusal.value.codes == "post.already_sent"
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("state", [*SENT_DELIVERY_STATES, DeliveryState.SCHEDULED])
def test_what_is_planned_or_was_sent_is_not_planned_again(state):
    post = in_state(state)
    with pytest.raises(StepRefused) as refusal:
        scheduling.schedule(post, post.slot, by=person())
    assert refusal.value.codes == "delivery.exists"
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("state", [DeliveryState.CANCELLED, DeliveryState.BLOCKED, DeliveryState.MISSED])
def test_what_never_left_the_house_may_be_sent_at_once(state):
    post, at = in_state(state), timezone.now()
    scheduling.send_now(post, by=person(), at=at)
    assert list(post.deliveries.order_by("pk").values_list("state", "slot")) == [
        (state, post.slot),
        (DeliveryState.SCHEDULED, at),
    ]


def test_what_was_published_offers_no_step_that_would_send_it_again():
    post = in_state(DeliveryState.PUBLISHED)
    offered = {offer.name for offer in workflow.offers(post, person())}
    assert offered == {"withdraw", "order_takedown"}


def test_sending_at_once_asks_whether_the_consent_holds_today():
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    post = approved(consents=[ConsentFactory(valid_from=tomorrow)])
    with pytest.raises(StepRefused) as refusal:
        scheduling.send_now(post, by=person())
    assert refusal.value.codes == "consent.not_valid"
    offered = {offer.name: offer for offer in workflow.offers(post, person())}
    assert not offered["send_now"].possible


def test_an_approval_ends_an_hour_after_its_slot():
    post = approved()
    end = post.slot + HOUR
    scheduling.hold(post, "Rückfrage", by=person())
    scheduling.send_now(post, by=person(), at=end)
    scheduling.hold(post, "Rückfrage", by=person(), at=end)
    with pytest.raises(StepRefused) as refusal:
        scheduling.send_now(post, by=person(), at=end + dt.timedelta(seconds=1))
    assert refusal.value.codes == "approval.missing"


@pytest.mark.parametrize("way", ["reschedule", "hold", "withdraw"])
def test_what_is_stopped_while_the_channel_is_asked_is_told_the_truth(way):
    post = in_state(DeliveryState.SENDING)
    if way == "withdraw":
        assert approval.withdraw(post, by=person()).state == "withdrawn"
        return
    act = {
        "reschedule": lambda: scheduling.reschedule(post, post.slot + HOUR, by=person()),
        "hold": lambda: scheduling.hold(post, "Irrtum", by=person()),
    }[way]
    with pytest.raises(StepRefused) as refusal:
        act()
    assert refusal.value.codes == {"reschedule": "post.already_sent", "hold": "delivery.none"}[way]
