"""A channel without the interface: at the slot a person sends, and says afterwards where it stands (hand-posting)."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Expression, F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from .. import audit, cases, pulse, workflow
from ..channels import addresses
from ..clock import database_now
from ..enums import ChannelStatus, DeliveryState, Evidence, PostKind, Role
from ..models import Channel, Delivery, User
from ..models.delivery import DeliveryQuerySet
from ..rules import Objection, Situation, ask, blocking
from ..rules.approval import senders_are_trained, senders_hold_access
from ..rules.channel import is_posted_by_hand, no_keys
from ..rules.known import Known
from ..rules.timing import grace
from ..workflow import StepForbidden, StepRefused
from . import alarms, clearing, overdue, takedowns

logger = logging.getLogger(__name__)

FIT_TO_SEND = (senders_hold_access, senders_are_trained)
MAIL_TIMEOUT_S = 5  # the next tick waits behind this one
LATE_NOTE = "Von Hand gesendet und nach der Nachfrist bestätigt."
OLDER = Objection(
    "address.too_old",
    "Der Beitrag unter dieser Adresse ist älter als die Freigabe. Bitte nehmen Sie die Adresse des neuen Beitrags.",
    field="address",
)


def channels_by_hand() -> QuerySet[Channel]:
    active = Channel.objects.filter(status=ChannelStatus.ACTIVE)
    return active if no_keys() else active.filter(posts_by_hand=True)


def switch(channel: Channel, is_by_hand: bool, *, by: User, at: dt.datetime | None = None) -> bool:
    """From now on a person sends, or the application again. False when nothing changed."""
    at = at or database_now()
    with transaction.atomic():
        stored = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        if stored.posts_by_hand == is_by_hand:
            return False
        Channel.objects.filter(pk=stored.pk).update(posts_by_hand=is_by_hand)
        audit.record(
            "switch_by_hand",
            subject_type="channel",
            subject_id=stored.pk,
            at=at,
            by=by,
            note="von Hand" if is_by_hand else "durch die Anwendung",
        )
        if not is_by_hand:
            # A person was asked to send these, and may have done so without saying it yet.
            for delivery in Delivery.objects.due(at).filter(channel=stored):
                overdue.try_step("block", delivery, by=by, at=at, note="channel.by_hand")
    return True


def due(at: dt.datetime) -> QuerySet[Delivery]:
    """What a person has to send now, the oldest first."""
    return due_since(at - grace(), at)


def due_since(ended: dt.datetime | Expression, at: dt.datetime | Expression) -> QuerySet[Delivery]:
    return _of_ours().due(at).filter(slot__gte=ended, channel__in=channels_by_hand())


def late() -> QuerySet[Delivery]:
    """What nobody confirmed in time: it may stand on the channel all the same."""
    missed = cases.open_cases().filter(pk__in=_of_ours(), state=DeliveryState.MISSED)
    return missed.filter(channel__in=channels_by_hand()).order_by("slot", "pk")


def coming(at: dt.datetime, until: dt.datetime) -> QuerySet[Delivery]:
    wanted = _of_ours().filter(state=DeliveryState.SCHEDULED, slot__gt=at, slot__lte=until)
    return wanted.filter(channel__in=channels_by_hand()).order_by("slot", "pk")


def against_sending(delivery: Delivery, by: User, at: dt.datetime, known: Known) -> list[Objection]:
    """Why this person may not send it now: what the step asks, and whose account it goes through (K-35)."""
    situation = Situation(at=at, by=by, slot=delivery.slot, note="-", delivery=delivery, known=known)
    return blocking(
        [
            *ask(FIT_TO_SEND, delivery.post, situation),
            *workflow.objections("post_by_hand", delivery, situation),
        ]
    )


def confirm(delivery: Delivery, address: str, *, by: User, at: dt.datetime | None = None) -> Delivery:
    """A person has sent it and says where it stands; after the Nachfrist as well. Raises StepRefused."""
    at = at or database_now()
    situation = Situation(at=at, by=by, slot=delivery.slot, note=LATE_NOTE, delivery=delivery)
    _refuse(ask(FIT_TO_SEND, delivery.post, situation))
    if at > delivery.slot + grace() and delivery.state == DeliveryState.SCHEDULED:
        overdue.try_step("miss", delivery, at=at, note="slot.past")
        delivery.refresh_from_db()
    step = "post_by_hand" if delivery.state == DeliveryState.SCHEDULED else "declare_online"
    is_retweet = delivery.post.kind == PostKind.RETWEET
    # A retweet has no address of its own that a person could copy: it stands with the original.
    external_id = addresses.address_to_id(delivery.post.retweet_url if is_retweet else address) or ""
    against = workflow.objections(step, delivery, situation)
    _refuse([*against, *_against_address(external_id, delivery, at)])
    moment = None if is_retweet else addresses.id_to_moment(external_id)
    try:
        with transaction.atomic():
            delivery = workflow.take(
                step,
                delivery,
                by=by,
                at=at,
                note=LATE_NOTE if step == "declare_online" else "",
                external_id=external_id,
                external_url=addresses.id_to_address(external_id),
                published_at=min(moment or at, at),
                evidence=Evidence.PERSON,
                not_before=None,
            )
            clearing.bring_the_website_in_line(delivery, at)
    except IntegrityError:  # somebody has just entered the same address for another one
        raise StepRefused([clearing.TAKEN]) from None
    return delivery


def to_delete() -> QuerySet[Delivery]:
    """What is to come down from a channel on which the application itself deletes nothing."""
    wanted = _of_ours().filter(state=DeliveryState.TAKEDOWN_DUE, channel__in=channels_by_hand())
    return wanted.order_by("slot", "pk")


def confirm_deleted(delivery: Delivery, *, by: User, at: dt.datetime | None = None) -> Delivery:
    """A person has deleted it on the channel. Raises StepRefused."""
    at = at or database_now()
    if by.role not in clearing.EDITORS:
        raise StepForbidden([Objection(workflow.FORBIDDEN, "Ihre Rolle darf diesen Schritt nicht tun.")])
    situation = Situation(at=at, by=by, slot=delivery.slot, delivery=delivery)
    _refuse(ask((*FIT_TO_SEND, is_posted_by_hand), delivery.post, situation))
    with transaction.atomic():
        done = workflow.take("confirm_takedown", delivery, by=by, at=at, deleted_at=at)
        alarms.close_alarm(takedowns.LATE, str(delivery.pk), at)
    return done


def remind(at: dt.datetime | None = None) -> int:
    """One mail to PRÖ about everything whose slot has come and that nobody was told of; returns how many it named.

    What could not be mailed is tried again by the next tick; nothing is raised.
    """
    at = at or database_now()
    untold = (
        due(at).filter(Q(told_version=None) | ~Q(told_version=F("version"))).select_related("post__topic", "channel")
    )
    # Two ticks at once tell it once: whoever marks the row first writes of it.
    mine = [delivery for delivery in untold if _mark(delivery)]
    if mine and not _mail(mine, at):
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in mine]).update(told_version=None)
        return 0
    return len(mine)


def _mark(delivery: Delivery) -> bool:
    untold = Delivery.objects.filter(Q(told_version=None) | ~Q(told_version=F("version")), pk=delivery.pk)
    return bool(untold.filter(version=delivery.version).update(told_version=delivery.version))


def _mail(found: list[Delivery], at: dt.datetime) -> bool:
    people = User.objects.filter(is_active=True, groups__name=Role.PROE).exclude(email="")
    to = sorted(set(people.values_list("email", flat=True)))
    subject = "Jetzt von Hand senden" if len(found) == 1 else f"{len(found)} Beiträge jetzt von Hand senden"
    context = {
        "deliveries": found,
        "minutes": int(grace().total_seconds() // 60),
        "url": f"{settings.PUBLIC_BASE_URL}{reverse('editorial:by_hand')}",
    }
    body = render_to_string("editorial/by_hand/mail.txt", context)
    try:
        if not to:
            raise OSError("no recipient has an address")
        EmailMessage(f"[Redaktion] {subject}", body, to=to, connection=get_connection(timeout=MAIL_TIMEOUT_S)).send()
    except OSError as error:  # also smtplib's errors
        logger.error("the mail about hand-posting could not be sent: %s", type(error).__name__)
        why = "Der Mailserver nahm die letzte Mail nicht an." if to else "Es gibt niemanden mit Mailadresse."
        pulse.beat(pulse.MAIL, good=False, detail=why, at=at)
        return False
    pulse.beat(pulse.MAIL, at=at)
    return True


def _of_ours() -> DeliveryQuerySet:
    return Delivery.objects.of_this_service(own_simulator=settings.X_SIMULATOR_IS_OURS)


def _against_address(external_id: str, delivery: Delivery, at: dt.datetime) -> list[Objection]:
    found = clearing.against_address(external_id, delivery, at)
    moment = addresses.id_to_moment(external_id) if external_id else None
    is_old = moment is not None and moment < delivery.created_at - clearing.CLOCKS_MAY_DIFFER
    return found or ([OLDER] if is_old and delivery.post.kind != PostKind.RETWEET else [])


def _refuse(against: list[Objection]) -> None:
    if stopped := blocking(against):
        raise (StepForbidden if stopped[0].code == workflow.FORBIDDEN else StepRefused)(stopped)
