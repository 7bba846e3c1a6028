"""Servers of their own for the rows that kill something; started once, a fresh database for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.plant import Ground, Plant
from tests.promises import every_promise_holds  # noqa: F401 - asked after every test of this folder
from tests.x_simulator.running import Simulator, running_simulator


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground(tmp_path_factory.mktemp("ground")) as ready:
        yield ready


@pytest.fixture
def plant(ground: Ground, tmp_path: Path) -> Iterator[Callable[..., Plant]]:
    """``plant(PUBLISH_…="1")``: people and an empty plan, no process yet; after the test every promise must hold."""
    with ExitStack() as built:
        made: list[Plant] = []

        def build(**variables: str) -> Plant:
            made.append(built.enter_context(ground.plant(tmp_path, **variables)))
            return made[-1]

        yield build
        for one in made:
            one.check_invariants()


@pytest.fixture(scope="session")
def one_simulator() -> Iterator[Simulator]:
    with running_simulator() as running:
        yield running


@pytest.fixture
def simulator(one_simulator: Simulator) -> Simulator:
    one_simulator.reset()
    one_simulator.clear_faults()
    one_simulator.settings(limit_factor=1000.0, duplicate_window_s=0)
    return one_simulator
