"""The person's box: what somebody decides about what did not go out as planned (publishing.md 1.4, 10)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from .. import audit, cases, pulse, workflow
from ..channels import addresses
from ..channels.protocol import Publisher
from ..clock import database_now
from ..enums import AttemptOutcome, DeliveryState, Evidence, NoticeKind, PostState, Reading, Role
from ..models import Delivery, MirrorItem, Notice, Resend, User
from ..rules import Objection, Situation, ask, blocking
from ..rules.channel import channel_takes_posts
from ..workflow import AS_APPROVED, FORBIDDEN, StepForbidden, StepRefused
from . import cases_in_mail, mirroring, notices, reconciling, scheduling, settling, spending

EDITORS = (Role.PROE, Role.GF)
CLOCKS_MAY_DIFFER = dt.timedelta(minutes=5)
# A burst becomes one mail to each person: it waits until nothing more comes, but not for ever.
QUIET, WAITS_AT_MOST = dt.timedelta(seconds=60), dt.timedelta(minutes=5)
# What is unclear is looked up by the application itself first: nobody has to be told of what solves itself.
LOOKED_UP_WITHIN = dt.timedelta(minutes=10)

NO_ADDRESS = Objection(
    "address.invalid",
    "Das ist keine Adresse eines Beitrags auf X. Sie sieht so aus: https://x.com/konto/status/1234567890",
    field="address",
)
NOT_YET = Objection(
    "address.invalid",
    "Den Beitrag unter dieser Adresse kann es noch nicht geben. Bitte prüfen Sie sie.",
    field="address",
)
TAKEN = Objection(
    "address.taken",
    "Diese Adresse gehört schon zu einem anderen Beitrag von uns. Bitte prüfen Sie sie.",
    field="address",
)
NOBODY_CAN_LOOK = Objection(
    "timeline.unreadable",
    "Die Anwendung kann auf diesem Kanal nicht selbst nachsehen. Bitte sehen Sie dort nach und wählen Sie dann "
    "„Der Beitrag ist online“ oder „Nicht mehr senden“.",
)
UNREADABLE = Objection(
    "timeline.unreadable",
    "Der Kanal war gerade nicht zu lesen. Ohne diesen Blick senden wir nicht noch einmal. "
    "Bitte versuchen Sie es in einigen Minuten wieder.",
)
NOTHING_ASKED = Objection("resend.none", "Es hat noch niemand vorgeschlagen, noch einmal zu senden.", "K-26")
NO_REASON = Objection("reason.missing", "Bitte nennen Sie einen Grund.", field="reason")


def declare_online(
    delivery: Delivery, address: str, reason: str, *, by: User, at: dt.datetime | None = None
) -> Delivery:
    """A person has seen it on the channel: from now on it is published. Raises StepRefused."""
    at = at or database_now()
    external_id = addresses.address_to_id(address) or ""
    against = workflow.objections("declare_online", delivery, _situation(delivery, by, at, reason))
    _refuse([*against, *against_address(external_id, delivery, at)])
    moment = addresses.id_to_moment(external_id) or at
    try:
        with transaction.atomic():
            delivery = workflow.take(
                "declare_online",
                delivery,
                by=by,
                at=at,
                note=reason,
                external_id=external_id,
                external_url=addresses.id_to_address(external_id),
                published_at=min(moment, at),
                evidence=Evidence.PERSON,
                not_before=None,
            )
            _close_what_was_open(delivery, external_id, at)
            bring_the_website_in_line(delivery, at)
    except IntegrityError:  # somebody has just entered the same address for another one
        raise StepRefused([TAKEN]) from None
    delivery.refresh_from_db()
    return delivery


def ask_resend(delivery: Delivery, reason: str, *, by: User, at: dt.datetime | None = None) -> Delivery:
    """Wish to send once more; a second person has to agree. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        delivery = workflow.take("ask_resend", delivery, by=by, at=at, note=reason)
        Resend.objects.create(delivery=delivery, reason=reason, asked_at=at, asked_by=by)
    return delivery


def confirm_resend(
    delivery: Delivery, *, by: User, channel: Publisher | None, at: dt.datetime | None = None
) -> Reading:
    """A second person agrees. First one fresh look: FOUND, and it is published; ABSENT, and the next tick sends it.

    Raises StepRefused, also when nobody could look.
    """
    moment = at or database_now()
    delivery = Delivery.objects.select_related("post", "channel").get(pk=delivery.pk)
    situation = _situation(delivery, by, moment)
    _refuse(workflow.objections("confirm_resend", delivery, situation))
    _refuse(ask((channel_takes_posts,), delivery.post, situation))
    ours = Delivery.objects.of_this_service(own_simulator=settings.X_SIMULATOR_IS_OURS)
    if channel is None or not ours.filter(pk=delivery.pk).exists():
        raise StepRefused([NOBODY_CAN_LOOK])
    seen = reconciling.look_now(delivery, channel, at=at)
    if seen == Reading.FAILED:
        raise StepRefused([UNREADABLE])
    moment = at or database_now()
    with transaction.atomic():
        if seen == Reading.ABSENT:
            workflow.take("confirm_resend", delivery, by=by, at=moment, slot=moment, not_before=None)
            _open_resends(delivery).update(confirmed_at=moment, confirmed_by=by)
        _open_resends(delivery).update(ended_at=moment)
    return seen


def withdraw_resend(delivery: Delivery, reason: str, *, by: User, at: dt.datetime | None = None) -> None:
    """The wish to send once more is off the table, said by whoever made it or by another. Raises StepRefused."""
    at = at or database_now()
    if by.role not in EDITORS:
        raise StepForbidden([Objection(FORBIDDEN, "Ihre Rolle darf diesen Schritt nicht tun.")])
    if not reason.strip():
        raise StepRefused([NO_REASON])
    with transaction.atomic():
        if not _open_resends(delivery).update(ended_at=at):
            raise StepRefused([NOTHING_ASKED])
        audit.record(
            "withdraw_resend",
            subject_type="delivery",
            subject_id=delivery.pk,
            at=at,
            by=by,
            source=delivery.state,
            target=delivery.state,
            note=reason,
        )


def discard(delivery: Delivery, reason: str, *, by: User, at: dt.datetime | None = None) -> Delivery:
    """It goes out no more; the Beitrag stays approved and may be planned anew. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        delivery = workflow.take("discard", delivery, by=by, at=at, note=reason)
        _open_resends(delivery).update(ended_at=at)
    return delivery


def tell(at: dt.datetime | None = None) -> int:
    """Tell PRÖ and Geschäftsführung, all at once, of every case that they do not know as it stands now.

    Returns how many cases that were. What is settled is settled in the notices, too. Where nobody can be told, it is
    tried again by the next tick; nothing is raised.
    """
    at = at or database_now()
    _settle_notices(at)
    found = _untold(at)
    if not _may_be_told(found, at):
        return 0
    people = list(notices.staff(*EDITORS))
    if not people:
        pulse.beat(pulse.MAIL, good=False, detail="In PRÖ und Geschäftsführung hat niemand ein Konto.", at=at)
        return 0
    return sum(_tell_of(delivery, people, at) for delivery in found)


def _tell_of(delivery: Any, people: list[User], at: dt.datetime) -> bool:
    """False when it has changed since it was read, or a second tick is just telling it: it is told as it stands."""
    with transaction.atomic():
        as_read = Delivery.objects.filter(_not_told(), pk=delivery.pk, version=delivery.version)
        if not as_read.update(told_version=delivery.version):
            return False
        state = DeliveryState(delivery.state).label
        words = f"{delivery.named} ist nicht so hinausgegangen wie geplant. Status: {state}."
        path = f"{reverse('editorial:clearing')}#fall-{delivery.pk}"
        notices.tell(NoticeKind.CASE, people, words=words, path=path, key=cases_in_mail.key_of(delivery), at=at)
    return True


def _settle_notices(at: dt.datetime) -> None:
    """Whatever ended or changed a case – a person, a look at the channel, a new moment –, its notice is over."""
    pending = Notice.objects.filter(kind=NoticeKind.CASE, settled_at=None)
    keys = set(pending.order_by().values_list("key", flat=True).distinct())
    if not keys:
        return
    open_keys = {cases_in_mail.key_of(delivery) for delivery in cases.open_cases().only("version")}
    pending.filter(key__in=keys - open_keys).update(settled_at=at)


def _not_told() -> Q:
    return Q(told_version=None) | ~Q(told_version=F("version"))


def _untold(at: dt.datetime) -> list[Any]:
    untold = cases.open_cases().filter(_not_told())
    patience = Q(state=DeliveryState.UNKNOWN, since__gt=at - LOOKED_UP_WITHIN)
    return list(cases.urgent_first(cases.with_reasons(untold).exclude(patience)))


def _may_be_told(found: list[Any], at: dt.datetime) -> bool:
    moments = [delivery.since for delivery in found]
    return bool(moments) and (max(moments) <= at - QUIET or min(moments) <= at - WAITS_AT_MOST)


def _refuse(against: list[Objection]) -> None:
    if stopped := blocking(against):
        raise (StepForbidden if stopped[0].code == FORBIDDEN else StepRefused)(stopped)


def _situation(delivery: Delivery, by: User, at: dt.datetime, note: str = "") -> Situation:
    return Situation(at=at, by=by, slot=delivery.slot, note=note, delivery=delivery)


def against_address(external_id: str, delivery: Delivery, at: dt.datetime) -> list[Objection]:
    if not external_id:
        return [NO_ADDRESS]
    moment = addresses.id_to_moment(external_id)
    if moment is not None and moment > at + CLOCKS_MAY_DIFFER:
        return [NOT_YET]
    others = Delivery.objects.filter(external_id=external_id).exclude(pk=delivery.pk)
    return [TAKEN] if others.exists() else []


def _close_what_was_open(delivery: Delivery, external_id: str, at: dt.datetime) -> None:
    _open_resends(delivery).update(ended_at=at)
    for attempt in delivery.attempts.filter(outcome__in=settling.UNRESOLVED):
        settling.finish(attempt, AttemptOutcome.PUBLISHED, at=at, external_id=external_id)
        spending.settle(attempt, at)


def bring_the_website_in_line(delivery: Delivery, at: dt.datetime) -> None:
    """What stands on the channel stands on the website, too (K-47); what was withdrawn comes down again."""
    post = delivery.post
    if post.state == PostState.WITHDRAWN:
        scheduling.take_down(post, by=None, at=at, note="withdraw")
        return
    # Asked for the moment it was approved for: that this has passed is no reason to keep it from the public.
    situation = Situation(at=min(delivery.slot, at), slot=delivery.slot, delivery=delivery)
    is_shown = MirrorItem.objects.visible().filter(post=post).exists()
    if not is_shown and not blocking(ask(AS_APPROVED, post, situation)):
        mirroring.show(post, at=min(delivery.slot, at), recorded_at=at)


def _open_resends(delivery: Delivery) -> QuerySet[Resend]:
    return Resend.objects.filter(delivery=delivery.pk, ended_at=None)
