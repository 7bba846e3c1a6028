"""How figures grow. Pure functions; README.md publishes the formula for those who fill the simulator."""

import hashlib
import math

from .model import FollowersCurve

FAST_SHARE = 0.95
FAST_H = 36.0
SLOW_H = 720.0

RANGES = {
    "impression_count": (400, 3000),
    "like_count": (2, 40),
    "retweet_count": (0, 15),
    "reply_count": (0, 8),
    "quote_count": (0, 4),
    "bookmark_count": (0, 6),
}


def value(plateau: float, age_s: float) -> int:
    """The figure at this age: 0 at birth, never falling, the rounded plateau in the end."""
    if age_s <= 0 or plateau <= 0:
        return 0
    age_h = age_s / 3600
    grown = FAST_SHARE * (1 - math.exp(-age_h / FAST_H)) + (1 - FAST_SHARE) * (1 - math.exp(-age_h / SLOW_H))
    return math.floor(plateau * grown + 0.5)


def plateau_for(post_id: str, figure: str) -> int:
    """The plateau of a post for which none was given, drawn from its id."""
    low, high = RANGES[figure]
    drawn = int.from_bytes(hashlib.sha256(f"{post_id}:{figure}".encode()).digest()[:8], "big") / 2**64
    return low + math.floor(drawn * (high - low + 1))


def followers(curve: FollowersCurve, moment: float) -> int:
    """A straight line, level before its start, going on beyond its end, never below 0."""
    if moment <= curve.start_at or curve.end_at <= curve.start_at:
        return max(0, math.floor(curve.start + 0.5))
    slope = (curve.end - curve.start) / (curve.end_at - curve.start_at)
    return max(0, math.floor(curve.start + slope * (moment - curve.start_at) + 0.5))
