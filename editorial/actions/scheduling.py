"""From a Freigabe to Ausspielungen, and back."""

import datetime as dt
from typing import Any

from django.db import transaction

from .. import audit, workflow
from ..clock import database_now, wall_text
from ..enums import ChannelStatus, DeliveryState
from ..models import Approval, Channel, Delivery, MirrorItem, Post, User
from ..rules.approval import standing_approval
from . import reporting, versions

LEFT_BEHIND = (DeliveryState.MISSED, DeliveryState.BLOCKED)


def schedule(post: Post, slot: dt.datetime | None, *, by: User, at: dt.datetime | None = None) -> Post:
    """Plan an approved Beitrag that has no Ausspielung. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = workflow.take("schedule", post, by=by, at=at, for_slot=slot)
        if slot:  # the step itself refuses to go on without one
            create_deliveries(post, slot, standing_approval(post), by=by, at=at)
    return post


def create_deliveries(
    post: Post, slot: dt.datetime, approval: Approval | None, *, by: User, at: dt.datetime
) -> list[Delivery]:
    """One Ausspielung per active channel, in the transaction of the step that decided it."""
    if approval is None:
        raise ValueError("Only an approved Beitrag is scheduled.")
    made = []
    # What was missed or blocked is settled by planning anew: nobody needs to decide about it any more.
    _cancel(post, LEFT_BEHIND, by=by, at=at, note="planned_anew")
    for channel in Channel.objects.filter(status=ChannelStatus.ACTIVE):
        delivery = Delivery.objects.create(
            post=post,
            channel=channel,
            approval=approval,
            concept_version_id=post.concept_version_id,
            slot=slot,
            created_at=at,
            is_demo=post.is_demo,
        )
        audit.record(
            "plan",
            subject_type="delivery",
            subject_id=delivery.pk,
            at=at,
            by=by,
            target=delivery.state,
            digest=approval.digest,
        )
        made.append(delivery)
    return made


def reschedule(post: Post, slot: dt.datetime | None, *, by: User, at: dt.datetime | None = None) -> Post:
    """Name a new slot: the Freigabe is void, the Beitrag goes back into review. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        changes: dict[str, Any] = {"slot": slot, "slot_wall": wall_text(slot), "updated_at": at}
        post = workflow.take("reschedule", post, by=by, at=at, for_slot=slot, **changes)
        approval = post.approvals.standing().first()
        before = _moment_of(approval) if approval else None
        void_approval(post, by=by, at=at, note="reschedule")
        versions.keep(post, by=by, at=at)
        if approval:
            reporting.moved(post, before, by=by, at=at)
    return post


def _moment_of(approval: Approval) -> dt.datetime | None:
    """For when it was approved; a Freigabe without a moment may have been planned for one."""
    planned = Delivery.objects.filter(approval=approval, state=DeliveryState.SCHEDULED)
    return approval.slot or planned.values_list("slot", flat=True).first()


def hold(post: Post, reason: str, *, by: User, at: dt.datetime | None = None) -> Post:
    """Stop what is scheduled; the Beitrag stays approved. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = workflow.take("hold", post, by=by, at=at, note=reason)
        cancel_pending(post, by=by, at=at, note="hold")
    return post


def send_now(post: Post, *, by: User, at: dt.datetime | None = None) -> Post:
    """Make now the slot; the next tick sends. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = workflow.take("send_now", post, by=by, at=at)
        waiting = list(post.deliveries.filter(state=DeliveryState.SCHEDULED))
        for delivery in waiting:
            workflow.take("bring_forward", delivery, by=by, at=at, slot=at, not_before=None)
        if not waiting:
            create_deliveries(post, at, standing_approval(post), by=by, at=at)
    return post


def order_takedown(post: Post, reason: str, *, by: User, at: dt.datetime | None = None) -> Post:
    """Have the channel delete what is published and take it off the mirror at once. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = workflow.take("order_takedown", post, by=by, at=at, note=reason)
        take_down(post, by=by, at=at, note="order_takedown")
    return post


def take_down(post: Post, *, by: User | None, at: dt.datetime, note: str) -> None:
    for delivery in post.deliveries.filter(state=DeliveryState.PUBLISHED):
        workflow.take("take_down", delivery, by=by, at=at, note=note, not_before=None)
    hide_from_mirror(post, at=at)


def cancel_pending(post: Post, *, by: User | None, at: dt.datetime, note: str) -> None:
    _cancel(post, (DeliveryState.SCHEDULED,), by=by, at=at, note=note)


def _cancel(post: Post, states: tuple[DeliveryState, ...], *, by: User | None, at: dt.datetime, note: str) -> None:
    for delivery in post.deliveries.filter(state__in=states):
        workflow.take("cancel", delivery, by=by, at=at, note=note)


def void_approval(post: Post, *, by: User | None, at: dt.datetime, note: str) -> None:
    """End the standing Freigabe with all that hung on it; nothing happens where there is none."""
    if post.approvals.standing().update(voided_at=at):
        _cancel(post, (DeliveryState.SCHEDULED, *LEFT_BEHIND), by=by, at=at, note=note)
        hide_from_mirror(post, at=at)


def hide_from_mirror(post: Post, *, at: dt.datetime) -> None:
    MirrorItem.objects.visible().filter(post=post).update(taken_down_at=at)
