"""The Fachberatung: PRÖ asks, whoever is asked answers, everybody sees only what is theirs (K-37)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import workflow
from ..actions import consulting, drafting
from ..differing import segments
from ..enums import UNANSWERED_STATES, ConsultationState, Opinion, PostState, Role
from ..forms.consulting import AskForm, OpinionForm
from ..models import Consultation, Post, User
from ..models.consultation import digest_as_shown
from ..navigation import house
from ..roles import StaffRequest, roles
from ..rules import Objection, Situation, blocking
from ..rules.consultation import changed_since
from ..rules.known import Known
from ..workflow import StepRefused
from . import presenting
from .posts import CONFLICT, UNPROCESSABLE, shown_file
from .typed import brought_back, survives_log_in

QUESTIONS_PER_PAGE = 20
EDITORS = (Role.PROE, Role.GF)
# What a page offers with a question, by the name in its address.
STEP_OF_SLUG = {step.slug: name for name, step in workflow.CONSULTATION_STEPS.items() if step.slug}
POINTLESS = ("consultation.no_proposal", "consultation.taken_over")


@require_GET
@roles(Role.FACH, *EDITORS)
def consultation_list(request: StaffRequest) -> HttpResponse:
    """For the Fachberatung what she is asked, until when; for the editors every question in the house."""
    is_expert, shows_done = request.user.role == Role.FACH, request.GET.get("status") == "erledigt"
    questions = Consultation.objects.asked_of(request.user) if is_expert else Consultation.objects.all()
    waiting = questions.unanswered()
    done = questions.exclude(pk__in=waiting.values("pk")).order_by("-asked_at", "-pk")
    found = (done if shows_done else waiting).select_related("post__topic")
    page = Paginator(found, QUESTIONS_PER_PAGE).get_page(request.GET.get("seite"))
    here = reverse("editorial:consultations")
    context = {
        "page": page,
        "is_expert": is_expert,
        "shows_done": shows_done,
        "now": timezone.now(),
        "tabs": [
            {"label": "Offen", "url": here, "current": not shows_done, "count": None},
            {"label": "Erledigt", "url": f"{here}?status=erledigt", "current": shows_done, "count": None},
        ],
    }
    return render(request, "editorial/consultations/list.html", context)


@require_http_methods(["GET", "POST"])
@survives_log_in
@roles(Role.FACH)
def consultation_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The question with what will be public of the Beitrag, and nothing else of it; below it the form."""
    asked = get_object_or_404(Consultation.objects.asked_of(request.user).select_related("post__topic"), pk=pk)
    presenting.look_everything_up([asked.post])
    typed_before = brought_back(request) if request.method == "GET" else None
    form = OpinionForm(request.POST if request.method == "POST" else typed_before, post=asked.post)
    refused: list[Objection] = []
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            typed, seen = form.cleaned_data, request.POST.get("digest", "")
            content = {"reason": typed["reason"], "proposal": typed["proposal"]}
            try:
                consulting.answer(asked, Opinion(typed["opinion"]), by=request.user, seen_digest=seen, **content)
            except StepRefused as refusal:
                refused, status = refusal.objections, CONFLICT
            else:
                messages.success(request, "Danke. Ihre Antwort ist bei der PRÖ.")
                return redirect("editorial:consultations")
    context = {"asked": asked, "form": form, "refused": refused, "unsaved": bool(typed_before)}
    context |= _shown(request, asked)
    return render(request, "editorial/consultations/answer.html", context, status=status)


def _shown(request: StaffRequest, asked: Consultation) -> dict[str, Any]:
    """What the Fachberatung sees of a Beitrag."""
    post, here = asked.post, house(request)
    channel, media = here.channels[0], asked.post.ordered_media()
    situation = Situation(
        at=timezone.now(), by=request.user, seen_digest=digest_as_shown(post), note="-", consultation=asked
    )
    return {
        "post": post,
        "digest": digest_as_shown(post),
        "channel": channel,
        "preview": presenting.preview(post, media, channel, Known(money=here.money)) | {"at": post.slot},
        "media": [shown_file(medium) for medium in media],
        "facts": presenting.facts_for_experts(post),
        "against": blocking(workflow.objections("answer", asked, situation)),
        "changed": asked.state == ConsultationState.ANSWERED and changed_since(asked, post),
    }


@require_http_methods(["GET", "POST"])
@survives_log_in
@roles(*EDITORS)
def post_consultations(request: StaffRequest, pk: int) -> HttpResponse:
    """Every question about one Beitrag with what came of it, and a new one."""
    post = _post(pk)
    if request.method == "GET":
        typed = brought_back(request)
        return _page(request, post, AskForm(typed), unsaved=bool(typed))
    if request.user.role != Role.PROE:
        raise PermissionDenied
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, post, form, status=UNPROCESSABLE)
    try:
        asked = consulting.ask(post, by=request.user, **form.wanted())
    except StepRefused as refusal:
        return _page(request, post, form, refused=refusal.objections, status=CONFLICT)
    messages.success(request, f"Gefragt: {asked.addressee}.")
    return redirect("editorial:post_consultations", pk)


@require_POST
@roles(*EDITORS)
def consultation_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    asked = get_object_or_404(Consultation, pk=pk)
    if step not in STEP_OF_SLUG:
        raise Http404
    try:
        said = _take(asked, step, request)
    except workflow.StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        return _page(request, _post(asked.post_id), AskForm(), refused=refusal.objections, status=CONFLICT, tried=asked)
    except drafting.Overtaken as overtaken:
        who = overtaken.by.display_name if overtaken.by else "Jemand"
        words = f"{who} hat den Beitrag inzwischen geändert. Bitte vergleichen Sie noch einmal."
        objection = Objection("consultation.overtaken", words)
        return _page(request, _post(asked.post_id), AskForm(), refused=[objection], status=CONFLICT)
    messages.success(request, said)
    return redirect("editorial:post_consultations", asked.post_id)


def _take(asked: Consultation, slug: str, request: StaffRequest) -> str:
    """Take the step of this name; gives the sentence to say then."""
    by, reason = request.user, request.POST.get("reason", "").replace("\x00", "").strip()
    match STEP_OF_SLUG[slug]:
        case "take_over":
            consulting.take_over(asked, by=by, seen_digest=request.POST.get("digest", "-") or "-")
            return "Übernommen. Die Fassung von eben steht unter „Fassungen“."
        case "go_on":
            consulting.go_on(asked, reason, by=by)
            return "Notiert. Es geht ohne Antwort weiter."
        case _:
            consulting.withdraw(asked, reason, by=by)
            return "Die Frage ist zurückgenommen."


def _post(pk: int) -> Post:
    return get_object_or_404(Post.objects.select_related("topic", "partner"), pk=pk)


def _page(
    request: StaffRequest,
    post: Post,
    form: AskForm,
    *,
    refused: list[Objection] | None = None,
    status: int = 200,
    tried: Consultation | None = None,
    unsaved: bool = False,
) -> HttpResponse:
    presenting.look_everything_up([post])
    context = {
        "post": post,
        "digest": post.digest(),
        "form": form,
        "refused": refused or [],
        "unsaved": unsaved,
        "cards": [_card(one, post, request.user, tried, request.POST) for one in reversed(post.consultations.all())],
        "against": consulting.against_asking(post, request.user),
        "may_ask": request.user.role == Role.PROE,
        "ends_approval": post.state == PostState.APPROVED,
    }
    return render(request, "editorial/consultations/post.html", context, status=status)


def _card(asked: Consultation, post: Post, by: User, tried: Consultation | None, typed: Any) -> dict[str, Any]:
    """A question with what came of it and what may be done now."""
    answered = asked.state == ConsultationState.ANSWERED
    changed = answered and changed_since(asked, post)
    steps = [_step(name, asked, post, by) for name in STEP_OF_SLUG.values()]
    kept = {"open": True, "reason_value": typed.get("reason", "")} if tried and tried.pk == asked.pk else {}
    return {
        "asked": asked,
        "is_late": asked.state in UNANSWERED_STATES and asked.due_at <= timezone.now(),
        "proposal": segments(post.text, asked.proposal) if asked.proposal and not asked.taken_over_at else [],
        "since": segments(asked.seen_text, post.text) if changed and asked.seen_text != post.text else [],
        "changed": changed,
        "steps": [step | kept for step in steps if step],
    }


def _step(name: str, asked: Consultation, post: Post, by: User) -> dict[str, Any]:
    """In the form of partials/_step_form.html; empty where role or state rule it out."""
    step = workflow.CONSULTATION_STEPS[name]
    if by.role not in step.roles or asked.state not in step.moves:
        return {}
    at = timezone.now()
    asked.post = post  # with everything that was looked up
    against = workflow.objections(name, asked, Situation(at=at, by=by, slot=post.slot, note="-", consultation=asked))
    if any(objection.code in POINTLESS for objection in against):
        return {}
    if name == "take_over":
        against += presenting.against_editing(post, by, at=at)
    return {
        "slug": step.slug,
        "uid": f"{asked.pk}-{step.slug}",
        "url": reverse("editorial:consultation_step", args=[asked.pk, step.slug]),
        "label": step.label,
        "tone": "primary" if name == "take_over" else "secondary",
        "explanation": step.warning,
        "reason": "Grund" if step.needs_reason else "",
        "objections": blocking(against),
        "blocked": bool(blocking(against)),
    }
