import datetime as dt

from ..models import ConceptVersion, Post, PostVersion, User
from ..models.post import digest_of
from ..standing import once


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


def rewrite_last(post: Post, *, at: dt.datetime) -> None:
    payload = post.payload()
    PostVersion.objects.filter(post=post, number=last_number(post)).update(
        payload=payload, digest=digest_of(payload), saved_at=at
    )
