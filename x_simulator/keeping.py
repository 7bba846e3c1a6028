"""Keeps the state in a file: loaded at the start, written after changes and at the end, never half."""

import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from .simulation import Simulation
from .store import State

VERSION = 1
PAUSE_S = 0.5


def load(path: Path) -> tuple[State | None, float]:
    """The state and the clock's offset; (None, 0) without a file. Raises ValueError for any other content."""
    if not path.exists():
        return None, 0.0
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != VERSION:
            raise ValueError(f"version {content['version']}")
        return State.from_json(content["state"]), float(content["offset_s"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} holds no state of this simulator ({error}); delete it to start empty") from error


def write(path: Path, content: dict[str, Any]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Keeper:
    """Saves in the background, at most once in PAUSE_S, and once more when it is stopped."""

    def __init__(self, sim: Simulation, path: Path) -> None:
        self.sim, self.path = sim, path
        self._saved = 0
        self._thread = threading.Thread(target=self._run, daemon=True, name="keeper")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The simulation's stopping event must be set."""
        self._thread.join(timeout=5)
        self.save()

    def save(self) -> None:
        with self.sim.lock:
            changes = self.sim.store.changes
            if changes == self._saved:
                return
            state = self.sim.store.state.as_json()
            content = {"version": VERSION, "offset_s": self.sim.clock.offset_s, "state": state}
        write(self.path, content)
        self._saved = changes

    def _run(self) -> None:
        while not self.sim.stopping.wait(PAUSE_S):
            self.save()
