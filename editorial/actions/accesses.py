"""The access register (K-33 to K-36): PRÖ or Geschäftsführung propose, somebody else of the Geschäftsführung grants."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import transaction

from .. import audit
from ..clock import berlin_day, database_now
from ..enums import AccessKind, NoticeKind, Role
from ..models import AccessReview, Channel, ChannelAccess, User
from ..models.access import REVIEWED_EVERY_MONTHS, SEATS
from . import notices

PAGE = "/redaktion/zugaenge/"
TOLD_AHEAD = dt.timedelta(days=14)


class Refused(Exception):
    """This cannot be done with this access; the message says why and what to do, in German. ``field`` may be ""."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


def propose(
    channel: Channel,
    user: User,
    *,
    kind: AccessKind,
    basis: str,
    has_second_factor: bool,
    own_handle: str = "",
    by: User,
    at: dt.datetime | None = None,
) -> ChannelAccess:
    """Put somebody on the next free seat of their role; it gives no right before it is granted. Raises Refused."""
    at = at or database_now()
    role = user.role
    if role not in SEATS or not user.is_active:
        raise Refused("Zugang haben nur die PRÖ und die Geschäftsführung mit offenem Konto.", "user")
    if role == Role.GF and not own_handle:
        raise Refused("Die Geschäftsführung braucht ein eigenes Konto auf der Plattform.", "own_handle")
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)  # two proposals want the same seat
        here = channel.accesses.open()
        if here.filter(user=user).exists():
            raise Refused("Diese Person steht schon im Register.", "user")
        taken = set(here.filter(role=role).values_list("seat", flat=True))
        seat = next((number for number in range(1, SEATS[role] + 1) if number not in taken), None)
        if seat is None:
            words = f"Alle {SEATS[role]} Plätze der {role.label} sind besetzt. Beenden Sie erst einen anderen Zugang."
            raise Refused(words, "user")
        access = ChannelAccess.objects.create(
            channel=channel,
            user=user,
            role=role,
            seat=seat,
            kind=kind,
            basis=basis,
            has_second_factor=has_second_factor,
            own_handle=own_handle if role == Role.GF else "",
            proposed_by=by,
            starts_on=berlin_day(at),
        )
        _record("propose_access", access, by=by, at=at)
        words = f"Ein Zugang zum Kanal wartet auf die Geschäftsführung: {access.place}."
        others = notices.staff(Role.GF, without=[user.pk])
        notices.tell(NoticeKind.ACCESS, others, words=words, path=f"{PAGE}{access.pk}/", key=_key(access), at=at)
    return access


def grant(access: ChannelAccess, *, by: User, at: dt.datetime | None = None) -> None:
    """From now on this person has access. Nobody grants their own. Raises Refused."""
    at = at or database_now()
    with transaction.atomic():
        kept = _kept(access)
        if kept.ends_on or kept.granted_at:
            raise Refused("Darüber ist schon entschieden.")
        if kept.proposed_by_id == by.pk:
            raise Refused("Sie haben diesen Zugang vorgeschlagen. Eine andere Person der Geschäftsführung erteilt ihn.")
        if kept.user_id == by.pk:
            raise Refused("Den eigenen Zugang erteilt eine andere Person der Geschäftsführung.")
        if not kept.user.is_active or kept.user.role != kept.role:
            raise Refused("Das Konto dieser Person ist inzwischen gesperrt oder hat eine andere Rolle.")
        kept.granted_by, kept.granted_at, kept.starts_on = by, at, berlin_day(at)
        kept.save()
        _record("grant_access", kept, by=by, at=at)
        notices.settle(_key(kept), at)


def end(access: ChannelAccess, reason: str, *, by: User | None, at: dt.datetime | None = None) -> None:
    """Access, or the proposal of one, ends at once. That it is gone on the platform, too, has to be proven."""
    at = at or database_now()
    with transaction.atomic():
        kept = _kept(access)
        if kept.ends_on:
            raise Refused("Dieser Zugang ist schon beendet.")
        kept.ends_on, kept.ended_by, kept.end_reason = berlin_day(at), by, reason
        kept.save()
        _record("end_access", kept, by=by, at=at, note=reason)
        notices.settle(_key(kept), at)
        if kept.granted_at:
            words = f"Bitte entziehen Sie den Zugang jetzt auch auf der Plattform und weisen Sie es nach: {kept.place}."
            path, key = f"{PAGE}{kept.pk}/", f"access-removal-{kept.pk}"
            notices.tell(NoticeKind.ACCESS, notices.staff(Role.PROE), words=words, path=path, key=key, at=at)


def end_all_of(user: User, reason: str, *, by: User, at: dt.datetime) -> None:
    """Whose account is closed or changes its role holds no access any more (K-36)."""
    # All of them before the end of the audit chain, which the first one takes; the channels first, as everywhere.
    channels = Channel.objects.filter(accesses__in=user.channel_accesses.open()).order_by("pk")
    list(Channel.objects.select_for_update(no_key=True).filter(pk__in=channels.values("pk")).order_by("pk"))
    for access in list(user.channel_accesses.open().select_for_update(no_key=True)):
        end(access, reason, by=by, at=at)


def prove_removal(
    access: ChannelAccess, removed_on: dt.date, proof: str, *, by: User, at: dt.datetime | None = None
) -> None:
    """It is gone on the platform as well. Raises Refused."""
    at = at or database_now()
    with transaction.atomic():
        kept = _kept(access)
        if not kept.ends_on or not kept.granted_at:
            raise Refused("Dieser Zugang ist nicht beendet.")
        if kept.user_id == by.pk:
            raise Refused("Dass der eigene Zugang entzogen ist, weist eine andere Person nach.")
        if kept.removed_on:
            raise Refused("Der Nachweis liegt schon vor.")
        if removed_on > berlin_day(at):
            raise Refused("Dieser Tag liegt in der Zukunft.", "removed_on")
        if removed_on < kept.starts_on:
            raise Refused("An diesem Tag gab es den Zugang noch nicht.", "removed_on")
        kept.removed_on, kept.removal_proof = removed_on, proof
        kept.save()
        _record("prove_access_removal", kept, by=by, at=at)
        notices.settle(f"access-removal-{kept.pk}", at)


def check_account(access: ChannelAccess, own_handle: str, *, by: User, at: dt.datetime | None = None) -> None:
    """Somebody else has seen that the account is still this director's own (K-35). Raises Refused."""
    at = at or database_now()
    with transaction.atomic():
        kept = _kept(access)
        if kept.role != Role.GF or kept.ends_on:
            raise Refused("Ein eigenes Konto gehört nur zu einem offenen Zugang der Geschäftsführung.")
        if kept.user_id == by.pk:
            raise Refused("Das eigene Konto prüft eine andere Person.")
        kept.own_handle, kept.handle_checked_on = own_handle, berlin_day(at)
        kept.save()
        _record("check_own_account", kept, by=by, at=at)
        notices.settle(f"access-account-{kept.pk}-", at)


def note_second_factor(access: ChannelAccess, is_on: bool, *, by: User, at: dt.datetime | None = None) -> None:
    """Somebody else has seen on the platform whether this person's second factor is on. Raises Refused."""
    at = at or database_now()
    with transaction.atomic():
        kept = _kept(access)
        if kept.ends_on:
            raise Refused("Dieser Zugang ist schon beendet.")
        if kept.user_id == by.pk:
            raise Refused("Den eigenen zweiten Faktor trägt eine andere Person ein.")
        if kept.has_second_factor == is_on:
            raise Refused("So steht es schon im Register.", "is_on")
        kept.has_second_factor = is_on
        kept.save()
        _record("check_second_factor", kept, by=by, at=at, note="ein" if is_on else "aus")


def sign_review(
    channel: Channel, note: str, *, seen: list[int], by: User, at: dt.datetime | None = None
) -> AccessReview:
    """Sign that every access is as it stands here. ``seen``: the ids on the page that was signed. Raises Refused."""
    at = at or database_now()
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        rows = list(channel.accesses.open().filter(granted_at__isnull=False).select_related("user"))
        if sorted(seen) != sorted(row.pk for row in rows):
            raise Refused("Das Register hat sich inzwischen geändert. Bitte prüfen Sie es noch einmal.")
        lines = [_line(row) for row in rows]
        review = AccessReview.objects.create(
            channel=channel, done_on=berlin_day(at), done_by=by, note=note, lines=lines
        )
        said = f"{len(rows)} Zugänge"
        audit.record("review_accesses", subject_type="access_review", subject_id=review.pk, at=at, by=by, note=said)
        notices.settle(f"access-review-{channel.pk}-", at)
    return review


def review_due_on(channel: Channel) -> dt.date | None:
    """When somebody signs the register next; None while there is nothing to review."""
    if last := channel.access_reviews.first():
        return last.done_on + relativedelta(months=REVIEWED_EVERY_MONTHS)
    first = channel.accesses.filter(granted_at__isnull=False).order_by("starts_on").first()
    return first.starts_on + relativedelta(months=REVIEWED_EVERY_MONTHS) if first else None


def watch(at: dt.datetime | None = None) -> None:
    """Two weeks ahead somebody reads that the register or a director's own account has to be checked again."""
    at = at or database_now()
    soon = berlin_day(at) + TOLD_AHEAD
    for channel in Channel.objects.all():
        due_on = review_due_on(channel)
        if due_on and due_on <= soon and channel.accesses.open().exists():
            words = f"Das Zugangsregister ist bis zum {due_on:%d.%m.%Y} zu prüfen."
            key = f"access-review-{channel.pk}-{due_on}"
            notices.tell(NoticeKind.ACCESS, notices.staff(Role.GF), words=words, path=PAGE, key=key, at=at)
        for access in channel.accesses.open().exclude(granted_at=None):
            until = access.check_holds_until()
            if until and until <= soon:
                words = f"Das eigene Konto ist bis zum {until:%d.%m.%Y} neu zu prüfen: {access.place}."
                path, key = f"{PAGE}{access.pk}/", f"access-account-{access.pk}-{until}"
                notices.tell(NoticeKind.ACCESS, notices.staff(Role.PROE), words=words, path=path, key=key, at=at)


def _line(row: ChannelAccess) -> str:
    """What is signed of one access."""
    account = f", eigenes Konto @{row.own_handle}" if row.own_handle else ""
    factor = "ja" if row.has_second_factor else "nein"
    return f"{row.place}: {row.user.display_name}, {row.get_kind_display()}, zweiter Faktor {factor}{account}"


def _kept(access: ChannelAccess) -> ChannelAccess:
    """Nobody else's until the transaction ends; the channel first, so that nothing changes while it is signed."""
    Channel.objects.select_for_update(no_key=True).get(pk=access.channel_id)
    rows = ChannelAccess.objects.select_related("user").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=access.pk)


def _key(access: ChannelAccess) -> str:
    return f"access-{access.pk}-"


def _record(step: str, access: ChannelAccess, *, by: User | None, at: dt.datetime, note: str = "") -> None:
    """Of whom it speaks stands in the register; the chain names the seat."""
    kept = f"{access.role} {access.seat}" + (f": {note}" if note else "")
    audit.record(step, subject_type="access", subject_id=access.pk, at=at, by=by, note=kept)
