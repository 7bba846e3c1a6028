"""Who is told of what at a step of a Beitrag. No word of its text stands in a notice; what a mail may show is read
when it is sent (``posts_in_mail``)."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from ..clock import BERLIN, berlin_day, database_now, wall_text
from ..enums import NoticeKind, Role
from ..models import Approval, Medium, Post, User
from ..rules.approval import author_ids
from . import media, notices

RIGHTS_WARNING = dt.timedelta(days=14)


def submitted(post: Post, *, by: User, at: dt.datetime) -> None:
    """To the Geschäftsführung; who wrote it cannot approve it and need not be told."""
    notices.settle(_key(post), at)
    people = notices.staff(Role.GF, without={by.pk, *author_ids(post)})
    words = f"{_named(post)} wartet auf eine Freigabe."
    key = f"{_key(post)}{post.digest()[:16]}-{at:%Y%m%d%H%M%S}"
    notices.tell(NoticeKind.SUBMITTED, people, words=words, path=_to_decide(post), key=key, at=at)


def endorsed(post: Post, *, by: User, at: dt.datetime) -> None:
    """To the other directors: the first of two has co-signed, one of them decides."""
    people = notices.staff(Role.GF, without={by.pk, *author_ids(post)})
    words = f"{_named(post)} ist mitgezeichnet und wartet auf eine zweite Geschäftsführer:in."
    key = f"{_key(post)}mitgezeichnet-{post.digest()[:16]}"
    notices.tell(NoticeKind.SUBMITTED, people, words=words, path=_to_decide(post), key=key, at=at)


def approved(post: Post, authors: list[int], *, by: User, at: dt.datetime) -> None:
    notices.settle(_key(post), at)
    end = "" if post.slot else " Er hat noch keinen Termin."
    _to_authors(NoticeKind.APPROVED, post, authors, f"{_named(post)} ist freigegeben.{end}", by=by, at=at)


def returned(post: Post, *, by: User, at: dt.datetime) -> None:
    notices.settle(_key(post), at)
    words = f"{_named(post)} kam zurück. Der Grund steht beim Beitrag."
    _to_authors(NoticeKind.RETURNED, post, author_ids(post), words, by=by, at=at)


def moved(post: Post, before: dt.datetime | None, *, by: User, at: dt.datetime) -> None:
    """To the Geschäftsführung: what was approved has another moment now, and waits again."""
    notices.settle(_key(post), at)
    was = f"war für {_spoken(before)} freigegeben" if before else "war ohne Termin freigegeben"
    topic = f" zu „{post.topic.name}“" if post.topic else ""
    now = f"ist jetzt für {_spoken(post.slot)} geplant" if post.slot else "hat keinen Termin mehr"
    words = f"Ein Beitrag{topic} {was} und {now}. Er wartet auf eine neue Freigabe."
    key = f"{_key(post)}verschoben-{post.version}"
    people = notices.staff(Role.GF, without={by.pk})
    notices.tell(NoticeKind.MOVED, people, words=words, path=_to_decide(post), key=key, at=at)


def still_waits(post: Post, *, at: dt.datetime) -> int:
    """To the directors who can decide, once for what was handed in."""
    people = notices.staff(Role.GF, without=author_ids(post))
    words = f"{_named(post)} wartet noch auf eine Freigabe."
    return _of_waiting(NoticeKind.REMINDED, post, people, words, "erinnert", at=at)


def is_urgent(post: Post, *, at: dt.datetime) -> int:
    """To everybody who can help: the directors decide, PRÖ has the Eilweg or another moment."""
    people = notices.staff(Role.GF, Role.PROE)
    words = f"{_named(post)} ist noch nicht freigegeben. Ohne Freigabe erscheint er nicht."
    return _of_waiting(NoticeKind.URGENT, post, people, words, "eilt", at=at)


def check_is_due(check: Approval, *, overdue: bool, at: dt.datetime) -> int:
    """To the directors: once on the day it is due, once after it."""
    kind, when = (NoticeKind.URGENT, "ueberfaellig") if overdue else (NoticeKind.REMINDED, "heute")
    people = notices.staff(Role.GF, without=[check.approved_by_id])
    state = "ist überfällig" if overdue else "ist heute fällig"
    words = f"Die Nachprüfung nach dem Eilweg {state}: {_named(check.post)}."
    key = f"{_check_key(check.post)}{check.pk}-{when}"
    return notices.tell(kind, people, words=words, path=_to_decide(check.post), key=key, at=at)


def checked(post: Post, *, at: dt.datetime) -> None:
    notices.settle(_check_key(post), at)


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


def _of_waiting(kind: NoticeKind, post: Post, people: Iterable[User], words: str, why: str, *, at: dt.datetime) -> int:
    """Nobody gets it twice: only what is handed in anew, or moved, is another matter."""
    key = f"{_key(post)}{why}-{post.submitted_at:%Y%m%d%H%M%S}-{wall_text(post.slot)}"
    return notices.tell(kind, people, words=words, path=_to_decide(post), key=key, at=at)


def _to_decide(post: Post) -> str:
    return reverse("editorial:approval", args=[post.pk])


def _check_key(post: Post) -> str:
    return f"nachpruefung-{post.pk}-"


def _key(post: Post) -> str:
    return f"freigabe-{post.pk}-"


def _page(post: Post) -> str:
    return reverse("editorial:post", args=[post.pk])


def _named(post: Post) -> str:
    topic = f" zu „{post.topic.name}“" if post.topic else ""
    when = f" für {_spoken(post.slot)}" if post.slot else ""
    return f"Ein Beitrag{topic}{when}"


def _spoken(moment: dt.datetime) -> str:
    return f"den {moment.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"
