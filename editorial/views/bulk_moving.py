"""Several Beiträge of the plan to other days at once: choose, look at what would happen, do it."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ..actions import moving
from ..actions.moving import NotMoved
from ..clock import database_now
from ..enums import Role
from ..forms.moving import BulkForm, way_back
from ..forms.post import LONGEST_PK
from ..models import Post
from ..roles import StaffRequest, roles
from ..rules import Objection, blocking
from ..rules.known import Known
from ..workflow import StepRefused
from . import presenting
from .moving import done, page_before

EDITORS = (Role.PROE, Role.GF)
MOST_AT_ONCE = 60
UNPROCESSABLE = 422


@dataclass(frozen=True)
class Line:
    """A Beitrag of the preview; ``to`` is None where it has no other moment at all."""

    post: Post
    to: dt.datetime | None
    objections: tuple[Objection, ...]
    ends_approval: bool

    @property
    def goes(self) -> bool:
        return self.to is not None and not blocking(list(self.objections))


@require_http_methods(["GET", "POST"])
@roles(*EDITORS)
def bulk_move(request: StaffRequest) -> HttpResponse:
    """GET shows what was chosen, POST what would happen; only a POST that has read that moves anything."""
    data = request.POST if request.method == "POST" else request.GET
    posts = _chosen(data)
    if request.method == "GET":
        return _page(request, posts, BulkForm(initial={"zurueck": way_back(page_before(request))}))
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _page(request, posts, form, status=UNPROCESSABLE)
    lines = _preview(posts, form, request)
    if "gelesen" not in request.POST:
        return _page(request, posts, form, lines)
    wanted = [(line.post, line.to) for line in lines if line.goes and line.to]
    moved, refused = moving.move_each(wanted, by=request.user)
    kept_back = [NotMoved(line.post.pk, line.post.headline, _reasons(line)) for line in lines if not line.goes]
    return done(request, moved, [*kept_back, *refused], form.cleaned_data["zurueck"])


def _chosen(data: QueryDict) -> list[Post]:
    typed = data.getlist("beitrag")[:MOST_AT_ONCE]
    numbers = [int(one) for one in typed if one.isascii() and one.isdecimal() and len(one) < LONGEST_PK]
    return list(Post.objects.filter(pk__in=numbers).select_related("topic", "partner").order_by("slot", "pk"))


def _preview(posts: list[Post], form: BulkForm, request: StaffRequest) -> list[Line]:
    presenting.look_everything_up(posts)
    known, at = Known(), database_now()
    targets: dict[int, dt.datetime] = {}
    refused: dict[int, tuple[Objection, ...]] = {}
    for post in posts:
        try:
            targets[post.pk] = moving.shifted(post.slot, form.cleaned_data["tage"] or 0, form.cleaned_data["wochentag"])
        except StepRefused as refusal:
            refused[post.pk] = tuple(refusal.objections)
    known.look_up_hours_of(targets.values())
    lines = []
    for post in posts:
        to = targets.get(post.pk)
        found = tuple(moving.against(post, to, by=request.user, at=at, known=known)) if to else refused[post.pk]
        lines.append(Line(post, to, found, moving.ends_approval(post)))
    return lines


def _reasons(line: Line) -> tuple[Objection, ...]:
    return tuple(blocking(list(line.objections)))


def _page(
    request: StaffRequest, posts: list[Post], form: BulkForm, lines: list[Line] | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "posts": posts,
        "form": form,
        "lines": lines,
        "going": sum(line.goes for line in lines or ()),
        "ending": sum(line.goes and line.ends_approval for line in lines or ()),
        "back": way_back(str(form["zurueck"].value() or "")),
    }
    return render(request, "editorial/plan/bulk_move.html", context, status=status)
