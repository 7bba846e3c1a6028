"""The kill switch (Sendepause), and a channel a person gives free again."""

import datetime as dt

from django.db import transaction

from .. import audit
from ..clock import database_now
from ..models import Channel, Restore, SendPause, User
from . import alarms, channel_states


def active_pause(at: dt.datetime | None = None) -> SendPause | None:
    return SendPause.objects.active(at or database_now()).first()


def switch_off(
    reason: str, *, until: dt.datetime | None = None, by: User | None = None, at: dt.datetime | None = None
) -> SendPause:
    """Stop all sending from now on. A Sendepause that already lasts as long stays; a longer one takes its place.

    Raises ValueError without a reason or with an end that has passed.
    """
    at = at or database_now()
    if not reason.strip():
        raise ValueError("Bitte nennen Sie einen Grund.")
    if until is not None and until <= at:
        raise ValueError("Das Ende der Sendepause liegt in der Vergangenheit.")
    with transaction.atomic():
        for running in SendPause.objects.active(at).select_for_update(no_key=True):
            if running.until is None or (until is not None and until <= running.until):
                return running
            SendPause.objects.filter(pk=running.pk).update(ended_at=at)
        pause = SendPause.objects.create(started_at=at, started_by=by, reason=reason, until=until)
        audit.record("publishing_off", subject_type="sendpause", subject_id=pause.pk, at=at, by=by, note=reason)
    return pause


class NotCompared(Exception):
    """After a start from a backup nobody has looked yet what went out since: it would go out again."""

    def __init__(self) -> None:
        super().__init__(
            "Die Sendepause kann noch nicht enden: Erst muss der Kanal mit der eingespielten Sicherung verglichen "
            "sein. Das geht auf der Seite Betrieb."
        )


def switch_on(*, by: User | None = None, at: dt.datetime | None = None) -> bool:
    """End the Sendepause. What fell due meanwhile stays with a person. Returns whether there was one to end.

    Raises NotCompared after a start from a backup.
    """
    at = at or database_now()
    if Restore.objects.filter(reconciled_at=None).exists():
        raise NotCompared
    with transaction.atomic():
        running = list(SendPause.objects.active(at).select_for_update(no_key=True))
        for pause in running:
            SendPause.objects.filter(pk=pause.pk).update(ended_at=at)
            audit.record("publishing_on", subject_type="sendpause", subject_id=pause.pk, at=at, by=by)
    return bool(running)


def unlock(channel: Channel, *, by: User, at: dt.datetime | None = None) -> None:
    """A person has put the account in order: the channel is tried again with the next tick."""
    at = at or database_now()
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        Channel.objects.filter(pk=channel.pk).update(locked_reason="", locked_at=None, paused_until=None)
        # After the row, as a sender does it: else each could hold what the other waits for.
        audit.record(
            "unlock_channel", subject_type="channel", subject_id=channel.pk, at=at, by=by, note=channel.locked_reason
        )
        alarms.close_alarm(channel_states.LOCKED, channel.slug, at)
