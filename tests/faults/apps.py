"""What makes a process fail: nothing in the program knows of it.

FAULT_POINT names where (once per data folder), FAULT_DEED what: ``kill`` or ``stop``, by the process's own hand, or
``starve``: from there on the kernel gives it no more memory.
FAULT_CLOCK_S moves the clock of this process alone: no libfaketime here, so time-machine inside the process.
"""

import datetime as dt
import functools
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import time_machine
from django.apps import AppConfig
from django.conf import settings

DEEDS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class Faults(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        if point := os.environ.get("FAULT_POINT"):
            strike_at(point)
        if ahead_s := os.environ.get("FAULT_CLOCK_S"):
            moved = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(ahead_s))
            time_machine.travel(moved, tick=True).start()


def strike_at(point: str) -> None:
    from editorial.actions import publishing
    from editorial.channels.twitter import Twitter

    places: dict[str, tuple[Any, str, bool]] = {
        "after the claim": (publishing, "claim", False),
        "before the call": (Twitter, "send", True),
        "after the answer": (Twitter, "send", False),
    }
    owner, name, before = places[point]
    setattr(owner, name, struck(getattr(owner, name), before))


def struck(function: Callable[..., Any], before: bool) -> Callable[..., Any]:
    @functools.wraps(function)
    def fails(*args: Any, **kwargs: Any) -> Any:
        if before:
            strike()
        result = function(*args, **kwargs)
        if not before:
            strike()
        return result

    return fails


def strike() -> None:
    try:
        Path(settings.VAR_DIR, "struck").touch(exist_ok=False)
    except FileExistsError:
        return
    if os.environ["FAULT_DEED"] == "starve":
        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (in_use, in_use))
        return
    os.kill(os.getpid(), DEEDS[os.environ["FAULT_DEED"]])
    time.sleep(0.5)  # the signal meets another thread first; this one must not get past the point meanwhile
