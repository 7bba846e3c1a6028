"""Settings: the ten topics of the concept, what each demands, and whether the Fachberatung must be asked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from ..actions import consulting
from ..enums import Role
from ..forms.topics import TopicForm
from ..models import Topic
from ..roles import StaffRequest, roles

READERS = (Role.PROE, Role.GF, Role.ADMIN)


@require_GET
@roles(*READERS)
def topic_list(request: StaffRequest) -> HttpResponse:
    context = {"topics": Topic.objects.all(), "may_edit": request.user.role == Role.PROE}
    return render(request, "editorial/texts/topics.html", context)


@require_http_methods(["GET", "POST"])
@roles(*READERS)
def topic(request: StaffRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic, slug=slug)
    may_edit = request.user.role == Role.PROE
    stored = {"needs_consultation": found.needs_consultation}
    form = TopicForm(request.POST if request.method == "POST" else None, initial=stored)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        if form.is_valid():
            changed = consulting.require(found, form.cleaned_data["needs_consultation"], by=request.user)
            messages.success(request, "Gespeichert." if changed else "Es hat sich nichts geändert.")
            return redirect("editorial:topics")
    facts = [("Worum es geht", found.description), ("Was es verlangt", found.duty_text), ("Konzept", found.clause)]
    context = {"topic": found, "form": form, "may_edit": may_edit, "facts": [pair for pair in facts if pair[1]]}
    return render(request, "editorial/texts/topic.html", context)
