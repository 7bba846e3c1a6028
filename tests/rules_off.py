"""Does a test notice when a rule falls silent? ``python -m tests.rules_off [NAME ...]`` switches off one after another.

For each rule of the register the tests run until the first one fails, first those of the rules, then those of what asks
them. Prints a line per rule and ends with 1 when a rule can fall silent unnoticed. The test that compares the register
with the code of each rule is left out: it would notice the switching itself.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

SWITCH = "RULE_OFF"
SHELVES = (
    ["tests/editorial/rules"],
    ["tests/editorial/test_workflow.py", "tests/editorial/actions"],
    ["tests/editorial/views", "tests/journeys", "tests/faults"],
)
LEFT_OUT = "--ignore=tests/editorial/rules/test_register.py"
FAILED = 1  # how pytest ends when a test failed; any other number is no proof


def silent(post: Any, situation: Any) -> Iterator[Any]:
    yield from ()


def pytest_collection_finish() -> None:
    """Loaded by pytest with ``-p tests.rules_off``: the rule named in the environment says nothing from here on."""
    if name := os.environ.get(SWITCH):
        from editorial.rules.register import REGISTER  # only once Django is set up

        rule: Any = REGISTER[name].rule
        rule.__code__ = silent.__code__


def first_red(name: str) -> str:
    """The test that notices; empty when none does."""
    for shelf in SHELVES:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "tests.rules_off", "-p", "no:cacheprovider"]
        command += ["-m", "not browser and not services", LEFT_OUT, *shelf]
        done = subprocess.run(command, env={**os.environ, SWITCH: name}, capture_output=True, text=True, check=False)
        red = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
        if done.returncode == FAILED and red:
            return red[0]
        if done.returncode:
            sys.exit(f"{name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return ""


def all_rules() -> list[str]:
    listed = "import django; django.setup()\nfrom editorial.rules.register import REGISTER\nprint(*REGISTER)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "jobcenter_social.settings"}
    return subprocess.run(
        [sys.executable, "-c", listed], env=env, capture_output=True, text=True, check=True
    ).stdout.split()


def main() -> None:
    unnoticed = []
    names = sys.argv[1:] or all_rules()
    for name in names:
        red = first_red(name)
        print(f"{name}: {red or 'NOBODY NOTICES'}", flush=True)
        unnoticed += [] if red else [name]
    print(f"{len(names) - len(unnoticed)} of {len(names)} rules are noticed by a test when they fall silent.")
    sys.exit(1 if unnoticed else 0)


if __name__ == "__main__":
    main()
