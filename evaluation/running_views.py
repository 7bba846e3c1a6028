"""Auswertung while the half-year still runs: live figures, what they are made of, and how old they are."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from editorial import queries
from editorial.enums import Role
from editorial.queries import ChannelFacts
from editorial.roles import StaffRequest, roles

from . import exports, presenting, running

POSTS_PER_PAGE = 25
READERS = (Role.PROE, Role.GF)


@require_safe
@roles(*READERS)
def half_year(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    channel = queries.channel_facts(at)
    period = running.period_at(channel, at) if channel else None
    if channel is None or period is None:
        return render(request, "evaluation/running.html", {"report": None})
    figures = running.figures_at(channel, period, at)
    page = Paginator(figures["posts"][::-1], POSTS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "report": presenting.running_report(figures),
        "title": presenting.span_words(period),
        "page": page,
        "posts": _with_words(channel, list(page.object_list)),
        "heads": presenting.COMPARED,
        "may_enter": request.user.role == Role.PROE,
    }
    return render(request, "evaluation/running.html", context)


@require_safe
@roles(*READERS)
def half_year_csv(request: StaffRequest) -> HttpResponse:
    at = timezone.now()
    channel = queries.channel_facts(at)
    period = running.period_at(channel, at) if channel else None
    if channel is None or period is None:
        raise Http404
    text = exports.running_csv(running.figures_at(channel, period, at))
    name = f"laufendes-halbjahr-{at:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _with_words(channel: ChannelFacts, posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The posts of one page with the first words of their Beitrag."""
    found = queries.published_posts(channel.pk, pks=[post["delivery"] for post in posts])
    named = {post.pk: post for post in found}
    return [{**presenting.post_line(post), "post": named[post["delivery"]]} for post in posts]
