"""The Freigabe: submit, decide, look again. Each binds to the digest the person saw."""

import datetime as dt

from django.db import transaction
from django.db.models import prefetch_related_objects

from .. import workflow
from ..clock import berlin_day, database_now, next_working_day
from ..enums import ApprovalKind, ChannelStatus, PostKind, PostState
from ..models import Approval, Channel, Post, User
from ..models.post import new_link_token
from ..rules.approval import author_ids
from ..rules.links import message_for
from . import consulting, likeness, links, looking, reporting, scheduling, versions


def submit(post: Post, *, by: User, at: dt.datetime | None = None) -> Post:
    """Hand a draft in. From here on the link token is part of what is read and approved. Raises StepRefused.

    Where no channel marks its links there is none, and a lost answer is looked up by the text alone.
    """
    at = at or database_now()
    with transaction.atomic():
        # Locked and read anew: somebody may have saved another text since this person opened the page.
        post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if not post.link_token and Channel.objects.filter(status=ChannelStatus.ACTIVE, marks_links=True).exists():
            post.link_token = new_link_token()
        post = workflow.take(
            "submit",
            post,
            by=by,
            at=at,
            link_token=post.link_token,
            message_text=message_for(post) if post.kind == PostKind.POST else "",
            submitted_at=at,
            concept_version=versions.concept_on(berlin_day(at)),
        )
        links.note(post, at=at)
        likeness.note(post, at=at)
        reporting.submitted(post, by=by, at=at)
    return post


def endorse(post: Post, *, by: User, seen_digest: str, at: dt.datetime | None = None) -> Post:
    """The first of two directors before an election: co-sign exactly what was seen (G-10). Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = workflow.take(
            "endorse", post, by=by, at=at, seen_digest=seen_digest, endorsed_by=by, endorsed_digest=seen_digest
        )
        looking.note(post, by=by, at=at)
        reporting.endorsed(post, by=by, at=at)
    return post


def approve(post: Post, *, by: User, seen_digest: str, at: dt.datetime | None = None) -> Post:
    """Approve exactly what was seen; a Beitrag with a slot is scheduled with it. Raises StepRefused."""
    return _approve("approve", post, by=by, seen_digest=seen_digest, at=at or database_now(), reason="")


def approve_express(post: Post, *, by: User, seen_digest: str, reason: str, at: dt.datetime | None = None) -> Post:
    """The Eilweg: the other PRÖ person approves with a reason, a director looks again (K-17). Raises StepRefused."""
    return _approve("approve_express", post, by=by, seen_digest=seen_digest, at=at or database_now(), reason=reason)


def _approve(step: str, post: Post, *, by: User, seen_digest: str, at: dt.datetime, reason: str) -> Post:
    express = step == "approve_express"
    with transaction.atomic():
        post = workflow.take(step, post, by=by, at=at, seen_digest=seen_digest, note=reason)
        prefetch_related_objects([post], "versions")
        latest = next(iter(post.versions.all()), None)
        authors = author_ids(post)
        approval = Approval.objects.create(
            post=post,
            kind=ApprovalKind.EXPRESS if express else ApprovalKind.REGULAR,
            digest=seen_digest,  # the step has made sure that it is this one
            version_number=latest.number if latest else 0,
            slot=post.slot,
            approved_at=at,
            approved_by=by,
            last_author_id=next(iter(authors), None),
            reason=reason,
            post_check_due_on=next_working_day(berlin_day(at)) if express else None,
        )
        if post.slot:
            scheduling.create_deliveries(post, post.slot, approval, by=by, at=at)
        looking.note(post, by=by, at=at)
        reporting.approved(post, authors, by=by, at=at)
    return post


def post_check(post: Post, *, by: User, at: dt.datetime | None = None) -> Post:
    """A director has looked at what went the Eilweg. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = workflow.take("post_check", post, by=by, at=at)
        post.approvals.post_check_open().update(post_checked_at=at, post_checked_by=by)
        reporting.checked(post, at=at)
    return post


def request_changes(post: Post, reason: str, *, by: User, seen_digest: str = "", at: dt.datetime | None = None) -> Post:
    """Send a Beitrag back to its authors with the reason; the next time this person is shown what changed since.

    ``seen_digest``: of what they read; "" where nobody knows. Raises StepRefused.
    """
    return _back("request_changes", post, reason, by=by, seen_digest=seen_digest, at=at or database_now())


def reject(post: Post, reason: str, *, by: User, at: dt.datetime | None = None) -> Post:
    """End a Beitrag in review. Raises StepRefused."""
    return _back("reject", post, reason, by=by, seen_digest="", at=at or database_now())


def _back(step: str, post: Post, reason: str, *, by: User, seen_digest: str, at: dt.datetime) -> Post:
    with transaction.atomic():
        post = workflow.take(step, post, by=by, at=at, note=reason)
        if seen_digest and seen_digest == post.digest():
            looking.note(post, by=by, at=at)
        reporting.returned(post, by=by, at=at)
        if post.state == PostState.WITHDRAWN:
            consulting.drop(post, by=by, at=at)
    return post


def withdraw(post: Post, *, by: User, reason: str = "", at: dt.datetime | None = None) -> Post:
    """End a Beitrag wherever it stands: nothing more goes out, what is online is taken down. Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = workflow.take("withdraw", post, by=by, at=at, note=reason)
        reporting.no_longer_waits(post, at=at)
        consulting.drop(post, by=by, at=at)
        scheduling.void_approval(post, by=by, at=at, note="withdraw")
        scheduling.take_down(post, by=by, at=at, note="withdraw")
    return post
