"""By the clock: who is reminded that something waits for a decision, and when it becomes everybody's matter."""

import datetime as dt

from django.conf import settings

from .. import queues
from ..clock import OFFICE_HOURS, berlin_day, database_now, from_wall, office_time_after, office_time_before
from ..models import Approval, Post
from . import reporting


def watch(at: dt.datetime | None = None) -> int:
    """Tell whoever has to know. Returns how many notices were written; asked again it writes none of them twice."""
    at = at or database_now()
    waiting = queues.waiting(queues.ended_before(at)).filter(submitted_at__isnull=False)
    told = sum(_look_at(post, at) for post in waiting.select_related("topic").prefetch_related("versions", "approvals"))
    return told + _watch_post_checks(at)


def _look_at(post: Post, at: dt.datetime) -> int:
    if post.slot is not None and at >= urgent_from(post, post.slot):
        return reporting.is_urgent(post, at=at)
    if at >= remind_from(post):
        return reporting.still_waits(post, at=at)
    return 0


def remind_from(post: Post) -> dt.datetime:
    """So much office time before the moment; without one, so much after it was handed in."""
    span = dt.timedelta(hours=settings.APPROVAL_REMIND_H)
    handed_in = post.submitted_at or post.updated_at
    if post.slot is None:
        return office_time_after(handed_in, span)
    return max(office_time_before(post.slot, span), _halfway(handed_in, post.slot))


def urgent_from(post: Post, slot: dt.datetime) -> dt.datetime:
    handed_in = post.submitted_at or post.updated_at
    return max(slot - dt.timedelta(minutes=settings.APPROVAL_URGENT_MIN), _halfway(handed_in, slot))


def _halfway(handed_in: dt.datetime, slot: dt.datetime) -> dt.datetime:
    """Whoever was told just now that something waits is not reminded at once."""
    return handed_in + (slot - handed_in) / 2


def _watch_post_checks(at: dt.datetime) -> int:
    """On the day a post-check is due, from the morning on, and again when it is overdue (K-17)."""
    today = berlin_day(at)
    if at < from_wall(dt.datetime.combine(today, OFFICE_HOURS[0])):
        return 0
    due = Approval.objects.post_check_open().filter(post_check_due_on__lte=today).select_related("post__topic")
    return sum(reporting.check_is_due(check, overdue=check.post_check_overdue(today), at=at) for check in due)
