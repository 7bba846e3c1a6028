"""The data files of the concept, read as they lie in the repository."""

import json
from pathlib import Path
from typing import Any

import editorial

DATA = Path(editorial.__file__).parent / "data"
STAND = "2021-09"


def text_of(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")


def rows(name: str) -> Any:
    return json.loads(text_of(name))


def concept_blocks() -> list[dict[str, Any]]:
    return rows(f"nutzungskonzept-{STAND}.json")["blocks"]


def units(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything that carries words, in order: blocks, and the items of lists instead of the lists."""
    return [unit for block in blocks for unit in (block["items"] if block["kind"] == "list" else [block])]
