"""The proof table cannot go stale: what it names exists, and what the rules cite stands in it."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATES = {"erfüllt", "teilweise", "offen"}


class Row(NamedTuple):
    clause: str
    about: str
    state: str
    code: list[str]
    tests: list[str]
    missing: str


def rows():
    table = (ROOT / "docs/nachweis.md").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line.startswith("| K-"):
            clause, about, state, code, tests, missing = (cell.strip() for cell in line.strip("|").split("|"))
            yield Row(clause, about, state, re.findall("`([^`]+)`", code), re.findall("`([^`]+)`", tests), missing)


@cache
def names_in(file):
    """Every function and class of a file, also those inside a class."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


ROWS = list(rows())


def test_every_clause_stands_there_once_and_in_order():
    assert [row.clause for row in ROWS] == [f"K-{number:02}" for number in range(1, 82)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.clause)
def test_what_a_row_names_exists(row):
    for place in row.code + row.tests:
        file, _, name = place.partition("::")
        assert (ROOT / file).is_file(), place
        assert name in names_in(file), place


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.clause)
def test_a_row_says_no_more_than_it_shows(row):
    assert row.state in STATES
    if row.state == "erfüllt":
        assert row.code
        assert row.tests
        assert row.missing == "–"
    else:
        assert row.missing != "–"
    if row.state == "offen":
        assert row.code == []


def cited():
    """Each rule with the clauses that its objections name."""
    for file in sorted((ROOT / "editorial/rules").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            calls = [n for n in ast.walk(node) if isinstance(n, ast.Call) and getattr(n.func, "id", "") in MAKERS]
            literals = [arg.value for call in calls for arg in call.args if isinstance(arg, ast.Constant)]
            for clause in sorted({text for text in literals if re.fullmatch(r"K-\d\d", str(text))}):
                yield f"{file.relative_to(ROOT)}::{node.name}", clause


MAKERS = ("Objection", "hint")


@pytest.mark.parametrize(("rule", "clause"), list(cited()))
def test_a_clause_that_a_rule_cites_names_that_rule(rule, clause):
    row = ROWS[int(clause[2:]) - 1]
    assert rule in row.code
