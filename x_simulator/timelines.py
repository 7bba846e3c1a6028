"""GET /2/users/{id}/tweets and /mentions, and the paging that recent search shares."""

import base64
import binascii
import re
from typing import Any

from . import text as words
from .bodies import checked_id
from .clock import moment_of
from .exchange import Answer
from .fields import only, view_of
from .model import Post
from .problems import invalid
from .rendering import posts_answer
from .simulation import Call, Simulation

REACH = 3200
MENTIONS_REACH = 800
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z", re.ASCII)
PAGE_PARAMETERS = ("max_results", "pagination_token", "since_id", "until_id", "start_time", "end_time")


def own(sim: Simulation, call: Call) -> Answer:
    query = call.request.query
    only(query, *PAGE_PARAMETERS, "exclude")
    excluded = set(query.get("exclude", "").split(","))
    posts = sim.store.timeline_of(checked_id(call.args["id"], "id"))
    if "retweets" in excluded:
        posts = [post for post in posts if post.kind != "retweet"]
    if "replies" in excluded:
        posts = [post for post in posts if not post.reply_to]
    return page_answer(sim, call, posts[:REACH], low=5, default=10)


def mentions(sim: Simulation, call: Call) -> Answer:
    only(call.request.query, *PAGE_PARAMETERS)
    user = sim.store.user(checked_id(call.args["id"], "id"))
    name = user.username.lower()
    posts = [
        post
        for post in sim.store.newest_first(sim.store.all_live())
        if post.author_id != user.id and name in (found.lower() for found in words.mentions(post.text))
    ]
    return page_answer(sim, call, posts[:MENTIONS_REACH], low=5, default=10)


def page_answer(sim: Simulation, call: Call, posts: list[Post], *, low: int, default: int) -> Answer:
    query = call.request.query
    view = view_of(sim.store.settings, query)
    size = size_of(query, low, default)
    posts = within(posts, query)
    direction, edge = decoded(query.get("pagination_token") or query.get("next_token"))
    if direction == "newer":
        page = [post for post in posts if post.number > edge][-size:]
    else:
        page = [post for post in posts if not edge or post.number < edge][:size]
    return posts_answer(sim, page, view, call.caller, meta=meta_of(posts, page, paged=edge > 0))


def size_of(query: dict[str, str], low: int, default: int) -> int:
    value = query.get("max_results", str(default))
    if not value.isdecimal() or not low <= int(value) <= 100:
        message = f"The `max_results` query parameter value [{value}] is not between {low} and 100"
        raise invalid(message, {"max_results": value})
    return int(value)


def within(posts: list[Post], query: dict[str, str]) -> list[Post]:
    """since_id and until_id are exclusive, start_time inclusive, end_time exclusive."""
    if since := query.get("since_id"):
        posts = [post for post in posts if post.number > int(checked_id(since, "since_id"))]
    if until := query.get("until_id"):
        posts = [post for post in posts if post.number < int(checked_id(until, "until_id"))]
    if start := moment_in_query(query, "start_time"):
        posts = [post for post in posts if post.created_at >= start]
    if end := moment_in_query(query, "end_time"):
        posts = [post for post in posts if post.created_at < end]
    return posts


def moment_in_query(query: dict[str, str], name: str) -> float | None:
    value = query.get(name)
    if value is None:
        return None
    if not MOMENT.fullmatch(value):
        raise invalid(f"The `{name}` query parameter value [{value}] is not a valid time", {name: value})
    return moment_of(value)


def meta_of(posts: list[Post], page: list[Post], *, paged: bool) -> dict[str, Any]:
    meta: dict[str, Any] = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if posts[-1].number < page[-1].number:
            meta["next_token"] = encoded("older", page[-1].number)
        if paged and posts[0].number > page[0].number:
            meta["previous_token"] = encoded("newer", page[0].number)
    return meta


def encoded(direction: str, edge: int) -> str:
    return base64.urlsafe_b64encode(f"{direction}:{edge}".encode()).decode().rstrip("=")


def decoded(token: str | None) -> tuple[str, int]:
    """Which way and from which id on; ("older", 0) is the beginning."""
    if not token:
        return "older", 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        direction, edge = text.split(":")
        if direction not in ("older", "newer"):
            raise ValueError(direction)
        return direction, int(edge)
    except (ValueError, binascii.Error):
        raise invalid("The `pagination_token` is not valid", {"pagination_token": token}) from None
