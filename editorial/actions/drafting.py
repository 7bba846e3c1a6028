"""Writing: a Beitrag begins, is saved, is copied. Nothing typed is lost, every saved state stays readable."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, prefetch_related_objects

from .. import audit, workflow
from ..clock import berlin_day, database_now, wall_text
from ..enums import PostKind, PostState
from ..models import Post, PostMedium, PostVersion, User
from ..rules import Objection
from ..rules.approval import nothing_left_the_house
from ..rules.links import message_for
from . import likeness, links, scheduling, versions
from .versions import concept_on

# Autosave saves every few seconds: what one person types within this time is one version.
SAME_VERSION_WITHIN = dt.timedelta(minutes=10)
APPROVAL_WOULD_END = Objection(
    "approval.would_end", "Dieser Beitrag ist freigegeben. Speichern Sie selbst, wenn die Freigabe enden soll."
)
PLAIN_FIELDS = (
    "kind",
    "text",
    "topic",
    "source_url",
    "source_decision",
    "source_reason",
    "twin_url",
    "twin_exception",
    "retweet_url",
    "value_added",
    "partner",
    "entry",
    "other_ways",
    "ai_text",
    "ai_edited",
    "shows",
    "slot",
)


class Overtaken(Exception):
    """Somebody saved something else since this person began. ``by`` None: nobody of whom we know."""

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.post = post
        last = post.versions.select_related("saved_by").first()
        self.by: User | None = last.saved_by if last else None


def create(content: dict[str, Any], *, by: User, at: dt.datetime | None = None, as_idea: bool = False) -> Post:
    """Begin a Beitrag. ``content`` holds form values by field name; what is left out stays empty."""
    at = at or database_now()
    with transaction.atomic():
        post = Post(
            state=PostState.IDEA if as_idea else PostState.DRAFT,
            concept_version=concept_on(berlin_day(at)),
            is_demo=content.get("is_demo", False),
            created_at=at,
            updated_at=at,
        )
        _write(post, content, at=at)
        prefetch_related_objects([post], "audiences", "consents", "media_links")
        version = versions.keep(post, by=by, at=at, number=1)
        audit.record(
            "create",
            subject_type="post",
            subject_id=post.pk,
            at=at,
            by=by,
            target=post.state,
            digest=version.digest,
        )
        links.note(post, at=at)
        likeness.note(post, at=at)
    return post


def save(
    post: Post,
    content: dict[str, Any],
    *,
    by: User,
    at: dt.datetime | None = None,
    autosave: bool = False,
    as_new_version: bool = False,
    seen_digest: str = "",
) -> Post:
    """Save new content. An approved Beitrag loses its Freigabe, unless the browser saves by itself.

    ``as_new_version``: never typing on. ``seen_digest``: of what the person began with; "" writes over anything.
    Raises Overtaken, and StepRefused for what was sent and for an autosave of what is approved.
    """
    at = at or database_now()
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        before = post.digest()
        if seen_digest and seen_digest != before:
            raise Overtaken(post)
        if found := list(nothing_left_the_house(post, workflow.Situation(at=at, by=by))):
            raise workflow.StepRefused(found)
        if autosave and post.state == PostState.APPROVED:
            raise workflow.StepRefused([APPROVAL_WOULD_END])
        _write(post, content, at=at)
        if not autosave:  # half an address is none, half a text no other one
            links.note(post, at=at)
            likeness.note(post, at=at)
        if post.digest() != before:
            return record_change(post, by=by, at=at, as_new_version=as_new_version)
        # Saved by hand and as it should be: from now on it is more than an idea.
        return post if autosave or post.state != PostState.IDEA else workflow.take("edit", post, by=by, at=at)


def set_aside(post: Post, *, by: User, at: dt.datetime | None = None) -> Post:
    """A draft is only an idea for now."""
    return workflow.take("set_aside", post, by=by, at=at)


def restore(post: Post, version: PostVersion, *, by: User, at: dt.datetime | None = None) -> Post:
    """Take the content of an older version up again, as a new one; the slot stays. Raises StepRefused as ``save``."""
    return save(post, versions.content_of(version), by=by, at=at, as_new_version=True)


def record_change(post: Post, *, by: User, at: dt.datetime, as_new_version: bool = False) -> Post:
    """What an approval covers has changed, in the caller's transaction: a Freigabe ends, ``by`` becomes an author."""
    if not as_new_version and _continues_last_version(post, by=by, at=at):
        versions.rewrite_last(post, at=at)
        Post.objects.filter(pk=post.pk).update(version=F("version") + 1)
    else:
        scheduling.void_approval(post, by=by, at=at, note="edit")
        post = workflow.take("edit", post, by=by, at=at)
        versions.keep(post, by=by, at=at)
    post.refresh_from_db()
    return post


def copy(post: Post, *, by: User, at: dt.datetime | None = None) -> Post:
    """A new draft with the same content. Date, consents and what a person answers for are asked anew."""
    content: dict[str, Any] = {field: getattr(post, field) for field in PLAIN_FIELDS if field != "slot"}
    content |= {"source_decision": "", "source_reason": "", "ai_edited": False, "shows": []}
    content |= {"audiences": list(post.audiences.all()), "media": post.ordered_media(), "is_demo": post.is_demo}
    return create(content, by=by, at=at)


def _write(post: Post, content: dict[str, Any], *, at: dt.datetime) -> None:
    for field in PLAIN_FIELDS:
        if field in content:
            setattr(post, field, content[field])
    post.slot_wall = wall_text(post.slot)
    post.updated_at = at
    post.message_text = message_for(post) if post.submitted_at and post.kind == PostKind.POST else ""
    is_new = post._state.adding
    post.save()
    for name in ("audiences", "consents"):
        if name in content:
            relation = getattr(post, name)
            # Nothing hangs on a new one that would have to be read and taken away first.
            (relation.add(*content[name]) if is_new else relation.set(content[name]))
    if "media" in content:
        if not is_new:
            post.media_links.all().delete()
        PostMedium.objects.bulk_create(
            PostMedium(post=post, medium=medium, position=place) for place, medium in enumerate(content["media"], 1)
        )


def _continues_last_version(post: Post, *, by: User, at: dt.datetime) -> bool:
    """Typing on is one version. What was handed in or approved stays as it was read, and so do the people in it."""
    last = post.versions.order_by("-number").first()
    return (
        post.state in (PostState.DRAFT, PostState.IN_REVIEW)
        and last is not None
        and last.saved_by == by
        and at - last.saved_at < SAME_VERSION_WITHIN
        and (post.submitted_at is None or last.saved_at > post.submitted_at)
        and last.payload["consents"] == post.payload()["consents"]
        and not post.approvals.filter(version_number__gte=last.number).exists()
    )
