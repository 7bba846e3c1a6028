"""The static checkers are part of the tests, so that no green run can leave them out."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.quality
TOOLS = Path(sys.executable).parent
CHECKERS = {
    "ruff finds nothing": ["ruff", "check", ".", "dev"],
    "the code is formatted": ["ruff", "format", "--check", ".", "dev"],
    "mypy finds nothing": ["mypy"],
    "djlint finds nothing in the templates": ["djlint", "templates", "--lint", "--quiet"],
}


@pytest.mark.parametrize("command", CHECKERS.values(), ids=CHECKERS)
def test_that(command):
    done = subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
