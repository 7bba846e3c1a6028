"""Signs of life: which part of the system reported when, and when it last also worked. A leaf: anyone may call it."""

import datetime as dt

from .clock import database_now
from .models import Heartbeat

WORKER, BEAT, TICK, TIMER, WEB = "worker", "beat", "tick", "timer", "web"
BROKER, MAIL, METRICS, NIGHTLY, BACKUP, LINKS = "broker", "mail", "metrics", "nightly", "backup", "links"
# After so long without a word a part that ticks every few seconds is down (publishing.md 1.6).
SILENT_AFTER = dt.timedelta(minutes=5)
LONGEST_DETAIL = Heartbeat._meta.get_field("detail").max_length


def beat(name: str, good: bool = True, detail: str = "", at: dt.datetime | None = None) -> None:
    """Write that this part was alive and whether it worked. ``detail`` is for people: no names, no addresses."""
    at = at or database_now()
    seen = {"at": at, "detail": detail[:LONGEST_DETAIL], **({"good_at": at} if good else {})}
    if not Heartbeat.objects.filter(name=name).update(**seen):
        # Two at once may both find nothing; the slower one's row is dropped, and the next beat updates.
        Heartbeat.objects.bulk_create([Heartbeat(name=name, **seen)], ignore_conflicts=True)


def age(name: str, at: dt.datetime | None = None) -> dt.timedelta | None:
    """How long ago this part last worked; None when it never did."""
    good_at = Heartbeat.objects.filter(name=name).values_list("good_at", flat=True).first()
    return (at or database_now()) - good_at if good_at else None


def every() -> dict[str, Heartbeat]:
    """All signs of life by name, in one query."""
    return {heartbeat.name: heartbeat for heartbeat in Heartbeat.objects.all()}
