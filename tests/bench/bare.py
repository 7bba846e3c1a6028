"""What Django itself costs: the least that shows the same rows. Behind the same middleware as every page."""

import calendar
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from editorial.clock import berlin_day, start_of_day
from editorial.enums import Role
from editorial.models import Post
from editorial.roles import StaffRequest, everyone, roles

ROWS = 30
ASKED, COUNTED = "X-Count-Queries", "X-Queries"


@everyone
def month(request: HttpRequest) -> HttpResponse:
    """A month grid, its rows cut by one query; without log-in."""
    today = berlin_day(timezone.now())
    weeks = calendar.Calendar().monthdatescalendar(today.year, today.month)
    begin, end = start_of_day(weeks[0][0]), start_of_day(weeks[-1][-1] + dt.timedelta(days=1))
    posts = Post.objects.filter(slot__gte=begin, slot__lt=end).order_by("slot", "pk")
    on: dict[dt.date, list[Any]] = {}
    for post in posts.values("pk", "text", "state", "slot", "topic__name"):
        on.setdefault(berlin_day(post["slot"]), []).append(post)
    grid = [[(day, on.get(day, [])) for day in week] for week in weeks]
    return HttpResponse(render_to_string("bare/month.html", {"grid": grid}))


@roles(*Role)
def rows(request: StaffRequest) -> HttpResponse:
    """A logged-in page with one query of its own and 30 rows."""
    posts = Post.objects.select_related("topic")[:ROWS]
    return HttpResponse(render_to_string("bare/list.html", {"posts": posts, "user": request.user}))


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Counts where a request asks for it, so that the timed ones pay nothing for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if ASKED not in request.headers:
            return get_response(request)
        statements: list[str] = []

        def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            statements.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response.headers[COUNTED] = str(len(statements))
        return response

    return answer
