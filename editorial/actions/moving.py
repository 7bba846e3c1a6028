"""Another moment for a Beitrag: while it is written a field, once it was handed in the step that ends a Freigabe."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from .. import workflow
from ..clock import BERLIN, MomentDoesNotExist, MomentIsAmbiguous, database_now, from_wall
from ..enums import PostState, Role
from ..models import Post, User
from ..rules import Objection, Situation, ask, blocking
from ..rules.approval import author_ids, standing_approval
from ..rules.known import Known
from ..rules.timing import slot_is_in_no_quiet_time, slot_is_usual, slot_lies_ahead
from . import drafting, scheduling

BEING_WRITTEN = (PostState.IDEA, PostState.DRAFT)
ABOUT_THE_SLOT = (slot_lies_ahead, slot_is_usual, slot_is_in_no_quiet_time)
GONE = Objection("step.overtaken", "Den Beitrag gibt es nicht mehr.")
NO_SLOT = Objection("slot.missing", "Der Beitrag hat noch keinen Termin.", "K-38", "slot")
CLOCK_CHANGE = Objection("slot.not_existing", "Diese Uhrzeit gibt es an dem Tag nicht oder zweimal.", "K-38", "slot")
CHANGED_SINCE = Objection("step.overtaken", "Der Beitrag wurde danach noch einmal geändert.")


@dataclass(frozen=True)
class Moved:
    """A move that happened; ``version`` is the Beitrag's afterwards, by which an undo sees that nobody went on."""

    post: int
    headline: str
    before: dt.datetime | None
    after: dt.datetime | None
    version: int
    ended_approval: bool = False


@dataclass(frozen=True)
class NotMoved:
    post: int
    headline: str
    objections: tuple[Objection, ...]


def against(
    post: Post, slot: dt.datetime | None, *, by: User, at: dt.datetime | None = None, known: Known | None = None
) -> list[Objection]:
    """What stands against this move, hints included. Without a slot: against any."""
    situation = Situation(at=at or database_now(), by=by, slot=slot, known=known or Known())
    if slot is None:
        return [o for o in workflow.objections(_step_for(post), post, situation) if o.blocks and o.field != "slot"]
    if post.state in BEING_WRITTEN:
        return [*workflow.objections("edit", post, situation), *ask(ABOUT_THE_SLOT, post, situation)]
    quiet = ask((slot_is_in_no_quiet_time,), post, situation)
    return [*workflow.objections("reschedule", post, situation), *quiet]


def shifted(slot: dt.datetime | None, days: int, weekday: int | None) -> dt.datetime:
    """The same time of day so many days on, or on this weekday of the same week. Raises StepRefused."""
    if slot is None:
        raise workflow.StepRefused([NO_SLOT])
    wall = slot.astimezone(BERLIN)
    to = days if weekday is None else weekday - wall.weekday()
    try:
        return from_wall(wall.replace(tzinfo=None) + dt.timedelta(days=to))
    except (MomentDoesNotExist, MomentIsAmbiguous):
        raise workflow.StepRefused([CLOCK_CHANGE]) from None


def ends_approval(post: Post) -> bool:
    return standing_approval(post) is not None


def who_could_approve(post: Post, *, by: User) -> list[str]:
    """The names of the directors who may decide once this person has moved it: nobody approves what they wrote."""
    writers = {by.pk, *author_ids(post)} if standing_approval(post) is None else {by.pk}
    directors = User.objects.filter(groups__name=Role.GF, is_active=True).exclude(pk__in=writers)
    return [person.display_name for person in directors.order_by("last_name", "pk")]


def move(post: Post, slot: dt.datetime | None, *, by: User, at: dt.datetime | None = None) -> Moved:
    """Give it this slot. Raises StepRefused and changes nothing."""
    at = at or database_now()
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if slot and (stopped := blocking(against(post, slot, by=by, at=at))):
            raise workflow.StepRefused(stopped)
        return _move(post, slot, by=by, at=at)


def move_each(
    wanted: Iterable[tuple[Post, dt.datetime]], *, by: User, at: dt.datetime | None = None
) -> tuple[list[Moved], list[NotMoved]]:
    """Each a step of its own, so that one which cannot be moved keeps no other from it."""
    moved, refused = [], []
    for post, slot in wanted:
        try:
            moved.append(move(post, slot, by=by, at=at))
        except workflow.StepRefused as refusal:
            refused.append(NotMoved(post.pk, post.headline, tuple(refusal.objections)))
    return moved, refused


def undo(done: Iterable[Moved], *, by: User, at: dt.datetime | None = None) -> tuple[list[Moved], list[NotMoved]]:
    """Back to where each stood before, unless somebody went on. A Freigabe that ended does not come back."""
    at = at or database_now()
    moved, refused = [], []
    for one in done:
        try:
            moved.append(_move_back(one, by=by, at=at))
        except workflow.StepRefused as refusal:
            refused.append(NotMoved(one.post, one.headline, tuple(refusal.objections)))
    return moved, refused


def _move_back(done: Moved, *, by: User, at: dt.datetime) -> Moved:
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).filter(pk=done.post).first()
        if post is None or post.version != done.version:
            raise workflow.StepRefused([CHANGED_SINCE if post else GONE])
        return _move(post, done.before, by=by, at=at)


def _move(post: Post, slot: dt.datetime | None, *, by: User, at: dt.datetime) -> Moved:
    before, ended = post.slot, ends_approval(post)
    if post.state in BEING_WRITTEN:
        after = drafting.save(post, {"slot": slot}, by=by, at=at, as_new_version=True)
    else:
        after = scheduling.reschedule(post, slot, by=by, at=at)
    return Moved(post.pk, post.headline, before, after.slot, after.version, ended)


def _step_for(post: Post) -> str:
    return "edit" if post.state in BEING_WRITTEN else "reschedule"
