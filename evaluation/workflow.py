"""What may happen to a review: the only code that changes its state, in the manner of editorial.workflow."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from editorial import audit
from editorial.clock import berlin_day, database_now
from editorial.enums import Role
from editorial.queries import ChannelFacts
from editorial.roles import User

from . import reminding, reports
from .models import Review, ReviewKind, ReviewState
from .periods import Period

DRAFT, PUBLISHED = ReviewState.DRAFT, ReviewState.PUBLISHED


@dataclass(frozen=True)
class Objection:
    """Why a step may not be taken, in the form of partials/_objections.html; a hint never blocks."""

    code: str
    text: str
    clause: str = ""
    field: str = ""
    blocks: bool = True


@dataclass(frozen=True)
class Step:
    """``moves`` maps each allowed source state to its target; ``by=None`` (the system) may take what names no role."""

    moves: Mapping[str, str]
    roles: tuple[Role, ...]
    by_system: bool = False
    sees_digest: bool = False


STEPS = {
    "rebuild": Step({DRAFT: DRAFT}, (Role.PROE,), by_system=True),
    "comment": Step({DRAFT: DRAFT}, (Role.PROE,), sees_digest=True),
    "publish": Step({DRAFT: PUBLISHED}, (Role.GF,), sees_digest=True),
    "correct": Step({PUBLISHED: PUBLISHED}, (Role.GF,), sees_digest=True),
}


class StepRefused(Exception):
    """A step that may not be taken now; nothing was changed."""

    def __init__(self, objections: list[Objection]) -> None:
        super().__init__(", ".join(objection.code for objection in objections))
        self.objections = objections


class StepForbidden(StepRefused):
    """The person's role may never take this step."""


def objections(name: str, review: Review, *, by: User | None, seen_digest: str = "") -> list[Objection]:
    """Why this step may not be taken, hints included; the page asks the same list as the step."""
    step = STEPS[name]
    if not (step.by_system if by is None else by.role in step.roles):
        return [Objection("step.forbidden", "Ihre Rolle darf diesen Schritt nicht tun.")]
    if review.state not in step.moves:
        words = f"Das geht nicht, solange der Status „{review.get_state_display()}“ ist."
        return [Objection("step.wrong_state", words)]
    found = []
    if step.sees_digest and seen_digest != review.digest():
        words = "Zahlen oder Kommentar wurden inzwischen geändert. Bitte lesen Sie noch einmal."
        found.append(Objection("review.changed_since", words))
    if name == "publish" and not review.comment:
        found.append(Objection("review.no_comment", "Es gibt noch keinen Kommentar der PRÖ.", blocks=False))
    return found


def build(channel: ChannelFacts, until: dt.date, *, by: User | None = None, at: dt.datetime | None = None) -> Review:
    """Freeze the half-year before ``until``; a review in work is frozen anew, its comment stays.

    Raises reports.NotYetStarted, periods.NotABoundary, reports.NotYetOver, or StepRefused for a published one.
    """
    at = at or database_now()
    period = reports.period_until(channel, until, berlin_day(at))
    with transaction.atomic():
        standing = Review.objects.filter(channel=channel.pk, kind=ReviewKind.HALF_YEAR, end=period.end).first()
        if standing is None:
            if by is not None and by.role != Role.PROE:
                raise StepForbidden([Objection("step.forbidden", "Ihre Rolle darf diesen Schritt nicht tun.")])
            return _create(channel, period, by=by, at=at)
        _raise_if_stopped("rebuild", standing, by=by)
        frozen = reports.freeze(channel, period)
        return take("rebuild", standing, by=by, at=at, figures=frozen.figures, sources=frozen.sources, built_at=at)


def _create(channel: ChannelFacts, period: Period, *, by: User | None, at: dt.datetime) -> Review:
    frozen = reports.freeze(channel, period)
    try:
        with transaction.atomic():
            review = Review.objects.create(
                slug=_free_slug(channel, period),
                channel_id=channel.pk,
                start=period.start,
                end=period.end,
                figures=frozen.figures,
                sources=frozen.sources,
                built_at=at,
            )
            _record("build", review, source="", by=by, at=at)
    except IntegrityError:
        raise StepRefused([Objection("review.exists", "Diese Auswertung wurde gerade eben erstellt.")]) from None
    return review


def take(
    name: str,
    review: Review,
    *,
    by: User | None = None,
    at: dt.datetime | None = None,
    seen_digest: str = "",
    **changes: Any,
) -> Review:
    """Take one step and write its audit entry, or raise StepRefused and change nothing. Returns the fresh object."""
    at = at or database_now()
    with transaction.atomic():
        fresh = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
        _raise_if_stopped(name, fresh, by=by, seen_digest=seen_digest)
        source, target = fresh.state, STEPS[name].moves[fresh.state]
        fields = {**changes, "state": target, "version": F("version") + 1}
        # Compare and swap: where a database does not lock rows (SQLite), the version decides who was first.
        if not Review.objects.filter(pk=fresh.pk, version=fresh.version, state=source).update(**fields):
            raise StepRefused([Objection("step.overtaken", "Gerade hat sich etwas geändert. Bitte laden Sie neu.")])
        fresh.refresh_from_db()
        _record(name, fresh, source=source, by=by, at=at)
    return fresh


def publish(review: Review, *, by: User, seen_digest: str, at: dt.datetime | None = None) -> Review:
    at = at or database_now()
    with transaction.atomic():
        published = take("publish", review, by=by, at=at, seen_digest=seen_digest, published_at=at, published_by=by)
        reminding.settle(published.channel_id, published.end, at=at)
    return published


def _raise_if_stopped(name: str, review: Review, *, by: User | None, seen_digest: str = "") -> None:
    found = objections(name, review, by=by, seen_digest=seen_digest)
    if stopped := [objection for objection in found if objection.blocks]:
        raise (StepForbidden if stopped[0].code == "step.forbidden" else StepRefused)(stopped)


def _record(step: str, review: Review, *, source: str, by: User | None, at: dt.datetime) -> None:
    audit.record(
        step,
        subject_type="review",
        subject_id=review.pk,
        at=at,
        by=by,
        source=source,
        target=review.state,
        digest=review.digest(),
    )


def _free_slug(channel: ChannelFacts, period: Period) -> str:
    """halbjahr-2026-09, the month of the end; a second channel carries its name."""
    slug = f"halbjahr-{period.end:%Y-%m}"
    taken = Review.objects.filter(slug=slug).exists()
    return f"{slug}-{channel.slug}" if taken else slug
