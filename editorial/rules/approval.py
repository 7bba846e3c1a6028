from collections.abc import Collection, Iterator

from ..clock import berlin_day
from ..enums import LIVE_DELIVERY_STATES, SENT_DELIVERY_STATES, DeliveryState, PostState, Role
from ..models import Approval, Post, Resend, User
from .base import Objection, Situation
from .timing import _spoken, grace, quiet_time

# Asked by ``all()``, so that a page which looked everything up beforehand asks the database no more.


def author_ids(post: Post) -> list[int]:
    """Everyone who saved a version since the last approval, latest first (contract: steps)."""
    versions = list(post.versions.all())
    if last := next(iter(post.approvals.all()), None):
        versions = [version for version in versions if version.number > last.version_number] or versions[:1]
    return list(dict.fromkeys(version.saved_by_id for version in versions if version.saved_by_id))


def standing_approval(post: Post) -> Approval | None:
    return next((approval for approval in post.approvals.all() if approval.voided_at is None), None)


def open_post_checks(post: Post) -> list[Approval]:
    return [approval for approval in post.approvals.all() if approval.post_check_is_open]


def is_open(post: Post) -> bool:
    """Somebody has to decide about it, or to look at what went the Eilweg."""
    return post.state == PostState.IN_REVIEW or bool(open_post_checks(post))


def reads_to_decide(post: Post, person: User) -> bool:
    return is_open(post) and person.pk not in author_ids(post)


def has_delivery_in(post: Post, states: Collection[str]) -> bool:
    return any(delivery.state in states for delivery in post.deliveries.all())


def four_eyes(post: Post, situation: Situation) -> Iterator[Objection]:
    """Nobody approves what they wrote (decision on approval; the Freigabe is the second person of K-26, K-46)."""
    if situation.by and situation.by.pk in author_ids(post):
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


def why_two_decide(beitrag: Post, situation: Situation) -> tuple[str, str]:
    """Why a Freigabe takes two directors here, as a sentence with its clause; two empty words where one is enough."""
    if quiet := quiet_time(situation):
        return f"Vor der Wahl am {quiet.last:%d.%m.%Y} entscheiden zwei Geschäftsführer:innen.", "G-10"
    if any(consent.has_special_categories for consent in beitrag.consents.all()):
        return "Über besonders geschützte Angaben eines Menschen entscheiden zwei Geschäftsführer:innen.", "K-58"
    return "", ""


def two_directors_decide(post: Post, situation: Situation) -> Iterator[Objection]:
    """Before an election and with special categories of data one director co-signs and another one decides
    (G-10; consent-and-law.md 2.2)."""
    why, clause = why_two_decide(post, situation)
    if why and not _is_endorsed(post):
        words = f"{why} Erst zeichnet eine Person mit, dann gibt eine andere frei."
        yield Objection("approval.not_endorsed", words, clause)
    elif why and situation.by and situation.by.pk == post.endorsed_by_id:
        words = "Sie haben schon mitgezeichnet. Freigeben muss jetzt eine andere Geschäftsführer:in."
        yield Objection("approval.endorsed_by_same", words, clause)


def first_of_two_is_wanted(post: Post, situation: Situation) -> Iterator[Objection]:
    """Co-signing is for what two directors decide, and is done once for what stands there (G-10, K-58)."""
    why, _ = why_two_decide(post, situation)
    if not why or _is_endorsed(post):
        yield Objection("endorsement.none", "Hier fehlt keine Mitzeichnung.")


def no_express_where_two_decide(post: Post, situation: Situation) -> Iterator[Objection]:
    """Where two directors decide, they do so before the sending (K-17, G-10, K-58)."""
    why, clause = why_two_decide(post, situation)
    if why:
        words = f"{why} Einen Eilweg gibt es hier nicht. Bitte warten Sie auf die Geschäftsführung."
        yield Objection("approval.no_express", words, clause, "slot")


def _is_endorsed(post: Post) -> bool:
    return post.endorsed_by_id is not None and post.endorsed_digest == post.digest()


def unchanged_since_approval(post: Post, situation: Situation) -> Iterator[Objection]:
    """What goes out is what was approved, and the approval has not ended (slot plus grace).

    An Ausspielung hangs on the Freigabe it was planned with, not on a later one.
    """
    approval = situation.delivery.approval if situation.delivery else standing_approval(post)
    if approval is None or approval.voided_at is not None:
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
    if not open_post_checks(post):
        yield Objection("post_check.none", "Zu diesem Beitrag steht keine Nachprüfung aus.", "K-17")


def not_the_express_approver(post: Post, situation: Situation) -> Iterator[Objection]:
    """The later look is a second person's (K-26)."""
    if situation.by and situation.by.pk in [approval.approved_by_id for approval in open_post_checks(post)]:
        yield Objection("approval.own_work", "Die Nachprüfung macht eine andere Person.", "K-26")


def nothing_left_the_house(post: Post, situation: Situation) -> Iterator[Objection]:
    """What was sent is not edited: a correction is a step of its own (K-25)."""
    if has_delivery_in(post, SENT_DELIVERY_STATES):
        yield Objection(
            "post.already_sent",
            "Der Beitrag ist schon gesendet und bleibt, wie er ist. Sie können ihn als neuen Entwurf kopieren.",
            "K-25",
        )


def has_no_open_delivery(post: Post, situation: Situation) -> Iterator[Objection]:
    if has_delivery_in(post, {*LIVE_DELIVERY_STATES, *SENT_DELIVERY_STATES}):
        yield Objection("delivery.exists", "Der Beitrag ist schon eingeplant oder gesendet.", "K-38")


def approved_slot_lies_ahead(post: Post, situation: Situation) -> Iterator[Objection]:
    """Only the approved moment may be planned; once it is past, a new one needs a new Freigabe."""
    approval = standing_approval(post)
    if approval and approval.slot and approval.slot <= situation.at:
        yield Objection(
            "slot.approval_past",
            "Der freigegebene Termin ist vorbei. Für einen neuen nutzen Sie „Verschieben“.",
            "K-38",
        )


def has_scheduled_delivery(post: Post, situation: Situation) -> Iterator[Objection]:
    if not has_delivery_in(post, [DeliveryState.SCHEDULED]):
        yield Objection("delivery.none", "Es ist nichts eingeplant, das angehalten werden kann.", "K-38")


def has_published_delivery(post: Post, situation: Situation) -> Iterator[Objection]:
    if not has_delivery_in(post, [DeliveryState.PUBLISHED]):
        yield Objection("delivery.none", "Es ist nichts veröffentlicht, das gelöscht werden kann.", "K-25")


def senders_hold_access(post: Post, situation: Situation) -> Iterator[Objection]:
    """Whoever sends at once has not lost access (K-36); a Geschäftsführer:in needs an own account as well (K-35)."""
    by = situation.by
    if by is not None and by.role == Role.PROE and by.has_lost_access:
        words = "Ihr Zugang zum Kanal ist beendet. Wer ihn wieder braucht, wird im Zugangsregister neu vorgeschlagen."
        yield Objection("access.ended", words, "K-36")
    if by is None or by.role != Role.GF:
        return
    if not situation.known.has_own_account(by, berlin_day(situation.at)):
        words = (
            "Für Sie ist kein eigenes Konto im Zugangsregister eingetragen, das in den letzten sechs Monaten geprüft "
            "wurde. Die PRÖ prüft es mit Ihnen und trägt es ein."
        )
        yield Objection("access.no_own_account", words, "K-35")


def senders_are_trained(post: Post, situation: Situation) -> Iterator[Objection]:
    """Who hands in or sends has a training that holds; without any entry nobody has asked for one yet (G-09)."""
    if situation.by is not None and situation.by.has_lapsed_training:
        words = (
            "Ihre Schulung ist abgelaufen. Bitte frischen Sie sie auf und lassen Sie sie bei „Schulungen“ eintragen."
        )
        yield Objection("training.lapsed", words, "G-09")


def no_open_resend(post: Post, situation: Situation) -> Iterator[Objection]:
    if _open_resend(situation):
        yield Objection("resend.open", "Jemand hat schon vorgeschlagen, noch einmal zu senden.", "K-26")


def resend_is_asked_by_another(post: Post, situation: Situation) -> Iterator[Objection]:
    """Sending once more needs a second person (publishing.md 1.4, 10)."""
    resend = _open_resend(situation)
    if resend is None:
        yield Objection("resend.none", "Es hat noch niemand vorgeschlagen, noch einmal zu senden.", "K-26")
    elif situation.by and resend.asked_by_id == situation.by.pk:
        yield Objection("approval.own_work", "Dem erneuten Senden stimmt eine zweite Person zu.", "K-26")


def _open_resend(situation: Situation) -> Resend | None:
    resends = situation.delivery.resends.all() if situation.delivery else ()
    return next((resend for resend in resends if resend.ended_at is None), None)
