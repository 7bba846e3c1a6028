"""The box of ideas: everybody in the house may drop one, the editors make a Beitrag of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ..actions import drafting
from ..enums import Role
from ..forms.ideas import IdeaForm
from ..models import Post
from ..roles import StaffRequest, signed_in

EDITORS = (Role.PROE, Role.GF)
READERS = (Role.PROE, Role.GF, Role.FACH)
IDEAS_PER_PAGE = 30
UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@signed_in
def ideas(request: StaffRequest) -> HttpResponse:
    form = IdeaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        drafting.create(form.content(), by=request.user, as_idea=True)
        messages.success(request, "Danke. Ihre Idee liegt jetzt bei der Redaktion.")
        return redirect("editorial:ideas")
    may_read = request.user.role in READERS
    may_write = request.user.role in EDITORS
    found = Post.objects.ideas() if may_write else Post.objects.ideas().begun_by(request.user)
    page = Paginator(found.with_beginner().select_related("topic"), IDEAS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "page": page,
        "may_read": may_read,
        "may_write": may_write,
    }
    return render(request, "editorial/plan/ideas.html", context, status=UNPROCESSABLE if form.errors else 200)
