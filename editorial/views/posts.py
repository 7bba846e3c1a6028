import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import captions, reading
from ..actions import approval, drafting
from ..enums import PostState, Role
from ..forms.fields import SlotField
from ..forms.post import LONGEST_PK, PostForm
from ..models import Correction, Entry, Medium, Post, Topic
from ..navigation import house
from ..roles import StaffRequest, roles
from ..rules import CONTENT_RULES, Objection, Situation, ask, blocking
from ..rules.approval import reads_to_decide, standing_approval
from ..rules.known import Known
from ..rules.sketch import sketch
from ..rules.timing import slot_lies_ahead
from ..workflow import StepRefused
from . import journey, linking, presenting
from .typed import brought_back, survives_log_in

EDITORS = (Role.PROE, Role.GF)
READERS = (Role.PROE, Role.GF, Role.FACH)
UNPROCESSABLE = 422
CONFLICT = 409
# What rules say about people and opinions is for those who decide.
CONFIDENTIAL = ("consent.", "consultation.")
LIKE_A_SLUG = re.compile(r"[a-z-]{1,50}")
# Said after saving by hand, by the state that came of it.
SAVED: dict[str, str] = {
    PostState.IDEA: "Die Idee ist abgelegt.",
    PostState.DRAFT: "Der Entwurf ist gespeichert.",
    PostState.IN_REVIEW: "Gespeichert. Der Beitrag wartet auf die Freigabe.",
    PostState.APPROVED: "Es hat sich nichts geändert.",
}


@require_GET
@roles(*READERS)
def post_page(request: StaffRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(_with_what_it_has().select_related("mirror_item"), pk=pk)
    if not reading.may_read(request.user, post):
        raise PermissionDenied
    return show_post(request, post)


def show_post(
    request: StaffRequest,
    post: Post,
    refused: list[Objection] | None = None,
    *,
    status: int = 200,
    tried: str = "",
) -> HttpResponse:
    """The reading page; ``refused`` are the objections of a step that was just ``tried``: what was typed is kept."""
    presenting.look_everything_up([post])
    at, here = timezone.now(), house(request)
    known, channel = Known(paused=here.pause is not None, money=here.money), here.channels[0]
    media = post.ordered_media()
    delivery = presenting.shown_delivery(post)
    may_write = request.user.role in EDITORS
    checks = ask(CONTENT_RULES, post, Situation(at=at, by=request.user, slot=post.slot, known=known))
    context = {
        "post": post,
        "digest": post.digest(),
        "refused": refused or [],
        "shown_state": delivery.state if delivery and post.state == PostState.APPROVED else post.state,
        "shown_slot": presenting.shown_slot(post),
        "preview": presenting.preview(post, media, channel, known) | {"at": presenting.shown_slot(post)},
        "channel": channel,
        "media": [shown_file(medium) for medium in media],
        "length": presenting.length_and_price(post, known, at),
        "facts": presenting.facts(post) if may_write else presenting.facts_for_experts(post),
        "steps": presenting.with_what_was_typed(
            [*presenting.steps(post, request.user, at=at, known=known), *journey.correction_step(post, request.user)],
            tried,
            request.POST,
        ),
        "checks": [check for check in checks if may_write or not check.code.startswith(CONFIDENTIAL)],
        "consultations": list(post.consultations.all()) if may_write else [],
        "deliveries": journey.journeys(post, request.user, at),
        "corrections": journey.corrections(post),
        "history": presenting.history(post, for_experts=not may_write),
        "approval": standing_approval(post),
        "versions": post.versions.all()[:10],
        "may_edit": not presenting.against_editing(post, request.user, at=at),
        "may_write": may_write,
        "counts_as_read": may_write and reads_to_decide(post, request.user),
        "links": (links := linking.of_post(post) if may_write else []),
        "links_wait": any(one["link"].is_waiting for one in links),
    }
    return render(request, "editorial/posts/post.html", context, status=status)


@require_http_methods(["GET", "POST"])
@survives_log_in
@roles(*EDITORS)
def post_new(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        if typed := brought_back(request):
            return _composer(request, PostForm(typed), unsaved=True)
        return _composer(request, PostForm(initial=_wishes(request)))
    return _save(request, None)


@require_http_methods(["GET", "POST"])
@survives_log_in
@roles(*EDITORS)
def post_edit(request: StaffRequest, pk: int) -> HttpResponse:
    post = get_post(pk)
    if request.method == "GET":
        if against := presenting.against_editing(post, request.user, at=timezone.now()):
            return show_post(request, post, against, status=CONFLICT)
        if typed := brought_back(request):
            return _composer(request, PostForm(typed, post=post), post, unsaved=True)
        return _composer(request, PostForm(post=post), post)
    return _save(request, post)


@require_POST
@roles(*EDITORS)
def post_copy(request: StaffRequest, pk: int) -> HttpResponse:
    copied = drafting.copy(get_post(pk), by=request.user)
    return redirect("editorial:post_edit", copied.pk)


@require_POST
@roles(*EDITORS)
def post_checks(request: StaffRequest) -> HttpResponse:
    """The panel beside the text while typing: the same rules as on submit and at sending."""
    number = request.POST.get("post", "")
    posts, is_key = Post.objects.select_related("topic", "partner"), number.isdecimal() and len(number) < LONGEST_PK
    saved = posts.filter(pk=number).first() if is_key else None
    form = PostForm(request.POST, post=saved)
    form.is_valid()
    return render(request, "editorial/posts/_checked.html", _checks(request, form, saved))


@require_GET
@roles(*EDITORS)
def post_choices(request: StaffRequest) -> HttpResponse:
    """What the registers offer for the topic that was just chosen; what is chosen in them stays."""
    form = PostForm(request.GET)
    for name in ("entry", "partner"):
        form.fields[name].widget.attrs["data-hx-swap-oob"] = "true"
    return render(request, "editorial/posts/_choices.html", {"form": form})


def _save(request: StaffRequest, post: Post | None) -> HttpResponse:
    form = PostForm(request.POST, post=post)
    autosave = request.headers.get("X-Autosave") == "1"
    if not form.is_valid():
        if autosave:
            first = form.objections()[0].text
            return JsonResponse({"message": f"Noch nicht gespeichert: {first}"}, status=UNPROCESSABLE)
        return _composer(request, form, post, status=UNPROCESSABLE)
    try:
        if post is None:
            post = drafting.create(form.content(), by=request.user, as_idea="idee" in request.POST)
        else:
            post = _write_over(request, post, form, autosave=autosave)
        post = _as_the_button_says(request, post)
    except drafting.Overtaken as overtaken:
        return _conflict(request, form, overtaken, autosave=autosave)
    except StepRefused as refusal:
        if autosave or post is None:
            return JsonResponse({"message": refusal.objections[0].text}, status=CONFLICT)
        return show_post(request, get_post(post.pk), refusal.objections, status=CONFLICT)
    if autosave:
        return _saved(request, post)
    messages.success(request, SAVED[post.state])
    return redirect("editorial:post", post.pk)


def _write_over(request: StaffRequest, post: Post, form: PostForm, *, autosave: bool) -> Post:
    """Over what this person saw: at the beginning, or in the conflict they decided. That stays as a version."""
    decided = request.POST.get("trotzdem", "")
    return drafting.save(
        post,
        form.content(),
        by=request.user,
        autosave=autosave,
        as_new_version=bool(decided),
        seen_digest=decided or form.cleaned_data["seen_digest"],
    )


def _as_the_button_says(request: StaffRequest, post: Post) -> Post:
    if "einreichen" in request.POST and post.state != PostState.IN_REVIEW:
        return approval.submit(post, by=request.user)
    if "idee" in request.POST and post.state == PostState.DRAFT:
        return drafting.set_aside(post, by=request.user)  # the browser had saved it by itself already
    return post


def _saved(request: StaffRequest, post: Post) -> JsonResponse:
    edit = reverse("editorial:post_edit", args=[post.pk])
    answer = {
        "saved_at": presenting.now_in_berlin(post.updated_at),
        "fields": {"seen_digest": post.digest(), "post": str(post.pk)},
        "url": edit,
        "autosave_url": edit,
        "autosave_key": _draft_key(request, post),
    }
    return JsonResponse(answer)


def _draft_key(request: StaffRequest, post: Post | None) -> str:
    """Under which name a browser keeps what it could not save: nobody is offered another person's text."""
    return f"{request.user.pk}-{post.pk if post else 'neu'}"


def _conflict(request: StaffRequest, form: PostForm, overtaken: drafting.Overtaken, *, autosave: bool) -> HttpResponse:
    """Both texts stay, the person decides. Two windows of one person are two writers as well."""
    who = f"{overtaken.by.display_name} hat" if overtaken.by else "Jemand hat"
    if overtaken.by == request.user:
        who = "Sie haben in einem anderen Fenster"
    post = get_post(overtaken.post.pk)
    conflict = {"who": who, "mine": form.cleaned_data["text"], "digest": post.digest(), "also": _also_other(form)}
    if autosave:
        words = f"{who} diesen Beitrag inzwischen gespeichert. Ihr Text bleibt hier stehen, der andere steht oben."
        shown = render_to_string("editorial/posts/_conflict.html", {"conflict": conflict, "post": post})
        return JsonResponse({"message": words, "conflict": shown}, status=CONFLICT)
    return _composer(request, form, post, status=CONFLICT, conflict=conflict)


def _also_other(form: PostForm) -> list[str]:
    """The names of the fields besides the text in which what is typed differs from what was saved."""
    return [str(form.fields[name].label) for name in form.changed_data if name not in ("text", "seen_digest")]


def _composer(
    request: StaffRequest, form: PostForm, post: Post | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    key = _draft_key(request, post)
    context = {"form": form, "post": post, "autosave_key": key, **_checks(request, form, post), **more}
    return render(request, "editorial/posts/compose.html", context, status=status)


def _checks(request: StaffRequest, form: PostForm, post: Post | None) -> dict[str, Any]:
    """What the rules say to the form as it stands; fields with unusable input are left out."""
    form.is_valid()
    content = form.cleaned_data if form.is_bound else form.saved or dict(form.initial)
    sketched = sketch(content, post)
    here = house(request)
    at, known, channel = timezone.now(), Known(money=here.money), here.channels[0]
    situation = Situation(at=at, by=request.user, slot=sketched.slot, known=known)
    wrong_input = form.objections() if form.is_bound else []
    found = wrong_input + ask((*CONTENT_RULES, slot_lies_ahead), sketched, situation)
    return {
        "objections": found,
        "is_complete": not blocking(found),
        "length": presenting.length_and_price(sketched, known, at),
        "preview": presenting.preview(sketched, sketched.ordered_media(), channel, known),
        "channel": channel,
        "links": linking.of_post(sketched),
    }


def _wishes(request: StaffRequest) -> dict[str, Any]:
    """What a link to the empty composer may bring along: day and topic, an entry of a register, a picture."""
    try:
        slot = SlotField(required=False).clean(request.GET.get("slot", ""))
    except ValidationError:
        slot = None
    typed = request.GET.get("eintrag", "")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) < LONGEST_PK
    entry = Entry.whole.filter(pk=typed).first() if is_number else None
    chosen = request.GET.get("medium", "")
    is_number = chosen.isascii() and chosen.isdecimal() and len(chosen) < LONGEST_PK
    media = list(Medium.objects.filter(pk=chosen)) if is_number else []
    wished = request.GET.get("thema", "")
    topic = Topic.objects.filter(slug=wished).first() if LIKE_A_SLUG.fullmatch(wished) else None
    return {"kind": "post", "slot": slot, "entry": entry, "media": media, "topic": topic}


def get_post(pk: int) -> Post:
    return get_object_or_404(_with_what_it_has(), pk=pk)


def _with_what_it_has() -> QuerySet[Post]:
    """Told with the Beitrag, so that what most have not is not asked for: questions, Richtigstellungen."""
    corrected = Exists(Correction.objects.filter(post=OuterRef("pk")).order_by())
    posts = Post.objects.select_related("topic", "partner").annotate(has_corrections=corrected)
    return presenting.with_questions(posts)


def shown_file(medium: Medium) -> dict[str, Any]:
    """In the form of partials/_file.html."""
    return {
        "title": medium.title,
        "url": presenting.file_url(medium),
        "small_url": presenting.small_url(medium),
        "media_type": medium.media_type,
        "size_bytes": medium.size_bytes,
        "alt_text": medium.alt_text,
        "is_picture": True,
    } | (_words(medium) if medium.is_video else {})


def _words(medium: Medium) -> dict[str, Any]:
    """What of a video is approved besides the file: whoever approves reads it."""
    return {
        "captions_url": reverse("editorial:media_captions", args=[medium.pk]),
        "captions": medium.captions,
        "words": captions.spoken(medium.captions),
        "transcript": medium.transcript,
        "width_px": medium.width_px,
        "height_px": medium.height_px,
    }
