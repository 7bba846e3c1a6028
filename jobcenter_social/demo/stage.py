"""The order of events: every walk of a Beitrag says when it goes on; the stage lets them go on in the order of time.

So the audit chain, the ids and the mirror grow as they would have grown day by day. What lies after the present has
not happened yet: there a walk simply stops, and what is planned stays planned.
"""

import datetime as dt
import heapq
import itertools
from collections.abc import Generator
from typing import Any

# A walk yields the moment of its next step, and takes that step when it is resumed.
Walk = Generator[dt.datetime, None, Any]


class Stage:
    """``now`` is the moment of the step under way."""

    def __init__(self, present: dt.datetime) -> None:
        self.present = present
        self.now = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._waiting: list[tuple[dt.datetime, int, Walk]] = []
        self._numbers = itertools.count()

    def enter(self, walk: Walk) -> None:
        moment = next(walk, None)
        if moment is None or moment > self.present:
            return
        if moment < self.now:
            raise ValueError(f"A walk goes back in time, from {self.now} to {moment}.")
        heapq.heappush(self._waiting, (moment, next(self._numbers), walk))

    def play(self) -> None:
        while self._waiting:
            self.now, _, walk = heapq.heappop(self._waiting)
            self.enter(walk)
