from collections.abc import Iterator

from ..clock import berlin_day
from ..enums import SENT_DELIVERY_STATES, DeliveryState, Role
from ..models import Approval, ChannelAccess, Post, User
from .base import Objection, Situation
from .timing import _spoken, grace


def authors_of(post: Post) -> list[User]:
    """Everyone who saved a version since the last approval, latest first (contract: steps)."""
    versions = post.versions.select_related("saved_by").order_by("-number")
    if last := post.approvals.order_by("-approved_at", "-pk").first():
        versions = versions.filter(number__gt=last.version_number) or versions[:1]
    return list(dict.fromkeys(version.saved_by for version in versions if version.saved_by))


def standing_approval(post: Post) -> Approval | None:
    return post.approvals.standing().first()


def four_eyes(post: Post, situation: Situation) -> Iterator[Objection]:
    """Nobody approves what they wrote (decision on approval; the Freigabe is the second person of K-26, K-46)."""
    if situation.by in authors_of(post):
        yield Objection(
            "approval.own_work",
            "Sie haben an diesem Beitrag geschrieben. Bitte lassen Sie eine andere Person entscheiden.",
            "K-26",
        )


def seen_as_it_is(post: Post, situation: Situation) -> Iterator[Objection]:
    """A decision counts for exactly what was on the screen."""
    if situation.seen_digest != post.digest():
        yield Objection(
            "approval.changed_since",
            "Der Beitrag wurde geändert, seit Sie ihn geöffnet haben. Bitte lesen Sie die neue Fassung.",
            "K-26",
        )


def unchanged_since_approval(post: Post, situation: Situation) -> Iterator[Objection]:
    """What goes out is what was approved, and the approval has not ended (slot plus grace)."""
    approval = standing_approval(post)
    if approval is None:
        yield Objection("approval.missing", "Für diesen Beitrag liegt keine gültige Freigabe vor.", "K-26")
    elif approval.digest != post.digest():
        yield Objection("approval.changed_since", "Der Beitrag wurde seit der Freigabe geändert.", "K-26")
    elif approval.slot and situation.at > approval.slot + grace():
        yield Objection(
            "approval.missing",
            f"Die Freigabe galt für {_spoken(approval.slot)}. Dieser Termin ist vorbei.",
            "K-26",
            "slot",
        )


def slot_is_the_approved_one(post: Post, situation: Situation) -> Iterator[Objection]:
    """An approval given for a moment covers no other one."""
    approval = standing_approval(post)
    if approval and approval.slot and situation.slot != approval.slot:
        yield Objection(
            "approval.changed_since",
            f"Freigegeben ist der Termin {_spoken(approval.slot)}. Für einen anderen Termin nutzen Sie „Verschieben“.",
            "K-26",
            "slot",
        )


def post_check_is_open(post: Post, situation: Situation) -> Iterator[Objection]:
    if not post.approvals.post_check_open().exists():
        yield Objection("post_check.none", "Zu diesem Beitrag steht keine Nachprüfung aus.", "K-17")


def not_the_express_approver(post: Post, situation: Situation) -> Iterator[Objection]:
    """The later look is a second person's (K-26)."""
    if any(approval.approved_by == situation.by for approval in post.approvals.post_check_open()):
        yield Objection("approval.own_work", "Die Nachprüfung macht eine andere Person.", "K-26")


def nothing_left_the_house(post: Post, situation: Situation) -> Iterator[Objection]:
    """What was sent is not edited: a correction is a step of its own (K-25)."""
    if post.deliveries.filter(state__in=SENT_DELIVERY_STATES).exists():
        yield Objection(
            "post.already_sent",
            "Der Beitrag ist schon gesendet und bleibt, wie er ist. Sie können ihn als neuen Entwurf kopieren.",
            "K-25",
        )


def has_no_open_delivery(post: Post, situation: Situation) -> Iterator[Objection]:
    if post.deliveries.live().exists():
        yield Objection("delivery.exists", "Der Beitrag ist schon eingeplant oder gesendet.", "K-38")


def has_scheduled_delivery(post: Post, situation: Situation) -> Iterator[Objection]:
    if not post.deliveries.filter(state=DeliveryState.SCHEDULED).exists():
        yield Objection("delivery.none", "Es ist nichts eingeplant, das angehalten werden kann.", "K-38")


def has_published_delivery(post: Post, situation: Situation) -> Iterator[Objection]:
    if not post.deliveries.filter(state=DeliveryState.PUBLISHED).exists():
        yield Objection("delivery.none", "Es ist nichts veröffentlicht, das gelöscht werden kann.", "K-25")


def directors_have_an_own_account(post: Post, situation: Situation) -> Iterator[Objection]:
    """A Geschäftsführer:in sends only with an own account in the access register (K-35)."""
    by = situation.by
    if by is None or by.role != Role.GF:
        return
    accesses = ChannelAccess.objects.valid(berlin_day(situation.at)).filter(user=by).exclude(own_handle="")
    if not accesses.exists():
        yield Objection(
            "access.no_own_account", "Für Sie ist kein eigenes Konto im Zugangsregister eingetragen.", "K-35"
        )
