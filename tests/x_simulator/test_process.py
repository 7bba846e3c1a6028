"""The process itself: its start, its end, and what it keeps."""

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.x_simulator.clients import Api
from tests.x_simulator.running import ROOT, Simulator, running_simulator

COMMAND = [sys.executable, "-m", "x_simulator"]


def ended_at_once(*arguments: str) -> tuple[int, str]:
    done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=10, check=False)
    return done.returncode, done.stderr


def test_posts_media_followers_and_clock_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with running_simulator(file) as first:
        api = Api(first.base_url, first.keys)
        post_id = api.tweet_id("Bleibt", media={"media_ids": [api.picture("Alt")]})
        api.post("/2/users/42/retweets", {"tweet_id": "1234567890123456789"})
        first.fill([], followers={"start_at": 0, "start": 5, "end_at": 4e9, "end": 5})
        first.clock(advance_s=3600)
    with running_simulator(file) as second:
        api = Api(second.base_url, second.keys)
        assert [post["media"][0]["alt_text"] for post in second.posts() if post["id"] == post_id] == ["Alt"]
        assert second.state()["offset_s"] == pytest.approx(3600)
        assert len(api.timeline_texts()) == 2
        assert api.tweet("Bleibt").status_code == 403
        answer = api.get("/2/users/me", **{"user.fields": "public_metrics"}).json()
        assert answer["data"]["public_metrics"]["followers_count"] == 5


def test_changes_are_saved_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with running_simulator(file) as simulator:
        Api(simulator.base_url, simulator.keys).tweet("Gesichert")
        deadline = time.monotonic() + 5
        while "Gesichert" not in (file.read_text() if file.exists() else "") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [post["text"] for post in json.loads(file.read_text())["state"]["posts"].values()] == ["Gesichert"]
        assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version": 99, "state": {}, "offset_s": 0}', "{broken"])
def test_a_file_that_is_no_state_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    code, words = ended_at_once("--state", str(file))
    assert (code, "holds no state of this simulator" in words) == (1, True)
    assert file.read_text() == content


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_even_with_calls_under_way(number: signal.Signals) -> None:
    with running_simulator() as simulator, ThreadPoolExecutor(1) as pool:
        simulator.fault("accept_then_hang", args={"seconds": 60})
        hanging = pool.submit(Api(simulator.base_url, simulator.keys).tweet, "Hängt")
        deadline = time.monotonic() + 5
        while not simulator.posts() and time.monotonic() < deadline:
            time.sleep(0.02)
        simulator.process.send_signal(number)
        assert simulator.process.wait(3) == 0
        assert hanging.exception(5) is not None


def test_it_ends_when_the_process_that_started_it_is_gone() -> None:
    with running_simulator() as simulator:
        assert simulator.process.stdin
        simulator.process.stdin.close()
        assert simulator.process.wait(3) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "binds only to the loopback interface"),
        (["--port", "99999"], "port must be 0-65535"),
    ],
)
def test_it_refuses_to_be_seen_from_outside(arguments: list[str], words: str) -> None:
    code, said = ended_at_once(*arguments)
    assert (code, words in said) == (1, True)


def test_a_token_without_an_account_is_refused_at_the_start() -> None:
    environment = {**os.environ, "X_SIMULATOR_ACCESS_TOKEN": "nobody"}
    done = subprocess.run(COMMAND, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=10, check=False)
    assert (done.returncode, "42-abc" in done.stderr) == (1, True)


def test_connections_are_kept_and_many_clients_are_served(simulator: Simulator) -> None:
    simulator.settings(limit_factor=1000)

    def work(name: int) -> list[int]:
        api = Api(simulator.base_url, simulator.keys)
        return [api.tweet(f"{name}-{number}").status_code for number in range(10)]

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for answer in pool.map(work, range(8)) for status in answer]
    assert statuses == [201] * 80
    posts = simulator.posts()
    assert len({post["id"] for post in posts}) == 80
    assert [entry["n"] for entry in simulator.log()] == list(range(1, 81))


def test_a_request_that_was_cut_off_is_not_carried_out(simulator: Simulator) -> None:
    host, port = simulator.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /2/tweets HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert simulator.log() == []


def test_it_stands_on_the_standard_library_alone() -> None:
    used = set()
    for file in (ROOT / "x_simulator").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                used.add((node.module or "").split(".")[0])
    assert used <= sys.stdlib_module_names


@pytest.mark.parametrize("folder", ["editorial", "evaluation", "jobcenter_social"])
def test_the_app_does_not_import_it(folder: str) -> None:
    files = [file for file in (ROOT / folder).rglob("*.py") if "import x_simulator" in file.read_text()]
    files += [file for file in (ROOT / folder).rglob("*.py") if "from x_simulator" in file.read_text()]
    assert files == []
