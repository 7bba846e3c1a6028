"""GET /2/tweets/analytics and /2/usage/tweets, in minimal shapes."""

from typing import Any

from .bodies import checked_id
from .clock import iso
from .exchange import Answer, json_answer
from .fields import only
from .figures import public_metrics
from .model import Post
from .problems import invalid, missing_entry
from .simulation import Call, Simulation
from .timelines import moment_in_query

GRANULARITIES = ("hourly", "daily", "weekly", "total")
NAMES = {
    "impressions": "impression_count",
    "likes": "like_count",
    "retweets": "retweet_count",
    "replies": "reply_count",
    "quote_tweets": "quote_count",
    "bookmarks": "bookmark_count",
}
MONTHLY_CAP = 3_000_000


def analytics(sim: Simulation, call: Call) -> Answer:
    """Totals up to now; the buckets of hours, days and weeks are not simulated."""
    query = call.request.query
    only(query, "ids", "start_time", "end_time", "granularity", "analytics.fields")
    start, end = moment_in_query(query, "start_time"), moment_in_query(query, "end_time")
    if start is None or end is None or end <= start or query.get("granularity") not in GRANULARITIES:
        raise invalid("start_time, end_time and granularity are required", {"granularity": query.get("granularity")})
    asked = [name for name in query.get("analytics.fields", "").split(",") if name] or list(NAMES)
    if unknown := sorted(set(asked) - {*NAMES, "engagements"}):
        raise invalid("The `analytics.fields` is not known", {"analytics.fields": unknown[0]})
    ids = [checked_id(value, "ids") for value in query.get("ids", "").split(",")]
    found = {post_id: sim.store.live(post_id) for post_id in ids}
    mine = [post for post in found.values() if post and post.author_id == sim.me.id]
    content: dict[str, Any] = {}
    if mine:
        content["data"] = [entry(sim, post, asked, end) for post in mine]
    if missing := [missing_entry(post_id) for post_id in ids if found[post_id] not in mine]:
        content["errors"] = missing
    return json_answer(200, content)


def entry(sim: Simulation, post: Post, asked: list[str], end: float) -> dict[str, Any]:
    figures = public_metrics(sim, post)
    named = {name: figures[key] for name, key in NAMES.items() if name in asked and key in figures}
    if "engagements" in asked:
        named["engagements"] = sum(count for key, count in figures.items() if key != "impression_count")
    return {"id": post.id, "timestamped_metrics": [{"timestamp": iso(end), "metrics": named}]}


def usage(sim: Simulation, call: Call) -> Answer:
    only(call.request.query, "days", "usage.fields")
    used = sum(1 for post in sim.store.posts.values() if post.source == "api")
    data = {"project_id": "1", "project_usage": str(used), "project_cap": str(MONTHLY_CAP), "cap_reset_day": 1}
    return json_answer(200, {"data": data})
