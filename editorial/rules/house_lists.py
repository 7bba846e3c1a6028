"""What the house has agreed on and keeps as lists: read in one query, because every check asks for them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import CharField, Exists, F, QuerySet, Value
from django.db.models.functions import Cast

from ..enums import LinkOpinion, LinkState
from ..models import (
    AuditHead,
    Delivery,
    Election,
    GlossaryTerm,
    LinkCheck,
    PostMedium,
    PublishedContact,
    RuleChange,
    TrustedSite,
)
from ..standing import once

MOST_WITHOUT_PICTURE = 7


@dataclass(frozen=True)
class Term:
    meaning: str
    spell_out: bool


@dataclass(frozen=True)
class QuietTime:
    """The days before an election, both included."""

    election: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Finding:
    """Where a link leads: ``state`` of LinkState as the machine found it, ``word`` of LinkOpinion or empty."""

    state: str
    word: str = ""

    @property
    def is_not_free(self) -> bool:
        """As the page itself declares; a person's word does not change that, but may say so of other pages."""
        return self.state == LinkState.PAID or self.word == LinkOpinion.NOT_FREE

    @property
    def is_doubtful(self) -> bool:
        """It looks as if it were not free, and nobody has looked."""
        return self.state in (LinkState.MARKED, LinkState.LOG_IN) and not self.word

    @property
    def is_dead(self) -> bool:
        return self.state == LinkState.DEAD and not self.word

    @property
    def is_unreachable(self) -> bool:
        return self.state in (LinkState.UNREACHABLE, LinkState.REFUSED) and not self.word


@dataclass(frozen=True)
class HouseLists:
    sites: tuple[tuple[str, bool], ...]  # domain without www., whether it is our own
    terms: Mapping[str, Term]
    contacts: frozenset[str]
    quiet_times: tuple[QuietTime, ...]
    no_picture_lately: bool  # none of the last Ausspielungen had one; False while there are too few
    strengths: Mapping[tuple[str, int | None], bool]  # rule and Beitrag (None: every one) to whether it blocks
    links: Mapping[str, Finding] = field(default_factory=dict)  # by address, where it is not simply good


def read() -> HouseLists:
    return once("lists of the house", _read)


@cache
def _question(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The same for each request, and the ORM needs longer to write it than the database to answer."""
    rows = _rows(TrustedSite.objects.all(), "domain", "is_own").union(
        _rows(GlossaryTerm.objects.all(), "short", "spell_out", "meaning"),
        _rows(PublishedContact.objects.all(), "value"),
        _rows(Election.objects.all(), "name", "quiet_from", "day"),
        _rows(RuleChange.objects.in_force(), "rule", "blocks", "post_id"),
        _rows(LinkCheck.objects.to_tell(), "url", "state", "word"),
        _rows(_lately(), "is_enough", "has_picture"),
        all=True,
    )
    return rows.query.sql_with_params()


def _read() -> HouseLists:
    with connection.cursor() as cursor:
        cursor.execute(*_question(connection.vendor))
        rows = cursor.fetchall()
    of: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for model, first, second, third in rows:
        of[model].append((first, second, third))
    day = dt.date.fromisoformat
    return HouseLists(
        sites=tuple((domain.removeprefix("www."), _is_true(own)) for domain, own, _ in of["trustedsite"]),
        terms={short: Term(meaning, _is_true(spell)) for short, spell, meaning in of["glossaryterm"]},
        contacts=frozenset(value for value, _, _ in of["publishedcontact"]),
        quiet_times=tuple(QuietTime(name, day(first), day(last)) for name, first, last in of["election"]),
        no_picture_lately=any(_is_true(enough) and not _is_true(some) for enough, some, _ in of["audithead"]),
        strengths={(rule, int(post) if post else None): _is_true(blocks) for rule, blocks, post in of["rulechange"]},
        links={url: Finding(state, word) for url, state, word in of["linkcheck"]},
    )


def _lately() -> QuerySet[AuditHead]:
    """One row: whether that many Ausspielungen went out at all, and whether one of the last had a picture (K-48)."""
    latest = Delivery.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")
    pictures = PostMedium.objects.filter(post__in=latest.values("post")[:MOST_WITHOUT_PICTURE])
    enough = latest[MOST_WITHOUT_PICTURE - 1 : MOST_WITHOUT_PICTURE]
    return AuditHead.objects.annotate(is_enough=Exists(enough), has_picture=Exists(pictures))


def _rows(found: QuerySet[Any], *fields: str) -> QuerySet[Any, Any]:
    """Which model, then three cells as text."""
    name = Value(found.model._meta.model_name, output_field=CharField())
    cells: list[Any] = [Cast(F(field), CharField()) for field in fields]
    cells += [Value("", output_field=CharField()) for _ in range(3 - len(fields))]
    return found.order_by().values_list(name, *cells)


def _is_true(cell: str) -> bool:
    return cell in ("true", "1")  # as PostgreSQL and SQLite write it
