"""Where signs of life come from: the beat process itself, a worker that starts, and every task that ends."""

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler, SchedulingError
from celery.signals import task_failure, task_success, worker_ready, worker_shutting_down
from django.db import DatabaseError, close_old_connections, connection

from editorial import pulse
from editorial.actions import publishing

logger = logging.getLogger(__name__)

BEAT_EVERY_S = 30
PART_OF_TASK = {
    "jobcenter_social.tasks.sign_of_life": pulse.WORKER,
    "editorial.tasks.publish_tick": pulse.TICK,
    "editorial.tasks.check_links": pulse.LINKS,
    "evaluation.tasks.collect_metrics_tick": pulse.METRICS,
    "jobcenter_social.tasks.housekeeping": pulse.NIGHTLY,
}


class Scheduler(PersistentScheduler):
    """Celery's own, which also says that it is alive and whether the broker took what it handed over."""

    said_at_s = broker_said_at_s = float("-inf")
    broker_was_well: bool | None = None

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        wait_s = super().tick(*args, **kwargs)
        if time.monotonic() - self.said_at_s >= BEAT_EVERY_S:
            self.said_at_s = time.monotonic()
            say(pulse.BEAT)
        return wait_s

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        try:
            result = super().apply_async(*args, **kwargs)
        except SchedulingError:
            self._say_broker(False)
            raise
        self._say_broker(True)
        return result

    def _say_broker(self, is_well: bool) -> None:
        if is_well != self.broker_was_well or time.monotonic() - self.broker_said_at_s >= BEAT_EVERY_S:
            self.broker_was_well, self.broker_said_at_s = is_well, time.monotonic()
            say(pulse.BROKER, good=is_well)


def say(name: str, good: bool = True, detail: str = "") -> None:
    """A sign that cannot be written must not end what it is about; its absence is what will be noticed."""
    _refresh_connection()
    try:
        pulse.beat(name, good=good, detail=detail)
    except DatabaseError as error:
        logger.warning("no sign of life from %s: %s", name, type(error).__name__)
    finally:
        _refresh_connection()


def _refresh_connection() -> None:
    """A process that lives for months must not hold on to a connection that has died; nor end one in use."""
    if not connection.in_atomic_block:
        close_old_connections()


@worker_ready.connect
def worker_began(sender: Any = None, **kwargs: Any) -> None:
    is_for_links = str(getattr(sender, "hostname", "")).startswith(f"{pulse.LINKS}@")
    say(pulse.LINKS if is_for_links else pulse.WORKER)


@task_success.connect
def task_worked(sender: Any = None, **kwargs: Any) -> None:
    if name := PART_OF_TASK.get(getattr(sender, "name", "")):
        pulse.beat(name)


@task_failure.connect
def task_failed(sender: Any = None, exception: BaseException | None = None, **kwargs: Any) -> None:
    if name := PART_OF_TASK.get(getattr(sender, "name", "")):
        say(name, good=False, detail=f"Ein Fehler trat auf ({type(exception).__name__}).")


@worker_shutting_down.connect
def finish_what_is_in_hand(**kwargs: Any) -> None:
    """Workers are threads of this one process (``--pool threads``), so all of them hear it."""
    publishing.wind_down()
