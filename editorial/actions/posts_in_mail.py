"""A Beitrag as a director reads it in a mail: read at the moment of mailing, and only where it shows no single person.

Nothing of it is kept in the notice. It decides nothing: the only link leads to the page behind the log-in.
"""

import datetime as dt
import io
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from email.mime.image import MIMEImage

from django.conf import settings

from ..captions import spoken
from ..contact_sheet import small_copy
from ..enums import MailWay, NoticeKind, PostKind, PostState, Role
from ..lint import readers
from ..lint.handles import handles_in
from ..models import Channel, Medium, Notice, Partner, Post, User
from ..models.media import SMALL_PX
from ..rules import Situation
from ..rules.approval import author_ids
from ..rules.known import Known
from ..rules.links import message_for
from ..rules.personal import no_personal_data

TOLD_WHOLE = (NoticeKind.SUBMITTED, NoticeKind.REMINDED, NoticeKind.MOVED)
ABOUT_A_FREIGABE = "freigabe-"  # how the keys of such notices begin
MOST_WHOLE = 3


@dataclass(frozen=True)
class Picture:
    """``jpeg`` is empty where the file cannot be read; of a video it is the still."""

    cid: str
    alt_text: str
    is_video: bool
    jpeg: bytes

    def attachment(self) -> MIMEImage:
        part = MIMEImage(self.jpeg, "jpeg")
        part.add_header("Content-ID", f"<{self.cid}>")
        part.add_header("Content-Disposition", "inline", filename="bild.jpg")
        return part


@dataclass(frozen=True)
class Shown:
    """What a mail says of a Beitrag. ``why_not``: one sentence why only this, and no text, is said."""

    post: int
    url: str
    why_not: str = ""
    text: str = ""
    is_retweet: bool = False
    pictures: tuple[Picture, ...] = ()
    slot: dt.datetime | None = None
    version: str = ""
    was_changed: bool = False

    @property
    def quoted(self) -> str:
        """Marked line by line, so that in plain text it cannot be taken for the mail's own words."""
        return textwrap.indent(self.text, "> ", lambda line: True)


def shown_in(mine: list[Notice], person: User, at: dt.datetime) -> dict[int, Shown]:
    """By the key of each notice that tells this person what waits for their decision; the others stay short."""
    if person.mail_way != MailWay.AT_ONCE or person.role != Role.GF:
        return {}
    found: dict[int, Shown] = {}
    told = {notice.pk: number for notice in mine if (number := _post_of(notice))}
    posts = Post.objects.filter(pk__in=told.values()).select_related("topic")
    posts_of = posts.prefetch_related("approvals", "versions__saved_by").in_bulk()
    for notice in mine:
        post = posts_of.pop(told.get(notice.pk, 0), None)  # once, however many notices are about it
        if post is None:
            continue
        if sum(not shown.why_not for shown in found.values()) < MOST_WHOLE:
            found[notice.pk] = _shown(post, notice, person, at)
        else:
            found[notice.pk] = Shown(post.pk, _url(notice), why_not=TOO_MUCH)
    return found


def _post_of(notice: Notice) -> int | None:
    """The number of the Beitrag whose Freigabe this notice is about."""
    if notice.kind not in TOLD_WHOLE or not notice.key.startswith(ABOUT_A_FREIGABE):
        return None
    number = notice.key.removeprefix(ABOUT_A_FREIGABE).partition("-")[0]
    return int(number) if number.isdecimal() else None


def _shown(post: Post, notice: Notice, person: User, at: dt.datetime) -> Shown:
    if post.state != PostState.IN_REVIEW:
        return Shown(post.pk, _url(notice), why_not="Darüber ist inzwischen entschieden.")
    if person.pk in author_ids(post):
        return Shown(
            post.pk, _url(notice), why_not="Sie haben inzwischen daran geschrieben: Es entscheidet jemand anders."
        )
    known = Known()
    if why := next(_about_single_people(post, at, known), ""):
        return Shown(post.pk, _url(notice), why_not=f"Den Text lesen Sie nur nach der Anmeldung, weil {why}.")
    latest = next(iter(post.versions.all()), None)
    by = f" von {latest.saved_by.display_name}" if latest and latest.saved_by else ""
    is_retweet = post.kind == PostKind.RETWEET
    return Shown(
        post.pk,
        _url(notice),
        text=post.text if is_retweet else message_for(post, known),
        is_retweet=is_retweet,
        pictures=tuple(_picture(post, medium) for medium in post.ordered_media()),
        slot=post.slot,
        version=f"Fassung {latest.number}{by}" if latest else "",
        was_changed=bool(latest and latest.saved_at > notice.made_at),
    )


TOO_MUCH = "Den Text lesen Sie nach der Anmeldung, weil diese Mail sonst zu lang wird."


def _about_single_people(post: Post, at: dt.datetime, known: Known) -> Iterator[str]:
    """Why a mail, which anybody may forward, must not carry it (G-05); ends the sentence "… weil"."""
    if post.topic and post.topic.needs_consent:
        yield "es eine Vorzeigegeschichte ist"
    if post.consents.exists():
        yield "eine Einwilligung dazugehört"
    media = post.ordered_media()
    if any(medium.shows_people for medium in media):
        yield "auf einem Bild Personen zu erkennen sind"
    words = [post.text, *(part for medium in media for part in _words_of(medium))]
    findings = (readers.person_named, readers.reply, readers.one_case)
    if (
        any(no_personal_data(post, Situation(at=at, known=known)))
        or any(finds(part) for finds in findings for part in words)
        or _foreign_accounts(" ".join(words))
    ):
        yield "darin Angaben zu einzelnen Menschen stehen können"


def _words_of(medium: Medium) -> tuple[str, ...]:
    heard = (spoken(medium.captions), medium.transcript) if medium.is_video else ()
    return (medium.alt_text, *heard)


def _foreign_accounts(words: str) -> set[str]:
    """Accounts that are neither ours nor a partner's: a person may stand behind each."""
    named = set(handles_in(words))
    if not named:
        return named
    ours = (*Channel.objects.values_list("handle", flat=True), *Partner.objects.values_list("handle", flat=True))
    return named - {handle.removeprefix("@").lower() for handle in ours}


def _picture(post: Post, medium: Medium) -> Picture:
    small, out = small_copy(medium), io.BytesIO()
    if small is not None:
        small.thumbnail((SMALL_PX, SMALL_PX))
        small.save(out, "JPEG", quality=80)  # not every mail program shows WebP
    cid = f"bild-{post.pk}-{medium.pk}@{settings.PUBLIC_HOST}"
    return Picture(cid, medium.alt_text, medium.is_video, out.getvalue())


def _url(notice: Notice) -> str:
    return f"{settings.PUBLIC_BASE_URL}{notice.path}"
