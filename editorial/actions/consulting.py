"""The Fachberatung (K-37): ask, answer, take back, go on without an answer, take a proposed text over."""

import datetime as dt
from typing import Any

from django.db import transaction

from .. import audit, workflow
from ..clock import database_now
from ..enums import UNANSWERED_STATES, ConsultationState, Opinion, PostState, Role
from ..models import Consultation, Department, Post, Topic, User
from ..models.consultation import digest_as_shown
from ..rules import Objection
from . import consulting_news, drafting, versions

ASKABLE = (PostState.IDEA, PostState.DRAFT, PostState.IN_REVIEW)
REMIND_BEFORE = dt.timedelta(hours=24)


def ask(
    post: Post,
    question: str,
    *,
    due_at: dt.datetime,
    by: User,
    person: User | None = None,
    department: Department | None = None,
    at: dt.datetime | None = None,
) -> Consultation:
    """Put a question about a Beitrag to one person or one department. Raises StepRefused and asks nobody."""
    at = at or database_now()
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if found := against_asking(post, by):
            raise (workflow.StepForbidden if found[0].code == workflow.FORBIDDEN else workflow.StepRefused)(found)
        if due_at <= at:
            raise workflow.StepRefused([Objection("consultation.due_past", DUE_PAST, "K-37", "due_at")])
        open_ones = post.consultations.filter(state=ConsultationState.ASKED)
        if open_ones.filter(person=person, department=department).exists():
            raise workflow.StepRefused([Objection("consultation.asked_already", ASKED_ALREADY, "K-37", "to")])
        asked = Consultation.objects.create(
            post=post,
            question=question,
            person=person,
            department=department,
            due_at=due_at,
            asked_at=at,
            asked_by=by,
        )
        audit.record(
            "ask_experts",
            subject_type="consultation",
            subject_id=asked.pk,
            at=at,
            by=by,
            target=asked.state,
            digest=post.digest(),
            note=f"post {post.public_id}",
        )
        consulting_news.asked(asked, at=at)
    return asked


BEITRAG_IS_OVER = "Der Beitrag erscheint nicht."
DUE_PAST = "Dieser Zeitpunkt ist vorbei. Bitte wählen Sie einen, der noch kommt."
ASKED_ALREADY = "Hier ist schon eine Frage offen. Nehmen Sie diese zuerst zurück, oder warten Sie die Antwort ab."


def against_asking(post: Post, by: User) -> list[Objection]:
    """Why this person may ask nobody about this Beitrag."""
    if by.role != Role.PROE:
        return [Objection(workflow.FORBIDDEN, "Fragen stellt die PRÖ.")]
    if post.state not in ASKABLE:
        words = f"Gefragt wird vor der Freigabe. Dieser Beitrag hat den Status „{post.get_state_display()}“."
        return [Objection("step.wrong_state", words, "K-37")]
    return []


def answer(
    asked: Consultation,
    opinion: Opinion,
    *,
    by: User,
    seen_digest: str,
    reason: str = "",
    proposal: str = "",
    at: dt.datetime | None = None,
) -> Consultation:
    """Say what one thinks of exactly what one read (``seen_digest``: as ``digest_as_shown``). Raises StepRefused."""
    at = at or database_now()
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=asked.post_id)
        answered = workflow.take(
            "answer",
            asked,
            by=by,
            at=at,
            seen_digest=seen_digest,
            note=opinion.value,
            opinion=opinion.value,
            reason=reason,
            proposal="" if proposal.strip() == post.text.strip() else proposal,
            answered_at=at,
            answered_by=by,
            seen_sha256=digest_as_shown(post),
            seen_number=versions.last_number(post),
            seen_text=post.text,
        )
        consulting_news.answered(answered, at=at)
    return answered


def withdraw(asked: Consultation, reason: str, *, by: User, at: dt.datetime | None = None) -> Consultation:
    """Take a question back that nobody has answered. Raises StepRefused."""
    return _end("withdraw_question", asked, reason, by=by, at=at)


def go_on(asked: Consultation, reason: str, *, by: User, at: dt.datetime | None = None) -> Consultation:
    """Decide after the deadline not to wait for an answer any longer. Raises StepRefused."""
    return _end("go_on", asked, reason, by=by, at=at)


def _end(step: str, asked: Consultation, reason: str, *, by: User, at: dt.datetime | None) -> Consultation:
    at = at or database_now()
    with transaction.atomic():
        ended = workflow.take(step, asked, by=by, at=at, note=reason, end_reason=reason, ended_at=at, ended_by=by)
        consulting_news.over(ended, at=at)
    return ended


def drop(post: Post, *, by: User, at: dt.datetime) -> None:
    """With the Beitrag its open questions end: nobody is to work for nothing. In the caller's transaction."""
    for asked in post.consultations.filter(state__in=UNANSWERED_STATES):
        ends: dict[str, Any] = {"end_reason": BEITRAG_IS_OVER, "ended_at": at, "ended_by": by}
        ended = workflow.take("withdraw_question", asked, at=at, note=BEITRAG_IS_OVER, **ends)
        consulting_news.over(ended, at=at)


def take_over(asked: Consultation, *, by: User, seen_digest: str, at: dt.datetime | None = None) -> Post:
    """Make the proposed text the Beitrag's, as if this person had typed it: they become an author, a Freigabe ends.

    ``seen_digest`` is of the Beitrag they saw. Raises drafting.Overtaken where it changed since, and StepRefused.
    """
    at = at or database_now()
    with transaction.atomic():
        taken = workflow.take("take_over", asked, by=by, at=at, taken_over_at=at, taken_over_by=by)
        content = {"text": taken.proposal}
        return drafting.save(taken.post, content, by=by, at=at, as_new_version=True, seen_digest=seen_digest)


def watch(at: dt.datetime | None = None) -> None:
    """By the clock: remind once before a deadline, and note when it is over without an answer."""
    at = at or database_now()
    soon = Consultation.objects.unanswered().filter(state=ConsultationState.ASKED, due_at__lte=at + REMIND_BEFORE)
    for asked in soon:
        if asked.due_at <= at:
            _lapse(asked, at)
        elif asked.reminded_at is None and at >= remind_at(asked):
            _remind(asked, at)


def remind_at(asked: Consultation) -> dt.datetime:
    """A day before the deadline; where the time was shorter, when half of it is gone."""
    return asked.due_at - min(REMIND_BEFORE, (asked.due_at - asked.asked_at) / 2)


def _remind(asked: Consultation, at: dt.datetime) -> None:
    waiting = Consultation.objects.filter(pk=asked.pk, state=ConsultationState.ASKED, reminded_at=None)
    with transaction.atomic():
        if waiting.update(reminded_at=at):  # nobody has answered or reminded meanwhile
            audit.record("remind_experts", subject_type="consultation", subject_id=asked.pk, at=at)
            consulting_news.reminded(asked, at=at)


def _lapse(asked: Consultation, at: dt.datetime) -> None:
    try:
        with transaction.atomic():
            consulting_news.lapsed(workflow.take("lapse", asked, at=at), at=at)
    except workflow.StepRefused:
        return  # answered or taken back at this very moment


def require(topic: Topic, needed: bool, *, by: User, at: dt.datetime | None = None) -> bool:
    """Mark a topic, or no longer: its Beiträge need an opinion. Returns whether anything changed."""
    with transaction.atomic():
        topic = Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
        if topic.needs_consultation == needed:
            return False
        topic.needs_consultation = needed
        topic.save(update_fields=["needs_consultation"])
        at, note = at or database_now(), "required" if needed else "not required"
        audit.record("require_experts", subject_type="topic", subject_id=topic.pk, at=at, by=by, note=note)
    return True
