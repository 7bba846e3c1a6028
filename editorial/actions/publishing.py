"""Sending: claim, call, settle. The database owns what is due; ticks are only hints (publishing.md 1.4)."""

import datetime as dt
import hashlib
import itertools
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, Exists, Q, QuerySet, prefetch_related_objects

from .. import audit, workflow
from ..captions import UnusableCaptions, as_srt
from ..channels.protocol import Channel as Line
from ..channels.protocol import ChannelError, ChannelRefused, ChannelSilent, ChannelUnreached, Message, Picture
from ..clock import database_now
from ..enums import AttemptOutcome, DeliveryState, Evidence, PostKind, PostState
from ..models import Attempt, Delivery, Post, SendPause
from ..prepared import Given, Moment, Question
from ..rules import Situation, ask, blocking
from ..rules.known import Known
from ..workflow import MAY_GO_OUT, StepRefused
from . import comparing, mirroring, overdue, reconciling, scheduling, sender_lock, settling, spending, takedowns
from .shielding import others_go_on
from .uploads import DeliveryUploads

logger = logging.getLogger(__name__)

# Reasons that pass by themselves: the Ausspielung stays scheduled and the next tick asks again.
PASSING = {
    "channel.paused",
    "channel.locked",
    "channel.by_hand",
    "publishing.off",
    "step.wrong_state",
    "step.overtaken",
}
ROUND, SEEN_AT_ONCE = 20, 40
# One run goes on while there is something due, but lets a newer one take over at last.
LONGEST_RUN_S = 60
REMEMBERED = 1000  # Ausspielungen that this process reached for
LATE_AT_LEAST = dt.timedelta(seconds=60)
# What a last look compares of the Beitrag, besides its slot.
UNTOUCHED = ("text", "message_text", "version")
WENT_OUT = (AttemptOutcome.STARTED, AttemptOutcome.PUBLISHED, AttemptOutcome.UNKNOWN)


_stopping = threading.Event()


def wind_down() -> None:
    """This process was asked to end: what is in hand is finished, nothing more is taken up."""
    _stopping.set()


@dataclass
class Tally:
    """What one tick did, for the command's output and the log."""

    shown: int = 0
    sent: int = 0
    unclear: int = 0
    missed: int = 0
    blocked: int = 0
    deleted: int = 0


def tick(channel: Line | None, *, at: dt.datetime | None = None) -> Tally:
    """One beat of the publishing clock; safe to run twice at once. ``channel=None`` (no keys): nothing is sent."""
    tally = Tally()
    moment = at or database_now()
    tally.blocked = overdue.block_what_fell_into_a_pause(moment)
    tally.missed = overdue.miss_what_is_over(moment)
    tally.unclear = reconciling.lose_sight_of_dead_senders(moment)
    tally.shown = mirroring.show_due(moment)
    takedowns.sound_the_alarm(moment)
    if channel is not None:
        tally.deleted = takedowns.carry_out(channel, at=at)
        tally.sent = send_due(channel, at=at)
    return tally


def send_due(channel: Line, *, at: dt.datetime | None = None) -> int:
    """Send what is due, each row once, until nothing is left. Returns how many are published now."""
    began, published = time.monotonic(), 0
    tried: set[int] = set()
    stumbled: set[int] = set()
    known = Known()
    while time.monotonic() - began < LONGEST_RUN_S:
        asked = next(_order)
        ids = [pk for pk in _due_now(at, stumbled) if pk not in tried]
        if not ids:
            break
        for delivery_id in ids:
            if _stopping.is_set():
                return published  # whoever comes next finds the rest due
            if not _reach_for(delivery_id, asked):
                continue
            tried.add(delivery_id)
            stumbled.add(delivery_id)
            with others_go_on("sending of delivery", delivery_id):
                published += send(delivery_id, channel, at=at, known=known) == DeliveryState.PUBLISHED
                stumbled.remove(delivery_id)
    return published


# In which order the senders of this process asked what is due and reached for an Ausspielung: only a hint that spares
# questions; who has the sender's lock sends.
_order = itertools.count()
_reached_for: dict[int, int] = {}
_reaching = threading.Lock()


def _reach_for(delivery_id: int, asked: int) -> bool:
    """False: since this sender asked what is due, another one of this process has taken it."""
    with _reaching:
        if _reached_for.get(delivery_id, asked) > asked:
            return False
        _reached_for.pop(delivery_id, None)  # the latest stands last
        _reached_for[delivery_id] = next(_order)
        while len(_reached_for) > REMEMBERED:
            del _reached_for[next(iter(_reached_for))]
    return True


def _due_now(at: dt.datetime | None, stumbled: set[int]) -> list[int]:
    """The next ones to send. What is on time goes at once; of what is late, one in ``PUBLISH_CATCH_UP_GAP_S``.

    The late ones pass by what ``stumbled``, not by what another sender has in hand: that one goes out at this moment.
    """
    gap = dt.timedelta(seconds=settings.PUBLISH_CATCH_UP_GAP_S)
    rows: list[Any] = _due_rows(settings.X_SIMULATOR_IS_OURS).ask(at=at)
    if not gap:
        ids = [row.pk for row in rows[:ROUND]]
        random.shuffle(ids)  # several processes then seldom reach for the same one
        return ids
    latest = max(dt.timedelta(seconds=2 * settings.PUBLISH_TICK_S), LATE_AT_LEAST)
    late = [row for row in rows if max(row.slot, row.created_at) <= row.asked_at - latest]
    on_time = [row.pk for row in rows if row not in late]
    if late and len(rows) == SEEN_AT_ONCE:  # what is on time may stand behind all that is late
        on_time = _on_time(rows[0].asked_at, latest)
    late = [row for row in late if row.pk not in stumbled]
    if late and not _went_out_since(late[0].asked_at - gap, late[0].channel_id):
        return [*on_time, late[0].pk]
    return on_time


def _on_time(at: dt.datetime, latest: dt.timedelta) -> list[int]:
    rows = Delivery.objects.of_this_service(own_simulator=settings.X_SIMULATOR_IS_OURS).due(at)
    rows = rows.filter(Q(slot__gt=at - latest) | Q(created_at__gt=at - latest), channel__posts_by_hand=False)
    return list(rows.values_list("pk", flat=True)[:SEEN_AT_ONCE])


@cache
def _due_rows(own_simulator: bool) -> "Question[Delivery]":
    def due() -> "QuerySet[Delivery]":
        rows = Delivery.objects.of_this_service(own_simulator=own_simulator).due(Moment())
        rows = rows.filter(channel__posts_by_hand=False).annotate(asked_at=Moment())
        return rows.only("slot", "created_at", "channel")[:SEEN_AT_ONCE]

    return Question(due)


def _went_out_since(moment: dt.datetime, channel_id: int) -> bool:
    recent = Attempt.objects.filter(started_at__gt=moment, outcome__in=WENT_OUT)
    return recent.filter(delivery__channel_id=channel_id).exists()


def send(delivery_id: int, channel: Line, *, at: dt.datetime | None = None, known: Known | None = None) -> str:
    """Claim, call, settle one Ausspielung. Returns its state afterwards; never raises for what a channel does.

    ``known`` is shared by the sends of one tick: the trusted sites are looked up once.
    """
    with sender_lock.holding(delivery_id) as mine:
        if not mine:  # another sender has it in hand
            return _state_of(delivery_id)
        delivery = Delivery(pk=delivery_id)
        try:
            delivery, attempt = claim(delivery, at=at, known=known)
        except StepRefused as refusal:
            return _step_aside(delivery, refusal, at=at)
        try:
            return _call_and_settle(delivery, attempt, channel, at=at)
        except StepRefused as refusal:
            # The lock was lost with its session, and the row was moved on meanwhile: it stays where it is.
            logger.warning("the outcome of delivery %s came too late: %s", delivery.pk, refusal.codes)
            return _state_of(delivery_id)


def _call_and_settle(delivery: Delivery, attempt: Attempt, channel: Line, *, at: dt.datetime | None) -> str:
    try:
        # Made before the last look: what is sent from here on is what that look found approved.
        message = _message(delivery, lambda: _is_as_approved(delivery, at or database_now()))
    except MissingPicture as error:
        return settling.handed_over(delivery, attempt, "media.file_missing", str(error), at=at)
    if not _still_allowed(delivery, attempt, at=at):
        return settling.failed(delivery, attempt, ChannelUnreached("deadline"), at=at)
    try:
        receipt = channel.send(message) if message else channel.retweet(delivery.post.retweet_url)
    except ChannelRefused as error:
        return settling.refused(delivery, attempt, error, channel, at=at)
    except ChannelError as error:
        return settling.failed(delivery, attempt, error, at=at)
    except Exception:
        # Whatever this was, the call may have gone out: a person looks, nobody retries.
        logger.exception("sending of delivery %s ended in an unexpected error", delivery.pk)
        return settling.failed(delivery, attempt, ChannelSilent("unexpected"), at=at)
    try:
        return settling.published(delivery, attempt, receipt, at=at, evidence=Evidence.ANSWER)
    except StepRefused:
        return comparing.note_a_twin(delivery, attempt, receipt.external_id, at=at)


def claim(delivery: Delivery, *, at: dt.datetime | None = None, known: Known | None = None) -> tuple[Delivery, Attempt]:
    """Take the row for this sender and commit the attempt before any call. Raises StepRefused."""
    with transaction.atomic(durable=True), audit.chained():
        known = Known(like=known)
        claimed: Any = workflow.take("claim", delivery, at=at, known=known, is_written_last=True)
        moment = at or claimed.asked_at
        if not claimed.is_shown:
            # It fell due since this tick looked at the mirror; whoever is on the channel is on the mirror.
            mirroring.show(claimed.post, at=claimed.slot, recorded_at=moment)
        attempt = Attempt(
            delivery=claimed,
            number=(claimed.tries or 0) + 1,
            started_at=moment,
            deadline_at=moment + dt.timedelta(seconds=settings.PUBLISH_SEND_DEADLINE_S),
        )
        spending.reserve(attempt, moment, known)
    return claimed, attempt


class MissingPicture(Exception):
    """A picture is not on the disk as it was approved, or captions cannot be read; nothing was sent."""


def _message(delivery: Delivery, is_still_wanted: Callable[[], bool] | None = None) -> Message | None:
    """None for a retweet, which has only the original's address."""
    post = delivery.post
    if post.kind == PostKind.RETWEET:
        return None
    pictures = _pictures(post)
    uploads = DeliveryUploads(delivery) if pictures else None
    return Message(post.message_text, pictures, str(delivery.pk), uploads, is_still_wanted if pictures else None)


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
        try:
            subtitles = as_srt(medium.captions) if medium.is_video else ""
        except UnusableCaptions as error:
            raise MissingPicture(medium.title) from error
        pictures.append(Picture(data, medium.media_type, medium.alt_text, captions=subtitles))
    return tuple(pictures)


def _still_allowed(delivery: Delivery, attempt: Attempt, *, at: dt.datetime | None) -> bool:
    """The last look before the call: in time, switch on, approval and consent standing (publishing.md 1.4, 4)."""
    if (moment := _unchanged_at(delivery, at)) is not None:
        return moment <= attempt.deadline_at
    moment = at or database_now()
    return moment <= attempt.deadline_at and _is_as_approved(delivery, moment)


def _is_as_approved(delivery: Delivery, moment: dt.datetime) -> bool:
    # The Freigabe as well: the one the claim has read may have ended since.
    fresh = Delivery.objects.select_related("post__topic", "post__partner", "approval").get(pk=delivery.pk)
    prefetch_related_objects([fresh.post], "audiences", "consents", "media_links")
    situation = Situation(at=moment, slot=fresh.slot, delivery=fresh)
    return not blocking(ask(MAY_GO_OUT, fresh.post, situation))


def _unchanged_at(delivery: Delivery, at: dt.datetime | None) -> dt.datetime | None:
    """The moment at which, by one question, nothing has happened since the claim. None where all is to be asked again:
    something has, or people or pictures are shown.
    """
    post = delivery.post
    if post.consents.all() or post.ordered_media():
        return None
    asked = {name: getattr(post, name) for name in (*UNTOUCHED, "slot")}
    found: Any = _untouched(post.slot is None).first(pk=post.pk, approval=delivery.approval_id, at=at, **asked)
    return None if found is None else at or found.asked_at


@cache
def _untouched(is_without_slot: bool) -> "Question[Post]":
    def rows() -> "QuerySet[Post]":
        words: dict[str, Any] = {name: Given.like(Post, name) for name in UNTOUCHED}
        words["slot"] = None if is_without_slot else Given("slot", DateTimeField())
        found = Post.objects.filter(pk=Given("pk", BigIntegerField()), state=PostState.APPROVED, **words)
        found = found.filter(approvals=Given("approval", BigIntegerField()), approvals__voided_at=None)
        found = found.filter(~Exists(SendPause.objects.active(Moment())), consents=None, media=None)
        return found.annotate(asked_at=Moment()).only("pk").order_by()

    return Question(rows)


def _step_aside(delivery: Delivery, refusal: StepRefused, *, at: dt.datetime | None) -> str:
    codes = {objection.code for objection in refusal.objections}
    # Past its grace it is missed, which the next tick says; its Freigabe has lapsed then as well.
    if "slot.past" not in codes and not codes <= PASSING:
        with transaction.atomic():
            stopped = Delivery.objects.select_related("post").get(pk=delivery.pk)
            if overdue.try_step("block", stopped, at=at, note=refusal.codes, rule_results=refusal.answers):
                scheduling.hide_from_mirror(stopped.post, at=at or database_now())
    return _state_of(delivery.pk)


def _state_of(delivery_id: int) -> str:
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery_id)
