"""What others may read of us: frozen dataclasses, never models. The only door of the evaluation."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from .enums import DeliveryState
from .models import (
    Audience,
    Channel,
    ConceptVersion,
    Correction,
    DailyTarget,
    Delivery,
    MirrorItem,
    PostMedium,
    SendPause,
    Topic,
)

# What has been published once, also where it was taken down again.
PUBLISHED_STATES = (DeliveryState.PUBLISHED, DeliveryState.TAKEDOWN_DUE, DeliveryState.DELETED)
NOT_SENT_STATES = (
    *(DeliveryState.MISSED, DeliveryState.BLOCKED, DeliveryState.CANCELLED),
    *(DeliveryState.UNKNOWN, DeliveryState.NEEDS_DECISION),
)

# --- Evaluation: what was published, under which rules ----------------------------------------------------------------


@dataclass(frozen=True)
class ChannelFacts:
    """``started_on`` None: the start was not entered yet, so nothing is due. ``takes_calls`` is our last knowledge."""

    pk: int
    slug: str
    name: str
    handle: str
    profile_url: str
    started_on: dt.date | None
    takes_calls: bool


@dataclass(frozen=True)
class Label:
    slug: str
    name: str


@dataclass(frozen=True)
class MeasurableDelivery:
    """``deleted_at`` None: still on the channel as far as we know."""

    pk: int
    external_id: str
    published_at: dt.datetime
    deleted_at: dt.datetime | None
    kind: str


@dataclass(frozen=True)
class PublishedDelivery:
    """``topic`` is a slug, "" where none was chosen; ``twin`` is the website twin, else a reasoned exception stands."""

    pk: int
    public_id: str
    published_at: dt.datetime
    deleted_at: dt.datetime | None
    kind: str
    topic: str
    audiences: tuple[str, ...]
    has_media: bool
    has_twin: bool
    has_twin_exception: bool


@dataclass(frozen=True)
class NotSent:
    """Planned for this moment; ``state`` is a DeliveryState and says why it is not out."""

    slot: dt.datetime
    state: str


@dataclass(frozen=True)
class PublishedPost:
    """One Ausspielung to enter figures for, with the first words of its Beitrag."""

    pk: int
    external_id: str
    published_at: dt.datetime
    kind: str
    headline: str
    post_pk: int


@dataclass(frozen=True)
class TargetFacts:
    valid_from: dt.date
    per_working_day: int


@dataclass(frozen=True)
class ConceptFacts:
    stand: str
    title: str
    valid_from: dt.date


@dataclass(frozen=True)
class MeasuredFigure:
    """A figure of one Ausspielung as it was read last; ``value`` None was not delivered, which is not zero."""

    label: str
    value: int | None
    taken_at: dt.datetime


MeasuredReader = Callable[[Sequence[int]], dict[int, list[MeasuredFigure]]]
_readers: list[MeasuredReader] = []


@dataclass(frozen=True)
class MirrorTeaser:
    public_id: str
    shown_from: dt.datetime
    text: str
    topic_name: str
    is_corrected: bool = False


def channel_facts(at: dt.datetime, slug: str = "") -> ChannelFacts | None:
    """The channel of this name, or the first one still in use."""
    wanted = Channel.objects.filter(slug=slug) if slug else Channel.objects.order_by("status", "pk")
    channel = wanted.first()
    if channel is None:
        return None
    return ChannelFacts(
        channel.pk,
        channel.slug,
        channel.name,
        channel.handle,
        channel.profile_url,
        channel.started_on,
        channel.accepts(at),
    )


def topics() -> list[Label]:
    return [Label(slug, name) for slug, name in Topic.objects.order_by("position").values_list("slug", "name")]


def audiences() -> list[Label]:
    return [Label(slug, name) for slug, name in Audience.objects.order_by("position").values_list("slug", "name")]


def deliveries_to_measure(channel_pk: int, *, since: dt.datetime, own_simulator: bool) -> list[MeasurableDelivery]:
    """Everything published since then, oldest first; demonstration posts only where our own simulator knows them."""
    found = (
        Delivery.objects.of_this_service(own_simulator=own_simulator)
        .filter(channel=channel_pk, state__in=PUBLISHED_STATES, published_at__gte=since)
        .order_by("published_at", "pk")
    )
    rows = found.values_list("pk", "external_id", "published_at", "deleted_at", "post__kind")
    return [
        MeasurableDelivery(pk, external_id or "", published_at, deleted_at, kind)
        for pk, external_id, published_at, deleted_at, kind in rows
        if published_at is not None
    ]


def deliveries_published(channel_pk: int, start: dt.datetime, end: dt.datetime) -> list[PublishedDelivery]:
    """What was published with start <= t < end, oldest first, taken down since or not."""
    found = (
        Delivery.objects.filter(_published(channel_pk, start, end))
        .select_related("post__topic")
        .prefetch_related("post__audiences")
        .annotate(has_media=Exists(PostMedium.objects.filter(post=OuterRef("post"))))
        .order_by("published_at", "pk")
    )
    return [_published_delivery(delivery) for delivery in found]


def published_posts(
    channel_pk: int,
    external_ids: Iterable[str] | None = None,
    *,
    pk: int | None = None,
    pks: Iterable[int] | None = None,
) -> list[PublishedPost]:
    """What stands, or stood, on the channel: under these ids, or these Ausspielungen, or all; newest first."""
    found = Delivery.objects.filter(channel=channel_pk, state__in=PUBLISHED_STATES, published_at__isnull=False)
    if external_ids is not None:
        found = found.filter(external_id__in=set(external_ids))
    if pk is not None:
        found = found.filter(pk=pk)
    if pks is not None:
        found = found.filter(pk__in=list(pks))
    wanted = ("external_id", "published_at", "post_id", "post__kind", "post__text")
    rows = found.select_related("post").only(*wanted).order_by("-published_at", "-pk")
    return [
        PublishedPost(row.pk, row.external_id or "", row.published_at, row.post.kind, row.post.headline, row.post_id)
        for row in rows
        if row.published_at is not None
    ]


def moments_published(channel_pk: int, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """When something was published with start <= t < end."""
    found = Delivery.objects.filter(_published(channel_pk, start, end)).order_by("published_at")
    return [moment for moment in found.values_list("published_at", flat=True) if moment is not None]


def daily_targets(channel_pk: int) -> list[TargetFacts]:
    """All targets the channel ever had, oldest first (K-44)."""
    rows = DailyTarget.objects.filter(channel=channel_pk).order_by("valid_from")
    return [TargetFacts(*row) for row in rows.values_list("valid_from", "per_working_day")]


def not_sent(channel_pk: int, start: dt.datetime, end: dt.datetime) -> list[NotSent]:
    """What should have gone out with start <= t < end and did not, oldest first."""
    found = Delivery.objects.filter(channel=channel_pk, state__in=NOT_SENT_STATES, slot__gte=start, slot__lt=end)
    return [NotSent(*row) for row in found.order_by("slot", "pk").values_list("slot", "state")]


def send_pauses(start: dt.datetime, end: dt.datetime) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """When all sending was stopped, as far as it reaches into start <= t < end; an end of None is still to come."""
    found = SendPause.objects.filter(started_at__lt=end).order_by("started_at", "pk")
    spans = [
        (begun, min((t for t in (ended, until) if t), default=None))
        for begun, ended, until in found.values_list("started_at", "ended_at", "until")
    ]
    return [(begun, over) for begun, over in spans if over is None or over > start]


def concept_in_force(on: dt.date) -> ConceptFacts | None:
    row = ConceptVersion.objects.filter(valid_from__lte=on).order_by("-valid_from").first()
    return ConceptFacts(row.stand, row.title, row.valid_from) if row else None


def newest_on_mirror(limit: int) -> list[MirrorTeaser]:
    corrections = Correction.objects.filter(post=OuterRef("post"))
    found = MirrorItem.objects.visible().order_by("-shown_from", "-pk").annotate(is_corrected=Exists(corrections))
    fields = ("post__public_id", "shown_from", "text", "topic_name", "is_corrected")
    return [MirrorTeaser(*row) for row in found.values_list(*fields)[:limit]]


def measured_is_read_by(reader: MeasuredReader) -> None:
    """The evaluation says at start how its figures are read: we never import it."""
    _readers[:] = [reader]


def last_measured(delivery_pks: Sequence[int]) -> dict[int, list[MeasuredFigure]]:
    """The last figures per Ausspielung; empty where nothing was measured, or where nobody measures."""
    return _readers[0](delivery_pks) if _readers and delivery_pks else {}


def _published(channel_pk: int, start: dt.datetime, end: dt.datetime) -> Q:
    return Q(channel=channel_pk, state__in=PUBLISHED_STATES, published_at__gte=start, published_at__lt=end)


def _published_delivery(delivery: Delivery) -> PublishedDelivery:
    post = delivery.post
    assert delivery.published_at is not None
    return PublishedDelivery(
        pk=delivery.pk,
        public_id=post.public_id,
        published_at=delivery.published_at,
        deleted_at=delivery.deleted_at,
        kind=post.kind,
        topic=post.topic.slug if post.topic else "",
        audiences=tuple(sorted(audience.slug for audience in post.audiences.all())),
        has_media=bool(getattr(delivery, "has_media", False)),
        has_twin=bool(post.twin_url),
        has_twin_exception=not post.twin_url and bool(post.twin_exception),
    )
