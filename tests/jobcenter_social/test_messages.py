"""What lies in Redis between beat and worker: names of tasks and nothing about anybody."""

import base64
import importlib
import inspect
import json

import pytest
from kombu import Connection
from redis import Redis

from jobcenter_social.celery import app
from tests import servers

OURS = ("editorial", "evaluation", "jobcenter_social")
# Of the message itself: its name, its number, who sent it, how often it was tried.
SAID = {"lang", "task", "id", "root_id", "parent_id", "group", "origin", "ignore_result", "retries", "timelimit"}
EMPTY = {"argsrepr": "()", "kwargsrepr": "{}", "shadow": None, "eta": None, "expires": None, "group_index": None}


def our_tasks():
    for place in OURS:
        importlib.import_module(f"{place}.tasks")
    app.finalize()
    return {name: task for name, task in app.tasks.items() if name.startswith(OURS)}


def test_no_task_takes_an_argument():
    tasks = our_tasks()
    assert len(tasks) >= 10
    for name, task in tasks.items():
        assert not inspect.signature(task.run).parameters, name


@pytest.fixture
def sent_for_real():
    """Other tests run a task where it is sent."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


@pytest.mark.services
def test_a_message_in_redis_names_the_task_and_nothing_else(sent_for_real):
    with servers.redis() as url, Connection(url) as broker:
        for task in our_tasks().values():
            task.apply_async(connection=broker, queue="probe")
        kept = Redis(unix_socket_path=url.removeprefix("redis+socket://")).lrange("probe", 0, -1)
    assert len(kept) == len(our_tasks())
    for message in map(json.loads, kept):
        args, kwargs, embedded = json.loads(base64.b64decode(message["body"]))
        assert (args, kwargs) == ([], {})
        assert not any(embedded.values())
        headers = message["headers"]
        assert {name for name in headers if name not in SAID | EMPTY.keys() and headers[name]} == set()
        assert {name: headers[name] for name in EMPTY if name in headers} == {
            name: value for name, value in EMPTY.items() if name in headers
        }
