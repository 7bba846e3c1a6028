"""What a mail says of a Beitrag that needs a person: read when it is mailed, as it stands then; no word of its text."""

from collections.abc import Iterable
from dataclasses import dataclass

from .. import cases
from ..enums import NoticeKind
from ..models import Delivery, Notice

KEY_START = "klaerung-"


@dataclass(frozen=True)
class Explained:
    happened: str
    to_do: str
    channel: str


def key_of(delivery: Delivery) -> str:
    """One for each way it stands: whoever was told how it stood before is told anew."""
    return f"{KEY_START}{delivery.pk}-{delivery.version}"


def explained_in(mine: Iterable[Notice]) -> dict[int, Explained]:
    """By the key of each notice about a case that is still open as it was told."""
    told = {notice.key: notice.pk for notice in mine if notice.kind == NoticeKind.CASE}
    if not told:
        return {}
    numbers = [int(key.split("-")[1]) for key in told]
    found = cases.urgent_first(cases.with_reasons(cases.open_cases().filter(pk__in=numbers)))
    return {
        told[key]: Explained(
            " ".join(cases.what_happened(row, row.why)), cases.what_to_do(row, row.why), row.channel.name
        )
        for row in found
        if (key := key_of(row)) in told
    }
