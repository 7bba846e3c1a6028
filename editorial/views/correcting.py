"""A Richtigstellung to what is public: a step of its own, because what was sent is never edited (K-25)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ..actions import correcting
from ..enums import Role
from ..roles import StaffRequest, roles
from ..workflow import StepRefused
from .posts import get_post, show_post

CONFLICT = 409
SLUG = "richtigstellen"


@require_POST
@roles(Role.PROE, Role.GF)
def post_correction(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        note = request.POST.get("reason", "").replace("\x00", "")
        correcting.correct(get_post(pk), note, by=request.user)
    except StepRefused as refusal:
        return show_post(request, get_post(pk), refusal.objections, status=CONFLICT, tried=SLUG)
    messages.success(request, "Die Richtigstellung steht auf der Website und im Feed. Auf dem Kanal steht sie nicht.")
    return redirect("editorial:post", pk)
