"""The Fachberatung (K-37): it is heard, it advises, it decides nothing."""

from collections.abc import Iterator

from django.utils.text import Truncator

from ..enums import UNANSWERED_STATES, ConsultationState, Opinion, PostState
from ..models import Consultation, Post
from ..models.consultation import digest_as_shown
from .base import Objection, Situation, hint
from .timing import _spoken

REASON_SHOWN = 300


def standing(post: Post) -> list[Consultation]:
    """Every question about this Beitrag that was not withdrawn, oldest first."""
    return [asked for asked in post.consultations.all() if asked.state != ConsultationState.WITHDRAWN]


def changed_since(asked: Consultation, post: Post) -> bool:
    """Whether the Beitrag is another one than the opinion is about; while it is being typed, the text tells."""
    if isinstance(post, Post):
        return asked.seen_sha256 != digest_as_shown(post)
    return asked.seen_text != post.text


def experts_were_heard(post: Post, situation: Situation) -> Iterator[Objection]:
    """With a marked topic every question is answered or closed with a reason before anybody approves (K-37).

    What was approved is not stopped by a topic that is marked later.
    """
    if situation.delivery or post.topic is None or not post.topic.needs_consultation:
        return
    questions = standing(post)
    if not questions:
        yield Objection(
            "consultation.open",
            "Zu diesem Thema gehört eine Fachberatung. Bitte fragen Sie auf der Seite des Beitrags danach.",
            "K-37",
        )
    for asked in questions:
        if asked.state in UNANSWERED_STATES:
            yield Objection("consultation.open", _what_to_do(asked, situation), "K-37")


def _what_to_do(asked: Consultation, situation: Situation) -> str:
    if asked.due_at > situation.at:
        return f"Die Antwort von {asked.addressee} steht noch aus, bis {_spoken(asked.due_at)}."
    return (
        f"{asked.addressee} hat bis {_spoken(asked.due_at)} nicht geantwortet. "
        "Warten Sie weiter, oder entscheiden Sie mit Grund, ohne Antwort weiterzumachen."
    )


def opinions_are_known(post: Post, situation: Situation) -> Iterator[Objection]:
    """Whoever decides knows what the experts said, and about which version. Their opinion stops nothing."""
    if situation.delivery:
        return
    is_required = bool(post.topic and post.topic.needs_consultation)
    for asked in standing(post):
        who = asked.addressee
        if asked.state == ConsultationState.GONE_ON:
            yield hint("consultation.gone_on", f"{who} hat nicht geantwortet. Weiter, weil: {asked.end_reason}", "K-37")
        elif asked.state != ConsultationState.ANSWERED:
            if not is_required:
                yield hint("consultation.open", _what_to_do(asked, situation), "K-37")
        else:
            yield from _said(asked, post)


def _said(asked: Consultation, post: Post) -> Iterator[Objection]:
    is_current = asked.proposal == post.text if asked.taken_over_at else not changed_since(asked, post)
    is_met = asked.opinion == Opinion.FINE or (asked.opinion == Opinion.CHANGE and asked.taken_over_at is not None)
    if not is_met:
        about = "" if is_current else " zu einer früheren Fassung"
        words = Truncator(asked.reason).chars(REASON_SHOWN)
        yield hint("consultation.said", f"{Opinion(asked.opinion).label} von {asked.addressee}{about}: {words}", "K-37")
    elif not is_current:
        yield hint("consultation.changed_since", f"{asked.addressee} kennt nur eine frühere Fassung.", "K-37")


# Asked before a step with the question itself.


def question_is_for_this_person(post: Post, situation: Situation) -> Iterator[Objection]:
    asked, by = situation.consultation, situation.by
    if asked is None or by is None or asked.person_id == by.pk:
        return
    if asked.department is None or not asked.department.members.filter(pk=by.pk).exists():
        yield Objection("consultation.not_yours", "Diese Frage ist nicht an Sie gerichtet.", "K-37")


def beitrag_is_still_wanted(post: Post, situation: Situation) -> Iterator[Objection]:
    if post.state == PostState.WITHDRAWN:
        yield Objection(
            "consultation.post_gone",
            "Der Beitrag ist zurückgezogen. Eine Antwort ist nicht mehr nötig.",
            "K-37",
        )


def opinion_is_about_what_was_read(post: Post, situation: Situation) -> Iterator[Objection]:
    """An opinion counts for exactly what was on the screen."""
    if situation.seen_digest != digest_as_shown(post):
        yield Objection(
            "consultation.changed_since",
            "Der Beitrag wurde geändert, seit Sie ihn geöffnet haben. Hier steht jetzt die neue Fassung. "
            "Ihre Antwort ist noch da: Bitte sehen Sie nach, ob sie noch stimmt, und senden Sie sie dann.",
            "K-37",
        )


def deadline_is_over(post: Post, situation: Situation) -> Iterator[Objection]:
    asked = situation.consultation
    if asked and asked.due_at > situation.at:
        yield Objection("consultation.not_due", f"Die Frist läuft noch bis {_spoken(asked.due_at)}.", "K-37")


def something_was_proposed(post: Post, situation: Situation) -> Iterator[Objection]:
    asked = situation.consultation
    if asked and not asked.proposal:
        yield Objection("consultation.no_proposal", "Ein Text wurde nicht vorgeschlagen.", "K-37")
    elif asked and asked.taken_over_at:
        yield Objection("consultation.taken_over", "Der Vorschlag ist schon übernommen.", "K-37")
