"""Sending: claim, call, settle. The database owns what is due; ticks are only hints (publishing.md 1.4)."""

import datetime as dt
import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from .. import workflow
from ..channels import addresses, matching
from ..channels.protocol import (
    ChannelBusy,
    ChannelError,
    ChannelLocked,
    ChannelRefused,
    ChannelSilent,
    ChannelUnreached,
    Message,
    Picture,
    Publisher,
    Receipt,
)
from ..clock import database_now
from ..enums import AttemptOutcome, DeliveryState, PostKind, PostState
from ..models import Attempt, Channel, Delivery, Post, SendPause
from ..rules import Situation, ask, blocking
from ..rules.channel import sending_is_on
from ..rules.timing import grace
from ..workflow import AS_APPROVED, StepRefused
from . import mirroring, scheduling

logger = logging.getLogger(__name__)

# Reasons that pass by themselves: the Ausspielung stays scheduled and the next tick asks again.
PASSING = {"channel.paused", "channel.locked", "publishing.off", "step.wrong_state", "step.overtaken"}
BACK_OFF_S = (30, 120, 300, 600)
MOST_SENDS_PER_TICK = 20
UNRESOLVED = (AttemptOutcome.STARTED, AttemptOutcome.UNKNOWN)


@dataclass
class Tally:
    """What one tick did, for the command's output and the log."""

    shown: int = 0
    sent: int = 0
    unclear: int = 0
    missed: int = 0
    blocked: int = 0
    deleted: int = 0


def tick(channel: Publisher | None, *, at: dt.datetime | None = None) -> Tally:
    """One beat of the publishing clock; safe to run twice at once. ``channel=None`` (no keys): nothing is sent."""
    tally = Tally()
    moment = at or database_now()
    tally.blocked = block_what_fell_into_a_pause(moment)
    tally.missed = miss_what_is_over(moment)
    tally.unclear = lose_sight_of_dead_senders(moment)
    tally.shown = mirroring.show_due(moment)
    if channel is not None:
        tally.sent = send_due(channel, at=at)
        tally.deleted = carry_out_takedowns(channel, at=at)
    return tally


def send_due(channel: Publisher, *, at: dt.datetime | None = None) -> int:
    """Send what is due, soonest first; each row once. Returns how many are published now."""
    own = settings.X_SIMULATOR_IS_OURS
    due = Delivery.objects.of_this_service(own_simulator=own).due(at or database_now())
    ids = due.values_list("pk", flat=True)[:MOST_SENDS_PER_TICK]
    published = 0
    for delivery_id in list(ids):
        # What fell due since this tick looked at the mirror is shown before it is sent, too.
        mirroring.show_if_due(delivery_id, at or database_now())
        published += send(delivery_id, channel, at=at) == DeliveryState.PUBLISHED
    return published


def send(delivery_id: int, channel: Publisher, *, at: dt.datetime | None = None) -> str:
    """Claim, call, settle one Ausspielung. Returns its state afterwards; never raises for what a channel does."""
    delivery = Delivery.objects.select_related("post", "channel").get(pk=delivery_id)
    try:
        delivery, attempt = claim(delivery, at=at)
    except StepRefused as refusal:
        return _step_aside(delivery, refusal, at=at)
    try:
        return _call_and_settle(delivery, attempt, channel, at=at)
    except StepRefused as refusal:
        # The call outlasted the quarantine, and the row was moved on meanwhile: it stays where it is.
        logger.warning("the outcome of delivery %s came too late: %s", delivery.pk, refusal.codes)
        return _state_of(delivery)


def _call_and_settle(delivery: Delivery, attempt: Attempt, channel: Publisher, *, at: dt.datetime | None) -> str:
    try:
        # Made before the last look: what is sent from here on is what that look found approved.
        message = _message(delivery)
    except MissingPicture as error:
        return _settle_handed_over(delivery, attempt, "media.file_missing", str(error), at=at)
    if not _still_allowed(delivery, attempt, at=at):
        return _settle_error(delivery, attempt, ChannelUnreached("deadline"), at=at)
    try:
        receipt = channel.send(message) if message else channel.retweet(delivery.post.retweet_url)
    except ChannelRefused as error:
        return _settle_refusal(delivery, attempt, error, channel, at=at)
    except ChannelError as error:
        return _settle_error(delivery, attempt, error, at=at)
    except Exception:
        # Whatever this was, the call may have gone out: a person looks, nobody retries.
        logger.exception("sending of delivery %s ended in an unexpected error", delivery.pk)
        return _settle_error(delivery, attempt, ChannelSilent("unexpected"), at=at)
    return _settle_published(delivery, attempt, receipt, at=at)


def claim(delivery: Delivery, *, at: dt.datetime | None = None) -> tuple[Delivery, Attempt]:
    """Take the row for this sender and commit the attempt before any call. Raises StepRefused."""
    with transaction.atomic(durable=True):
        moment = at or database_now()
        situation = Situation(at=moment, slot=delivery.slot, delivery=delivery)
        results = _rule_results(delivery.post, situation)
        delivery = workflow.take("claim", delivery, at=moment, rule_results=results)
        attempt = Attempt.objects.create(
            delivery=delivery,
            number=delivery.attempts.count() + 1,
            started_at=moment,
            deadline_at=moment + dt.timedelta(seconds=settings.PUBLISH_SEND_DEADLINE_S),
            since_id=_newest_known_id(delivery.channel),
        )
    return delivery, attempt


def block_what_fell_into_a_pause(at: dt.datetime) -> int:
    """What falls due during a Sendepause goes to a person; nothing goes out by itself when it ends."""
    blocked = 0
    recent = at - grace() * 2
    pauses = SendPause.objects.filter(Q(ended_at=None) | Q(ended_at__gt=recent), Q(until=None) | Q(until__gt=recent))
    for pause in pauses:
        end = min(filter(None, (pause.ended_at, pause.until, at)))
        # What was due just before and had not gone out yet belongs to the pause, too.
        begin = pause.started_at - grace()
        fallen = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__gte=begin, slot__lte=end)
        # What a person approved after the pause, knowing that it goes out at once, goes out.
        fallen = fallen.filter(created_at__lte=end)
        for delivery in fallen:
            blocked += _try_step("block", delivery, at=at, note="publishing.off")
    return blocked


def miss_what_is_over(at: dt.datetime) -> int:
    """Later than slot plus grace is not sent any more; a person reschedules or lets it be."""
    over = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__lt=at - grace())
    return sum(_try_step("miss", delivery, at=at, note="slot.past") for delivery in over)


def lose_sight_of_dead_senders(at: dt.datetime) -> int:
    """A claim older than the quarantine has no living sender: whether it went out is unknown, never sent again."""
    old = at - dt.timedelta(seconds=settings.PUBLISH_QUARANTINE_S)
    dead = Attempt.objects.filter(outcome=AttemptOutcome.STARTED, started_at__lt=old).select_related("delivery")
    lost = 0
    for attempt in dead.filter(delivery__state=DeliveryState.SENDING):
        with suppress(StepRefused):  # the sender was alive and has just stored its outcome
            _settle_error(attempt.delivery, attempt, ChannelSilent("no_answer"), at=at)
            lost += 1
    return lost


def carry_out_takedowns(channel: Publisher, *, at: dt.datetime | None = None) -> int:
    """Delete what is to be taken down; safe to repeat, so a failed call simply comes again later."""
    moment = at or database_now()
    waiting = Delivery.objects.of_this_service(own_simulator=settings.X_SIMULATOR_IS_OURS).filter(
        Q(not_before=None) | Q(not_before__lte=moment), state=DeliveryState.TAKEDOWN_DUE
    )
    done = 0
    for delivery in waiting.select_related("post"):
        try:
            if delivery.post.kind == PostKind.RETWEET:
                channel.unretweet(delivery.post.retweet_url)
            else:
                channel.delete(delivery.external_id or "")
        except ChannelError as error:
            logger.warning("take-down of delivery %s failed: %s", delivery.pk, error)
            again = moment + dt.timedelta(seconds=BACK_OFF_S[0])
            Delivery.objects.filter(pk=delivery.pk).update(not_before=again)
            continue
        done += _try_step("confirm_takedown", delivery, at=moment, deleted_at=moment)
    return done


class MissingPicture(Exception):
    """An approved picture is not on the disk as it was approved; nothing was sent."""


def _message(delivery: Delivery) -> Message | None:
    """None for a retweet, which has only the original's address."""
    post = delivery.post
    if post.kind == PostKind.RETWEET:
        return None
    return Message(text=post.message_text, pictures=_pictures(post), reference=str(delivery.pk))


def _pictures(post: Post) -> tuple[Picture, ...]:
    pictures = []
    for medium in post.ordered_media():
        try:
            with medium.file.open("rb") as file:
                data = file.read()
        except OSError as error:
            raise MissingPicture(medium.title) from error
        if hashlib.sha256(data).hexdigest() != medium.sha256:
            raise MissingPicture(medium.title)
        pictures.append(Picture(data=data, media_type=medium.media_type, alt_text=medium.alt_text))
    return tuple(pictures)


def _still_allowed(delivery: Delivery, attempt: Attempt, *, at: dt.datetime | None) -> bool:
    """The last look before the call: in time, switch on, approval and consent standing (publishing.md 1.4, 4)."""
    moment = at or database_now()
    situation = Situation(at=moment, slot=delivery.slot, delivery=delivery)
    fresh = Post.objects.get(pk=delivery.post_id)
    return moment <= attempt.deadline_at and not blocking(ask((*AS_APPROVED, sending_is_on), fresh, situation))


def _step_aside(delivery: Delivery, refusal: StepRefused, *, at: dt.datetime | None) -> str:
    if not {objection.code for objection in refusal.objections} <= PASSING:
        with transaction.atomic():
            if _try_step("block", delivery, at=at, note=refusal.codes):
                scheduling.hide_from_mirror(delivery.post, at=at or database_now())
    return _state_of(delivery)


def _state_of(delivery: Delivery) -> str:
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)


def _settle_published(delivery: Delivery, attempt: Attempt, receipt: Receipt, *, at: dt.datetime | None) -> str:
    moment = at or database_now()
    if Delivery.objects.filter(external_id=receipt.external_id).exclude(pk=delivery.pk).exists():
        # A retweet repeated leaves one and names it again: that one belongs to another Beitrag of ours.
        return _settle_handed_over(delivery, attempt, "duplicate", receipt.external_id, at=at)
    with transaction.atomic():
        _finish(attempt, AttemptOutcome.PUBLISHED, at=moment, external_id=receipt.external_id, http_status=201)
        delivery = workflow.take(
            "confirm",
            delivery,
            at=moment,
            external_id=receipt.external_id,
            external_url=receipt.url,
            published_at=receipt.at,
            not_before=None,
        )
        post = delivery.post
        if post.state == PostState.WITHDRAWN:  # withdrawn while the call was under way
            scheduling.take_down(post, by=None, at=moment, note="withdraw")
            delivery.refresh_from_db()
    return delivery.state


def _settle_refusal(
    delivery: Delivery, attempt: Attempt, error: ChannelRefused, channel: Publisher, *, at: dt.datetime | None
) -> str:
    """X has refused posts that were online all the same: one look at the timeline before a person is asked."""
    try:
        entries = channel.timeline(attempt.since_id or None, attempt.started_at - dt.timedelta(minutes=1))
    except ChannelError:
        entries = []
    for entry in entries:
        if entry.at >= attempt.started_at - dt.timedelta(seconds=1) and matching.text_matches(
            delivery.post.message_text, entry
        ):
            receipt = Receipt(entry.external_id, entry.at, addresses.id_to_address(entry.external_id))
            return _settle_published(delivery, attempt, receipt, at=at)
    return _settle_handed_over(delivery, attempt, error.code, error.raw, at=at, http_status=error.http_status)


def _settle_handed_over(
    delivery: Delivery,
    attempt: Attempt,
    code: str,
    detail: str,
    *,
    at: dt.datetime | None,
    http_status: int | None = None,
) -> str:
    moment = at or database_now()
    with transaction.atomic():
        _finish(attempt, AttemptOutcome.REFUSED, at=moment, code=code, detail=detail, http_status=http_status)
        return workflow.take("hand_over", delivery, at=moment, note=code).state


def _settle_error(delivery: Delivery, attempt: Attempt, error: ChannelError, *, at: dt.datetime | None) -> str:
    """Store what is known: not sent → scheduled again, later; everything else → unknown."""
    moment = at or database_now()
    outcome, step = _OUTCOMES.get(type(error), (AttemptOutcome.UNKNOWN, "lose_sight"))
    with transaction.atomic():
        _finish(attempt, outcome, at=moment, code=error.code, detail=error.raw, http_status=error.http_status)
        changes: dict[str, Any] = (
            {"not_before": _again_at(delivery, moment)} if outcome == AttemptOutcome.NOT_SENT else {}
        )
        if isinstance(error, ChannelBusy):
            Channel.objects.filter(pk=delivery.channel_id).update(paused_until=error.wait_until)
        elif isinstance(error, ChannelLocked):
            Channel.objects.filter(pk=delivery.channel_id).update(locked_reason=error.code, locked_at=moment)
        return workflow.take(step, delivery, at=moment, note=str(error), **changes).state


_OUTCOMES = {
    ChannelUnreached: (AttemptOutcome.NOT_SENT, "release"),
    ChannelBusy: (AttemptOutcome.BUSY, "release"),
    ChannelLocked: (AttemptOutcome.LOCKED, "release"),
}


def _again_at(delivery: Delivery, at: dt.datetime) -> dt.datetime:
    failed = delivery.attempts.filter(outcome=AttemptOutcome.NOT_SENT).count()
    return at + dt.timedelta(seconds=BACK_OFF_S[min(failed, len(BACK_OFF_S)) - 1])


def _finish(attempt: Attempt, outcome: AttemptOutcome, *, at: dt.datetime, **facts: object) -> None:
    """Write what became of it; a second writer finds nothing open."""
    facts = {key: value if value is not None or key == "http_status" else "" for key, value in facts.items()}
    Attempt.objects.filter(pk=attempt.pk, outcome__in=UNRESOLVED).update(outcome=outcome, finished_at=at, **facts)


def _try_step(step: str, delivery: Delivery, *, at: dt.datetime | None, note: str = "", **changes: Any) -> bool:
    try:
        workflow.take(step, delivery, at=at, note=note, **changes)
    except StepRefused:
        return False  # somebody else was quicker; the row is where they put it
    return True


def _rule_results(post: Post, situation: Situation) -> dict[str, list[str]]:
    return {rule.__name__: [o.code for o in rule(post, situation)] for rule in AS_APPROVED}


def _newest_known_id(channel: Channel) -> str:
    ids = channel.deliveries.exclude(external_id=None).order_by("-published_at").values_list("external_id", flat=True)
    return ids.first() or ""
