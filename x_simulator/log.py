"""The ordered record of every request to the service (the control API is not recorded)."""

import json
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from .clock import iso
from .exchange import Request

KEPT = 20_000
BODY_SHOWN_BYTES = 16 * 1024


@dataclass
class Entry:
    n: int
    at: str
    """Moment of arrival by the simulator's clock."""
    at_s: float
    wall_s: float
    monotonic_s: float
    method: str
    path: str
    query: dict[str, str]
    content_type: str
    body_size: int
    body_sha256: str
    body: Any
    """The JSON or text of a small body, else None."""
    auth: str = "unchecked"
    """ok, missing, or the reason of the refusal."""
    scheme: str = ""
    route: str = ""
    faults: list[str] = field(default_factory=list)
    carried_out: bool = False
    """Whether the service itself handled the request, whatever the client saw of it."""
    status: int | None = None
    """The status that went out; None while under way and when nothing went out."""
    outcome: str = "under_way"
    """answered, reset, hung, cut, dripped, client_gone."""
    post_id: str = ""
    """The post that this request created, deleted or retweeted."""
    finished_monotonic_s: float | None = None


class Log:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._counted = 0

    def open(self, request: Request, now: float) -> Entry:
        with self._lock:
            self._counted += 1
            entry = Entry(
                n=self._counted,
                at=iso(now),
                at_s=now,
                wall_s=time.time(),
                monotonic_s=time.monotonic(),
                method=request.method,
                path=request.path,
                query=request.query,
                content_type=request.content_type,
                body_size=len(request.body),
                body_sha256=request.body_sha256,
                body=shown_body(request),
            )
            self._entries.append(entry)
            return entry

    def close(self, entry: Entry, outcome: str, status: int | None) -> None:
        with self._lock:
            entry.outcome, entry.status, entry.finished_monotonic_s = outcome, status, time.monotonic()

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._counted = 0

    @property
    def total(self) -> int:
        return self._counted

    def as_json(self, after: int = 0) -> dict[str, Any]:
        with self._lock:
            return {"total": self._counted, "entries": [asdict(entry) for entry in self._entries if entry.n > after]}


def shown_body(request: Request) -> Any:
    if not request.body or len(request.body) > BODY_SHOWN_BYTES or request.content_type.startswith("multipart/"):
        return None
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        return None
    if request.content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
