"""Sending at once, planning, holding: what may be asked for when something is already under way."""

import datetime as dt

import pytest
from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import Group
from django.utils import timezone

from editorial import workflow
from editorial.actions import approval, pausing, publishing, scheduling
from editorial.enums import SENT_DELIVERY_STATES, DeliveryState, Role
from editorial.models import Attempt, Channel, ChannelAccess, Delivery, User
from editorial.workflow import StepRefused
from tests.factories import ChannelAccessFactory, ConsentFactory, DeliveryFactory, PostFactory, TrainingFactory, person

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
        (DeliveryState.CANCELLED, post.slot),
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


PAST = dt.timedelta(minutes=-1)


def test_a_slot_that_has_passed_is_neither_planned_nor_moved_to():
    now = timezone.now()
    undated, dated = approved(slot=None), approved()
    for act in (
        lambda: scheduling.schedule(undated, now + PAST, by=person(), at=now),
        lambda: scheduling.schedule(undated, now, by=person(), at=now),
        lambda: scheduling.reschedule(dated, now + PAST, by=person(), at=now),
    ):
        with pytest.raises(StepRefused) as refusal:
            act()
        assert refusal.value.codes == "slot.past"
    assert scheduling.schedule(undated, now - PAST, by=person(), at=now).deliveries.get().slot == now - PAST


def test_nothing_is_sent_at_once_during_a_pause():
    post = approved()
    pausing.switch_off("Probe")
    with pytest.raises(StepRefused) as refusal:
        scheduling.send_now(post, by=person())
    assert refusal.value.codes == "publishing.off"


@pytest.mark.parametrize("obstacle", ["pause", "lock", "rest"])
def test_no_attempt_is_begun_while_the_channel_is_closed(obstacle):
    at = timezone.now()
    delivery = DeliveryFactory(slot=at - dt.timedelta(minutes=1))
    if obstacle == "pause":
        pausing.switch_off("Probe", at=at)
    else:
        changes = {"locked_reason": "no_credits"} if obstacle == "lock" else {"paused_until": at + HOUR}
        Channel.objects.update(**changes)
    with pytest.raises(StepRefused) as refusal:
        publishing.claim(Delivery.objects.get(pk=delivery.pk), at=at)
    assert (
        refusal.value.codes == {"pause": "publishing.off", "lock": "channel.locked", "rest": "channel.paused"}[obstacle]
    )
    assert Attempt.objects.count() == 0


def test_who_gave_the_express_approval_does_not_check_it_even_after_becoming_a_director():
    post = approval.submit(PostFactory(), by=person())
    colleague = person()
    post = approval.approve_express(post, by=colleague, seen_digest=post.digest(), reason="Unwetter")
    colleague.groups.set(Group.objects.filter(name=Role.GF))
    promoted = type(colleague).objects.get(pk=colleague.pk)
    with pytest.raises(StepRefused) as refusal:
        approval.post_check(post, by=promoted)
    assert refusal.value.codes == "approval.own_work"
    approval.post_check(post, by=person(Role.GF))
    with pytest.raises(StepRefused) as refusal:
        approval.post_check(post, by=person(Role.GF))
    assert refusal.value.codes == "post_check.none"


@pytest.mark.parametrize(
    "access",
    [
        {"own_handle": ""},
        {"ends_on": dt.date(2026, 1, 6)},
        {"starts_on": dt.date(2199, 1, 1)},
        {"handle_checked_on": None},
        {"handle_checked_on": timezone.localdate() - relativedelta(months=6)},
    ],
    ids=["no account", "ended", "not begun", "never checked", "checked half a year ago"],
)
def test_an_access_without_an_account_or_out_of_its_time_is_none(access):
    director, post = person(Role.GF), approved()
    ChannelAccessFactory(user=director, **access)
    with pytest.raises(StepRefused) as refusal:
        scheduling.send_now(post, by=director)
    assert refusal.value.codes == "access.no_own_account"


def test_only_active_channels_get_an_ausspielung():
    Channel.objects.create(slug="alt", name="Alt", status="retired")
    assert [delivery.channel.slug for delivery in approved().deliveries.all()] == ["x"]


def test_who_wrote_what_was_approved_before_may_approve_what_others_changed_since():
    director = person(Role.GF)
    post = approval.submit(PostFactory(written_by=director), by=person())
    post = approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    moved = scheduling.reschedule(post, post.slot + HOUR, by=person())
    assert approval.approve(moved, by=director, seen_digest=moved.digest()).state == "approved"


@pytest.mark.parametrize("state", [DeliveryState.MISSED, DeliveryState.BLOCKED])
def test_planning_anew_settles_what_was_left_behind(state):
    delivery = DeliveryFactory(state=state, slot=timezone.now() - dt.timedelta(minutes=5))
    post = scheduling.send_now(delivery.post, by=person())
    assert [each.state for each in post.deliveries.order_by("pk")] == [DeliveryState.CANCELLED, DeliveryState.SCHEDULED]


def test_a_new_slot_settles_what_was_left_behind():
    delivery = DeliveryFactory(state=DeliveryState.MISSED, slot=timezone.now() - dt.timedelta(hours=5))
    scheduling.reschedule(delivery.post, timezone.now() + dt.timedelta(days=1), by=person())
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CANCELLED


def test_planning_is_not_offered_once_the_approved_slot_is_past():
    delivery = DeliveryFactory(state=DeliveryState.MISSED, slot=timezone.now() - dt.timedelta(hours=5))
    offered = [offer.name for offer in workflow.offers(delivery.post, person())]
    assert "schedule" not in offered
    assert "reschedule" in offered


def test_whose_access_has_ended_sends_nothing_at_once_any_more():
    writer, post = person(), approved()
    access = ChannelAccessFactory(user=writer, handle_checked_on=None, own_handle="")
    ChannelAccess.objects.filter(pk=access.pk).update(ends_on=timezone.localdate())
    with pytest.raises(StepRefused) as refusal:
        scheduling.send_now(post, by=writer)
    assert refusal.value.codes == "access.ended"
    ChannelAccessFactory(user=writer)
    scheduling.send_now(post, by=User.objects.get(pk=writer.pk))  # with the next request


def test_whose_training_has_lapsed_neither_hands_in_nor_sends_until_it_is_refreshed():
    writer, draft, post, today = person(), PostFactory(), approved(), timezone.localdate()
    TrainingFactory(person=writer, valid_until=today - dt.timedelta(days=1))
    for step in (lambda by: approval.submit(draft, by=by), lambda by: scheduling.send_now(post, by=by)):
        with pytest.raises(StepRefused) as refusal:
            step(writer)
        assert refusal.value.codes == "training.lapsed"
    TrainingFactory(person=writer, valid_until=today)
    refreshed = User.objects.get(pk=writer.pk)  # with the next request
    approval.submit(draft, by=refreshed)
    scheduling.send_now(post, by=refreshed)


def test_what_was_never_published_cannot_be_deleted_from_the_channel():
    post = approved()
    with pytest.raises(StepRefused) as refusal:
        scheduling.order_takedown(post, "Irrtum", by=person())
    assert refusal.value.codes == "delivery.none"
    assert post.deliveries.get().state == DeliveryState.SCHEDULED
