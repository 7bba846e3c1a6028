"""Somebody writes on the public page that a consent shall end (Art. 7 (3) DSGVO): a case for PRÖ, nothing more.

Anybody can write there, so nothing ends by it. What they write is sealed, and destroyed when the case is closed.
"""

import datetime as dt

from django.db import transaction

from .. import audit, vault
from ..clock import database_now
from ..enums import NoticeKind, Role
from ..models import Consent, User, WithdrawalCase
from . import notices
from .consents import HOUSE

WORDS = "words"
# More than that are nobody's withdrawals; people are asked to ring up instead.
MOST_OPEN = 100


class TooMany(Exception):
    pass


def receive(words: dict[str, str], *, at: dt.datetime | None = None) -> WithdrawalCase:
    """Keep what was written and tell PRÖ that something came, not what. Raises VaultError, TooMany."""
    at = at or database_now()
    with transaction.atomic():
        if WithdrawalCase.objects.filter(closed_at=None).count() >= MOST_OPEN:
            raise TooMany
        case = WithdrawalCase.objects.create(received_at=at)
        vault.give_key(case)
        case.sealed = vault.seal_words(case, WORDS, words)
        case.save(update_fields=["key_id", "wrapped_key", "sealed"])
        audit.record("receive_withdrawal", subject_type="withdrawalcase", subject_id=case.pk, at=at)
        notices.tell(
            NoticeKind.WITHDRAWAL,
            notices.staff(Role.PROE),
            words="Über die Website ist ein Widerruf eingegangen. Bitte ordnen Sie ihn gleich zu.",
            path=f"{HOUSE}faelle/{case.pk}/",
            key=f"withdrawal-{case.pk}",
            at=at,
        )
    return case


def read(case: WithdrawalCase, *, by: User, at: dt.datetime | None = None) -> dict[str, str]:
    """What was written; that somebody read it is on record. Raises VaultError."""
    at = at or database_now()
    with transaction.atomic():
        found = vault.unseal_words(case, WORDS, case.sealed)
        audit.record("read_withdrawal", subject_type="withdrawalcase", subject_id=case.pk, at=at, by=by)
    return found


def close(case: WithdrawalCase, consent: Consent | None, *, by: User, at: dt.datetime | None = None) -> WithdrawalCase:
    """It is known whose it was, or that it is nobody's: what was written is destroyed. Once; later changes nothing."""
    at = at or database_now()
    with transaction.atomic():
        case = WithdrawalCase.objects.select_for_update(no_key=True).get(pk=case.pk)
        if case.closed_at is None:
            case.closed_at, case.closed_by, case.consent = at, by, consent
            case.sealed, case.wrapped_key, case.key_id = b"", b"", ""
            case.save()
            note = consent.pseudonym if consent else ""
            audit.record("close_withdrawal", subject_type="withdrawalcase", subject_id=case.pk, at=at, by=by, note=note)
            notices.settle(f"withdrawal-{case.pk}", at)
    return case
