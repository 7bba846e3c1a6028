"""Moving a Beitrag to another moment, from the plan: by fields, by pointer, and back again."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ..actions import moving
from ..actions.moving import Moved, NotMoved
from ..enums import PostState, Role
from ..forms.moving import MoveForm, way_back, way_back_to
from ..models import Post
from ..roles import StaffRequest, roles
from ..rules import blocking
from ..templatetags.kern import berlin
from ..workflow import StepRefused
from . import presenting
from .posts import get_post

EDITORS = (Role.PROE, Role.GF)
CONFLICT, UNPROCESSABLE = 409, 422
# In the session: what the person moved last, and from which page.
LAST_MOVE = "plan_last_move"
UNDO = "rueckgaengig"  # the message that carries the button


@require_http_methods(["GET", "POST"])
@roles(*EDITORS)
def move_page(request: StaffRequest, pk: int) -> HttpResponse:
    post = get_post(pk)
    if request.method == "GET":
        return _asked(request, post)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, post, form, status=UNPROCESSABLE)
    slot, back = form.cleaned_data["slot"], form.cleaned_data["zurueck"]
    found = moving.against(post, slot, by=request.user)
    if blocking(found):
        return _page(request, post, form, found, status=CONFLICT)
    if moving.ends_approval(post) and "gelesen" not in request.POST:
        return _page(request, post, form, found)  # the pointer let go: say first what that means
    try:
        moved = moving.move(post, slot, by=request.user)
    except StepRefused as refusal:
        return _page(request, get_post(pk), form, refusal.objections, status=CONFLICT)
    return done(request, [moved], [], back)


@require_POST
@roles(*EDITORS)
def undo(request: StaffRequest) -> HttpResponse:
    kept = request.session.pop(LAST_MOVE, None)
    if kept is None:
        messages.info(request, "Es gibt nichts, was sich zurücknehmen lässt.")
        return HttpResponseRedirect(way_back(""))
    moved, refused = moving.undo(_read(kept["moves"]), by=request.user)
    if moved:
        words = "Zurückgenommen." if len(moved) == 1 else f"Zurückgenommen: {len(moved)} Beiträge."
        messages.success(request, words)
    _say_refused(request, refused)
    return _to(kept["back"], moved)


def done(request: StaffRequest, moved: list[Moved], refused: list[NotMoved], back: str) -> HttpResponse:
    """Say what happened, keep the way back from it, and return to where the person came from."""
    if moved:
        request.session[LAST_MOVE] = {"back": back, "moves": [_kept(one) for one in moved]}
        messages.success(request, _words(moved), extra_tags=UNDO)
    _say_refused(request, refused)
    return _to(back, moved)


def _words(moved: list[Moved]) -> str:
    ended = sum(one.ended_approval for one in moved)
    if len(moved) > 1:
        again = f" {ended} davon {'braucht' if ended == 1 else 'brauchen'} eine neue Freigabe." if ended else ""
        return f"Verschoben: {len(moved)} Beiträge.{again}"
    one = moved[0]
    again = " Der Beitrag braucht eine neue Freigabe." if ended else ""
    return f"Verschoben auf {berlin(one.after)}: „{one.headline}“.{again}"


def _say_refused(request: StaffRequest, refused: list[NotMoved]) -> None:
    for one in refused:
        reasons = " ".join(objection.text for objection in one.objections)
        messages.warning(request, f"Nicht verschoben: „{one.headline}“. {reasons}")


def _to(back: str, moved: list[Moved]) -> HttpResponse:
    """The plan at the day it stands on now; the script puts the focus on the entry."""
    if len(moved) != 1:
        return HttpResponseRedirect(way_back(back))
    return HttpResponseRedirect(f"{way_back_to(back, moved[0].after)}#beitrag-{moved[0].post}")


def _asked(request: StaffRequest, post: Post) -> HttpResponse:
    """The page as a link opens it; with a slot in the address, what stands against that slot is said at once."""
    typed = request.GET.get("slot", "")
    back = way_back(request.GET.get("zurueck") or page_before(request))
    if not typed:
        slot = presenting.shown_slot(post)
        return _page(request, post, MoveForm(initial={"slot": slot, "zurueck": back}))
    form = MoveForm({"slot": typed, "zurueck": back})
    found = moving.against(post, form.cleaned_data["slot"], by=request.user) if form.is_valid() else []
    return _page(request, post, form, found, checked=form.is_valid())


def page_before(request: StaffRequest) -> str:
    address = request.headers.get("Referer", "")
    here = request.build_absolute_uri("/")
    return address.removeprefix(here.rstrip("/")) if address.startswith(here) else ""


def _page(
    request: StaffRequest, post: Post, form: MoveForm, found: Any = (), *, checked: bool = False, status: int = 200
) -> HttpResponse:
    against = moving.against(post, None, by=request.user)
    back = way_back(str(form["zurueck"].value() or ""))
    slot = presenting.shown_slot(post)
    context = {
        "post": post,
        "form": form,
        "slot": slot,
        "is_late": slot is not None and slot < timezone.now(),
        "against": against,
        "found": list(found),
        "checked": checked and not blocking(list(found)),
        "ends_approval": moving.ends_approval(post),
        "approvers": moving.who_could_approve(post, by=request.user),
        "is_idea": post.state == PostState.IDEA,
        "back": f"{back}#beitrag-{post.pk}",
        "shown_state": _shown_state(post),
    }
    return render(request, "editorial/plan/move.html", context, status=CONFLICT if against else status)


def _shown_state(post: Post) -> str:
    delivery = presenting.shown_delivery(post) if post.state == PostState.APPROVED else None
    return delivery.state if delivery else post.state


def _kept(one: Moved) -> list[Any]:
    return [one.post, one.headline, one.before and one.before.isoformat(), one.version]


def _read(rows: list[list[Any]]) -> list[Moved]:
    return [
        Moved(post, headline, before and dt.datetime.fromisoformat(before), None, version)
        for post, headline, before, version in rows
    ]
