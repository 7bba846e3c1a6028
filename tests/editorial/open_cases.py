"""Ausspielungen that wait for a person, as the real steps leave them."""

import datetime as dt
from typing import Any

from django.db import transaction

from editorial import audit
from editorial.cases import BROUGHT_BY
from editorial.enums import AttemptOutcome, DeliveryState
from editorial.invariants import CLOSING
from editorial.models import Attempt, AuditEntry, Delivery
from tests.factories import DeliveryFactory

MINUTE = dt.timedelta(minutes=1)
SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)  # 09:00 in Berlin
NOW = SLOT + 20 * MINUTE
D = DeliveryState
ADDRESS = "https://x.com/probe/status/1990000000000000001"


def case(state: str = D.NEEDS_DECISION, *, slot: dt.datetime = SLOT, why: str = "", **fields: Any) -> Delivery:
    """One with its entry in the record; ``why`` is the note of the step that brought it here."""
    delivery = DeliveryFactory(state=state, slot=slot, version=1, **fields)
    post = delivery.post
    post.message_text = post.text
    post.save()
    delivery.approval.digest = post.digest()
    delivery.approval.save()
    with transaction.atomic():
        audit.record(
            BROUGHT_BY[DeliveryState(state)],
            subject_type="delivery",
            subject_id=delivery.pk,
            at=slot,
            target=state,
            note=why,
        )
    return delivery


def tried(delivery: Delivery, outcome: str = AttemptOutcome.REFUSED, code: str = "forbidden", **fields: Any) -> Any:
    """An attempt at its slot."""
    number = delivery.attempts.count() + 1
    done = {} if outcome == AttemptOutcome.STARTED else {"finished_at": delivery.slot}
    at = {"started_at": delivery.slot, "deadline_at": delivery.slot}
    attempt = delivery.attempts.create(number=number, outcome=outcome, code=code, **at, **done, **fields)
    recorded(attempt)
    return attempt


def recorded(attempt: Attempt) -> None:
    """The entries that the steps around this attempt would have left, where there are none; the state stays."""
    delivery = attempt.delivery
    closing = CLOSING.get(AttemptOutcome(attempt.outcome), ())
    entries = AuditEntry.objects.filter(subject_type="delivery", subject_id=delivery.pk)
    steps = ["claim"] if not closing or entries.filter(step__in=closing).exists() else ["claim", closing[0]]
    with transaction.atomic():
        for step in steps:
            audit.record(
                step,
                subject_type="delivery",
                subject_id=delivery.pk,
                at=attempt.started_at,
                target=delivery.state,
                digest=delivery.approval.digest,
            )
    delivery.version += len(steps)
    Delivery.objects.filter(pk=delivery.pk).update(version=delivery.version)
