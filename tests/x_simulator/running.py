"""A real simulator process on a free port, for any test that needs one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from x_simulator.keys import Keys

ROOT = Path(__file__).resolve().parents[2]
READY = "X simulator ready at "
PATIENCE_S = 10


@dataclass
class Simulator:
    base_url: str
    process: "subprocess.Popen[str]"
    keys: Keys = field(default_factory=Keys)
    session: requests.Session = field(default_factory=requests.Session)

    def control(self, method: str, name: str, body: Any = None, **query: Any) -> Any:
        """Calls the control API; a refusal is an AssertionError with the simulator's own words."""
        url = f"{self.base_url}/_sim/{name}"
        answer = self.session.request(method, url, json=body, params=query, timeout=PATIENCE_S)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def faults(self, *faults: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        return self.control("POST", "faults", {"faults": list(faults), **more})["faults"]

    def fault(self, kind: str, **more: Any) -> list[dict[str, Any]]:
        return self.faults({"kind": kind, **more})

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def clock(self, *, advance_s: float | None = None, at: str | float | None = None) -> dict[str, Any]:
        return self.control("POST", "clock", {"at": at} if advance_s is None else {"advance_s": advance_s})

    def settings(self, **changes: Any) -> dict[str, Any]:
        return self.control("POST", "settings", changes)

    def metrics(self, **content: Any) -> None:
        self.control("POST", "metrics", content)

    def mention(self, text: str, **more: Any) -> dict[str, Any]:
        return self.control("POST", "mention", {"text": text, **more})

    def fill(self, posts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return self.control("POST", "fill", {"posts": posts, **more})

    def alter(self, post_id: str, text: str) -> str:
        """Edits a post as a person does on X; the new version's id."""
        return self.control("POST", "alter", {"id": post_id, "text": text})["id"]

    def remove(self, post_id: str) -> None:
        """Deletes a post as a person does on X."""
        self.control("POST", "remove", {"id": post_id})

    def reset(self) -> None:
        self.control("POST", "reset")

    def log(self, after: int = 0) -> list[dict[str, Any]]:
        return self.control("GET", "log", after=after)["entries"]

    def posts(self) -> list[dict[str, Any]]:
        """All posts, deleted ones too, oldest first."""
        return self.control("GET", "posts")["posts"]

    def live_posts(self) -> list[dict[str, Any]]:
        return [post for post in self.posts() if not post["deleted"] and not post["replaced_by"]]

    def state(self) -> dict[str, Any]:
        return self.control("GET", "state")


@contextmanager
def running_simulator(state: Path | None = None, *, env: dict[str, str] | None = None) -> Iterator[Simulator]:
    """Starts the process, waits until it serves, and ends it; it also ends when this process dies."""
    command = [sys.executable, "-m", "x_simulator", "--port", "0", "--until-stdin-closes"]
    command += ["--state", str(state)] if state else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("X_SIMULATOR_")}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment | (env or {}), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdin
    try:
        line = process.stdout.readline()
        assert line.startswith(READY), f"the simulator did not start: {line!r}"
        with requests.Session() as session:
            session.trust_env = False
            yield Simulator(line.removeprefix(READY).strip(), process, session=session)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
