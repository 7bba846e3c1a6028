"""Another strength for a rule: asked for with a reason, agreed to by a director, ended again; each in the record."""

import datetime as dt

from django.db import IntegrityError, transaction

from .. import audit
from ..clock import database_now
from ..enums import Role
from ..models import Post, RuleChange, User
from ..rules.register import REGISTER, is_changeable


class ChangeRefused(ValueError):
    """This may not be changed, or not by this person; the words say why."""


def ask(rule: str, *, reason: str, by: User, post: Post | None = None, at: dt.datetime | None = None) -> RuleChange:
    """Propose the other strength for this rule, for one Beitrag or for all. Nothing changes yet."""
    if not is_changeable(rule):
        raise ChangeRefused("Diese Regel steht fest.")
    at, about = at or database_now(), REGISTER[rule]
    try:
        with transaction.atomic():
            change = RuleChange.objects.create(
                rule=rule, post=post, blocks=not about.blocks, reason=reason, asked_at=at, asked_by=by
            )
            _record("ask_rule_change", change, by=by, at=at)
    except IntegrityError:
        raise ChangeRefused("Für diese Regel gibt es schon eine Änderung. Bitte beenden Sie diese zuerst.") from None
    return change


def approve(change: RuleChange, *, by: User, at: dt.datetime | None = None) -> RuleChange:
    """From now on the other strength holds."""
    at = at or database_now()
    with transaction.atomic():
        change = RuleChange.objects.select_for_update(of=("self",), no_key=True).get(pk=change.pk)
        if by.role != Role.GF:
            raise ChangeRefused("Zustimmen kann nur die Geschäftsführung.")
        if change.asked_by_id == by.pk:
            raise ChangeRefused("Sie haben das selbst vorgeschlagen. Zustimmen muss eine andere Person.")
        if change.approved_at or change.ended_at or not is_changeable(change.rule):
            raise ChangeRefused("Darüber ist schon entschieden. Bitte laden Sie die Seite neu.")
        change.approved_at, change.approved_by = at, by
        change.save(update_fields=["approved_at", "approved_by"])
        _record("approve_rule_change", change, by=by, at=at)
    return change


def end(change: RuleChange, *, by: User, at: dt.datetime | None = None) -> RuleChange:
    """The rule's own strength holds again, or the proposal is off the table."""
    at = at or database_now()
    with transaction.atomic():
        change = RuleChange.objects.select_for_update(of=("self",), no_key=True).get(pk=change.pk)
        if change.ended_at:
            raise ChangeRefused("Das ist schon beendet. Bitte laden Sie die Seite neu.")
        if change.is_in_force and by.role != Role.GF:
            raise ChangeRefused("Beenden kann das nur die Geschäftsführung.")
        change.ended_at, change.ended_by = at, by
        change.save(update_fields=["ended_at", "ended_by"])
        _record("end_rule_change", change, by=by, at=at)
    return change


def _record(step: str, change: RuleChange, *, by: User, at: dt.datetime) -> None:
    strength = "block" if change.blocks else "hint"
    note = f"{change.rule} {strength} {'post ' + str(change.post_id) if change.post_id else 'all'}"
    audit.record(step, subject_type="rulechange", subject_id=change.pk, at=at, by=by, note=note)
