"""Row 25: a disk that is full, memory that is not given, a log that takes no line. It is the kernel that refuses."""

import itertools
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.plant import PATIENCE_S
from tests.stack import wait_until

pytestmark = pytest.mark.services

# A file that may not grow is a full disk to PostgreSQL. The segments of its journal have just this size.
LARGEST_FILE = 16 * 1024 * 1024
ROOM_FOR_200 = 2 * 1024 * 1024
FILLING = """
INSERT INTO editorial_attempt
    (delivery_id, number, started_at, deadline_at, since_id, outcome, external_id, code, detail)
SELECT -n, %s, now(), now(), '', 'absent', '', '', repeat('x', %s) FROM generate_series(1, %s) n
"""
PREPARED = (
    "SET session_replication_role = replica",  # these belong to no Ausspielung
    "ALTER TABLE editorial_attempt ALTER COLUMN detail SET STORAGE PLAIN",
    "ALTER TABLE editorial_attempt SET (autovacuum_enabled = off)",
)
OUTCOMES = "SELECT outcome FROM editorial_attempt WHERE delivery_id > 0 ORDER BY number"


def limit_files_of(server, size):
    """Of the server and of all its processes that serve somebody; by its own user, whose business this is."""
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in (str(pid), *children):
        command = ["prlimit", f"--pid={one}", f"--fsize={size}:unlimited"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, **server.options)
        assert done.returncode == 0 or not Path(f"/proc/{one}").exists(), done.stderr


@contextmanager
def full_disk(house):
    """Not one more attempt can be stored."""
    server = house.database
    limit_files_of(server, LARGEST_FILE)
    try:
        with psycopg.connect(house.url, autocommit=True) as connection:
            for statement in PREPARED:
                connection.execute(statement)
            fill(connection)
        yield
    finally:
        limit_files_of(server, "unlimited")
        house.ask("DELETE FROM editorial_attempt WHERE delivery_id < 0")


def fill(connection):
    """First with long rows, then with short ones, until neither finds room."""
    for length in (3900, 0):
        with pytest.raises(psycopg.Error, match="could not extend file"):
            store_without_end(connection, length)


def store_without_end(connection, length):
    for number in itertools.count(1):
        size = connection.execute("SELECT pg_relation_size('editorial_attempt')").fetchone()[0]
        many = 200 if length and size < LARGEST_FILE - ROOM_FOR_200 else 1
        connection.execute(FILLING, [number + (0 if length else 10000), length, many])


def test_row_25_with_a_full_disk_nothing_is_sent_that_could_not_be_stored(plant):
    house = plant()
    house.plan(0)
    with full_disk(house):
        worker, _ = house.add("worker"), house.add("beat")
        wait_until(lambda: "could not extend file" in worker.log, PATIENCE_S, lambda: worker.log)
        time.sleep(1)
        assert (house.states(), house.ask(OUTCOMES), house.calls()) == (["scheduled"], [], 0)
    house.wait_for("published")
    assert (house.outcomes(), len(house.sent())) == (["published"], 1)


def test_row_25_a_log_that_takes_no_line_stops_no_command(plant):
    house = plant(PUBLISH_TASK_LIMIT_S="8", PUBLISH_QUARANTINE_S="10")  # of which no check has anything to say
    house.plan(0)
    with open("/dev/full", "w") as full:
        command = [sys.executable, "manage.py", "publish_due"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=house.house.env, stderr=full, timeout=60, check=False)
    assert (house.states(), len(house.sent())) == (["published"], 1)


def test_row_25_a_log_that_takes_no_line_stops_no_worker(plant):
    house = plant()
    for name in ("worker", "beat"):
        house.folder.mkdir(parents=True, exist_ok=True)
        (house.folder / f"{name}.log").symlink_to("/dev/full")
        house.add(name)
    house.plan(0)
    house.wait_for("published")
    assert (house.outcomes(), len(house.sent())) == (["published"], 1)


@pytest.mark.parametrize("point", ["after the claim", "before the call"])
def test_row_25_a_sender_that_is_given_no_more_memory_leaves_an_attempt_and_the_truth_is_found(plant, point):
    house = plant()
    house.plan(0)
    starved = {"FAULT_POINT": point, "FAULT_DEED": "starve", "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    house.house.manage("publish_due", check=False, **starved)
    assert (house.states(), house.calls()) in ([(["sending"], 0), (["unknown"], 0)])
    assert house.outcomes() in (["started"], ["unknown"])
    for name in ("worker", "beat"):
        house.add(name)
    house.wait_for("published")
    assert (house.outcomes(), len(house.sent())) == (["absent", "published"], 1)
