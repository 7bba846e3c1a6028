"""The page *Regeln*: what must hold, by which clause, how strictly, how often it mattered; and how to change it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..actions import rule_changes
from ..enums import Role
from ..forms.rules import RuleChangeForm
from ..models import RuleChange
from ..roles import StaffRequest, roles
from ..rule_counts import HALF_YEAR, applied_since
from ..rules.register import AROUND_SENDING, CONTENT, REGISTER, About, quotes

READERS = (Role.PROE, Role.GF, Role.ADMIN)
EDITORS = (Role.PROE, Role.GF)
CHANGES_SHOWN = 50
CONFLICT, UNPROCESSABLE = 409, 422


@require_GET
@roles(*READERS)
def rule_list(request: StaffRequest) -> HttpResponse:
    counts = applied_since(timezone.now() - HALF_YEAR)
    changes = list(RuleChange.objects.not_ended().select_related("asked_by", "approved_by", "post"))
    strengths = {change.rule: change.blocks for change in changes if change.is_in_force and change.post_id is None}
    context = {
        "parts": [
            ("Inhalt", "regeln-inhalt", [_row(about, counts[about.name], strengths) for about in CONTENT]),
            (
                "Ablauf und Senden",
                "regeln-ablauf",
                [_row(about, counts[about.name], strengths) for about in AROUND_SENDING],
            ),
        ],
        "waiting": [_change(change, request) for change in changes if not change.is_in_force],
        "in_force": [_change(change, request) for change in changes if change.is_in_force],
    }
    return render(request, "editorial/rules/list.html", context)


@require_http_methods(["GET", "POST"])
@roles(*READERS)
def rule(request: StaffRequest, name: str) -> HttpResponse:
    if name not in REGISTER:
        raise Http404
    about = REGISTER[name]
    form = RuleChangeForm(request.POST if request.method == "POST" else None)
    refused, status = "", 200
    if request.method == "POST":
        if request.user.role not in EDITORS:
            raise PermissionDenied
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                rule_changes.ask(name, by=request.user, **form.cleaned_data)
            except rule_changes.ChangeRefused as refusal:
                refused, status = str(refusal), CONFLICT
            else:
                messages.success(request, "Vorgeschlagen. Die Geschäftsführung muss noch zustimmen.")
                return redirect("editorial:rule", name)
    changes = list(RuleChange.objects.filter(rule=name).select_related("asked_by", "approved_by", "ended_by", "post"))
    strengths = {change.rule: change.blocks for change in changes if change.is_in_force and change.post_id is None}
    context = {
        "row": _row(about, applied_since(timezone.now() - HALF_YEAR)[name], strengths),
        "form": form,
        "refused": refused,
        "changes": [_change(change, request) for change in changes[:CHANGES_SHOWN]],
        "may_ask": request.user.role in EDITORS and not about.fixed,
    }
    return render(request, "editorial/rules/rule.html", context, status=status)


@require_POST
@roles(*EDITORS)
def rule_change(request: StaffRequest, pk: int) -> HttpResponse:
    """A director agrees to a change, or somebody ends it."""
    change = get_object_or_404(RuleChange, pk=pk)
    try:
        if "zustimmen" in request.POST:
            rule_changes.approve(change, by=request.user)
            messages.success(request, "Die Änderung gilt ab jetzt.")
        else:
            rule_changes.end(change, by=request.user)
            messages.success(request, "Beendet. Die Regel gilt wieder wie vorher.")
    except rule_changes.ChangeRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("editorial:rule", change.rule)


def _row(about: About, count: int, strengths: dict[str, bool]) -> dict[str, Any]:
    blocks = strengths.get(about.name, about.blocks) if not about.fixed else about.blocks
    return {
        "name": about.name,
        "sentence": about.sentence,
        "clauses": [(clause, quotes()[clause]) for clause in about.clauses],
        "blocks": blocks,
        "is_changed": blocks != about.blocks,
        "other": "Hinweis" if about.blocks else "Nötig",
        "fixed": about.fixed,
        "count": count,
    }


def _change(change: RuleChange, request: StaffRequest) -> dict[str, Any]:
    is_director = request.user.role == Role.GF
    return {
        "change": change,
        "about": REGISTER.get(change.rule),
        "may_approve": is_director
        and not change.approved_at
        and not change.ended_at
        and change.asked_by_id != request.user.pk,
        "may_end": not change.ended_at and (is_director or (request.user.role == Role.PROE and not change.approved_at)),
    }
