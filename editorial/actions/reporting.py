"""Who is told of what at a step of a Beitrag. No word of its text stands in a notice: a mail must not show a person."""

import datetime as dt

from django.urls import reverse

from ..clock import BERLIN, berlin_day, database_now
from ..enums import NoticeKind, Role
from ..models import Medium, Post, User
from ..rules.approval import author_ids
from . import media, notices

RIGHTS_WARNING = dt.timedelta(days=14)


def submitted(post: Post, *, by: User, at: dt.datetime) -> None:
    """To the Geschäftsführung; who wrote it cannot approve it and need not be told."""
    notices.settle(_key(post), at)
    people = notices.staff(Role.GF, without={by.pk, *author_ids(post)})
    words = f"{_named(post)} wartet auf eine Freigabe."
    key = f"{_key(post)}{post.digest()[:16]}-{at:%Y%m%d%H%M%S}"
    notices.tell(
        NoticeKind.SUBMITTED, people, words=words, path=reverse("editorial:approval", args=[post.pk]), key=key, at=at
    )


def approved(post: Post, authors: list[int], *, by: User, at: dt.datetime) -> None:
    notices.settle(_key(post), at)
    end = "" if post.slot else " Er hat noch keinen Termin."
    _to_authors(NoticeKind.APPROVED, post, authors, f"{_named(post)} ist freigegeben.{end}", by=by, at=at)


def returned(post: Post, *, by: User, at: dt.datetime) -> None:
    notices.settle(_key(post), at)
    words = f"{_named(post)} kam zurück. Der Grund steht beim Beitrag."
    _to_authors(NoticeKind.RETURNED, post, author_ids(post), words, by=by, at=at)


def no_longer_waits(post: Post, *, at: dt.datetime) -> None:
    notices.settle(_key(post), at)


def warn_of_rights(at: dt.datetime | None = None) -> int:
    """Once for each picture whose rights end soon and which a Beitrag needs that has not gone out. To PRÖ."""
    at = at or database_now()
    today = berlin_day(at)
    ending = Medium.objects.filter(rights_until__gte=today, rights_until__lte=today + RIGHTS_WARNING)
    told = 0
    for medium in ending.order_by("rights_until", "pk"):
        if not media.not_sent_yet(medium).exists():
            continue
        told += notices.tell(
            NoticeKind.RIGHTS_ENDING,
            notices.staff(Role.PROE),
            words=f"Ein Bild darf nur noch bis {medium.rights_until:%d.%m.%Y} gezeigt werden. Ein Beitrag braucht es.",
            path=reverse("editorial:medium_edit", args=[medium.pk]),
            key=f"rechte-{medium.pk}-{medium.rights_until}",
            at=at,
        )
    return told


def _to_authors(kind: NoticeKind, post: Post, authors: list[int], words: str, *, by: User, at: dt.datetime) -> None:
    people = User.objects.filter(pk__in=set(authors) - {by.pk}, is_active=True)
    notices.tell(kind, people, words=words, path=_page(post), at=at)


def _key(post: Post) -> str:
    return f"freigabe-{post.pk}-"


def _page(post: Post) -> str:
    return reverse("editorial:post", args=[post.pk])


def _named(post: Post) -> str:
    topic = f" zu „{post.topic.name}“" if post.topic else ""
    when = f" für den {post.slot.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr" if post.slot else ""
    return f"Ein Beitrag{topic}{when}"
