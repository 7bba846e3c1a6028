"""Taking down: order it until the channel itself says that it is gone."""

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ..channels.protocol import Channel as Line
from ..channels.protocol import ChannelBusy, ChannelError, ChannelLocked
from ..clock import database_now
from ..enums import DeliveryState, PostKind
from ..models import AuditEntry, Channel, Delivery
from . import alarms, channel_states
from .overdue import try_step

logger = logging.getLogger(__name__)

AGAIN_AFTER, AGAIN_WHEN_LOCKED = dt.timedelta(seconds=30), dt.timedelta(minutes=5)
LATE_AFTER = dt.timedelta(minutes=15)
LATE = "takedown_late"


def carry_out(channel: Line, *, at: dt.datetime | None = None) -> int:
    """Delete what is to be taken down and look whether it is gone. Safe to repeat: what failed comes again later."""
    moment = at or database_now()
    waiting = Delivery.objects.of_this_service(own_simulator=settings.X_SIMULATOR_IS_OURS).filter(
        Q(not_before=None) | Q(not_before__lte=moment), state=DeliveryState.TAKEDOWN_DUE, channel__posts_by_hand=False
    )
    done = 0
    for delivery in waiting.select_related("post", "channel"):
        again_at = moment + AGAIN_AFTER
        try:
            is_gone = _delete(delivery, channel)
        except ChannelError as error:
            logger.warning("take-down of delivery %s failed: %s", delivery.pk, error)
            is_gone, again_at = False, _after(error, delivery, moment)
        if is_gone:
            done += try_step("confirm_takedown", delivery, at=moment, deleted_at=moment)
            alarms.close_alarm(LATE, str(delivery.pk), moment)
        else:
            Delivery.objects.filter(pk=delivery.pk).update(not_before=again_at)
    return done


def _after(error: ChannelError, delivery: Delivery, at: dt.datetime) -> dt.datetime:
    """When to try again: not in a loop against a limit or a refused log-in, of which a person hears at once."""
    if isinstance(error, ChannelBusy):
        return max(error.wait_until, at + AGAIN_AFTER)
    if isinstance(error, ChannelLocked):
        with transaction.atomic():
            locked = Channel.objects.select_for_update(no_key=True).get(pk=delivery.channel_id)
            if not locked.locked_reason:
                channel_states.lock(locked, error.code, at=at)
        return at + AGAIN_WHEN_LOCKED
    return at + AGAIN_AFTER


def _delete(delivery: Delivery, channel: Line) -> bool:
    external_id = delivery.external_id or ""
    if delivery.post.kind == PostKind.RETWEET:
        channel.unretweet(delivery.post.retweet_url)
        seen = channel.timeline(None, delivery.published_at)
        return all(entry.external_id != external_id for entry in seen)
    channel.delete(external_id)
    return channel.figures([external_id])[0].gone


def sound_the_alarm(at: dt.datetime) -> None:
    """What should be down and is not after 15 minutes is a person's business (I9)."""
    for delivery in Delivery.objects.filter(state=DeliveryState.TAKEDOWN_DUE).select_related("post__topic", "channel"):
        ordered = AuditEntry.objects.filter(step="take_down", subject_type="delivery", subject_id=delivery.pk).last()
        if ordered and ordered.at <= at - LATE_AFTER:
            alarms.open_alarm(LATE, str(delivery.pk), _words(delivery), at)


def _words(delivery: Delivery) -> str:
    return (
        "Ein gelöschter Beitrag steht noch auf dem Kanal\n\n"
        f"Was ist geschehen? Der {delivery.named} sollte gelöscht werden. Nach 15 Minuten steht er noch auf "
        f"{delivery.channel.name}.\n"
        "Was bedeutet das? Auf der Website ist er nicht mehr zu sehen, auf dem Kanal noch für alle.\n"
        f"Was ist zu tun? Löschen Sie ihn bitte von Hand: {delivery.external_url} Die Anwendung versucht es weiter und "
        "meldet, wenn er gelöscht ist."
    )
