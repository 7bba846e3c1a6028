"""What must be true at every moment (publishing.md 1.5), each asked of the database: an answer is a broken promise."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from .clock import wall_text
from .enums import AttemptOutcome, DeliveryState, Evidence, Reading
from .models import Alarm, Attempt, AuditEntry, Channel, Consent, Delivery, Post, Resend, SendPause
from .rules.timing import grace
from .workflow import DELIVERY_STEPS, POST_STEPS

D, A = DeliveryState, AttemptOutcome
UNRESOLVED = (A.STARTED, A.UNKNOWN)
BOX = (D.UNKNOWN, D.NEEDS_DECISION, D.MISSED, D.BLOCKED)
# Two transactions that cross: what one has not committed yet the other cannot know.
CROSSING = dt.timedelta(seconds=10)
UNTIL_TOLD = dt.timedelta(minutes=15)
TAKEDOWN_WITHIN = dt.timedelta(minutes=15)
FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
# The steps that close an attempt, by what it came to: they stand in the record at its end.
CLOSING = {
    A.PUBLISHED: ("confirm", "declare_online"),
    A.NOT_SENT: ("release",),
    A.BUSY: ("release",),
    A.LOCKED: ("release",),
    A.REFUSED: ("hand_over",),
    A.ABSENT: ("hand_over", "retry"),
    A.UNKNOWN: ("lose_sight",),
}


@dataclass(frozen=True)
class Invariant:
    """``rows`` gives what breaks it, each in a few German words with the number of the Ausspielung or Beitrag."""

    name: str
    words: str
    rows: Callable[[dt.datetime], Iterator[str]]


def broken(at: dt.datetime) -> list[tuple[Invariant, list[str]]]:
    """The promises that do not hold at this moment, with what breaks them."""
    found = [(invariant, list(invariant.rows(at))) for invariant in INVARIANTS]
    return [(invariant, rows) for invariant, rows in found if rows]


def _twice(at: dt.datetime) -> Iterator[str]:
    live = Delivery.objects.filter(state=D.PUBLISHED)
    for row in live.values("post_id", "channel_id").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"Beitrag {row['post_id']}: {row['n']} veröffentlichte Ausspielungen"
    for number in (
        live.values("external_id").annotate(n=Count("pk")).filter(n__gt=1).values_list("external_id", flat=True)
    ):
        yield f"Nummer {number} bei mehreren Ausspielungen"


def _two_open_attempts(at: dt.datetime) -> Iterator[str]:
    open_ones = Attempt.objects.filter(outcome__in=UNRESOLVED).values("delivery_id").annotate(n=Count("pk"))
    yield from (f"Ausspielung {row['delivery_id']}: {row['n']} offene Versuche" for row in open_ones.filter(n__gt=1))


def _published_without_attempt(at: dt.datetime) -> Iterator[str]:
    by_us = Delivery.objects.filter(state__in=[D.PUBLISHED, D.TAKEDOWN_DUE, D.DELETED]).exclude(
        evidence=Evidence.PERSON
    )
    attempts = Attempt.objects.filter(delivery=OuterRef("pk"))
    # After a start from a backup the channel is read: what went out since was not in the backup, nor was its attempt.
    found = AuditEntry.objects.filter(step="declare_online", subject_type="delivery", subject_id=OuterRef("pk"))
    yield from _deliveries(by_us.filter(~Exists(attempts), ~Exists(found)))


def _sent_again_without_proof(at: dt.datetime) -> Iterator[str]:
    reads = Count("reads", filter=Q(reads__result=Reading.ABSENT))
    later = Attempt.objects.filter(delivery=OuterRef("delivery"), number__gt=OuterRef("number"))
    before = Attempt.objects.annotate(absent=reads).filter(Exists(later))
    agreed = Resend.objects.filter(delivery=OuterRef("delivery"), confirmed_at__isnull=False)
    unproved = Q(outcome=A.ABSENT, absent__lt=settings.PUBLISH_NEGATIVE_READS) | Q(outcome=A.REFUSED)
    wrong = before.filter(Q(outcome__in=[*UNRESOLVED, A.PUBLISHED]) | (unproved & ~Exists(agreed)))
    yield from (f"Ausspielung {pk}, nach Versuch {n}" for pk, n in wrong.values_list("delivery_id", "number"))


def _attempt_in_a_pause(at: dt.datetime) -> Iterator[str]:
    end = Least(Coalesce("ended_at", FAR), Coalesce("until", FAR))
    pauses = SendPause.objects.annotate(end=end).filter(
        started_at__lt=OuterRef("started_at") - CROSSING, end__gt=OuterRef("started_at")
    )
    yield from _attempts(Attempt.objects.filter(Exists(pauses)))


def _attempt_while_locked(at: dt.datetime) -> Iterator[str]:
    """When a channel was locked is known from its alarms, since when it rests from the attempt that was turned away."""
    locks = Alarm.objects.filter(
        kind="channel_locked", key=OuterRef("delivery__channel__slug"), opened_at__lt=OuterRef("started_at") - CROSSING
    )
    locked = Exists(locks.annotate(end=Coalesce("closed_at", FAR)).filter(end__gt=OuterRef("started_at")))
    yield from _attempts(Attempt.objects.filter(locked))
    for channel in Channel.objects.exclude(paused_until=None):
        own = Attempt.objects.filter(delivery__channel=channel)
        turned_away = own.filter(outcome=A.BUSY).order_by("-finished_at").first()
        if turned_away and turned_away.finished_at:
            begin = turned_away.finished_at + CROSSING
            yield from _attempts(own.filter(started_at__gt=begin, started_at__lt=channel.paused_until))


def _attempt_without_approval(at: dt.datetime) -> Iterator[str]:
    claims = AuditEntry.objects.filter(step="claim", subject_type="delivery", subject_id=OuterRef("delivery_id"))
    approved = claims.filter(digest_sha256=OuterRef("delivery__approval__digest"))
    ended = Q(delivery__approval__voided_at__lt=F("started_at") - CROSSING)
    yield from _attempts(Attempt.objects.filter(ended | ~Exists(approved)))


def _attempt_without_consent(at: dt.datetime) -> Iterator[str]:
    withdrawn = Consent.objects.filter(
        post__deliveries=OuterRef("delivery"), withdrawn_at__lt=OuterRef("started_at") - CROSSING
    )
    yield from _attempts(Attempt.objects.filter(Exists(withdrawn)))


def _attempt_too_late(at: dt.datetime) -> Iterator[str]:
    yield from _attempts(Attempt.objects.filter(started_at__gt=F("delivery__slot") + grace() + CROSSING))


def _published_without_evidence(at: dt.datetime) -> Iterator[str]:
    published = Delivery.objects.filter(state__in=[D.PUBLISHED, D.TAKEDOWN_DUE, D.DELETED])
    yield from _deliveries(published.filter(Q(external_id=None) | Q(evidence="")))


def _silently_lost(at: dt.datetime) -> Iterator[str]:
    over = Delivery.objects.filter(slot__lt=at - grace() - UNTIL_TOLD)
    yield from _deliveries(over.filter(state__in=[D.SCHEDULED, D.SENDING]))
    untold = over.filter(state__in=BOX, is_demo=False).exclude(told_version=F("version"))
    old = AuditEntry.objects.filter(subject_type="delivery", subject_id=OuterRef("pk"), at__gt=at - UNTIL_TOLD)
    yield from _deliveries(untold.filter(~Exists(old)))


def _change_without_entry(at: dt.datetime) -> Iterator[str]:
    entries = _entries_of("delivery", DELIVERY_STEPS)
    number = entries.order_by().values("subject_id").annotate(n=Count("pk")).values("n")
    counted = Delivery.objects.annotate(
        entries=Coalesce(Subquery(number), 0, output_field=IntegerField()), last=Subquery(entries.values("target")[:1])
    )
    yield from _deliveries(counted.filter(~Q(entries=F("version")) | ~Q(last=F("state")) & Q(last__isnull=False)))


def _post_without_entry(at: dt.datetime) -> Iterator[str]:
    """Of a Beitrag not every version has an entry: typing on is one and the same."""
    last = _entries_of("post", ["create", *POST_STEPS]).values("target")[:1]
    found = Post.objects.annotate(last=Subquery(last)).filter(
        Q(last__isnull=True, version__gt=0) | ~Q(last=F("state")) & Q(last__isnull=False)
    )
    yield from (f"Beitrag {pk} ({state})" for pk, state in found.order_by("pk").values_list("pk", "state"))


def _entries_of(subject_type: str, steps: Iterable[str]) -> "QuerySet[AuditEntry]":
    """The steps in the record, the last one first."""
    found = AuditEntry.objects.filter(subject_type=subject_type, subject_id=OuterRef("pk"), step__in=steps)
    return found.order_by("-position")


def _changed_attempt(at: dt.datetime) -> Iterator[str]:
    """An attempt is written at its claim and at its end. What it says of both stands in the record as well, whose
    entries hang together by their hashes: an attempt changed afterwards differs from it.
    """
    near = CROSSING * 3  # the attempt and the entry are two questions of one transaction
    of_it = AuditEntry.objects.filter(subject_type="delivery", subject_id=OuterRef("delivery_id"))
    begun = of_it.filter(step="claim", at__gte=OuterRef("started_at") - near, at__lte=OuterRef("started_at") + near)
    closed = of_it.filter(at__gte=OuterRef("finished_at") - near, at__lte=OuterRef("finished_at") + near)
    is_closed = Q(outcome=A.STARTED, finished_at=None)
    for outcome, steps in CLOSING.items():
        is_closed |= Q(Exists(closed.filter(step__in=steps)), outcome=outcome, finished_at__isnull=False)
    yield from _attempts(Attempt.objects.filter(~Exists(begun) | ~is_closed))


def _late_takedown_without_alarm(at: dt.datetime) -> Iterator[str]:
    ordered = AuditEntry.objects.filter(
        step="take_down", subject_type="delivery", subject_id=OuterRef("pk"), at__gt=at - TAKEDOWN_WITHIN - CROSSING * 6
    )
    alarmed = set(Alarm.objects.filter(kind="takedown_late", closed_at=None).values_list("key", flat=True))
    late = Delivery.objects.filter(~Exists(ordered), state=D.TAKEDOWN_DUE).values_list("pk", flat=True)
    yield from (f"Ausspielung {pk}" for pk in late if str(pk) not in alarmed)


def _slot_not_as_typed(at: dt.datetime) -> Iterator[str]:
    typed = Post.objects.exclude(slot=None).exclude(slot_wall="").values_list("pk", "slot", "slot_wall")
    yield from (f"Beitrag {pk}" for pk, slot, wall in typed.iterator() if wall_text(slot) != wall)


def _deliveries(rows: QuerySet[Delivery]) -> Iterator[str]:
    yield from (f"Ausspielung {pk} ({state})" for pk, state in rows.order_by("pk").values_list("pk", "state"))


def _attempts(rows: QuerySet[Attempt]) -> Iterator[str]:
    found = rows.order_by("pk").values_list("delivery_id", "number")
    yield from (f"Ausspielung {pk}, Versuch {number}" for pk, number in found)


INVARIANTS = (
    Invariant("I1", "Jeder Beitrag steht höchstens einmal auf dem Kanal.", _twice),
    Invariant("I2", "Je Ausspielung ist höchstens ein Versuch offen.", _two_open_attempts),
    Invariant("I3", "Ohne gespeicherten Versuch ging nichts hinaus.", _published_without_attempt),
    Invariant(
        "I4", "Noch einmal gesendet wird nur nach dem Nachweis, dass nichts erschien.", _sent_again_without_proof
    ),
    Invariant("I5 Sendepause", "In einer Sendepause wird nicht gesendet.", _attempt_in_a_pause),
    Invariant("I5 Kanal", "Solange der Kanal nichts annimmt, wird nicht gesendet.", _attempt_while_locked),
    Invariant("I5 Freigabe", "Gesendet wird nur, was so freigegeben ist.", _attempt_without_approval),
    Invariant("I5 Einwilligung", "Gesendet wird nur mit gültiger Einwilligung.", _attempt_without_consent),
    Invariant("I5 Nachfrist", "Nach der Nachfrist wird nicht gesendet.", _attempt_too_late),
    Invariant("I6", "Veröffentlicht heißt: belegt.", _published_without_evidence),
    Invariant("I7", "Nichts geht still verloren.", _silently_lost),
    Invariant("I8", "Jede Änderung steht im Protokoll.", _change_without_entry),
    Invariant("I8 Beitrag", "Jeder Status eines Beitrags steht im Protokoll.", _post_without_entry),
    Invariant("I8 Versuch", "Was ein Versuch ergab, ändert niemand mehr.", _changed_attempt),
    Invariant("I9", "Was gelöscht werden soll, ist bald gelöscht oder gemeldet.", _late_takedown_without_alarm),
    Invariant("I10", "Der Termin ist der, den die Person eingegeben hat.", _slot_not_as_typed),
)
