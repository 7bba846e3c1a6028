"""After a start from a backup: what stands on the channel is compared with what the old database knows.

Until that was done once, the Sendepause cannot be ended: what went out since the backup would go out again.
"""

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from .. import audit, workflow
from ..channels import matching
from ..channels.protocol import ChannelError, Publisher, TimelineEntry
from ..clock import database_now
from ..enums import DeliveryState, Evidence, PostKind, PostState
from ..models import Delivery, MirrorItem, Post, Restore, User
from . import mirroring, scheduling, settling

logger = logging.getLogger(__name__)

D = DeliveryState
# Not out as far as the old database knows; a tick during the Sendepause may have moved it on to a person already.
NOT_OUT = (D.SCHEDULED, D.SENDING, D.UNKNOWN, D.NEEDS_DECISION, D.MISSED, D.BLOCKED)
# A send that was under way while the backup was made appeared a little before or after it.
MARGIN = dt.timedelta(minutes=15)
NOTE = "restore"
PUBLISHED, TO_CHECK, STRANGER, BY_HAND = "published", "to_check", "stranger", "by_hand"


@dataclass(frozen=True)
class Look:
    """One try to compare. ``restored`` None: there was nothing to compare; ``why_not`` "": it was done."""

    restored: Restore | None
    why_not: str = ""


def open_restore() -> Restore | None:
    """The start from a backup that nobody has compared with the channel yet."""
    return Restore.objects.filter(reconciled_at=None).order_by("backup_at").first()


def reconcile_since_backup(channel: Publisher, at: dt.datetime | None = None) -> Restore | None:
    """Read what went out since the backup, mark it as published, list what a person must look at.

    None: there is nothing to compare. Raises ChannelError when the timeline cannot be read in full: then it counts as
    not done. What was already marked stays so; it is true whatever comes after.
    """
    restored, at = open_restore(), at or database_now()
    if restored is None:
        return None
    entries = channel.timeline(None, restored.backup_at - MARGIN)
    known = set(Delivery.objects.exclude(external_id=None).values_list("external_id", flat=True))
    new = sorted((entry for entry in entries if entry.external_id not in known), key=lambda entry: entry.at)
    findings = [finding for entry in new if (finding := _place(entry, restored, at))]
    _finish(restored, findings, by=None, note=f"{len(entries)} read, {len(findings)} new", at=at)
    return restored


def compared_by_hand(reason: str, *, by: User | None = None, at: dt.datetime | None = None) -> bool:
    """A person has compared the channel and the plan, because no key lets us read it. False: nothing was open."""
    if not reason.strip():
        raise ValueError("Bitte schreiben Sie, was Sie verglichen haben.")
    restored = open_restore()
    if restored is None:
        return False
    _finish(restored, [{"kind": BY_HAND, "text": reason}], by=by, note=reason, at=at or database_now())
    return True


def try_to_reconcile(channel: Publisher | None, at: dt.datetime | None = None) -> Look:
    """As ``reconcile_since_backup``, with what stands against it as a German sentence."""
    restored = open_restore()
    if restored is None:
        return Look(None)
    if channel is None:
        return Look(restored, "Ohne Schlüssel für die Schnittstelle können wir nicht auf dem Kanal nachsehen.")
    try:
        return Look(reconcile_since_backup(channel, at))
    except ChannelError as error:
        logger.warning("the channel could not be compared with the backup: %s", error)
        return Look(restored, "Der Kanal ließ sich nicht vollständig lesen.")


def words_of(look: Look) -> str:
    if look.restored is None:
        return "Es gibt keine Sicherung, die noch mit dem Kanal zu vergleichen wäre."
    if look.why_not:
        return f"Der Vergleich mit dem Kanal steht noch aus. {look.why_not} Bis dahin bleibt die Sendepause."
    kinds = [finding["kind"] for finding in look.restored.findings]
    marked, others = kinds.count(PUBLISHED), len(kinds) - kinds.count(PUBLISHED)
    return (
        f"Mit dem Kanal verglichen: {marked} seit der Sicherung erschienene Beiträge sind als veröffentlicht vermerkt, "
        f"{others} weitere bitte auf der Seite Betrieb ansehen. Danach kann eine Person die Sendepause beenden."
    )


def _place(entry: TimelineEntry, restored: Restore, at: dt.datetime) -> dict[str, Any] | None:
    """Find what this entry is of ours and write it down."""
    finding = {
        "external_id": entry.external_id,
        "url": settling.receipt_of(entry).url,
        "at": entry.at.isoformat(),
        "text": entry.text,
    }
    candidates = [delivery for delivery in _not_out() if settling.proof_in(delivery, entry) is not None]
    sure = [delivery for delivery in candidates if delivery.slot <= at or _has_our_token(delivery, entry)]
    if sure:
        delivery = min(sure, key=lambda delivery: abs(delivery.slot - entry.at))
        _mark_published(delivery, entry, at)
        return finding | {"kind": PUBLISHED, "post": delivery.post_id}
    for delivery in candidates:
        # The same words are planned for a later day. Whether that is another time or this one, only a person knows.
        if delivery.state == D.SCHEDULED:
            workflow.take("block", delivery, at=at, note=NOTE)
    if candidates:
        return finding | {"kind": TO_CHECK, "post": candidates[0].post_id}
    return finding | {"kind": STRANGER, "post": _post_of(entry)} if entry.at >= restored.backup_at else None


def _not_out() -> list[Delivery]:
    ours = Delivery.objects.of_this_service(own_simulator=settings.X_SIMULATOR_IS_OURS)
    return list(ours.filter(state__in=NOT_OUT).select_related("post", "channel"))


def _has_our_token(delivery: Delivery, entry: TimelineEntry) -> bool:
    return bool(delivery.post.link_token) and matching.carries_token(delivery.post.link_token, entry)


def _mark_published(delivery: Delivery, entry: TimelineEntry, at: dt.datetime) -> None:
    receipt = settling.receipt_of(entry)
    with transaction.atomic():
        attempt = delivery.attempts.filter(outcome__in=settling.UNRESOLVED).last()
        if attempt is not None and delivery.state in (D.SENDING, D.UNKNOWN):
            settling.published(delivery, attempt, receipt, at=at, evidence=Evidence.TIMELINE)
        else:
            if delivery.state == D.SCHEDULED:
                delivery = workflow.take("block", delivery, at=at, note=NOTE)
            workflow.take(
                "declare_online",
                delivery,
                at=at,
                note=NOTE,
                external_id=receipt.external_id,
                external_url=receipt.url,
                published_at=receipt.at,
                evidence=Evidence.TIMELINE,
                not_before=None,
            )
        post = Post.objects.get(pk=delivery.post_id)
        if post.state == PostState.WITHDRAWN:
            scheduling.take_down(post, by=None, at=at, note="withdraw")
        elif not MirrorItem.objects.filter(post=post).exists():
            # It is public on the channel, so everybody must be able to read it here, too (K-47).
            mirroring.show(post, at=receipt.at, recorded_at=at)


def _post_of(entry: TimelineEntry) -> int | None:
    """The Beitrag whose mark is in a link: known to us, but not as something that was to go out."""
    posts = Post.objects.filter(kind=PostKind.POST).exclude(link_token="")
    return next(
        (post.pk for post in posts.only("pk", "link_token") if matching.carries_token(post.link_token, entry)), None
    )


def _finish(restored: Restore, findings: list[dict[str, Any]], *, by: User | None, note: str, at: dt.datetime) -> None:
    restored.reconciled_at, restored.findings = at, findings
    with transaction.atomic():
        # An older start from a backup that was never compared is covered: this one began with the oldest of them.
        Restore.objects.filter(reconciled_at=None).update(reconciled_at=at, findings=findings)
        audit.record("reconcile_backup", subject_type="restore", subject_id=restored.pk, at=at, by=by, note=note)
