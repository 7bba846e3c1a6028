import hashlib
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_POST, require_safe

from editorial import audit, printing, queries
from editorial.clock import berlin_day, database_now
from editorial.enums import Role
from editorial.roles import StaffRequest, View, everyone, roles

from . import exports, presenting, transparency, workflow
from .forms import BuildForm, CommentForm, CorrectionForm, SeenForm
from .models import Review, ReviewState
from .periods import NotABoundary
from .reports import NotYetOver, NotYetStarted
from .workflow import Objection, StepForbidden, StepRefused

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422
REVIEWS_PER_PAGE = 20
PDF_KEPT_S = 24 * 3600
READERS = (Role.PROE, Role.GF)
NEXT_LABELS: dict[tuple[str, Role | None], str] = {
    (ReviewState.DRAFT, Role.PROE): "Zum Kommentar",
    (ReviewState.DRAFT, Role.GF): "Zur Veröffentlichung",
    (ReviewState.PUBLISHED, Role.GF): "Zur Berichtigung",
}

# --- for everyone -----------------------------------------------------------------------------------------------------


def public_page(view: View) -> View:
    """Open to all; browsers and proxies keep it but ask again every time."""

    @everyone
    @require_safe
    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return answer


@public_page
def start(request: HttpRequest) -> HttpResponse:
    page = transparency.start_page(timezone.now())
    context = {"page": page, "newest_title": presenting.title_of(page.newest_review) if page.newest_review else ""}
    return render(request, "public/start.html", context)


@public_page
def evaluations(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    published = Review.objects.published().defer("figures", "sources", "comment")
    page = Paginator(published, REVIEWS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "rows": [(review, presenting.title_of(review)) for review in page.object_list],
        **_agenda(transparency.agenda(queries.channel_facts(at), berlin_day(at))),
    }
    return render(request, "evaluation/evaluations.html", context)


@public_page
def evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "evaluation/evaluation.html", _as_published(slug))


def _as_published(slug: str) -> dict[str, Any]:
    found = _published(slug)
    context = {"review": found, "title": presenting.title_of(found), "report": presenting.report_of(found)}
    # Printed where everybody can keep it: whoever rewrites the record cannot rewrite every copy of this page.
    context["anchor"] = audit.last_entry("publish", subject_type="review", subject_id=found.pk)
    return context


@public_page
def evaluation_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The page as PDF/UA, written once for what stands on it."""
    address = f"{settings.PUBLIC_BASE_URL}{reverse('evaluation:evaluation', args=[slug])}"
    html = render_to_string("pdf/evaluation.html", _as_published(slug) | {"url": address})
    key = f"evaluation-pdf-{hashlib.sha256(html.encode()).hexdigest()}"
    if (written := cache.get(key)) is None:
        try:
            written = printing.pdf(html)
        except printing.NotPossible:
            return redirect("evaluation:evaluation", slug)  # it holds the same words
        cache.set(key, written, PDF_KEPT_S)
    answer = HttpResponse(written, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="evaluation-{slug}.pdf"'
    return answer


@public_page
def evaluation_csv(request: HttpRequest, slug: str) -> HttpResponse:
    return _csv(_published(slug))


@public_page
def evaluation_json(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(exports.as_data(_published(slug)), json_dumps_params={"ensure_ascii": False, "indent": 1})


# --- for PRÖ and Geschäftsführung -------------------------------------------------------------------------------------


@require_safe
@roles(*READERS)
def reviews(request: StaffRequest) -> HttpResponse:
    return show_reviews(request)


def show_reviews(request: StaffRequest, objections: list[Objection] | None = None, status: int = OK) -> HttpResponse:
    at = timezone.now()
    channel = queries.channel_facts(at)
    agenda = transparency.agenda(channel, berlin_day(at))
    page = Paginator(Review.objects.defer("figures", "sources"), REVIEWS_PER_PAGE).get_page(request.GET.get("seite"))
    drafted = agenda.due and channel and Review.objects.filter(channel=channel.pk, end=agenda.due.end).exists()
    context = {
        "page": page,
        "rows": [(review, presenting.title_of(review)) for review in page.object_list],
        "has_started": channel is not None and channel.started_on is not None,
        "objections": objections,
        "may_enter": request.user.role == Role.PROE,
        "may_build": request.user.role == Role.PROE and agenda.due is not None and not drafted,
        **_agenda(agenda),
    }
    return render(request, "evaluation/reviews.html", context, status=status)


@require_POST
@roles(Role.PROE)
def review_build(request: StaffRequest) -> HttpResponse:
    form, at = BuildForm(request.POST), database_now()
    channel = queries.channel_facts(at)
    if not form.is_valid() or channel is None:
        refused = [Objection("review.no_day", "Dieses Halbjahr gibt es nicht.")]
        return show_reviews(request, refused, UNPROCESSABLE)
    try:
        built = workflow.build(channel, form.cleaned_data["until"], by=request.user, at=at)
    except (NotABoundary, NotYetOver, NotYetStarted) as refusal:
        return show_reviews(request, [Objection("review.no_half_year", str(refusal), "K-65")], CONFLICT)
    except StepRefused as refusal:
        return show_reviews(request, refusal.objections, CONFLICT)
    messages.success(request, "Die Zahlen des Halbjahrs sind festgehalten.")
    return redirect("evaluation:review", built.slug)


@require_safe
@roles(*READERS)
def review(request: StaffRequest, slug: str) -> HttpResponse:
    return show_review(request, get_object_or_404(Review, slug=slug))


def show_review(
    request: StaffRequest,
    shown: Review,
    objections: list[Objection] | None = None,
    *,
    form: CommentForm | CorrectionForm | None = None,
    status: int = OK,
) -> HttpResponse:
    context = {
        "review": shown,
        "title": presenting.title_of(shown),
        "report": presenting.report_of(shown),
        "objections": objections,
        "digest": shown.digest(),
        "was_refused": status != OK,
        **_tasks(request, shown, form),
    }
    return render(request, "evaluation/review.html", context, status=status)


@require_POST
@roles(Role.PROE)
def review_comment(request: StaffRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Review, slug=slug)
    return _write(request, found, CommentForm(request.POST, review=found), "comment", "Der Kommentar ist gespeichert.")


@require_POST
@roles(Role.GF)
def review_publish(request: StaffRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Review, slug=slug)
    form = SeenForm(request.POST)
    digest = form.cleaned_data["digest"] if form.is_valid() else ""
    try:
        workflow.publish(found, by=request.user, seen_digest=digest)
    except StepRefused as refusal:
        return show_review(request, found, refusal.objections, status=CONFLICT)
    messages.success(request, "Die Auswertung ist veröffentlicht.")
    return redirect("evaluation:review", slug)


@require_POST
@roles(Role.GF)
def review_correct(request: StaffRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Review, slug=slug)
    return _write(
        request, found, CorrectionForm(request.POST, review=found), "correct", "Die Berichtigung ist veröffentlicht."
    )


@require_safe
@roles(*READERS)
def review_csv(request: StaffRequest, slug: str) -> HttpResponse:
    return _csv(get_object_or_404(Review, slug=slug))


def _write(
    request: StaffRequest, found: Review, form: CommentForm | CorrectionForm, step: str, done: str
) -> HttpResponse:
    """Store what a person typed; whatever is refused, the words stay in the form."""
    if not form.is_valid():
        return show_review(request, found, form=form, status=UNPROCESSABLE)
    typed = form.cleaned_data
    field = "comment" if step == "comment" else "erratum"
    try:
        workflow.take(step, found, by=request.user, seen_digest=typed["digest"], **{field: typed[field]})
    except StepForbidden:
        raise PermissionDenied from None
    except StepRefused as refusal:
        found.refresh_from_db()
        form.data = {**form.data, "digest": found.digest()}
        return show_review(request, found, refusal.objections, form=form, status=CONFLICT)
    messages.success(request, done)
    return redirect("evaluation:review", found.slug)


def _tasks(request: StaffRequest, shown: Review, form: CommentForm | CorrectionForm | None) -> dict[str, Any]:
    """What this person can do with the review now."""
    is_draft, role = shown.state == ReviewState.DRAFT, request.user.role
    return {
        "is_draft": is_draft,
        "next_label": NEXT_LABELS.get((shown.state, role)),
        "comment_form": (form or CommentForm(review=shown)) if is_draft and role == Role.PROE else None,
        "correction_form": (form or CorrectionForm(review=shown)) if not is_draft and role == Role.GF else None,
        "publish_step": _publish_step(request, shown) if is_draft and role == Role.GF else None,
    }


def _publish_step(request: StaffRequest, shown: Review) -> dict[str, Any]:
    """The form of partials/_step_form.html."""
    happens = (
        f"Die Auswertung erscheint sofort für alle unter {shown.get_absolute_url()}. "
        "Zahlen und Kommentar lassen sich danach nicht mehr ändern, nur noch berichtigen."
    )
    return {
        "slug": "veroeffentlichen",
        "url": reverse("evaluation:review_publish", args=[shown.slug]),
        "label": "Auswertung veröffentlichen",
        "tone": "primary",
        "explanation": happens,
        "confirm": happens,
        "objections": workflow.objections("publish", shown, by=request.user, seen_digest=shown.digest()),
    }


def _agenda(agenda: transparency.Agenda) -> dict[str, Any]:
    return {"agenda": agenda, "due_words": presenting.span_words(agenda.due) if agenda.due else ""}


def _published(slug: str) -> Review:
    return get_object_or_404(Review.objects.published().defer("sources"), slug=slug)


def _csv(found: Review) -> HttpResponse:
    name = f"{found.slug}.csv"
    return HttpResponse(
        exports.as_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
