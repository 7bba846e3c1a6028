"""The link check: which addresses wait for a look, what a look found, what a person says to it.

The database owns what is due; the worker of the queue ``links`` takes it with a lease. Never asked while sending: rules
read what stands here.
"""

import datetime as dt
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from .. import audit
from ..channels.addresses import address_to_id
from ..clock import database_now
from ..enums import DeliveryState, LinkOpinion, LinkState, NoticeKind, PostKind, PostState, Role
from ..models import Delivery, Entry, LinkCheck, Post, PostLink, User
from ..models.link import LONGEST_URL
from ..rules.known import host_of
from ..rules.links import addresses_in
from . import notices

logger = logging.getLogger(__name__)

Read = Callable[[str], dict[str, Any]]
READ_LIMIT_S = 20  # the reader ends itself after ten; this is for one that hangs
LEASE = dt.timedelta(minutes=2)
AT_ONCE, AT_MOST = 4, 40
NOT_AGAIN_WITHIN = dt.timedelta(seconds=15)
WEEK, DAY, HOUR = dt.timedelta(days=7), dt.timedelta(days=1), dt.timedelta(hours=1)
BEFORE_SLOT = dt.timedelta(hours=3)
STALE_WHEN_SAVED = DAY
TOLD_AFTER_TIMES = 3  # of what may only be down for an hour
OLD_POSTS_AT_ONCE = 100
OPEN = (PostState.IDEA, PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED)
GONE, PAYMENT_REQUIRED, UNAUTHORIZED = (404, 410), 402, 401
LONGEST = {"final_url": LONGEST_URL, "canonical": LONGEST_URL, "title": 300, "language": 35}


def note(post: Post, *, at: dt.datetime) -> None:
    """Keep where in this Beitrag which address stands, in the caller's transaction; what is new is looked at soon."""
    found = addresses_in(post)
    urls = {url for _, url in found}
    known = _keys(urls)
    if new := sorted(urls - known.keys()):
        # Two may save the same address at once: the slower one uses the row of the other.
        LinkCheck.objects.bulk_create(
            [LinkCheck(url=url, is_demo=post.is_demo, wanted_at=at) for url in new], ignore_conflicts=True
        )
        known |= _keys(set(new))
    wanted = {(known[url], place.value) for place, url in found}
    there = {(row.link_id, row.place): row.pk for row in PostLink.objects.filter(post=post)}
    if gone := [pk for key, pk in there.items() if key not in wanted]:
        PostLink.objects.filter(pk__in=gone).delete()
    rows = [PostLink(post=post, link_id=link, place=place) for link, place in sorted(wanted - there.keys())]
    if rows:
        PostLink.objects.bulk_create(rows, ignore_conflicts=True)
        again = LinkCheck.objects.filter(url__in=urls - set(new))
        again.filter(is_ahead=False).update(is_ahead=True)
        if not post.is_demo:
            again.filter(is_demo=True).update(is_demo=False)
        again.filter(checked_at__lt=at - STALE_WHEN_SAVED, wanted_at=None).update(wanted_at=at)


def _keys(urls: set[str]) -> dict[str, int]:
    return dict(LinkCheck.objects.filter(url__in=urls).order_by().values_list("url", "pk")) if urls else {}


def ask(links: QuerySet[LinkCheck], *, at: dt.datetime | None = None) -> int:
    """Somebody wants to know now. What was looked at just before is not looked at again. Returns how many wait."""
    at = at or database_now()
    fresh = Q(checked_at__gt=at - NOT_AGAIN_WITHIN)
    return links.filter(is_demo=False).exclude(fresh).update(wanted_at=at)


def ask_for(post: Post, *, at: dt.datetime | None = None) -> int:
    """The same for all links of one Beitrag, also for those that only the browser has saved until now."""
    at = at or database_now()
    with transaction.atomic():
        note(post, at=at)
        return ask(LinkCheck.objects.filter(posts=post), at=at)


def judge(link: LinkCheck, opinion: LinkOpinion, reason: str, *, by: User, at: dt.datetime | None = None) -> LinkCheck:
    """What a person saw there, kept apart from what the machine found; it holds until that changes."""
    at = at or database_now()
    with transaction.atomic():
        link = LinkCheck.objects.select_for_update(no_key=True).get(pk=link.pk)
        link.opinion, link.opinion_of, link.opinion_reason = opinion, link.state, reason
        link.opinion_at, link.opinion_by = at, by
        link.save(update_fields=["opinion", "opinion_of", "opinion_reason", "opinion_at", "opinion_by"])
        note = f"{link.state}: {opinion}"
        audit.record("judge_link", subject_type="link", subject_id=link.pk, at=at, by=by, note=note)
        notices.settle(_key(link), at)
    return link


def check_due(*, at: dt.datetime | None = None, read: Read | None = None) -> int:
    """Look at what is due, a few at a time. Returns how many were looked at."""
    done = 0
    while done < AT_MOST and (mine := _claim(at or database_now())):
        with ThreadPoolExecutor(AT_ONCE) as several:
            found = list(several.map(read or read_page, [link.url for link in mine]))
        for link, facts in zip(mine, found, strict=True):
            settle(link, facts, at=at)
        done += len(mine)
    return done


def _claim(at: dt.datetime) -> list[LinkCheck]:
    due = LinkCheck.objects.filter(Q(wanted_at__lte=at) | Q(next_at__lte=at), is_demo=False)
    free = due.filter(Q(claimed_until=None) | Q(claimed_until__lt=at))
    if not free.exists():  # nearly always, and in SQLite a transaction keeps everybody else from writing
        return []
    with transaction.atomic():
        rows = free.select_for_update(skip_locked=True, no_key=True).order_by(
            F("wanted_at").asc(nulls_last=True), "next_at", "pk"
        )
        mine = list(rows[:AT_ONCE])
        LinkCheck.objects.filter(pk__in=[link.pk for link in mine]).update(claimed_until=at + LEASE)
    return mine


def read_page(url: str) -> dict[str, Any]:
    """Ask the reader, in a process of its own that has no keys, little memory and little time.

    What stands on the network is not fetched: whoever has no account gets the same empty page for everything there.
    """
    if address_to_id(url):
        return {"problem": "account"}
    wanted = json.dumps({"url": url, "also": list(settings.LINK_CHECK_ALSO)})
    command = [sys.executable, "-m", "editorial.link_reader"]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the address reaches it as data
            command,
            cwd=settings.BASE_DIR,
            env=settings.LINK_CHECK_ENVIRONMENT,
            input=wanted.encode(),
            capture_output=True,
            timeout=READ_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"problem": "too_slow"}
    if done.returncode != 0:  # killed by a limit, or by what it read
        logger.warning("the reader of a link ended with %s", done.returncode)
        return {"problem": "unreadable"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def settle(link: LinkCheck, facts: dict[str, Any], *, at: dt.datetime | None = None) -> LinkCheck:
    """Write what the reader found (its fields, see editorial/link_reader), and tell PRÖ of what got worse."""
    at = at or database_now()
    with transaction.atomic():
        link = LinkCheck.objects.select_for_update(no_key=True).get(pk=link.pk)
        before, state = link.state, state_of(facts)
        link.state, link.problem = state, facts["problem"]
        link.http_status, link.is_free = facts.get("status"), facts.get("is_free")
        for name, longest in LONGEST.items():
            setattr(link, name, facts.get(name, "")[:longest].replace("\x00", ""))
        link.last_modified, link.marks = facts.get("last_modified", "")[:40], facts.get("marks", "")[:200]
        is_bad = state in (LinkState.DEAD, LinkState.UNREACHABLE)
        link.bad_times = link.bad_times + 1 if is_bad else 0
        link.bad_since = (link.bad_since or at) if is_bad else None
        link.checked_at, link.claimed_until = at, None
        if link.wanted_at and link.wanted_at <= at:
            link.wanted_at = None
        link.next_at = _next_look(link, at)
        link.save()
        _tell(link, before, at)
    return link


def state_of(facts: dict[str, Any]) -> LinkState:
    """404, 410 and a broken certificate are certain; everything else that failed may be better in an hour."""
    match facts["problem"]:
        case "":
            return _state_of_page(facts)
        case "certificate":
            return LinkState.DEAD
        case "refused" | "account":
            return LinkState.REFUSED
        case _:
            return LinkState.UNREACHABLE


def _state_of_page(facts: dict[str, Any]) -> LinkState:
    status = facts["status"]
    if status in GONE:
        return LinkState.DEAD
    if status == PAYMENT_REQUIRED:
        return LinkState.PAID
    if status >= 400 and status != UNAUTHORIZED:
        return LinkState.UNREACHABLE
    if facts["is_free"] is False:
        return LinkState.PAID
    if facts["asks_to_log_in"]:
        return LinkState.LOG_IN
    return LinkState.MARKED if facts["marks"] and facts["is_free"] is None else LinkState.GOOD


def _next_look(link: LinkCheck, at: dt.datetime) -> dt.datetime | None:
    if not PostLink.objects.filter(link=link).exclude(post__state=PostState.WITHDRAWN).exists():
        return None
    if link.state == LinkState.UNREACHABLE:
        return at + min(HOUR * 2 ** min(link.bad_times - 1, 5), DAY)
    return at + (DAY if link.state == LinkState.DEAD else WEEK)


def _tell(link: LinkCheck, before: str, at: dt.datetime) -> None:
    """Once: of what is gone, of what stays away, of what is no longer free."""
    place = PostLink.objects.filter(link=link).exclude(post__state=PostState.WITHDRAWN).order_by("-post").first()
    if place is None or link.state in (LinkState.GOOD, LinkState.REFUSED):
        notices.settle(_key(link), at)
        return
    host, where = host_of(link.url)[:100], f"Er steht in Beitrag {place.post_id}."
    if link.state == LinkState.DEAD:
        words = f"Ein Link zu {host} führt ins Leere. {where}"
    elif link.state == LinkState.UNREACHABLE and link.bad_times >= TOLD_AFTER_TIMES:
        words = f"Ein Link zu {host} ist seit {TOLD_AFTER_TIMES} Versuchen nicht zu erreichen. {where}"
    elif link.state == LinkState.PAID and before != LinkState.PAID:
        words = f"Ein Link zu {host} ist nicht frei zu lesen. {where}"
    else:
        return
    key = f"{_key(link)}{link.state}-{link.bad_since or at:%Y%m%d%H%M}"
    path = reverse("editorial:link", args=[link.pk])
    notices.tell(NoticeKind.LINK, notices.staff(Role.PROE), words=words, path=path, key=key, at=at)


def _key(link: LinkCheck) -> str:
    return f"link-{link.pk}-"


def plan_looks(at: dt.datetime | None = None) -> None:
    """Every few minutes: what goes out soon is looked at again; what went out no longer concerns the rules."""
    at = at or database_now()
    soon = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__gt=at, slot__lte=at + BEFORE_SLOT)
    needed = LinkCheck.objects.filter(
        Exists(PostLink.objects.filter(link=OuterRef("pk"), post__in=soon.values("post")))
    )
    stale = needed.filter(Q(checked_at=None) | Q(checked_at__lt=at - BEFORE_SLOT), wanted_at=None)
    stale.filter(is_demo=False).update(wanted_at=at)
    gone_out = Delivery.objects.filter(post=OuterRef("post"), state=DeliveryState.PUBLISHED)
    ahead = PostLink.objects.filter(link=OuterRef("pk"), post__state__in=OPEN).exclude(Exists(gone_out))
    LinkCheck.objects.filter(is_ahead=True).exclude(Exists(ahead)).update(is_ahead=False)
    for post in _from_before():
        with transaction.atomic():
            note(post, at=at)


def note_again(entry: Entry, *, at: dt.datetime) -> None:
    """A register holds another address now: Beiträge that have not gone out follow, in the caller's transaction."""
    gone_out = Delivery.objects.filter(post=OuterRef("pk"), state=DeliveryState.PUBLISHED)
    for post in Post.objects.filter(entry=entry.pk, state__in=OPEN).exclude(Exists(gone_out)):
        note(post, at=at)


def _from_before() -> QuerySet[Post]:
    """Beiträge that were saved before links were kept, or only by the browser: they name a page and none is kept."""
    kept = PostLink.objects.filter(post=OuterRef("pk"))
    original = Q(kind=PostKind.RETWEET) & ~Q(retweet_url="")
    names_one = ~Q(source_url="") | ~Q(twin_url="") | Q(entry__url__gt="") | original
    return Post.objects.filter(names_one).exclude(Exists(kept)).order_by("-pk")[:OLD_POSTS_AT_ONCE]
