"""What people are told: in the application, and by mail as each of them chose.

A notice is written in the transaction of what it is about, its mail is sent later: what was rolled back is never
mailed, and a mail server that does not answer loses nothing.
"""

import datetime as dt
import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from .. import pulse
from ..clock import berlin_day, database_now, from_wall
from ..enums import MailWay, NoticeKind, Role
from ..models import Notice, User
from . import cases_in_mail, posts_in_mail

logger = logging.getLogger(__name__)

KEPT = dt.timedelta(days=90)
# What comes in a burst becomes one mail.
GATHERED_FOR = dt.timedelta(minutes=1)
DAILY_AT = dt.time(7, 30)
LEASE = dt.timedelta(minutes=5)
LONGEST_WAIT_MIN = 60
MAIL_TIMEOUT_S = 5  # the next tick waits behind this one
NAMED_IN_MAIL = 20
# Not to wait for until the next morning.
AT_ONCE = (NoticeKind.URGENT, NoticeKind.CASE)


def staff(*roles: Role, without: Iterable[int] = ()) -> QuerySet[User]:
    """Active people with one of these roles, by their ids except those ``without``."""
    found = User.objects.filter(is_active=True, groups__name__in=[role.value for role in roles])
    return found.exclude(pk__in=list(without)).distinct()


def tell(
    kind: NoticeKind,
    people: Iterable[User],
    *,
    words: str,
    path: str,
    key: str = "",
    at: dt.datetime | None = None,
) -> int:
    """Write one notice for each of the people, in the caller's transaction. Returns how many were written.

    ``words``: one German sentence without personal data of others; ``path``: the page to open. Who has one with the
    same ``key`` already gets no second one.
    """
    at = at or database_now()
    with transaction.atomic():
        told = set(Notice.objects.filter(key=key).values_list("person_id", flat=True)) if key else set()
        new = [
            Notice(
                person=one,
                kind=kind,
                words=words,
                path=path,
                key=key,
                made_at=at,
                mail_due_at=_mail_moment(one, at, kind),
            )
            for one in people
            if one.pk not in told
        ]
        # Two at once may both have found nobody told: the second one's rows are left out.
        Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def settle(key_start: str, at: dt.datetime | None = None) -> int:
    """What these notices ask for is done: nobody reads of it as new, nobody is mailed about it.

    ``key_start`` names whole parts of a key: "case-1" is not the beginning of "case-10".
    """
    parts = Q(key__startswith=f"{key_start.removesuffix('-')}-") | Q(key=key_start)
    open_ones = Notice.objects.filter(parts, settled_at=None)
    return open_ones.update(settled_at=at or database_now())


def unread(person: User) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, read_at=None, settled_at=None)


def mark_read(person: User, pk: int | None = None, *, at: dt.datetime | None = None) -> int:
    """One of this person's notices, or all of them; whoever has read it here needs no mail of it."""
    mine = Notice.objects.filter(person=person, read_at=None)
    mine = mine if pk is None else mine.filter(pk=pk)
    return mine.update(read_at=at or database_now())


def choose_mails(person: User, way: MailWay, *, at: dt.datetime | None = None) -> None:
    """From now on; what waits to be mailed follows the new wish."""
    at = at or database_now()
    with transaction.atomic():
        person.mail_way = way
        person.save(update_fields=["mail_way"])
        _to_mail().filter(person=person).update(mail_due_at=_mail_moment(person, at))


def mail_due(at: dt.datetime | None = None) -> int:
    """One mail to each person with something due. Returns how many went out; the others are tried again later."""
    at = at or database_now()
    due = _to_mail().filter(mail_due_at__lte=at, person__is_active=True).exclude(person__email="")
    sent = 0
    for person in User.objects.filter(pk__in=due.order_by().values("person")).order_by("pk"):
        mine = _claim(due.filter(person=person), at)
        if not mine:
            continue
        try:
            _mail(person, mine, at)
        except OSError as error:  # also smtplib's errors
            _try_later(mine, at)
            logger.error("a mail with %s notices could not be sent: %s", len(mine), type(error).__name__)
            pulse.beat(pulse.MAIL, good=False, detail="Der Mailserver nahm die letzte Mail nicht an.", at=at)
            break  # one is enough to know: each further try could wait for its time-out, too
        Notice.objects.filter(pk__in=[notice.pk for notice in mine]).update(mailed_at=at, claimed_until=None)
        pulse.beat(pulse.MAIL, at=at)
        sent += 1
    return sent


def forget_old(at: dt.datetime | None = None) -> int:
    return Notice.objects.filter(made_at__lt=(at or database_now()) - KEPT).delete()[0]


def _to_mail() -> QuerySet[Notice]:
    return Notice.objects.filter(mailed_at=None, read_at=None, settled_at=None, mail_due_at__isnull=False)


def _mail_moment(person: User, at: dt.datetime, kind: str = "") -> dt.datetime | None:
    """What is urgent does not wait for the next morning."""
    way = MailWay.AT_ONCE if kind in AT_ONCE and person.mail_way != MailWay.NEVER else person.mail_way
    match way:
        case MailWay.AT_ONCE:
            return at if kind == NoticeKind.CASE else at + GATHERED_FOR  # cases are told when nothing more comes
        case MailWay.DAILY:
            today = from_wall(dt.datetime.combine(berlin_day(at), DAILY_AT))
            tomorrow = from_wall(dt.datetime.combine(berlin_day(at) + dt.timedelta(days=1), DAILY_AT))
            return today if at < today else tomorrow
        case _:
            return None


def _claim(due: QuerySet[Notice], at: dt.datetime) -> list[Notice]:
    """Nobody else mails these until the lease ends; then whoever died with them is not waited for any longer."""
    with transaction.atomic():
        free = due.filter(Q(claimed_until=None) | Q(claimed_until__lt=at))
        mine = list(free.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("made_at", "pk"))
        Notice.objects.filter(pk__in=[notice.pk for notice in mine]).update(claimed_until=at + LEASE)
    return mine


def _try_later(mine: list[Notice], at: dt.datetime) -> None:
    for notice in mine:
        notice.tries += 1
        notice.mail_due_at = at + dt.timedelta(minutes=min(2**notice.tries, LONGEST_WAIT_MIN))
        notice.claimed_until = None
    Notice.objects.bulk_update(mine, ["tries", "mail_due_at", "claimed_until"])


class _Letter(EmailMultiAlternatives):
    mixed_subtype = "related"  # the pictures belong into the text, not below it


def _mail(person: User, mine: list[Notice], at: dt.datetime) -> None:
    mine = sorted(mine, key=lambda notice: notice.kind not in AT_ONCE)
    number = len(mine)
    explained = cases_in_mail.explained_in(mine[:NAMED_IN_MAIL])
    shown = posts_in_mail.shown_in(mine[:NAMED_IN_MAIL], person, at)
    lines = [
        {"label": notice.label, "words": notice.words, "when": notice.made_at}
        | {"shown": shown.get(notice.pk), "case": explained.get(notice.pk)}
        for notice in mine[:NAMED_IN_MAIL]
    ]
    context = {
        "lines": lines,
        "number": number,
        "more": number - len(lines),
        # Where each line has a link of its own, another one would only lead away from it.
        "all_linked": len(shown) == number,
        "cases_url": f"{settings.PUBLIC_BASE_URL}{reverse('editorial:clearing')}" if explained else "",
        "url": f"{settings.PUBLIC_BASE_URL}{reverse('editorial:notices')}",
        "account_url": f"{settings.PUBLIC_BASE_URL}{reverse('editorial:account')}#mails",
    }
    line = get_connection(timeout=MAIL_TIMEOUT_S)
    text = render_to_string("editorial/notices/mail.txt", context)
    mail = _Letter(f"[Redaktion] {_subject(mine)}", text, to=[person.email], connection=line)
    mail.attach_alternative(render_to_string("editorial/notices/mail.html", context), "text/html")
    for picture in [picture for one in shown.values() for picture in one.pictures if picture.jpeg]:
        mail.attach(picture.attachment())
    mail.send()


def _subject(mine: list[Notice]) -> str:
    number = len(mine)
    if number == 1:
        return mine[0].label
    if all(notice.kind == NoticeKind.CASE for notice in mine):
        return f"{number} Beiträge brauchen Ihre Klärung"
    return f"{number} Mitteilungen für Sie"
