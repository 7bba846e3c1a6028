"""Telling our own simulator what it would have seen, so that timeline and live figures go on from the history."""

import json
import urllib.request
from typing import Any

from django.conf import settings

PATIENCE_S = 30


class NotFilled(Exception):
    """The simulator could not be told; the text says so in German."""


def must_answer() -> None:
    """Better known before the work than after it. Raises NotFilled."""
    _call("state")


def fill(posts: list[dict[str, Any]], followers: dict[str, str | int]) -> None:
    """Everything in one call, all or nothing. Raises NotFilled."""
    _call("fill", {"posts": posts, "followers": followers})


def _call(name: str, body: dict[str, Any] | None = None) -> None:
    """Only ever to a simulator that we started ourselves."""
    if not settings.X_SIMULATOR_IS_OURS:
        return
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's setting, not a visitor's
        f"{settings.X_API_BASE_URL.rstrip('/')}/_sim/{name}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE_S) as answer:
            answer.read()
    except OSError as error:  # urllib's own errors are among these
        words = f"Der X-Simulator unter {settings.X_API_BASE_URL} antwortet nicht wie erwartet: {error}"
        raise NotFilled(f"{words}. Es wurde nichts geändert.") from error
