"""Telling our own simulator what it would have seen, so that timeline and live figures go on from the history."""

import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings

PATIENCE_S = 30


class NotFilled(Exception):
    """The simulator could not be told; the text says so in German."""


def fill(posts: list[dict[str, Any]], followers: dict[str, str | int]) -> None:
    """Send everything in one call, all or nothing. Only ever to a simulator that we started. Raises NotFilled."""
    if not settings.X_SIMULATOR_IS_OURS:
        return
    address = f"{settings.X_API_BASE_URL.rstrip('/')}/_sim/fill"
    body = json.dumps({"posts": posts, "followers": followers}).encode()
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's setting, not a visitor's
        address, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE_S) as answer:
            answer.read()
    except (urllib.error.URLError, OSError) as error:
        raise NotFilled(
            f"Der X-Simulator unter {settings.X_API_BASE_URL} nimmt die Beiträge nicht an: {error}"
        ) from error
