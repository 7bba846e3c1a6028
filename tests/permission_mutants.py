"""Takes away one permission check after the other and looks whether a test turns red.

    .venv/bin/python -m tests.permission_mutants [--only PART_OF_A_PATH]

A check is: the roles at a view, a line that refuses somebody, a condition in roles.py, the roles of a step. Each is
taken away in a copy of the source; prints what nobody noticed and one JSON line with the score; exit 1 below 90 %.
"""

import argparse
import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
LEAST_SCORE = 90
CONFIRMATION = ("tests/jobcenter_social/test_second_factor.py", "-k", "sensitive")
ALL_ROLES = '__import__("editorial.enums", fromlist=["Role"]).Role'
REFUSALS = ("PermissionDenied", "Refused", "NotConcerned", "NotAllowed")
PLACES = (
    "editorial/roles.py",
    "editorial/steps.py",
    "editorial/views",
    "editorial/actions",
    "evaluation",
    "jobcenter_social",
)
# Where the tests of a file do not lie at its mirrored place.
HARDENING = "tests/jobcenter_social/test_hardening.py"
TESTS = {
    "editorial/views/posts.py": ("tests/editorial/views/test_posts.py", HARDENING),
    "editorial/views/media.py": ("tests/editorial/views/test_media.py", HARDENING),
    "editorial/roles.py": ("tests/test_permissions.py", "tests/jobcenter_social/test_second_factor.py"),
    "editorial/actions/accounts.py": ("tests/editorial/views/test_staff.py",),
    "editorial/actions/registers.py": ("tests/editorial/views/test_registers.py",),
}


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    what: str
    start: int
    end: int
    instead: str

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.instead.encode() + source[self.end :]


def mutants() -> Iterator[Mutant]:
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            if "migrations" not in file.parts:
                yield from _in(file)


def _in(file: Path) -> Iterator[Mutant]:
    source, path = file.read_bytes(), str(file.relative_to(ROOT))
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in ast.walk(ast.parse(source)):
        for target, what, instead in _changes(node, path):
            start, end = (
                starts[line - 1] + column
                for line, column in (
                    (target.lineno, target.col_offset),
                    (target.end_lineno or 0, target.end_col_offset or 0),
                )
            )
            yield Mutant(path, target.lineno, what, start, end, instead)


def _changes(node: ast.AST, path: str) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "roles":
        if ast.unparse(node) != "roles(*Role)":
            yield node, "every role is let in", f"roles(*{ALL_ROLES})"
    elif isinstance(node, ast.Raise) and node.exc is not None and path != "editorial/roles.py":
        name = ast.unparse(node.exc).partition("(")[0].rpartition(".")[2]
        if name in REFUSALS:
            yield node, f"{name} is not raised", "pass"
    elif isinstance(node, ast.If) and path == "editorial/roles.py":
        yield node.test, "the condition never holds", "False"
    elif isinstance(node, ast.Name) and node.id == "confirmed" and isinstance(node.ctx, ast.Load):
        yield node, "no confirmation is asked", "(lambda view: view)"
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Step" and path == "editorial/steps.py":
        given = [one for one in node.args[1:2] if isinstance(one, ast.Tuple | ast.Name)]
        for one in given:
            yield one, "every role may take the step", f"tuple({ALL_ROLES})"


def tests_of(mutant: Mutant) -> tuple[str, ...]:
    if "confirmation" in mutant.what:
        return CONFIRMATION
    if mutant.path in TESTS:
        return TESTS[mutant.path]
    file = Path(mutant.path)
    mirrored = Path("tests") / file.parent / f"test_{file.name}"
    return (str(mirrored),) if (ROOT / mirrored).exists() else (str(mirrored.parent),)


def is_noticed(mutant: Mutant) -> bool:
    file = ROOT / mutant.path
    source = file.read_bytes()
    file.write_bytes(mutant.applied(source))
    try:
        if table_disagrees(mutant):
            return True
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not browser and not services", *tests_of(mutant)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 1
    finally:
        file.write_bytes(source)


def table_disagrees(mutant: Mutant) -> bool:
    """Whether the tests against the table would fail. In a child of this process, which has not loaded the views."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    try:
        if loaded := sys.modules.get(mutant.path.removesuffix(".py").replace("/", ".")):
            importlib.reload(loaded)
        tests = importlib.import_module("tests.test_permissions")
        for where in tests.ALL:
            tests.test_the_code_and_the_table_agree_on_who_may_use_it(where)
        tests.test_the_code_and_the_table_agree_on_who_may_take_a_step()
    except AssertionError:
        os._exit(1)
    except BaseException:
        traceback.print_exc()
        os._exit(2)
    os._exit(0)


def look_at(only: str) -> int:
    django.setup()
    chosen = [one for one in mutants() if only in one.path]
    missed = []
    for one in chosen:
        if not is_noticed(one):
            missed.append(one)
            print(f"{one.path}:{one.line}: {one.what}", flush=True)
    score = 100 * (1 - len(missed) / len(chosen)) if chosen else 0
    found = {"mutants": len(chosen), "missed": len(missed)}
    line = {"name": "permissions.mutation_score", "value": round(score, 1), "unit": "%", "conditions": found}
    print(json.dumps(line))
    return int(score < LEAST_SCORE)


def in_a_copy(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "source"
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "node_modules", "var", "__pycache__")
        )
        for name in (".venv", "node_modules"):
            (copy / name).symlink_to((ROOT / name).resolve())
        (copy / "var").mkdir()
        # A mutant of the same size within the same second would be taken for the one before.
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "DJANGO_SETTINGS_MODULE": "jobcenter_social.settings"}
        command = [sys.executable, "-m", "tests.permission_mutants", "--here", *arguments]
        return subprocess.run(command, cwd=copy, env=env, check=False).returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of a path")
    parser.add_argument("--here", action="store_true", help="change this very source: for the copy alone")
    given = parser.parse_args()
    sys.exit(look_at(given.only) if given.here else in_a_copy(sys.argv[1:]))


if __name__ == "__main__":
    main()
