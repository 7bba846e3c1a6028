"""Faults that a test orders in advance: which request they hit, how often, and what then happens."""

import math
import random
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

ANY = ("*", "*")
CREATE = ("POST", "/2/tweets")
APPEND = ("POST", "/2/media/upload/*/append")
FINALIZE = ("POST", "/2/media/upload/*/finalize")

MODIFIERS = {
    "delay": ANY,
    "clock_skew": ANY,
    "tl_lag": CREATE,
    "media_pending_forever": FINALIZE,
    "media_failed": FINALIZE,
}
"""They change how a request is handled; all that match apply together, and beside one main fault."""

CANNED = {
    "status": ANY,
    "errors_only": CREATE,
    "rate_limit": ANY,
    "duplicate": CREATE,
    "expired_token": ANY,
    "suspended": CREATE,
    "read_only_token": CREATE,
    "no_credits": ANY,
    "html_502": ANY,
    "redirect": ANY,
    "json_list": ANY,
    "json_null": ANY,
    "errors_null": ANY,
    "media_id_invalid": CREATE,
    "append_5xx_once": APPEND,
}
"""They answer instead of the service; the request is not carried out unless args.accept is true."""

TRANSPORT = {
    "reset_before": ANY,
    "accept_then_reset": CREATE,
    "accept_then_hang": CREATE,
    "accept_then_5xx": CREATE,
    "accept_then_garbage": CREATE,
    "accept_empty": CREATE,
    "slow_body": ANY,
}
"""They disturb the way back; but for reset_before the request is carried out."""

KINDS = {**MODIFIERS, **CANNED, **TRANSPORT}
NEEDS_SECONDS = ("delay", "clock_skew", "tl_lag")
FIELDS = {"kind", "method", "path_glob", "args", "times", "after", "share"}


@dataclass
class Fault:
    kind: str
    method: str = "*"
    path_glob: str = "*"
    args: dict[str, Any] = field(default_factory=dict)
    times: int | None = 1
    """How often it strikes; None = until it is taken away."""
    after: int = 0
    """So many matching requests go through before."""
    share: float = 1.0
    """Of the matching requests it strikes this share, drawn at random."""
    number: int = 0
    passed: int = 0
    """So many matching requests have come since it was ordered."""
    struck: int = 0

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and fnmatchcase(path, self.path_glob)

    @property
    def spent(self) -> bool:
        return self.times is not None and self.struck >= self.times

    @property
    def seconds(self) -> float:
        return float(self.args.get("seconds", 60.0))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def fault_from(order: object) -> Fault:
    """Raises ValueError with a sentence that says what is wrong."""
    if not isinstance(order, dict):
        raise ValueError("a fault is an object")
    if unknown := sorted(set(order) - FIELDS):
        raise ValueError(f"unknown fields {unknown}; known are {sorted(FIELDS)}")
    kind = order.get("kind")
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known are {sorted(KINDS)}")
    method, path_glob = KINDS[kind]
    fault = Fault(
        kind=kind,
        method=order.get("method", method).upper(),
        path_glob=order.get("path_glob", path_glob),
        args=order.get("args") or {},
        times=order.get("times", 1),
        after=order.get("after", 0),
        share=order.get("share", 1.0),
    )
    check(fault)
    return fault


def check(fault: Fault) -> None:
    if not isinstance(fault.args, dict):
        raise ValueError("args is an object")
    if fault.times is not None and (not isinstance(fault.times, int) or fault.times < 1):
        raise ValueError("times is a whole number from 1 on, or null for ever")
    if not isinstance(fault.after, int) or fault.after < 0:
        raise ValueError("after is a whole number from 0 on")
    if not 0 < fault.share <= 1:
        raise ValueError("share lies between 0 and 1")
    if fault.kind in NEEDS_SECONDS and "seconds" not in fault.args:
        raise ValueError(f"{fault.kind} needs args.seconds")
    if not math.isfinite(fault.seconds):
        raise ValueError("args.seconds is a finite number")
    status = fault.args.get("status", 500)
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise ValueError("args.status is a whole number from 200 to 599")


@dataclass
class Drawn:
    """The faults that strike one request."""

    modifiers: dict[str, Fault] = field(default_factory=dict)
    main: Fault | None = None

    @property
    def kinds(self) -> list[str]:
        return [*self.modifiers, *([self.main.kind] if self.main else [])]

    def has_room_for(self, fault: Fault) -> bool:
        return fault.kind not in self.modifiers if fault.kind in MODIFIERS else self.main is None

    def take(self, fault: Fault) -> None:
        if fault.kind in MODIFIERS:
            self.modifiers[fault.kind] = fault
        else:
            self.main = fault

    def seconds(self, kind: str) -> float:
        return self.modifiers[kind].seconds if kind in self.modifiers else 0.0


class Faults:
    """Callers hold the simulation's lock."""

    def __init__(self) -> None:
        self.listed: list[Fault] = []
        self._numbered = 0
        self.seed(0)

    def add(self, faults: list[Fault]) -> None:
        for fault in faults:
            self._numbered += 1
            fault.number = self._numbered
            self.listed.append(fault)

    def clear(self) -> None:
        self.listed.clear()

    def seed(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable draws for tests, no secret

    def draw(self, method: str, path: str) -> Drawn:
        drawn = Drawn()
        for fault in self.listed:
            if fault.spent or not fault.matches(method, path):
                continue
            fault.passed += 1
            if fault.passed <= fault.after or not drawn.has_room_for(fault):
                continue
            if fault.share < 1 and self._random.random() >= fault.share:
                continue
            fault.struck += 1
            drawn.take(fault)
        return drawn
