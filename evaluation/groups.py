"""What the own posts of a half-year brought, group by group, beside each other and never ranked (K-68)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from editorial.clock import berlin_day
from editorial.enums import Figure
from editorial.queries import Label, PublishedDelivery

from . import measures
from .measures import Reading

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
Belongs = Callable[[PublishedDelivery], bool]


def groups_of(
    posts: Sequence[PublishedDelivery],
    last: Mapping[tuple[int, str], Reading],
    figures: Sequence[Figure],
    *,
    topics: Sequence[Label],
    audiences: Sequence[Label],
) -> list[dict[str, Any]]:
    """Each way to divide the posts with its rows in the concept's order. A post with two target groups counts in both.

    Retweets are a row of their own without figures: those belong to the original. The weekday is that of the channel.
    """
    own, retweets = measures.own_posts(posts), [post for post in posts if not measures.is_own(post)]

    def row(name: str, belongs: Belongs) -> dict[str, Any]:
        chosen = [post for post in own if belongs(post)]
        spreads = {f.value: asdict(measures.spread(measures.values_of(chosen, f, last))) for f in figures}
        return {"name": name, "posts": len(chosen), "figures": spreads}

    kinds = [row("eigene", lambda post: True), {**row("Retweets", lambda post: False), "posts": len(retweets)}]
    divided = {
        "Thema": [row(topic.name, lambda post, t=topic: post.topic == t.slug) for topic in topics],  # type: ignore[misc]  # bound here
        "Zielgruppe": [row(one.name, lambda post, a=one: a.slug in post.audiences) for one in audiences],  # type: ignore[misc]  # bound here
        "Art": kinds,
        "Bild": [row("mit Bild", lambda post: post.has_media), row("ohne Bild", lambda post: not post.has_media)],
        "Wochentag": [
            row(name, lambda post, n=number: berlin_day(post.published_at).weekday() == n)  # type: ignore[misc]  # bound here
            for number, name in enumerate(WEEKDAYS)
        ],
    }
    return [{"name": name, "rows": rows} for name, rows in divided.items()]
