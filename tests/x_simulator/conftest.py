from collections.abc import Iterator

import pytest
import tweepy

from tests.x_simulator.clients import Api, tweepy_client
from tests.x_simulator.running import Simulator, running_simulator


@pytest.fixture(scope="session")
def started_simulator() -> Iterator[Simulator]:
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(started_simulator: Simulator) -> Simulator:
    """One process for all tests, empty for each."""
    started_simulator.reset()
    return started_simulator


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return Api(simulator.base_url, simulator.keys)


@pytest.fixture
def client(simulator: Simulator) -> tweepy.Client:
    return tweepy_client(simulator)
