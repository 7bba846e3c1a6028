import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from ..clock import berlin_day
from ..enums import PostState, Role
from ..models import Approval, Channel, Post
from ..navigation import house
from ..roles import StaffRequest, roles
from ..rules import CONTENT_RULES, Situation, ask
from ..rules.approval import author_ids
from ..rules.known import Known
from . import presenting

POSTS_PER_PAGE = 4  # each with everything needed to decide, and the forms to do so
PAST_SOON = dt.timedelta(hours=24)


@require_GET
@roles(Role.GF, Role.PROE)
def queue(request: StaffRequest) -> HttpResponse:
    """What waits for a Freigabe, soonest first; for PRÖ the same list shows where their Beiträge stand."""
    at = timezone.now()
    waiting = (
        Post.objects.filter(state=PostState.IN_REVIEW)
        .select_related("topic", "partner")
        .order_by(F("slot").asc(nulls_last=True), "pk")
    )
    page = Paginator(presenting.with_questions(waiting), POSTS_PER_PAGE).get_page(request.GET.get("seite"))
    here = house(request)
    channel = here.channels[0]
    checks = Approval.objects.post_check_open().select_related("post", "approved_by").order_by("post_check_due_on")
    posts, known = list(page), Known(paused=here.pause is not None, money=here.money)
    known.said = {}
    presenting.look_everything_up(posts)
    known.look_up_hours_of(post.slot for post in posts if post.slot)
    context = {
        "page": page,
        "items": [_item(request, post, channel, at, known) for post in posts],
        "channel": channel,
        "post_checks": [(check, check.post_check_overdue(berlin_day(at))) for check in checks[:POSTS_PER_PAGE]],
        "decides": request.user.role == Role.GF,
    }
    return render(request, "editorial/approvals/queue.html", context)


def _item(request: StaffRequest, post: Post, channel: Channel, at: dt.datetime, known: Known) -> dict[str, Any]:
    names = {version.saved_by_id: version.saved_by.display_name for version in post.versions.all() if version.saved_by}
    return {
        "post": post,
        "digest": post.digest(),
        "preview": presenting.preview(post, post.ordered_media(), channel, known),
        "facts": presenting.facts(post),
        "authors": ", ".join(names[pk] for pk in author_ids(post)),
        "hints": ask(CONTENT_RULES, post, Situation(at=at, by=request.user, slot=post.slot, known=known)),
        "steps": presenting.steps(post, request.user, at=at, known=known),
        "is_soon": post.slot is not None and post.slot - at < PAST_SOON,
        "is_past": post.slot is not None and post.slot <= at,
    }
