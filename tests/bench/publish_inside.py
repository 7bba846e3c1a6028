"""The benchmark itself, inside the app's environment; started by tests.bench.publish."""

import datetime as dt
import itertools
import json
import logging
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import django
import requests

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections, models, transaction
from django.utils import timezone

from editorial import invariants
from editorial.actions import accounts, approval, drafting, publishing, reconciling, sender_lock
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelBusy, Message, Receipt
from editorial.channels.twitter import Twitter
from editorial.clock import database_now
from editorial.enums import Role
from editorial.models import Audience, Channel, Delivery, Topic, User

THREADS = 4
SITE = "https://www.jobcenter-bremen.de/probe"
WITHOUT_DATABASE_S = 10
BUSY_SHARE = 10
COMPARED = "all loops send by the same adapter (tweepy, OAuth 1.0a, HTTP) to the same process; bare: by the ORM"
ONE_SECOND = dt.timedelta(seconds=1)


class Timed(DryRun):
    """A channel that takes its time; every ``busy_every``-th call is answered with 429."""

    def __init__(self, answer_s: float, *, busy_every: int = 0) -> None:
        super().__init__()
        self.answer_s, self.busy_every = answer_s, busy_every
        self.calls, self.moments = itertools.count(1), dict[str, dt.datetime]()
        self._one_at_a_time = threading.Lock()

    def send(self, message: Message) -> Receipt:
        time.sleep(self.answer_s)
        with self._one_at_a_time:
            if self.busy_every and next(self.calls) % self.busy_every == 0:
                raise ChannelBusy(timezone.now() + ONE_SECOND)
            self.moments.setdefault(message.text, timezone.now())
            return super().send(message)


def say(name: str, value: float, unit: str, **conditions: object) -> None:
    conditions |= {"threads": THREADS, "database": "PostgreSQL", "cores": os.cpu_count()}
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "conditions": conditions}), flush=True)


class House:
    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        self.writer: User = accounts.create("proe1", Role.PROE, "proe1@example.org")
        self.director: User = accounts.create("gf1", Role.GF, "gf1@example.org")
        self.topic, self.audience = Topic.objects.get(slug="dienstleistungen"), Audience.objects.all()[0]
        self.numbers = itertools.count()

    def plan(self, slots: list[dt.datetime]) -> None:
        """One Beitrag for each slot, all the way to its Freigabe."""
        for slot in slots:
            text = f"Beitrag Nummer {next(self.numbers)} von heute {SITE}"
            content = {"text": text, "topic": self.topic, "audiences": [self.audience], "slot": slot}
            content |= {"source_url": SITE, "twin_url": SITE}
            post = approval.submit(drafting.create(content, by=self.writer), by=self.writer)
            approval.approve(post, by=self.director, seen_digest=post.digest())


@contextmanager
def counted(seen: Counter[str]) -> Iterator[None]:
    """Every statement of this thread, those of the lock's own session as well."""

    def note(execute: Callable[..., Any], sql: str, params: object, many: bool, context: Any) -> Any:
        seen["queries"] += 1
        return execute(sql, params, many, context)

    with sender_lock.holding(0):  # opens the session of the lock
        pass
    own: Any = sender_lock._mine.connection
    with connection.execute_wrapper(note), own.execute_wrapper(note):
        yield


def run_threads(work: Callable[[], None]) -> float:
    """Seconds until all are through."""

    def run() -> None:
        try:
            work()
        finally:
            sender_lock.let_go()
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin


@dataclass(frozen=True)
class Answers:
    """The process that answers, see publish_answers.py."""

    port: int

    def line(self, answer_s: float) -> Twitter:
        """The real adapter with tweepy and OAuth; every thread has its own."""
        keys = {
            name: f"12-{name}" for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        }
        base_url = f"http://127.0.0.1:{self.port}/{round(answer_s * 1000)}"
        return Twitter(base_url=base_url, keys=keys, http_timeout_s=20, task_limit_s=120)

    def taken(self) -> int:
        return int(requests.get(f"http://127.0.0.1:{self.port}/count", timeout=5).json())


@contextmanager
def answering() -> Iterator[Answers]:
    command = [sys.executable, "-m", "tests.bench.publish_answers"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Answers(int(process.stdout.readline()))
        finally:
            process.terminate()


def burst(house: House, answers: Answers, number: int, answer_s: float) -> None:
    """All due at once."""
    slot = timezone.now() + dt.timedelta(seconds=number * 0.2 + 5)
    house.plan([slot] * number)
    Delivery.objects.filter(state="scheduled").update(slot=timezone.now() - ONE_SECOND)
    answers.line(answer_s).send(Message(text="Probe"))  # whatever is only slow the first time
    seen, most, before = Counter[str](), [0], answers.taken()

    def work() -> None:
        with counted(seen):
            publishing.tick(answers.line(answer_s))
        most[0] = max(most[0], open_sessions())

    took_s = run_threads(work)
    assert answers.taken() - before == number, answers.taken() - before
    assert not Delivery.objects.exclude(state="published").exists()
    bare_s = bare_loop(answers, number, answer_s, by_the_orm)
    bare_sql_s = bare_loop(answers, number, answer_s, by_hand)
    assert answers.taken() - before == 3 * number
    conditions = {"posts": number, "answer_ms": round(answer_s * 1000), "compared": COMPARED}
    say("publish.posts_per_s", number / took_s, "posts/s", **conditions)
    say("publish.bare_posts_per_s", number / bare_s, "posts/s", **conditions)
    say("publish.share_of_bare", bare_s / took_s, "", **conditions)
    say("publish.share_of_bare_sql", bare_sql_s / took_s, "", **conditions)
    say("publish.queries_per_post", seen["queries"] / number, "queries", **conditions)
    say("publish.connections", most[0], "sessions", **conditions)


def open_sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return int(cursor.fetchone()[0])


class Bare(models.Model):
    """What the bare loop knows of a post."""

    state = models.TextField()
    due = models.DateTimeField()
    external = models.TextField(null=True)

    class Meta:
        app_label, db_table, managed = "bench", "bare", False

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"


def bare_loop(answers: Answers, number: int, answer_s: float, send_all: Callable[[Twitter], None]) -> float:
    """The least that loses and doubles nothing when the process dies, without rules, record or website."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute("CREATE TABLE bare (id serial PRIMARY KEY, state text, due timestamptz, external text)")
        cursor.execute("INSERT INTO bare (state, due) SELECT 'due', now() FROM generate_series(1, %s)", [number])
    took_s = run_threads(lambda: send_all(answers.line(answer_s)))
    assert Bare.objects.filter(state="sent").count() == number
    return took_s


def by_the_orm(line: Twitter) -> None:
    """With the means of the application: Django's models, one transaction to claim and one to record."""
    while True:
        with transaction.atomic():
            due = Bare.objects.select_for_update(skip_locked=True).filter(state="due", due__lte=timezone.now())
            if (row := due.order_by("due").first()) is None:
                return
            row.state = "sending"
            row.save(update_fields=["state"])
        receipt = line.send(Message(text=f"Beitrag Nummer {row.pk} von heute {SITE}"))
        with transaction.atomic():
            row.state, row.external = "sent", receipt.external_id
            row.save(update_fields=["state", "external"])


def by_hand(line: Twitter) -> None:
    """In SQL written by hand."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "UPDATE bare SET state = 'sending' WHERE id = (SELECT id FROM bare WHERE state = 'due' "
                "AND due <= now() ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
            )
            row = cursor.fetchone()
            if row is None:
                return
            receipt = line.send(Message(text=f"Beitrag Nummer {row[0]} von heute {SITE}"))
            cursor.execute("UPDATE bare SET state = 'sent', external = %s WHERE id = %s", [receipt.external_id, row[0]])


@contextmanager
def ticking(channel: DryRun) -> Iterator[None]:
    """Ticks as beat and worker give them: in time, in a thread of the pool, whatever became of the one before."""
    stop = threading.Event()

    def tick(which: Callable[..., object]) -> None:
        while not stop.is_set():
            with suppress(DatabaseError, InterfaceError):
                close_old_connections()
                which(channel)
            stop.wait(settings.PUBLISH_TICK_S)
        sender_lock.let_go()
        connections.close_all()

    work = [publishing.tick] * (THREADS - 1) + [reconciling.tick]
    threads = [threading.Thread(target=tick, args=(which,)) for which in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def spread(house: House, number: int, over_s: float) -> None:
    """Evenly spread: how late is each?"""
    begin = database_now() + dt.timedelta(seconds=number * 0.2 + 3)
    slots = [begin + dt.timedelta(seconds=over_s * place / number) for place in range(number)]
    house.plan(slots)
    channel = Timed(0.05)
    with ticking(channel):
        wait_for(lambda: len(channel.sent) == number, over_s + number * 0.2 + 60)
    late = sorted(
        (channel.moments[text] - slot).total_seconds()
        for text, slot in Delivery.objects.filter(post__message_text__in=channel.moments).values_list(
            "post__message_text", "slot"
        )
    )
    conditions = {"posts": number, "tick_s": settings.PUBLISH_TICK_S}
    say("publish.lateness_p50_s", statistics.median(late), "s", **conditions)
    say("publish.lateness_p99_s", late[int(len(late) * 0.99)], "s", **conditions)
    say("publish.early", sum(seconds < 0 for seconds in late), "posts", **conditions)


def troubled(house: House, number: int, over_s: float) -> None:
    """Ten seconds without a database and every tenth answer a 429: nothing lost, doubled or stuck."""
    begin = database_now() + dt.timedelta(seconds=number * 0.2 + 3)
    house.plan([begin + dt.timedelta(seconds=over_s * place / number) for place in range(number)])
    mine = Delivery.objects.filter(slot__gte=begin)
    texts = set(mine.values_list("post__message_text", flat=True))
    channel = Timed(0.05, busy_every=BUSY_SHARE)
    settings.PUBLISH_CATCH_UP_GAP_S = 0
    with ticking(channel):
        wait_for(lambda: len(channel.sent) > number // 4, 120)
        without_database(WITHOUT_DATABASE_S)
        end = time.monotonic() + 180
        while time.monotonic() < end and mine.exclude(state="published").exists():
            time.sleep(1)
    sent = Counter(message.text for message in channel.sent)
    conditions = {"posts": number, "without_database_s": WITHOUT_DATABASE_S, "busy_share": 1 / BUSY_SHARE}
    say("publish.troubled_lost", len(texts - set(sent)), "posts", **conditions)
    say("publish.troubled_twice", sum(count > 1 for count in sent.values()), "posts", **conditions)
    say("publish.troubled_stuck", mine.exclude(state="published").count(), "posts", **conditions)
    found = [f"{invariant.name}: {rows}" for invariant, rows in invariants.broken(database_now())]
    say("publish.troubled_broken_promises", len(found), "invariants", **conditions, found=found)


def without_database(seconds: float) -> None:
    """Every session ended again and again, faster than a send can finish."""
    with connections.create_connection("default").cursor() as cursor:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            time.sleep(0.02)
    connection.close()


def wait_for(done: Callable[[], bool], at_most_s: float) -> None:
    end = time.monotonic() + at_most_s
    while not done():
        assert time.monotonic() < end, "it did not get there in time"
        time.sleep(0.2)


def main() -> None:
    logging.disable(logging.ERROR)  # 429 and a lost database are what is measured
    is_quick = "--quick" in sys.argv
    house = House()
    Channel.objects.update(paused_until=None)
    with answering() as answers:
        for answer_s in (0.05, 0.0):
            burst(house, answers, 60 if is_quick else 500, answer_s)
    spread(house, 20 if is_quick else 100, 10 if is_quick else 60)
    troubled(house, 30 if is_quick else 120, 10 if is_quick else 20)


if __name__ == "__main__":
    main()
