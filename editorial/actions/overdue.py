"""What can no longer go out by itself: it stands with a person instead."""

import datetime as dt
from typing import Any

from django.db.models import Q

from .. import workflow
from ..enums import DeliveryState
from ..models import Delivery, SendPause, User
from ..rules.timing import grace
from ..workflow import StepRefused


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
            blocked += try_step("block", delivery, at=at, note="publishing.off")
    return blocked


def miss_what_is_over(at: dt.datetime) -> int:
    """Later than slot plus grace is not sent any more; a person reschedules or lets it be."""
    over = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__lt=at - grace())
    return sum(try_step("miss", delivery, at=at, note="slot.past") for delivery in over)


def try_step(
    step: str, delivery: Delivery, *, at: dt.datetime | None, by: User | None = None, note: str = "", **changes: Any
) -> bool:
    """Take it unless somebody was quicker; then the row is where they put it."""
    try:
        workflow.take(step, delivery, by=by, at=at, note=note, **changes)
    except StepRefused:
        return False
    return True
