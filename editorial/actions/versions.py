import datetime as dt
from dataclasses import dataclass
from typing import Any

from ..models import (
    Audience,
    ConceptVersion,
    Consent,
    EarlierCut,
    Entry,
    Medium,
    Partner,
    Post,
    PostVersion,
    Topic,
    User,
)
from ..models.post import digest_of
from ..standing import once

# Fields whose value is stored in a version as it is.
PLAIN_TEXTS = (
    "kind",
    "text",
    "source_url",
    "source_decision",
    "source_reason",
    "twin_url",
    "twin_exception",
    "retweet_url",
    "value_added",
    "other_ways",
)


def concept_on(day: dt.date) -> ConceptVersion:
    return once(("concept", day), lambda: ConceptVersion.objects.in_force_on(day))


def last_number(post: Post) -> int:
    return post.versions.order_by("-number").values_list("number", flat=True).first() or 0


def keep(post: Post, *, by: User, at: dt.datetime, number: int | None = None) -> PostVersion:
    """Store the present content as a new version, the next one; whoever does so is an author from now on."""
    payload = post.payload()
    return PostVersion.objects.create(
        post=post,
        number=number or last_number(post) + 1,
        payload=payload,
        digest=digest_of(payload),
        saved_at=at,
        saved_by=by,
    )


@dataclass(frozen=True)
class Pictures:
    """What a version showed, as the house has it today: ``recut`` has another part now, ``missing`` are the
    descriptions of what is there no more."""

    there: list[Medium]
    recut: list[Medium]
    missing: list[str]


def pictures_of(version: PostVersion) -> Pictures:
    rows = version.payload["media"]
    sums = [row[0] for row in rows]
    now = {medium.sha256: medium for medium in Medium.objects.filter(sha256__in=sums)}
    cuts = EarlierCut.objects.filter(sha256__in=sums).select_related("medium").order_by("pk")
    before = {cut.sha256: cut.medium for cut in cuts}
    found = [now.get(sum_) or before.get(sum_) for sum_ in sums]
    there = list(dict.fromkeys(medium for medium in found if medium))
    return Pictures(
        there=there,
        recut=[medium for medium in there if medium.sha256 not in sums],
        missing=[row[1] for row, medium in zip(rows, found, strict=True) if medium is None],
    )


def content_of(version: PostVersion) -> dict[str, Any]:
    """The content as ``drafting.save`` takes it, without the slot. What no longer exists in the house is left out."""
    payload = version.payload
    return {name: payload[name] for name in payload if name in PLAIN_TEXTS} | {
        "topic": Topic.objects.filter(slug=payload["topic"]).first(),
        "partner": Partner.objects.filter(pk=payload["partner"]).first(),
        "ai_text": payload.get("ai_text", ""),
        "ai_edited": payload.get("ai_edited", False),
        "shows": payload.get("shows", []),
        "entry": Entry.whole.filter(pk=payload.get("entry")).first(),
        "audiences": list(Audience.objects.filter(slug__in=payload["audiences"])),
        "consents": list(Consent.objects.filter(pk__in=payload["consents"])),
        "media": pictures_of(version).there,
    }


def rewrite_last(post: Post, *, at: dt.datetime) -> None:
    payload = post.payload()
    PostVersion.objects.filter(post=post, number=last_number(post)).update(
        payload=payload, digest=digest_of(payload), saved_at=at
    )
