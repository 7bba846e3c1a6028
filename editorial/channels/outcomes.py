"""What one call to X has come to. Source: publishing.md 1.4 step 6; shapes: x-api.md 2.5 and 2.6."""

import datetime as dt
import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from .protocol import ChannelBusy, ChannelError, ChannelLocked, ChannelRefused, ChannelSilent, ChannelUnreached
from .wire import Line, Rejected, TimeIsUp

CLOCK_TOLERANCE = dt.timedelta(minutes=4)  # X refuses signatures that are about five minutes off
UNKNOWN_WAIT = dt.timedelta(minutes=15)  # the usual window, when the answer names no end
SHORTEST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=5), dt.timedelta(hours=25)
EARLIEST_YEAR, LATEST_YEAR = 1990, 2500
_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")


def judged(error: Exception, line: Line, at: dt.datetime) -> ChannelError:
    """The outcome of a call that raised. Whatever is not proved to have stayed in the house may have gone out."""
    if isinstance(error, ChannelError):
        return error
    if isinstance(error, Rejected):
        return answered(error.response, at)
    raw = f"{type(error).__name__}: {error}"
    if isinstance(error, TimeIsUp):
        return ChannelUnreached("deadline") if line.nothing_left else ChannelSilent("too_slow")
    if isinstance(error, requests.exceptions.InvalidJSONError):
        return ChannelSilent("too_slow" if line.was_cut else "bad_answer", raw=raw)
    if isinstance(error, requests.RequestException) and line.nothing_left:
        return ChannelUnreached("unreached", raw=raw)
    if line.was_cut:
        return ChannelSilent("too_slow", raw=raw)
    return ChannelSilent("no_answer" if isinstance(error, requests.RequestException) else "unexpected", raw=raw)


def answered(response: requests.Response, at: dt.datetime) -> ChannelError:
    """The outcome of an answer outside 2xx."""
    status, problem = response.status_code, Problem(response.text)
    said: dict[str, Any] = {"http_status": status, "raw": problem.raw}
    if status == 429:
        code = "usage_capped" if problem.kind == "usage-capped" else "rate_limit"
        return ChannelBusy(wait_until(response.headers, at), code, **said)
    if status == 401:
        return ChannelLocked("clock_wrong" if _clock_is_wrong(response.headers, at) else "expired_token", **said)
    if status == 402:
        return ChannelLocked("no_credits", **said)
    if status == 403:
        return _forbidden(problem, response, said)
    if status == 400:
        return ChannelRefused(problem.content_code or "invalid_request", **said)
    if status == 404:
        return ChannelRefused("not_found", **said)
    if 300 <= status < 400:
        return ChannelSilent("redirected", **said)
    return ChannelSilent("server_error" if status >= 500 else "bad_answer", **said)


def _forbidden(problem: "Problem", response: requests.Response, said: dict[str, Any]) -> ChannelError:
    if problem.says("duplicate content") or 187 in problem.codes:
        return ChannelSilent("duplicate", **said)
    if problem.says("your account is suspended", "account is temporarily locked") or problem.codes & {64, 326}:
        return ChannelLocked("suspended", **said)
    writes = response.request is not None and response.request.method != "GET"
    if problem.kind == "oauth1-permissions" or (writes and response.headers.get("x-access-level") == "read"):
        return ChannelLocked("read_only", **said)
    if problem.kind in ("client-forbidden", "unsupported-authentication"):
        return ChannelRefused("client_forbidden", **said)
    return ChannelRefused(problem.content_code or "forbidden", **said)


class Problem:
    """The body of a refusal, read without trusting its shape: JSON list, null and HTML are no problem of ours."""

    def __init__(self, body: str) -> None:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        top = found if isinstance(found, dict) else {}
        errors = top.get("errors")
        parts = [top, *(e for e in errors if isinstance(e, dict))] if isinstance(errors, list) else [top]
        words = [p[key] for p in parts for key in ("title", "detail", "message") if isinstance(p.get(key), str)]
        kinds = [p["type"].rsplit("/", 1)[-1] for p in parts if isinstance(p.get("type"), str)]
        self.kind = next((kind for kind in kinds if kind != "about:blank" and kind != "blank"), "")
        self.codes = {p["code"] for p in parts if isinstance(p.get("code"), int)}
        self.raw = " | ".join(dict.fromkeys(words)) or body
        self._folded = self.raw.lower()

    def says(self, *phrases: str) -> bool:
        return any(phrase in self._folded for phrase in phrases)

    @property
    def content_code(self) -> str:
        if self.says("text is too long"):
            return "too_long"
        return "media_invalid" if self.says("media ids are invalid") else ""


def wait_until(headers: Mapping[str, str], at: dt.datetime) -> dt.datetime:
    """The end of the latest exhausted window, told as a distance on X's own clock; 15 minutes when none is named."""
    now_there = _moment(headers.get("date", "")) or at
    ends = [end for window in _WINDOWS if (end := _window_end(headers, window)) is not None]
    if (seconds := _number(headers.get("retry-after", ""))) is not None:
        ends.append(now_there + dt.timedelta(seconds=min(seconds, 86400)))
    elif (named := _moment(headers.get("retry-after", ""))) is not None:
        ends.append(named)
    wait = max(ends) - now_there if ends else UNKNOWN_WAIT
    if wait <= dt.timedelta():
        wait = UNKNOWN_WAIT  # an end that is past says nothing
    return at + min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _window_end(headers: Mapping[str, str], window: str) -> dt.datetime | None:
    """When this window starts anew, unless it says that it is not the exhausted one."""
    reset, remaining = _number(headers.get(f"{window}-reset", "")), _number(headers.get(f"{window}-remaining", "0"))
    if reset is None or remaining:
        return None
    return dt.datetime.fromtimestamp(min(reset, 2**35), dt.UTC)


def _number(header: str) -> int | None:
    """Python refuses to read thousands of digits; no moment needs more than twenty."""
    header = header.strip()
    return int(header[:20]) if header.isascii() and header.isdecimal() else None


def _clock_is_wrong(headers: Mapping[str, str], at: dt.datetime) -> bool:
    there = _moment(headers.get("date", ""))
    return there is not None and abs(there - at) > CLOCK_TOLERANCE


def clock_ahead_s(last_date: tuple[str, float] | None) -> float | None:
    """How far the clock here ran ahead of the date the channel's last answer bore; None without such a date."""
    there = _moment(last_date[0]) if last_date else None
    return last_date[1] - there.timestamp() if last_date and there else None


def _moment(http_date: str) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(http_date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # A year no calculation survives is no date.
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
