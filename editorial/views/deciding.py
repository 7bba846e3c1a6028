"""One Beitrag and the decision about it: for a phone, in half a minute, then on to the next."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from .. import queues
from ..actions import looking, steps
from ..enums import PostState, Role
from ..models import Post, User
from ..navigation import house
from ..roles import StaffRequest, roles
from ..rules import Objection, Situation
from ..rules.approval import author_ids, is_open, reads_to_decide, standing_approval, why_two_decide
from ..rules.known import Known
from ..workflow import StepForbidden, StepRefused
from . import presenting
from .approvals import item
from .posts import CONFLICT
from .seen import since
from .steps import DONE

YES, NO = ("mitzeichnen", "freigeben", "eilfreigeben", "nachpruefen"), ("aendern-lassen",)
DECISIONS = (*YES, *NO, "ablehnen")
NO_CONTENT = 204


@require_GET
@roles(Role.GF, Role.PROE)
def page(request: StaffRequest, pk: int) -> HttpResponse:
    post = _post(pk)
    return _page(request, post)


@require_POST
@roles(Role.GF, Role.PROE)
def seen(request: StaffRequest, pk: int) -> HttpResponse:
    """A row of the queue lies unfolded on the screen: that counts as having read the version with this digest."""
    post = _post(pk)
    if not reads_to_decide(post, request.user) or request.POST.get("digest") != post.digest():
        return HttpResponse(status=CONFLICT)
    looking.note(post, by=request.user)
    return HttpResponse(status=NO_CONTENT)


@require_POST
@roles(Role.GF, Role.PROE)
def decide(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Take the step and go on to the next one that waits for this person."""
    if step not in DECISIONS:
        raise Http404
    post = _post(pk)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:2000]
    asked = steps.Request(seen_digest=request.POST.get("digest", ""), reason=reason)
    try:
        steps.perform(step, post, by=request.user, asked=asked)
    except StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        return _page(request, _post(pk), refusal.objections, status=CONFLICT, tried=step)
    return _on_from(request, step)


def _on_from(request: StaffRequest, step: str) -> HttpResponse:
    waiting = _waiting_for(request.user)
    if not waiting:
        messages.success(request, f"{DONE[step]} Es wartet nichts mehr auf Sie.")
        return redirect("editorial:approvals")
    messages.success(request, f"{DONE[step]} {_left_over(len(waiting))} Hier ist der nächste.")
    return redirect("editorial:approval", waiting[0])


def _left_over(number: int) -> str:
    return "Es wartet noch ein Beitrag auf Sie." if number == 1 else f"Es warten noch {number} Beiträge auf Sie."


def _waiting_for(person: User) -> list[int]:
    """What others wrote and nobody decided, soonest first."""
    in_time = queues.waiting(queues.ended_before(timezone.now()))
    found = queues.soonest_first(queues.for_others_eyes(in_time, person))
    return list(found.values_list("pk", flat=True))


def _post(pk: int) -> Post:
    posts = presenting.with_questions(Post.objects.select_related("topic", "partner"))
    posts = queues.with_directors(posts)
    return get_object_or_404(posts, pk=pk)


def _page(
    request: StaffRequest,
    post: Post,
    refused: list[Objection] | None = None,
    *,
    status: int = 200,
    tried: str = "",
) -> HttpResponse:
    presenting.look_everything_up([post])
    at, here, by = timezone.now(), house(request), request.user
    known, channel = Known(paused=here.pause is not None, money=here.money), here.channels[0]
    shown, waiting = item(request, post, channel, at, known), _waiting_for(by)
    earlier = looking.note(post, by=by, at=at) if reads_to_decide(post, by) else None
    offered = presenting.with_what_was_typed(_here(shown["steps"], post), tried, request.POST)
    context = {
        "item": shown | {"since": since(earlier.payload, post, earlier.version_number) if earlier else None},
        "channel": channel,
        "yes": [step for step in offered if step["slug"] in YES],
        "no": [step for step in offered if step["slug"] in NO],
        "refused": refused or [],
        # Where the form is gone as well, what was typed stands beside the reason.
        "left_over": "" if any(step["slug"] == tried for step in offered) else request.POST.get("reason", ""),
        "is_open": is_open(post),
        "approval": standing_approval(post),
        "version_number": next((version.number for version in post.versions.all()), 0),
        "others": _others(post, by) if is_open(post) else [],
        "takes_two": why_two_decide(post, Situation(at=at, slot=post.slot, known=known))[0],
        "is_post_check": post.state != PostState.IN_REVIEW,
        "place": _place(post.pk, waiting),
    }
    return render(request, "editorial/approvals/decide.html", context, status=status)


def _here(found: list[dict[str, Any]], post: Post) -> list[dict[str, Any]]:
    """The steps that decide, sent to this page instead of the reading page."""
    return [
        step | {"url": reverse("editorial:approval_step", args=[post.pk, step["slug"]]), **WORDS.get(step["slug"], {})}
        for step in found
        if step["slug"] in DECISIONS
    ]


# On a phone one button says no; what becomes of it then stands below it.
WORDS: dict[str, Mapping[str, str]] = {
    "aendern-lassen": {"label": "Zurückgeben", "reason": "Was soll anders werden?"},
}


def _others(post: Post, by: User) -> list[str]:
    """Who else can decide: any other director who did not write it."""
    directors = queues.directors_of(post)
    return sorted(name for pk, name in directors if pk not in {by.pk, *author_ids(post)})


def _place(pk: int, waiting: list[int]) -> dict[str, Any]:
    """How many wait besides this one, and which is next."""
    rest = [one for one in waiting if one != pk]
    after = waiting[waiting.index(pk) + 1 :] if pk in waiting else rest
    following = next(iter(after or rest), None)
    return {
        "rest": len(rest),
        "next_url": reverse("editorial:approval", args=[following]) if following else "",
    }
