import datetime as dt

from ..models import Post, PostVersion, User


def last_number(post: Post) -> int:
    return post.versions.order_by("-number").values_list("number", flat=True).first() or 0


def keep(post: Post, *, by: User, at: dt.datetime) -> PostVersion:
    """Store the present content as a new version; whoever does so is an author from now on."""
    return PostVersion.objects.create(
        post=post,
        number=last_number(post) + 1,
        payload=post.payload(),
        digest=post.digest(),
        saved_at=at,
        saved_by=by,
    )


def rewrite_last(post: Post, *, at: dt.datetime) -> None:
    PostVersion.objects.filter(post=post, number=last_number(post)).update(
        payload=post.payload(), digest=post.digest(), saved_at=at
    )
