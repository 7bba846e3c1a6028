"""The real tweepy over HTTP against the simulator: one process, emptied before each test."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from editorial.channels.twitter import Twitter
from tests.x_simulator.running import Simulator, running_simulator

KEY_NAMES = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.reset()
    return running


@pytest.fixture
def keys(running: Simulator) -> dict[str, str]:
    return {name: value for name, value in asdict(running.keys).items() if name in KEY_NAMES}


@pytest.fixture
def connect(simulator: Simulator, keys: dict[str, str]) -> Callable[..., Twitter]:
    def make(**changes: Any) -> Twitter:
        usual = {"base_url": simulator.base_url, "keys": keys, "http_timeout_s": 5.0, "task_limit_s": 10.0}
        return Twitter(**{**usual, **changes})

    return make


@pytest.fixture
def channel(connect: Callable[..., Twitter]) -> Twitter:
    return connect()
