"""Freigaben: what waits, what is on its way from me, what came back, what lapsed."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from .. import queues
from ..clock import berlin_day
from ..enums import PostState, Role
from ..models import Approval, Channel, Post, PostVersion
from ..navigation import house
from ..roles import StaffRequest, roles
from ..rules import CONTENT_RULES, Situation, ask
from ..rules.approval import author_ids
from ..rules.known import Known
from . import live_tabs, presenting
from .needing import time_left
from .seen import since

POSTS_PER_PAGE = 3  # each with everything needed to decide, and the forms to do so
PAPERS_PER_PAGE, CHECKS_SHOWN = 20, 5
PAST_SOON = dt.timedelta(hours=24)
TABS_LABEL = "Freigaben nach Stand"
MINE, RETURNED, LAPSED = "von-mir", "zurueck", "verfallen"


@require_GET
@roles(Role.GF, Role.PROE)
def queue(request: StaffRequest) -> HttpResponse:
    """What waits for a Freigabe, soonest first; in the other tabs what each needs next."""
    tab, at = request.GET.get("reiter", ""), timezone.now()
    counts = queues.count(request.user, at)
    if live_tabs.asked_alone(request):
        return live_tabs.alone(request, _tabs(request, tab if tab in PAPERS else "", counts), TABS_LABEL)
    if tab in PAPERS:
        return _papers(request, tab, at, counts)
    waiting = queues.soonest_first(queues.waiting(queues.ended_before(at))).select_related("topic", "partner")
    waiting = queues.with_look_of(request.user, waiting)
    page = _Counted(presenting.with_questions(waiting), POSTS_PER_PAGE, counts.waiting).get_page(_number(request))
    here = house(request)
    channel = here.channels[0]
    posts, known = list(page), Known(paused=here.pause is not None, money=here.money)
    known.said = {}
    presenting.look_everything_up(posts)
    known.look_up_hours_of(post.slot for post in posts if post.slot)
    context = {
        "page": page,
        "items": [item(request, post, channel, at, known) for post in posts],
        "channel": channel,
        "post_checks": _post_checks(at) if counts.checks else [],
        "decides": request.user.role == Role.GF,
        "tabs": _tabs(request, "", counts),
        "tabs_label": TABS_LABEL,
    }
    return render(request, "editorial/approvals/queue.html", context)


def _post_checks(at: dt.datetime) -> list[tuple[Approval, bool]]:
    """Each with whether it is overdue."""
    owed = Approval.objects.post_check_open().select_related("post", "approved_by").order_by("post_check_due_on")
    return [(check, check.post_check_overdue(berlin_day(at))) for check in owed[:CHECKS_SHOWN]]


def item(request: StaffRequest, post: Post, channel: Channel, at: dt.datetime, known: Known) -> dict[str, Any]:
    """Everything needed to decide about one Beitrag; what hangs on it has been looked up."""
    names = {version.saved_by_id: version.saved_by.display_name for version in post.versions.all() if version.saved_by}
    authors = author_ids(post)
    seen, before = getattr(post, "seen", None), getattr(post, "seen_before", None)
    changed = since(seen, post) if seen else None
    left, tone = time_left(post.slot, at)
    return {
        "post": post,
        "digest": post.digest(),
        "preview": presenting.preview(post, post.ordered_media(), channel, known),
        "facts": presenting.facts(post),
        "authors": ", ".join(names[pk] for pk in authors),
        "hints": ask(CONTENT_RULES, post, Situation(at=at, by=request.user, slot=post.slot, known=known)),
        "steps": presenting.steps(post, request.user, at=at, known=known),
        "is_soon": post.slot is not None and post.slot - at < PAST_SOON,
        "is_past": post.slot is not None and post.slot <= at,
        "left": left,
        "tone": tone,
        "was_seen": seen is not None,
        "is_changed": changed is not None,
        # Whoever has read this version already may still want to know what was new in it.
        "since": changed or (since(before, post) if before else None),
        "counts_as_read": request.user.pk not in authors,
    }


def _papers(request: StaffRequest, tab: str, at: dt.datetime, counts: queues.Counts) -> HttpResponse:
    """Short rows: what became of it, and the next step as a button."""
    number = {MINE: counts.mine, RETURNED: counts.returned, LAPSED: counts.lapsed}[tab]
    posts = PAPERS[tab](request, at).select_related("topic").prefetch_related(presenting.names_of_authors())
    page = _Counted(posts, PAPERS_PER_PAGE, number).get_page(_number(request))
    rows = [_paper(tab, post, at) for post in page]
    tabs = {"tabs": _tabs(request, tab, counts), "tabs_label": TABS_LABEL}
    context = {"page": page, "rows": rows, "tab": tab, **tabs}
    return render(request, "editorial/approvals/papers.html", context)


def _from_me(request: StaffRequest, at: dt.datetime) -> QuerySet[Post]:
    return queues.soonest_first(queues.from_person(request.user, queues.ended_before(at)))


def _returned(request: StaffRequest, at: dt.datetime) -> QuerySet[Post]:
    return queues.with_name_of_actor(queues.returned()).order_by(F("sent_back_at").desc(), "-pk")


def _lapsed(request: StaffRequest, at: dt.datetime) -> QuerySet[Post]:
    return queues.lapsed(queues.ended_before(at)).prefetch_related("approvals").order_by("-updated_at", "-pk")


PAPERS = {MINE: _from_me, RETURNED: _returned, LAPSED: _lapsed}


def _paper(tab: str, post: Post, at: dt.datetime) -> dict[str, Any]:
    left, tone = time_left(post.slot, at)
    versions: list[PostVersion] = list(post.versions.all())
    names = dict.fromkeys(version.saved_by.display_name for version in versions if version.saved_by)
    is_over = post.slot is not None and post.slot <= at
    return {
        "post": post,
        "left": left,
        "tone": tone,
        "authors": ", ".join(names),
        "why": _why_lapsed(post) if tab == LAPSED else "",
        "next": _next_step(tab, post, is_over=is_over),
    }


def _why_lapsed(post: Post) -> str:
    last = next(iter(post.approvals.all()), None)
    if post.state == PostState.IN_REVIEW:
        return "Niemand hat rechtzeitig entschieden. Der Termin ist vorbei."
    if post.state == PostState.APPROVED:
        return "Die Freigabe galt für einen Termin, der vorbei ist. Der Beitrag ist nicht erschienen."
    number = f" Freigegeben war Fassung {last.version_number}." if last else ""
    return f"Der Beitrag wurde nach der Freigabe geändert.{number}"


def _next_step(tab: str, post: Post, *, is_over: bool) -> dict[str, str]:
    """``url`` and ``label``; with ``method`` post it is a step, else a link."""
    if tab == MINE:
        return {"url": reverse("editorial:post", args=[post.pk]), "label": "Ansehen"}
    if tab == RETURNED:
        return {"url": reverse("editorial:post_edit", args=[post.pk]), "label": "Überarbeiten"}
    if is_over:
        return {"url": reverse("editorial:post_move", args=[post.pk]), "label": "Neuen Termin wählen"}
    url = reverse("editorial:post_step", args=[post.pk, "einreichen"])
    return {"url": url, "label": "Neu zur Freigabe geben", "method": "post"}


def _tabs(request: StaffRequest, current: str, counts: queues.Counts) -> list[dict[str, Any]]:
    here = reverse("editorial:approvals")
    first = "Ich bin dran" if request.user.role == Role.GF else "Wartet"
    found = ((first, "", counts.waiting), ("Von mir", MINE, counts.mine), ("Zurück", RETURNED, counts.returned))
    return [
        {"label": label, "url": f"{here}?reiter={tab}" if tab else here, "current": tab == current, "count": number}
        for label, tab, number in (*found, ("Verfallen", LAPSED, counts.lapsed))
    ]


def _number(request: StaffRequest) -> str | None:
    return request.GET.get("seite")


class _Counted(Paginator):
    """Its rows were counted with the tabs already."""

    def __init__(self, rows: QuerySet[Post], per_page: int, number: int) -> None:
        super().__init__(rows, per_page)
        self.__dict__["count"] = number
