"""Choosing from all registers at once: one query for entries and organisations, a group for each register."""

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, DateField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from ..clock import berlin_day
from ..enums import EntryKind, OrganisationKind
from ..models import Entry, Partner
from ..prepared import Given, Question
from ..rules.entries import COMPANIES_TOPIC, KIND_OF_TOPIC
from .fields import InOneGo, OneOf

NO_KEY = 0
MOST_OF_A_KIND = 25  # older ones are chosen from their own page
ORGANISATIONS, COMPANIES = "organisations", "companies"
Row = tuple[int, str, str]  # id, kind, what a person reads


class Offered:
    """What is current, the newest entries first; ``entries`` and ``partners`` are ids of what was chosen and of what is
    stored, two at most: they are offered whatever became of them. ``topic``: the slug of the one chosen, or empty."""

    def __init__(self, entries: tuple[int, ...] = (), partners: tuple[int, ...] = (), topic: str = "") -> None:
        self.entries, self.partners, self.topic = entries, partners, topic

    @cached_property
    def rows(self) -> list[Row]:
        chosen = {"entry": (self.entries or (NO_KEY,))[0], "other": (self.entries or (NO_KEY,))[-1]}
        partners = self.partners or (NO_KEY,)
        day = berlin_day(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(*_EVERYTHING.statement(day=day, **chosen, partner=partners[0], other_partner=partners[-1]))
            every = cursor.fetchall()
        ranks = {COMPANIES: 0} | {kind: rank for rank, kind in enumerate((ORGANISATIONS, *EntryKind.values))}
        every.sort(key=lambda row: (ranks[row[1]], row[3], row[2].casefold()))
        return [(pk, kind, label) for pk, kind, label, _ in every]

    def fitting_entries(self) -> list[Row]:
        """Of the register the topic speaks of; of all while there is no topic."""
        entries = [row for row in self.rows if row[1] not in (ORGANISATIONS, COMPANIES)]
        wanted, _ = KIND_OF_TOPIC.get(self.topic, (None, ""))
        return [row for row in entries if not self.topic or row[1] == wanted or row[0] in self.entries]

    def fitting_partners(self) -> list[Row]:
        kinds = (COMPANIES,) if self.topic == COMPANIES_TOPIC else (ORGANISATIONS, COMPANIES)
        names = [row for row in self.rows if row[1] in (ORGANISATIONS, COMPANIES)]
        return [row for row in names if row[1] in kinds or row[0] in self.partners]


def _everything() -> QuerySet[Any]:
    """Entries and organisations as rows of one kind; the last cell is the place within the register."""
    key = BigIntegerField()
    is_chosen = Q(pk=Given("entry", key)) | Q(pk=Given("other", key))
    first = Case(When(is_chosen, then=Value(0)), default=Value(1))
    place = Window(RowNumber(), partition_by="kind", order_by=[first, F("pk").desc()])
    wanted = Entry.objects.current(Given("day", DateField())) | Entry.objects.filter(is_chosen)
    newest = wanted.order_by().annotate(place=place).filter(place__lte=MOST_OF_A_KIND)
    entries = newest.values_list("pk", "kind", "label", "place")
    kept = Q(archived_at=None) | Q(pk=Given("partner", key)) | Q(pk=Given("other_partner", key))
    kind = Case(When(kind=OrganisationKind.COMPANY, then=Value(COMPANIES)), default=Value(ORGANISATIONS))
    names = Partner.objects.filter(kept).order_by().values_list("pk", kind, "name", Value(0))
    return entries.union(names, all=True)


_EVERYTHING = Question(_everything)


class Organisations(InOneGo):
    field: "PartnerField"

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        yield from ((pk, label) for pk, _, label in self.field.offered.fitting_partners())


class Entries(InOneGo):
    field: "EntryField"

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        for kind, of_kind in groupby(self.field.offered.fitting_entries(), key=lambda row: row[1]):
            yield (EntryKind(kind).label, [(pk, label) for pk, _, label in of_kind])


class PartnerField(OneOf):
    iterator = Organisations
    offered = Offered()


class EntryField(OneOf):
    iterator = Entries
    offered = Offered()
