"""Choosing from all registers at once: one query, a group for each register."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from ..clock import berlin_day
from ..enums import EntryKind
from ..models import Entry
from .fields import InOneGo, OneOf

MOST_OF_A_KIND = 25  # older ones are chosen from their own page


class Grouped(InOneGo):
    field: "EntryField"

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        rows = sorted(self.field.offered(), key=lambda row: EntryKind.values.index(row.kind))
        for kind, of_kind in groupby(rows, key=lambda row: row.kind):
            yield (EntryKind(kind).label, [self.choice(row) for row in of_kind])


class EntryField(OneOf):
    """Offers what is current, the newest first; ``chosen`` are ids that are offered whatever became of them."""

    iterator = Grouped
    chosen: tuple[int, ...] = ()

    def offered(self) -> list[Entry]:
        first = Case(When(pk__in=self.chosen, then=Value(0)), default=Value(1))
        place = Window(RowNumber(), partition_by="kind", order_by=[first, F("pk").desc()])
        wanted = Entry.objects.current(berlin_day(timezone.now())) | Entry.objects.filter(Q(pk__in=self.chosen))
        rows = wanted.annotate(place=place).filter(place__lte=MOST_OF_A_KIND).order_by("kind", "place")
        return list(rows.only("pk", "kind", "label"))
