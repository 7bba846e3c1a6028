"""Sizes that a reader can hold in mind: functions, files, templates."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("editorial", "evaluation", "jobcenter_social", "x_simulator")
LONG_FUNCTION_LINES, LONG_FUNCTIONS_PCT = 50, 3
FILE_LINES, TEMPLATE_LINES = 400, 150


def sources(*folders: str) -> Iterator[Path]:
    yield ROOT / "manage.py"
    yield ROOT / "dev"
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def function_lengths() -> dict[str, int]:
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in sources(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_functions_over_fifty_lines_are_rare_exceptions():
    lengths = function_lengths()
    long = sorted(name for name, length in lengths.items() if length > LONG_FUNCTION_LINES)
    assert 100 * len(long) / len(lengths) <= LONG_FUNCTIONS_PCT, long


def test_no_file_is_longer_than_four_hundred_lines():
    assert {str(path): lines(path) for path in sources(*PACKAGES, "tests") if lines(path) > FILE_LINES} == {}


def test_no_template_is_longer_than_one_hundred_and_fifty_lines():
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    assert templates
    assert {str(path): lines(path) for path in templates if lines(path) > TEMPLATE_LINES} == {}


def test_no_script_and_no_style_is_longer_than_four_hundred_lines():
    own = [path for folder in ("js", "css") for path in (ROOT / "static" / folder).rglob("*.[jc]s*")]
    assert own
    assert {str(path): lines(path) for path in own if lines(path) > FILE_LINES} == {}
