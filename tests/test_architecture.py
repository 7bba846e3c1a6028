"""The direction of imports, as one table: a package and what it may not know."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHELVES = (
    "enums",
    "models",
    "rules",
    "steps",
    "workflow",
    "actions",
    "queries",
    "forms",
    "views",
    "tasks",
    "urls",
    "templatetags",
)
ABOVE = {shelf: SHELVES[place + 1 :] for place, shelf in enumerate(SHELVES)}
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "editorial/enums.py": ("editorial", "evaluation", "jobcenter_social", "x_simulator"),
    "editorial/models": tuple(f"editorial.{shelf}" for shelf in ABOVE["models"]),
    "editorial/rules": tuple(f"editorial.{shelf}" for shelf in ABOVE["rules"]),
    "editorial/steps.py": tuple(f"editorial.{shelf}" for shelf in ABOVE["steps"]),
    "editorial/workflow.py": tuple(f"editorial.{shelf}" for shelf in ABOVE["workflow"]),
    "editorial/actions": tuple(f"editorial.{shelf}" for shelf in ABOVE["actions"]),
    "editorial/queries.py": ("editorial.actions", "editorial.forms", "editorial.views", "editorial.workflow"),
    "editorial/forms": ("editorial.views", "editorial.tasks", "editorial.urls"),
    "editorial/channels": (
        "editorial.models",
        *(f"editorial.{s}" for s in SHELVES if s != "models"),
        "editorial.clock",
    ),
    "editorial/weighing": tuple(f"editorial.{shelf}" for shelf in SHELVES),
    "editorial/lint": tuple(f"editorial.{shelf}" for shelf in SHELVES),
    "editorial": ("evaluation", "jobcenter_social", "x_simulator"),
    "evaluation": ("jobcenter_social", "x_simulator"),
    "x_simulator": ("editorial", "evaluation", "jobcenter_social", "django", "tweepy", "requests"),
    "jobcenter_social": ("x_simulator",),
}
# The doors through which the evaluation reads us; anything else of editorial stays closed to it.
DOORS = (
    "editorial.queries",
    "editorial.channels",
    "editorial.audit",
    "editorial.paying",
    "editorial.printing",
    "editorial.telling",
    "editorial.roles",
    "editorial.enums",
    "editorial.clock",
)
ONLY_HERE = {"tweepy": "editorial/channels/twitter.py"}


def sources(place: str) -> list[Path]:
    path = ROOT / place
    found = [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))
    return [file for file in found if "migrations" not in file.parts]


def imports(file: Path) -> set[str]:
    """Every module this file names, in full; ``from . import x`` counts as its package's ``x``."""
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return names


def crosses(name: str, wall: str) -> bool:
    return name == wall or name.startswith(wall + ".")


@pytest.mark.parametrize("place", FORBIDDEN)
def test_nobody_imports_from_above(place):
    broken = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in sources(place)
        for name in imports(file)
        for wall in FORBIDDEN[place]
        if crosses(name, wall)
    ]
    assert broken == []


def test_the_evaluation_reads_us_through_its_doors_only():
    broken = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in sources("evaluation")
        for name in imports(file)
        if crosses(name, "editorial") and name != "editorial" and not any(crosses(name, door) for door in DOORS)
    ]
    assert broken == []


@pytest.mark.parametrize("library", ONLY_HERE)
def test_the_vendors_library_is_imported_in_one_file(library):
    users = {
        str(file.relative_to(ROOT))
        for place in ("editorial", "evaluation", "jobcenter_social")
        for file in sources(place)
        if any(crosses(name, library) for name in imports(file))
    }
    assert users == {ONLY_HERE[library]}


def test_only_the_workflow_assigns_a_state():
    """No ``.state = …`` and no ``update(state=…)`` anywhere else (a review has a table of its own)."""
    allowed = {"editorial/workflow.py", "evaluation/workflow.py", "evaluation/models.py"}
    allowed |= {"editorial/actions/spending.py"}  # money has a state of its own
    found = []
    for place in ("editorial", "evaluation", "jobcenter_social"):
        for file in sources(place):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                assigned = isinstance(node, ast.Assign | ast.AugAssign) and any(
                    isinstance(target, ast.Attribute) and target.attr == "state"
                    for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                )
                updated = (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in ("update", "bulk_update", "update_or_create")
                    and any(keyword.arg == "state" for keyword in node.keywords)
                )
                if assigned or updated:
                    found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert [place for place in found if place.split(":")[0] not in allowed] == []


def test_no_task_carries_an_eta_or_a_countdown():
    broken = [
        str(file.relative_to(ROOT))
        for place in ("editorial", "evaluation", "jobcenter_social")
        for file in sources(place)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and any(keyword.arg in ("eta", "countdown") for keyword in node.keywords)
    ]
    assert broken == []


def test_whoever_holds_a_row_lets_others_point_at_it():
    """FOR UPDATE also stops whoever points at the row, at their commit, with the end of the audit chain in hand: each
    would wait for the other. No row that is held is deleted or changes its key.
    """
    broken = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for place in ("editorial", "evaluation", "jobcenter_social")
        for file in sources(place)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "no_key" not in {keyword.arg for keyword in node.keywords}
    ]
    assert broken == []
