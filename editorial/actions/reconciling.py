"""What became of an attempt whose end is open: only the channel itself knows (publishing.md 1.4, 7 and 8).

Reading only; may be repeated freely. Nothing is sent again before three looks at the timeline found it absent.
"""

import datetime as dt
import logging
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from .. import workflow
from ..channels.addresses import id_to_address
from ..channels.protocol import ChannelError, ChannelSilent, Publisher, TimelineEntry
from ..clock import database_now
from ..enums import AttemptOutcome, CallKind, DeliveryState, Evidence, PostState, Reading
from ..models import Attempt, Delivery, TimelineRead
from ..rules.approval import standing_approval
from ..rules.timing import grace
from ..workflow import StepRefused
from . import alarms, sender_lock, settling, spending
from .shielding import others_go_on

logger = logging.getLogger(__name__)

MOST_TRIES = 3
MOST_PER_PASS = 100
# How far back an older post of the same words is looked for: the channel's memory for duplicates.
LOOK_BACK = dt.timedelta(hours=24)
# A person's case may still turn out to be online; after this nobody expects it any more (I6).
LOOK_AGAIN_FOR = dt.timedelta(hours=1)
FROZEN_AFTER = dt.timedelta(minutes=15)
FROZEN = "sender_frozen"


@dataclass
class Tally:
    found: int = 0
    again: int = 0
    handed_over: int = 0
    unclear: int = 0


def tick(channel: Publisher | None, *, at: dt.datetime | None = None) -> Tally:
    """One beat of the looking-up clock; safe to run twice at once. ``channel=None``: senders that died are noticed."""
    tally = Tally()
    moment = at or database_now()
    tally.unclear = lose_sight_of_dead_senders(moment)
    if channel is None:
        return tally
    with ExitStack() as locks:
        # Locked before the look: what a sender still has in hand cannot appear behind its back.
        mine = {pair for pair in _cases(moment) if locks.enter_context(sender_lock.holding(pair[1]))}
        # Asked again: another run may have looked between the question and the locks.
        attempts = _attempts([attempt for attempt, _ in mine.intersection(_cases(at or database_now()))])
        if not attempts:
            return tally
        entries = _look(channel, attempts, at=at)
        moment = at or database_now()
        known = _known_ids(entries or [])
        for attempt in attempts:
            # Refused: a person has decided meanwhile.
            with others_go_on("looking up attempt", attempt.pk), suppress(StepRefused):
                _resolve(attempt, entries, known, tally, at=moment)
    return tally


def look_now(delivery: Delivery, channel: Publisher, *, at: dt.datetime | None = None) -> Reading:
    """One fresh look for a case a person holds; found, it is published. FAILED: nothing is known or changed."""
    with sender_lock.holding(delivery.pk) as mine:
        attempt = delivery.attempts.order_by("number").last()
        if not mine or attempt is None:
            return Reading.FAILED
        attempt = _attempts([attempt.pk])[0]
        entries = _look(channel, [attempt], at=at)
        moment = at or database_now()
        if entries is None:
            return Reading.FAILED
        known = _known_ids(entries)
        entries = [entry for entry in entries if entry.external_id not in known]
        entry = settling.own_entry(attempt.delivery, _first_start(attempt), entries)
        result = Reading.ABSENT if entry is None else Reading.FOUND
        TimelineRead.objects.create(attempt=attempt, at=moment, result=result)
        if entry is not None:
            settling.published(
                attempt.delivery, attempt, settling.receipt_of(entry), at=moment, evidence=Evidence.TIMELINE
            )
        return result


def lose_sight_of_dead_senders(at: dt.datetime) -> int:
    """A claim older than the quarantine whose sender is dead: whether it went out is unknown, never sent again."""
    old = at - dt.timedelta(seconds=settings.PUBLISH_QUARANTINE_S)
    dead = Attempt.objects.filter(
        outcome=AttemptOutcome.STARTED, started_at__lt=old, delivery__state=DeliveryState.SENDING
    )
    lost = 0
    for attempt in dead.select_related("delivery__channel", "delivery__post"):
        with sender_lock.holding(attempt.delivery_id) as mine:
            if not mine:
                _warn_of_frozen(attempt, at)
                continue
            with suppress(StepRefused):  # the sender was alive and has stored its outcome meanwhile
                settling.failed(attempt.delivery, attempt, ChannelSilent("no_answer"), at=at)
                lost += 1
            alarms.close_alarm(FROZEN, str(attempt.delivery_id), at)
    return lost


def _cases(at: dt.datetime) -> list[tuple[int, int]]:
    """The attempts that may be looked up now, with their Ausspielungen."""
    rested = at - dt.timedelta(seconds=settings.PUBLISH_READ_GAP_S)
    waited = at - dt.timedelta(seconds=settings.PUBLISH_QUARANTINE_S)
    open_end = Q(delivery__state=DeliveryState.UNKNOWN, outcome=AttemptOutcome.UNKNOWN, started_at__lt=waited)
    was_called = Q(outcome=AttemptOutcome.REFUSED, http_status__isnull=False) | Q(outcome=AttemptOutcome.ABSENT)
    with_a_person = was_called & Q(delivery__state=DeliveryState.NEEDS_DECISION, finished_at__gt=at - LOOK_AGAIN_FOR)
    takes_calls = Q(delivery__channel__paused_until=None) | Q(delivery__channel__paused_until__lte=at)
    found: QuerySet[Attempt] = Attempt.objects.filter(open_end | with_a_person).filter(takes_calls)
    if not settings.X_SIMULATOR_IS_OURS:
        found = found.filter(delivery__is_demo=False)
    found = found.filter(delivery__channel__locked_reason="").annotate(last_read=Max("reads__at"))
    found = found.filter(Q(last_read=None) | Q(last_read__lte=rested)).order_by("started_at", "pk")
    return list(found.values_list("pk", "delivery_id")[:MOST_PER_PASS])


def _attempts(ids: list[int]) -> list[Attempt]:
    found = Attempt.objects.filter(pk__in=ids).select_related("delivery__post", "delivery__channel")
    return list(found.order_by("started_at", "pk"))


def _look(channel: Publisher, attempts: list[Attempt], *, at: dt.datetime | None) -> list[TimelineEntry] | None:
    """The own timeline from before the first of these attempts on; None when it could not be read in full."""
    start = min(_first_start(attempt) for attempt in attempts) - LOOK_BACK
    try:
        entries = channel.timeline(None, start)
    except ChannelError as error:
        logger.warning("the timeline could not be read: %s", error)
        _note_failure(attempts, str(error), at or database_now())
        return None
    spending.count_reads(attempts[0].delivery.channel, CallKind.OWNED_READ, len(entries), at or database_now())
    return entries


def _note_failure(attempts: list[Attempt], words: str, at: dt.datetime) -> None:
    """A row of failures is one line that moves on: it says nothing, so it is no evidence."""
    for attempt in attempts:
        last = attempt.reads.order_by("at", "pk").last()
        if last is not None and last.result == Reading.FAILED:
            TimelineRead.objects.filter(pk=last.pk).update(at=at, detail=words[:200])
        else:
            TimelineRead.objects.create(attempt=attempt, at=at, result=Reading.FAILED, detail=words[:200])


def _known_ids(entries: list[TimelineEntry]) -> set[str]:
    ids = [entry.external_id for entry in entries]
    known = Delivery.objects.filter(external_id__in=ids).values_list("external_id", flat=True)
    return {external_id for external_id in known if external_id}


def _first_start(attempt: Attempt) -> dt.datetime:
    first = Attempt.objects.filter(delivery_id=attempt.delivery_id).order_by("number").values_list("started_at").first()
    return first[0] if first else attempt.started_at


def _resolve(
    attempt: Attempt, entries: list[TimelineEntry] | None, known: set[str], tally: Tally, *, at: dt.datetime
) -> None:
    if entries is None:
        return
    delivery, first = attempt.delivery, _first_start(attempt)
    free = [entry for entry in entries if entry.external_id not in known]
    if (entry := settling.own_entry(delivery, first, free)) is not None:
        with transaction.atomic():
            TimelineRead.objects.create(attempt=attempt, at=at, result=Reading.FOUND, detail=entry.external_id)
            settling.published(delivery, attempt, settling.receipt_of(entry), at=at, evidence=Evidence.TIMELINE)
        known.add(entry.external_id)
        tally.found += 1
        return
    TimelineRead.objects.create(attempt=attempt, at=at, result=Reading.ABSENT)
    if delivery.state == DeliveryState.NEEDS_DECISION:
        return
    older = next((entry for entry in entries if settling.proof_in(delivery, entry) is not None), None)
    if attempt.code == "duplicate" and older is not None:
        # Not ours and there already: the channel will go on refusing.
        _hand_over(attempt, "older_post", id_to_address(older.external_id), tally, at=at)
    elif _is_proved_absent(attempt):
        _go_on(attempt, older, tally, at=at)


def _is_proved_absent(attempt: Attempt) -> bool:
    """Enough looks that saw everything, far enough apart: the channel shows a post late at times."""
    gap = dt.timedelta(seconds=settings.PUBLISH_READ_GAP_S)
    count, last = 0, None
    for at in attempt.reads.filter(result=Reading.ABSENT).order_by("at").values_list("at", flat=True):
        if last is None or at - last >= gap:
            count, last = count + 1, at
    return count >= settings.PUBLISH_NEGATIVE_READS


def _go_on(attempt: Attempt, older: TimelineEntry | None, tally: Tally, *, at: dt.datetime) -> None:
    """Proved absent: once more while it is in time, else a person decides."""
    delivery = attempt.delivery
    proved = delivery.attempts.filter(outcome=AttemptOutcome.ABSENT).count() + 1
    approved = delivery.post.state == PostState.APPROVED and standing_approval(delivery.post) is not None
    if not approved:
        with transaction.atomic():
            _close(attempt, at)
            delivery = workflow.take("retry", delivery, at=at, note="absent")
            workflow.take("cancel", delivery, at=at, note="approval.missing")
    elif attempt.code == "duplicate":
        _hand_over(attempt, "duplicate", "", tally, at=at)
    elif older is not None:
        _hand_over(attempt, "older_post", id_to_address(older.external_id), tally, at=at)
    elif proved >= MOST_TRIES:
        _hand_over(attempt, "absent_often", "", tally, at=at)
    elif at > delivery.slot + grace():
        _hand_over(attempt, "absent_late", "", tally, at=at)
    else:
        with transaction.atomic():
            _close(attempt, at)
            workflow.take("retry", delivery, at=at, note="absent", not_before=None)
        tally.again += 1


def _close(attempt: Attempt, at: dt.datetime) -> None:
    settling.finish(attempt, AttemptOutcome.ABSENT, at=at, code=attempt.code, detail=attempt.detail)
    spending.release(attempt)


def _hand_over(attempt: Attempt, code: str, detail: str, tally: Tally, *, at: dt.datetime) -> None:
    settling.handed_over(
        attempt.delivery,
        attempt,
        code,
        detail,
        at=at,
        http_status=attempt.http_status,
        outcome=AttemptOutcome.ABSENT,
    )
    tally.handed_over += 1


def _warn_of_frozen(attempt: Attempt, at: dt.datetime) -> None:
    if attempt.started_at > at - FROZEN_AFTER:
        return
    delivery = attempt.delivery
    words = (
        "Ein Beitrag hängt beim Senden fest\n\n"
        f"Was ist geschehen? Der {delivery.named} wird seit über 15 Minuten gesendet. Das Programm "
        "dafür antwortet nicht, lebt aber noch.\n"
        "Was bedeutet das? Er wird nicht noch einmal gesendet, solange das unklar ist.\n"
        "Was ist zu tun? Die Administration startet bitte den Worker neu. Danach sieht die Anwendung selbst auf dem "
        "Kanal nach, ob der Beitrag dort steht."
    )
    alarms.open_alarm(FROZEN, str(delivery.pk), words, at)
