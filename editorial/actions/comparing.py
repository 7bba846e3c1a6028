"""What people did on the channel by hand: a post deleted or changed there is noticed, shown, and never sent again."""

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction

from .. import audit
from ..channels import addresses, matching
from ..channels.protocol import Channel as Line
from ..channels.protocol import ChannelError, TimelineEntry
from ..clock import database_now
from ..enums import CallKind, DeliveryState, PostKind
from ..models import Attempt, Channel, Delivery
from . import alarms, spending
from .overdue import try_step  # refused: somebody has it taken down at this moment

logger = logging.getLogger(__name__)

# An object read twice on one day is paid for once, so a longer window costs little.
WINDOW = dt.timedelta(days=30)
# A channel may show a post late.
SETTLED_AFTER = dt.timedelta(minutes=15)
MARGIN = dt.timedelta(minutes=1)
TWICE = "posted_twice"


def compare(line: Line, *, at: dt.datetime | None = None) -> int | None:
    """Compare the last 30 days with the channel's own timeline. Returns what was new; None: it could not be read."""
    moment = at or database_now()
    published = Delivery.objects.of_this_service(own_simulator=settings.X_SIMULATOR_IS_OURS).filter(
        state=DeliveryState.PUBLISHED,
        published_at__gt=moment - WINDOW,
        published_at__lt=moment - SETTLED_AFTER,
        channel__locked_reason="",
        channel__posts_by_hand=False,
    )
    rows = list(published.select_related("post__topic", "channel"))
    if not rows:
        return 0
    try:
        entries = line.timeline(None, min(row.published_at for row in rows if row.published_at) - MARGIN)
        spending.count_reads(rows[0].channel, CallKind.OWNED_READ, len(entries), moment)
        return _noticed(rows, entries, line, moment)
    except ChannelError as error:
        logger.warning("the channel could not be compared: %s", error)
        return None


def _noticed(rows: list[Delivery], entries: list[TimelineEntry], line: Line, at: dt.datetime) -> int:
    shown = {entry.external_id: entry for entry in entries}
    missing = [row for row in rows if row.external_id not in shown and row.gone_at is None]
    # The timeline may leave one out; only the channel's plain word counts. A retweet has no word of its own.
    own = [row.external_id or "" for row in missing if row.post.kind == PostKind.POST]
    gone = {figures.external_id for figures in (line.figures(own) if own else []) if figures.gone}
    known = {row.external_id for row in rows}
    found = 0
    for row in missing:
        successor = _changed_copy(row, [entry for entry in entries if entry.external_id not in known])
        if successor is not None:
            found += _note_change(row, successor.text, at)
        elif row.post.kind == PostKind.RETWEET or row.external_id in gone:
            found += try_step("notice", row, at=at, note="gone", gone_at=at)
    for row in rows:
        entry = shown.get(row.external_id or "")
        if entry is None:
            continue
        if row.post.kind == PostKind.POST and not matching.text_matches(row.post.message_text, entry):
            found += _note_change(row, entry.text, at)
        _warn_of_a_twin(row, entries, at)
    return found


def _changed_copy(row: Delivery, strangers: list[TimelineEntry]) -> TimelineEntry | None:
    """An edited post has a new number and keeps the mark in its link."""
    token = row.post.link_token
    return next((entry for entry in strangers if token and matching.carries_token(token, entry)), None)


def _note_change(row: Delivery, text: str, at: dt.datetime) -> int:
    if row.altered_text == text:
        return 0
    return int(try_step("notice", row, at=at, note="altered", altered_at=at, altered_text=text))


def _warn_of_a_twin(row: Delivery, entries: list[TimelineEntry], at: dt.datetime) -> None:
    token = row.post.link_token
    twins = [entry for entry in entries if token and matching.carries_token(token, entry)]
    if len(twins) > 1:
        alarms.open_alarm(TWICE, str(row.pk), _words(row, row.channel), at)
    else:
        alarms.close_alarm(TWICE, str(row.pk), at)


def note_a_twin(delivery: Delivery, attempt: Attempt, external_id: str, *, at: dt.datetime | None) -> str:
    """A sender comes with its answer after somebody else has settled the Ausspielung: what it sent is online as well.

    Nothing is deleted by itself; a person hears of it. The attempt is closed and stays as it is, so the number goes
    into the record. Returns the state.
    """
    at = at or database_now()
    with transaction.atomic():
        audit.record("find_twin", subject_type="delivery", subject_id=delivery.pk, at=at, note=external_id)
    row = Delivery.objects.select_related("post", "channel").get(pk=delivery.pk)
    if row.external_id != external_id:
        logger.error("delivery %s is online as %s, too, which came too late", row.pk, external_id)
        words = f"{_words(row, row.channel)} Dazu steht dort: {addresses.id_to_address(external_id)}"
        alarms.open_alarm(TWICE, str(row.pk), words, at)
    return row.state


def _words(row: Delivery, channel: Channel) -> str:
    return (
        "Ein Beitrag steht zweimal auf dem Kanal\n\n"
        f"Was ist geschehen? Der {row.named} steht auf {channel.name} mehr als einmal. "
        "Vielleicht hat ihn jemand von Hand gesendet.\n"
        "Was bedeutet das? Die Anwendung sendet ihn nicht noch einmal und löscht nichts von selbst.\n"
        f"Was ist zu tun? Sehen Sie auf dem Kanal nach und löschen Sie den überzähligen. "
        f"Unserer ist: {row.external_url}"
    )
