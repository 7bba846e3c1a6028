"""Rate limits with real counters: fixed windows per route and token, moved by the simulator's clock."""

from dataclasses import dataclass

WINDOW_S = 900
DAY_S = 86400
DEFAULT_LIMIT = 300
DAILY_ROUTE = "POST /2/tweets"
DAILY = "POST /2/tweets per day"
DAILY_LIMIT = 10_000
LIMITS = {
    "POST /2/tweets": 100,
    "DELETE /2/tweets/{id}": 50,
    "POST /2/users/{id}/retweets": 50,
    "DELETE /2/users/{id}/retweets/{tweet_id}": 50,
    "GET /2/tweets": 5000,
    "GET /2/tweets/{id}": 5000,
    "GET /2/users/{id}/tweets": 900,
    "GET /2/users/{id}/mentions": 300,
    "GET /2/users/me": 75,
    "GET /2/tweets/search/recent": 300,
    "POST /2/media/upload": 1875,
    "POST /2/media/upload/initialize": 1875,
    "POST /2/media/upload/{id}/append": 1875,
    "POST /2/media/upload/{id}/finalize": 1875,
    "GET /2/media/upload": 1000,
    "POST /2/media/metadata": 500,
    "GET /2/tweets/analytics": 300,
}


@dataclass
class Window:
    ends_at: float
    used: int = 0


class Limits:
    """Callers hold the simulation's lock."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, int], Window] = {}

    def clear(self) -> None:
        self._windows.clear()

    def take(self, route: str, holder: str, now: float, limit: int, window_s: int = WINDOW_S) -> bool:
        """Counts one request; False when the window was already used up."""
        window = self._window(route, holder, now, window_s)
        if window.used >= limit:
            return False
        window.used += 1
        return True

    def headers(self, route: str, holder: str, now: float, limit: int, window_s: int = WINDOW_S) -> dict[str, str]:
        window = self._window(route, holder, now, window_s)
        prefix = "x-rate-limit" if window_s == WINDOW_S else "x-app-limit-24hour"
        return {
            f"{prefix}-limit": str(limit),
            f"{prefix}-remaining": str(max(0, limit - window.used)),
            f"{prefix}-reset": str(int(window.ends_at) + 1),
        }

    def _window(self, route: str, holder: str, now: float, window_s: int) -> Window:
        window = self._windows.get((route, holder, window_s))
        if window is None or not window.ends_at - window_s <= now < window.ends_at:
            window = self._windows[route, holder, window_s] = Window(ends_at=now + window_s)
        return window

    def as_json(self) -> list[dict[str, object]]:
        return [
            {"route": route, "holder": holder, "used": window.used, "resets_at": window.ends_at}
            for (route, holder, _), window in self._windows.items()
        ]
