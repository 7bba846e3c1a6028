"""Who is told of what about a question to the Fachberatung. Neither question nor answer stands in a notice."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.urls import reverse

from ..clock import BERLIN
from ..enums import NoticeKind, Role
from ..models import Consultation, User
from . import notices


def asked(question: Consultation, *, at: dt.datetime) -> None:
    words = f"Die PRÖ fragt Sie zu {_named(question)}. Bitte antworten Sie bis {_spoken(question.due_at)}."
    _to_experts(NoticeKind.QUESTION, question, words, "gefragt", at=at)


def reminded(question: Consultation, *, at: dt.datetime) -> None:
    words = f"Ihre Antwort zu {_named(question)} wird bis {_spoken(question.due_at)} gebraucht."
    _to_experts(NoticeKind.REMINDED, question, words, "erinnert", at=at)


def lapsed(question: Consultation, *, at: dt.datetime) -> None:
    words = f"Die Frist für Ihre Antwort zu {_named(question)} ist vorbei. Sie können noch antworten."
    _to_experts(NoticeKind.REMINDED, question, words, "frist", at=at)
    words = f"Die Fachberatung hat zu {_named(question)} bis zur Frist nicht geantwortet."
    _to_editors(question, NoticeKind.NO_OPINION, words, at=at)


def answered(question: Consultation, *, at: dt.datetime) -> None:
    over(question, at=at)
    _to_editors(question, NoticeKind.OPINION, f"Die Fachberatung hat zu {_named(question)} geantwortet.", at=at)


def over(question: Consultation, *, at: dt.datetime) -> None:
    """Nobody has to answer any more, and nobody has to decide without an answer."""
    notices.settle(_key(question), at)


def experts(question: Consultation) -> QuerySet[User]:
    """Who can answer it."""
    of_department = Q(departments=question.department_id) if question.department_id else Q(pk=question.person_id)
    return notices.staff(Role.FACH).filter(of_department)


def _to_experts(kind: NoticeKind, question: Consultation, words: str, why: str, *, at: dt.datetime) -> None:
    path = reverse("editorial:consultation", args=[question.pk])
    notices.tell(kind, experts(question), words=words, path=path, key=f"{_key(question)}{why}", at=at)


def _to_editors(question: Consultation, kind: NoticeKind, words: str, *, at: dt.datetime) -> None:
    path = reverse("editorial:post_consultations", args=[question.post_id])
    # An answer may follow on a deadline that has passed: the one is settled by the other.
    key = f"{_key(question)}ohne" if kind == NoticeKind.NO_OPINION else f"votum-{question.pk}"
    notices.tell(kind, notices.staff(Role.PROE), words=words, path=path, key=key, at=at)


def _key(question: Consultation) -> str:
    return f"anfrage-{question.pk}-"


def _named(question: Consultation) -> str:
    return f"Beitrag {question.post_id}"


def _spoken(moment: dt.datetime) -> str:
    return f"{moment.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"
