"""What one attempt has come to: stored once, with the step that follows from it (publishing.md 1.4, 6)."""

import datetime as dt
import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, QuerySet, Value

from .. import audit, workflow
from ..channels import addresses, matching
from ..channels.protocol import (
    ChannelBusy,
    ChannelError,
    ChannelLocked,
    ChannelRefused,
    ChannelUnreached,
    Publisher,
    Receipt,
    TimelineEntry,
)
from ..clock import database_now
from ..enums import AttemptOutcome, Evidence, PostKind, PostState
from ..models import Attempt, Channel, Delivery
from ..prepared import Change, Given, Moment
from ..workflow import Objection, StepRefused
from . import channel_states, consents, scheduling, spending

logger = logging.getLogger(__name__)

BACK_OFF_S = (30, 120, 300, 600)
UNRESOLVED = (AttemptOutcome.STARTED, AttemptOutcome.UNKNOWN)
# Two clocks are never quite alike. The token in the link is ours alone, so its post cannot be somebody else's.
TOKEN_TOLERANCE, TEXT_TOLERANCE = dt.timedelta(minutes=5), dt.timedelta(seconds=2)
_OUTCOMES = {
    ChannelUnreached: (AttemptOutcome.NOT_SENT, "release"),
    ChannelBusy: (AttemptOutcome.BUSY, "release"),
    ChannelLocked: (AttemptOutcome.LOCKED, "release"),
}


def published(
    delivery: Delivery, attempt: Attempt, receipt: Receipt, *, at: dt.datetime | None, evidence: Evidence
) -> str:
    """It is online. Withdrawn meanwhile: it is to come down again. Returns the state."""
    try:
        return _published(delivery, attempt, receipt, at, evidence)
    except IntegrityError:
        # A retweet repeated leaves one and names it again: that one belongs to another Beitrag of ours.
        if Delivery.objects.filter(external_id=receipt.external_id).exclude(pk=delivery.pk).exists():
            return handed_over(delivery, attempt, "duplicate", receipt.external_id, at=at)
        raise


def _published(
    delivery: Delivery, attempt: Attempt, receipt: Receipt, at: dt.datetime | None, evidence: Evidence
) -> str:
    as_sent = delivery.post  # with all that the claim has read of it
    with transaction.atomic():
        with audit.chained():
            audit.along(spending.SETTLED.statement(attempt=attempt.pk, at=at))
            audit.along(_ANSWERED[evidence].statement(pk=attempt.pk, at=at, external_id=receipt.external_id))
            delivery = workflow.take(
                "confirm",
                delivery,
                at=at,
                external_id=receipt.external_id,
                external_url=receipt.url,
                published_at=receipt.at,
                evidence=evidence,
                not_before=None,
                is_written_last=True,
            )
        post = delivery.post
        moment = at or delivery.asked_at  # type: ignore[attr-defined]  # learned by the step
        if post.state == PostState.WITHDRAWN:  # withdrawn while the call was under way
            scheduling.take_down(post, by=None, at=moment, note="withdraw")
            delivery.refresh_from_db()
        elif as_sent.consents.all() and not consents.still_carried(as_sent, moment):  # so was a consent
            scheduling.take_down(post, by=None, at=moment, note="consent.not_valid")
            delivery.refresh_from_db()
    return delivery.state


def _open_attempt() -> "QuerySet[Attempt]":
    return Attempt.objects.filter(pk=Given("pk", BigIntegerField()), outcome__in=UNRESOLVED)


def _answer(**status: Any) -> Change:
    outcome = Value(AttemptOutcome.PUBLISHED)
    return Change(_open_attempt, ["external_id"], outcome=outcome, finished_at=Moment(), **status)


_ANSWERED = {Evidence.ANSWER: _answer(http_status=Value(201))}
_ANSWERED |= {evidence: _answer() for evidence in Evidence if evidence not in _ANSWERED}


def refused(
    delivery: Delivery, attempt: Attempt, error: ChannelRefused, channel: Publisher, *, at: dt.datetime | None
) -> str:
    """X has refused posts that were online all the same: one look at the timeline before a person is asked.

    Where that look fails, the reconciler looks again (I6).
    """
    try:
        entries = channel.timeline(None, attempt.started_at - dt.timedelta(minutes=1))
    except ChannelError:
        entries = []
    if (found := own_entry(delivery, attempt.started_at, entries)) is not None:
        return published(delivery, attempt, receipt_of(found), at=at, evidence=Evidence.TIMELINE)
    return handed_over(delivery, attempt, error.code, error.raw, at=at, http_status=error.http_status)


def own_entry(delivery: Delivery, first_started_at: dt.datetime, entries: list[TimelineEntry]) -> TimelineEntry | None:
    """The one on the timeline that came from us: ours by link token or text, and not older than the first attempt."""
    for entry in entries:
        if (proof := proof_in(delivery, entry)) is not None and entry.at >= first_started_at - proof:
            return entry
    return None


def proof_in(delivery: Delivery, entry: TimelineEntry) -> dt.timedelta | None:
    """Whether this entry says what we sent: how far its clock may be off to count, or None when it says otherwise."""
    post = delivery.post
    if post.kind == PostKind.RETWEET:
        return TEXT_TOLERANCE if entry.is_retweet_of == addresses.address_to_id(post.retweet_url) else None
    if entry.is_retweet_of is not None:
        return None
    if post.link_token and matching.carries_token(post.link_token, entry):
        return TOKEN_TOLERANCE
    return TEXT_TOLERANCE if matching.text_matches(post.message_text, entry) else None


def receipt_of(entry: TimelineEntry) -> Receipt:
    return Receipt(entry.external_id, entry.at, addresses.id_to_address(entry.external_id))


def handed_over(
    delivery: Delivery,
    attempt: Attempt,
    code: str,
    detail: str,
    *,
    at: dt.datetime | None,
    http_status: int | None = None,
    outcome: AttemptOutcome = AttemptOutcome.REFUSED,
) -> str:
    """A person decides. Returns the state."""
    moment = at or database_now()
    with transaction.atomic():
        finish(attempt, outcome, at=moment, code=code, detail=detail, http_status=http_status)
        spending.release(attempt)
        return workflow.take("hand_over", delivery, at=moment, note=code).state


def failed(delivery: Delivery, attempt: Attempt, error: ChannelError, *, at: dt.datetime | None) -> str:
    """Store what is known: not sent → scheduled again, later; everything else → unknown. Returns the state."""
    moment = at or database_now()
    outcome, step = _OUTCOMES.get(type(error), (AttemptOutcome.UNKNOWN, "lose_sight"))
    with transaction.atomic():
        if isinstance(error, ChannelBusy | ChannelLocked):
            # The channel before the Ausspielung, in the order of every claim.
            Channel.objects.select_for_update(no_key=True).get(pk=delivery.channel_id)
        finish(attempt, outcome, at=moment, code=error.code, detail=error.raw, http_status=error.http_status)
        changes: dict[str, Any] = {}
        if outcome == AttemptOutcome.NOT_SENT:
            changes["not_before"] = again_at(delivery, moment)
        if outcome != AttemptOutcome.UNKNOWN:
            spending.release(attempt)
        if isinstance(error, ChannelBusy):
            channel_states.rest(delivery.channel, error.wait_until)
        elif isinstance(error, ChannelLocked):
            channel_states.lock(delivery.channel, error.code, at=moment)
        return workflow.take(step, delivery, at=moment, note=str(error), **changes).state


def again_at(delivery: Delivery, at: dt.datetime) -> dt.datetime:
    tries = delivery.attempts.filter(outcome=AttemptOutcome.NOT_SENT).count()
    return at + dt.timedelta(seconds=BACK_OFF_S[min(tries, len(BACK_OFF_S)) - 1])


def finish(attempt: Attempt, outcome: AttemptOutcome, *, at: dt.datetime, **facts: object) -> None:
    """Write what became of it, once. Raises StepRefused where somebody else has closed it: then whatever follows from
    this outcome is not this writer's to do; the Ausspielung may be in another sender's hands.
    """
    facts = {key: value if value is not None or key == "http_status" else "" for key, value in facts.items()}
    still_open = Attempt.objects.filter(pk=attempt.pk, outcome__in=UNRESOLVED)
    if not still_open.update(outcome=outcome, finished_at=at, **facts):
        raise StepRefused([Objection("step.overtaken", "Dieser Versuch ist schon abgeschlossen.")])
