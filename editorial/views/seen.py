"""What changed in a Beitrag since somebody had it on the screen, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..actions.versions import PLAIN_TEXTS
from ..differing import segments
from ..models import Post
from ..models.post import digest_of
from .versions import NOT_SHOWN, Change, label_of, spoken_moment

# Their values are codes: that they changed is said, the new value stands in the facts.
CODES = ("kind", "source_decision")


@dataclass(frozen=True)
class Since:
    """``texts``: word by word; ``others``: the names of further fields; ``number``: the version seen, where known."""

    texts: list[Change]
    others: list[str]
    number: int | None = None


def since(seen: Mapping[str, Any], post: Post, number: int | None = None) -> Since | None:
    """None where nothing changed."""
    payload = post.payload()
    if digest_of(dict(seen)) == digest_of(payload):
        return None
    names = dict.fromkeys([*payload, *seen])
    changed = [name for name in names if seen.get(name) != payload.get(name) and name not in NOT_SHOWN]
    spoken = [name for name in changed if name in SPOKEN]
    return Since(
        texts=[Change(label_of(name), segments(_words(name, seen), _words(name, payload))) for name in spoken],
        others=[label_of(name) for name in changed if name not in SPOKEN],
        number=number,
    )


SPOKEN = {*PLAIN_TEXTS, "slot", "media"} - set(CODES)


def _words(name: str, payload: Mapping[str, Any]) -> str:
    value = payload.get(name) or ""
    if name == "media":
        return "\n".join(f"{place}. Bild: {alt_text}" for place, (_, alt_text, *_) in enumerate(value or [], 1))
    if name == "slot":
        return spoken_moment(value) if value else ""
    return str(value)
