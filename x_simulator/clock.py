"""The simulator's own clock: the machine's clock plus an offset that a test may move."""

import time
from datetime import UTC, datetime

EARLIEST = datetime(2011, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def iso(moment: float) -> str:
    """Seconds since 1970 as X writes them: 2026-11-22T08:30:00.000Z."""
    stamp = datetime.fromtimestamp(int(moment * 1000) / 1000, UTC)
    return stamp.strftime("%Y-%m-%dT%H:%M:%S.") + f"{stamp.microsecond // 1000:03d}Z"


def moment_of(value: object) -> float:
    """Seconds since 1970 from a number or an ISO 8601 text; a text without a zone is UTC. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is no moment")
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no moment")
    parsed = datetime.fromisoformat(value)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


class Clock:
    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s

    def now(self) -> float:
        return time.time() + self.offset_s

    def advance(self, seconds: float) -> None:
        self.set_to(self.now() + seconds)

    def set_to(self, moment: float) -> None:
        """Raises ValueError for a moment outside the years that post ids can encode."""
        if not EARLIEST <= moment <= LATEST:
            raise ValueError("the clock runs from 2011 to 2099")
        self.offset_s = moment - time.time()
