"""Entering figures by hand or from a file: where there is no interface, or where it brought nothing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editorial import queries
from editorial.clock import berlin_day
from editorial.enums import PostKind, Role
from editorial.queries import ChannelFacts, PublishedPost
from editorial.roles import StaffRequest, roles

from . import entering
from .figure_forms import FiguresForm, FileForm, followers_form, post_form
from .models import FigureRow

UNPROCESSABLE = 422
POSTS_PER_PAGE = 25
SHOWN_ROWS = 60
DONE = {0: "Es hat sich nichts geändert.", 1: "Eine Zahl ist gespeichert."}


@require_safe
@roles(Role.PROE)
def figures(request: StaffRequest) -> HttpResponse:
    return _list(request, _channel())


@require_POST
@roles(Role.PROE)
def followers(request: StaffRequest) -> HttpResponse:
    channel, form = _channel(), followers_form(request.POST)
    if not form.is_valid():
        return _list(request, channel, followers=form, status=UNPROCESSABLE)
    stored = entering.enter(channel, form.values(), post=None, day=form.cleaned_data["day"], by=request.user)
    messages.success(request, _done(stored))
    return redirect("evaluation:figures")


@require_http_methods(["GET", "POST"])
@roles(Role.PROE)
def post_figures(request: StaffRequest, pk: int) -> HttpResponse:
    channel = _channel()
    post = _post(channel, pk)
    published_on = berlin_day(post.published_at)
    form = post_form(request.POST if request.method == "POST" else None, published_on=published_on)
    if request.method == "POST" and form.is_valid():
        stored = entering.enter(channel, form.values(), post=post, day=form.cleaned_data["day"], by=request.user)
        messages.success(request, _done(stored))
        return redirect("evaluation:post_figures", post.pk)
    rows = FigureRow.objects.filter(delivery=post.pk).select_related("correction").order_by("-taken_at", "-pk")
    context = {"post": post, "form": form, "rows": rows[:SHOWN_ROWS]}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "evaluation/post_figures.html", context, status=status)


@require_POST
@roles(Role.PROE)
def figures_file(request: StaffRequest) -> HttpResponse:
    """First a look at what the file would bring; nothing is stored before somebody says so."""
    channel, form = _channel(), FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, channel, file=form, status=UNPROCESSABLE)
    rows, day = form.cleaned_data["rows"], form.cleaned_data["day"]
    found = entering.preview(channel, rows)
    if "take_over" in request.POST and not found.unreadable:
        stored = entering.take_over(channel, rows, day=day, by=request.user)
        words = "einem Beitrag" if stored == 1 else f"{stored} Beiträgen"
        messages.success(request, f"Zahlen zu {words} sind gespeichert." if stored else DONE[0])
        return redirect("evaluation:figures")
    context = {"preview": found, "day": day, "content": form.packed(), "rows": _shown(found)}
    status = UNPROCESSABLE if "take_over" in request.POST else 200
    return render(request, "evaluation/figures_preview.html", {**context, "names": entering.OF_A_POST}, status=status)


def _shown(found: entering.Preview) -> list[tuple[PublishedPost, list[tuple[str, int | None]]]]:
    return [
        (post, [(figure.label, row.values.get(figure)) for figure in entering.OF_A_POST]) for post, row in found.matched
    ]


def _list(
    request: StaffRequest,
    channel: ChannelFacts,
    *,
    followers: FiguresForm | None = None,
    file: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    # The figures of a retweet are those of the original, the work of others.
    posts = [post for post in queries.published_posts(channel.pk) if post.kind != PostKind.RETWEET]
    context: dict[str, Any] = {
        "channel": channel,
        "page": Paginator(posts, POSTS_PER_PAGE).get_page(request.GET.get("seite")),
        "followers_form": followers or followers_form(),
        "file_form": file or FileForm(),
    }
    return render(request, "evaluation/figures.html", context, status=status)


def _channel() -> ChannelFacts:
    found = queries.channel_facts(timezone.now())
    if found is None:
        raise Http404
    return found


def _post(channel: ChannelFacts, pk: int) -> PublishedPost:
    found = next((post for post in queries.published_posts(channel.pk, pk=pk)), None)
    if found is None or found.kind == PostKind.RETWEET:
        raise Http404
    return found


def _done(stored: int) -> str:
    return DONE.get(stored, f"{stored} Zahlen sind gespeichert.")
