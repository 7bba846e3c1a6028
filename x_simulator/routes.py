"""Which method and path leads to which endpoint, and who may ask."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from . import analytics, captions, lookup, media, posts, retweets, search, timelines, tokens
from .exchange import Answer
from .simulation import Call, Simulation

Endpoint = Callable[[Simulation, Call], Answer]
USER = ("user",)
ANYONE_SIGNED = ("user", "app")
APP = ("app",)


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    endpoint: Endpoint
    callers: tuple[str, ...] = USER
    """Empty = no authentication."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template))


ROUTES = [
    Route("POST", "/2/tweets", posts.create),
    Route("DELETE", "/2/tweets/{id}", posts.delete),
    Route("POST", "/2/users/{id}/retweets", retweets.create),
    Route("DELETE", "/2/users/{id}/retweets/{tweet_id}", retweets.delete),
    Route("GET", "/2/users/me", lookup.me),
    Route("GET", "/2/tweets", lookup.many, ANYONE_SIGNED),
    Route("GET", "/2/tweets/analytics", analytics.analytics),
    Route("GET", "/2/tweets/search/recent", search.recent, ANYONE_SIGNED),
    Route("GET", "/2/tweets/{id}", lookup.one, ANYONE_SIGNED),
    Route("GET", "/2/users/{id}/tweets", timelines.own, ANYONE_SIGNED),
    Route("GET", "/2/users/{id}/mentions", timelines.mentions, ANYONE_SIGNED),
    Route("POST", "/2/media/upload", media.simple),
    Route("POST", "/2/media/upload/initialize", media.initialize),
    Route("POST", "/2/media/upload/{id}/append", media.append),
    Route("POST", "/2/media/upload/{id}/finalize", media.finalize),
    Route("GET", "/2/media/upload", media.status),
    Route("POST", "/2/media/metadata", media.metadata),
    Route("POST", "/2/media/subtitles", captions.create),
    Route("POST", "/2/oauth2/token", tokens.refresh, ()),
    Route("GET", "/2/usage/tweets", analytics.usage, APP),
]


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in ROUTES:
        if route.method == method and (match := route.pattern.fullmatch(path)):
            return route, match.groupdict()
    return None
