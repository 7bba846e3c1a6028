"""How the figures of the demonstration grow: as the simulator lets them grow, so that live figures go on from here.

The formula is the one that x_simulator/README.md publishes; a test holds both against each other.
"""

import datetime as dt
import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from editorial.enums import Figure

# The simulator's names of the figures.
NAMES = {
    Figure.IMPRESSIONS: "impression_count",
    Figure.RETWEETS: "retweet_count",
    Figure.LIKES: "like_count",
    Figure.REPLIES: "reply_count",
    Figure.QUOTES: "quote_count",
    Figure.BOOKMARKS: "bookmark_count",
}
# Of so many impressions one leads to a click, as in the simulator.
IMPRESSIONS_PER_CLICK = 40
# What each topic brings compared with the middle: stories are read, dates of directors less.
REACH = {"vorzeigegeschichten": 1.7, "veranstaltungen": 1.3, "lesetipps": 0.9, "gf-termine": 0.7, "erwaehnungen": 0.8}
WITH_PICTURE = 1.35


def value(plateau: float, age: dt.timedelta) -> int:
    """The figure at this age: 0 at birth, never falling, the plateau in the end."""
    hours = age.total_seconds() / 3600
    if hours <= 0:
        return 0
    grown = 0.95 * (1 - math.exp(-hours / 36)) + 0.05 * (1 - math.exp(-hours / 720))
    return math.floor(plateau * grown + 0.5)


def plateau_of(topic: str, followers: int, *, has_picture: bool, rng: Random) -> dict[Figure, int]:
    """What a post reaches in the end: more where more people follow, sometimes far more than expected."""
    luck = rng.lognormvariate(0, 0.35) * (4 if rng.random() < 0.02 else 1)
    reach = 260 + followers * 0.42 * REACH.get(topic, 1.0) * (WITH_PICTURE if has_picture else 1.0) * luck
    liking = rng.uniform(0.006, 0.018)
    return {
        Figure.IMPRESSIONS: round(reach),
        Figure.LIKES: round(reach * liking),
        Figure.RETWEETS: round(reach * liking * rng.uniform(0.15, 0.45)),
        Figure.REPLIES: round(reach * rng.uniform(0.0, 0.004)),
        Figure.QUOTES: round(reach * rng.uniform(0.0, 0.0015)),
        Figure.BOOKMARKS: round(reach * rng.uniform(0.0, 0.003)),
    }


@dataclass(frozen=True)
class FollowersLine:
    """Straight pieces from corner to corner; the last piece is the line that the simulator goes on with."""

    corners: tuple[tuple[dt.datetime, int], ...]

    def at(self, moment: dt.datetime) -> int:
        pieces = list(pairwise(self.corners))
        for (start_at, start), (end_at, end) in pieces:
            if moment <= end_at or (end_at, end) == self.corners[-1]:
                share = max(0.0, (moment - start_at) / (end_at - start_at))
                return math.floor(start + (end - start) * share + 0.5)
        raise AssertionError("the last piece goes on for ever")

    @property
    def as_ordered(self) -> dict[str, str | int]:
        """The last piece, in the words of the simulator's ``fill``."""
        (start_at, start), (end_at, end) = self.corners[-2:]
        return {"start_at": start_at.isoformat(), "start": start, "end_at": end_at.isoformat(), "end": end}


def followers_line(begin: dt.datetime, end: dt.datetime, rng: Random) -> FollowersLine:
    """From nothing to some 1,400 in fourteen months: quick at first, a push now and then, never falling."""
    corners, followers, moment = [(begin, 86)], 86.0, begin
    month = dt.timedelta(days=30)
    while end - moment > 2 * month:
        moment += month
        followers += rng.uniform(55, 110) * (2.1 if rng.random() < 0.2 else 1)
        corners.append((moment, round(followers)))
    corners.append((end, round(followers + 85 * ((end - moment) / month))))
    return FollowersLine(tuple(corners))
