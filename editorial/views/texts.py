"""Settings: public texts and channel data. PRÖ edits, the directors and the administration read."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import prose
from ..actions import texts
from ..enums import Role
from ..forms.texts import LONGEST_TEXT, ChannelForm, TextForm
from ..models import Channel, PublicPage
from ..roles import StaffRequest, roles
from ..templatetags.kern import berlin_day
from .house_lists import LISTS
from .public import filled

READERS = (Role.PROE, Role.GF, Role.ADMIN)
VERSIONS_SHOWN = 50
CONFLICT, UNPROCESSABLE = 409, 422
KEPT_HERE = "Noch nicht veröffentlicht. Ihr Text ist in diesem Browser gesichert."
KNOWN_INSERTS = ("kanaele",)
# What the public misses as long as a channel's field is empty.
CHANNEL_GAPS = {
    "handle": "Kontoname",
    "profile_url": "Adresse des Profils",
    "started_on": "Startdatum",
    "interaction": "Was dort möglich ist",
}


@require_GET
@roles(*READERS)
def settings(request: StaffRequest) -> HttpResponse:
    context = {
        "texts": [(version, prose.gaps(version.body)) for version in texts.current_versions()],
        "channels": [(channel, _missing(channel)) for channel in Channel.objects.all()],
        "lists": LISTS.values(),
        "may_edit": _may_edit(request),
    }
    return render(request, "editorial/texts/settings.html", context)


@require_http_methods(["GET", "POST"])
@roles(*READERS)
def text_edit(request: StaffRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(PublicPage, slug=slug)
    if request.method == "POST":
        return _save(request, page)
    return _editor(request, page, TextForm(current=page.current))


def _save(request: StaffRequest, page: PublicPage) -> HttpResponse:
    _only_editors(request)
    if request.headers.get("X-Autosave") == "1":
        # Saving publishes, so nothing is saved by itself: the browser keeps what is typed until somebody saves.
        return JsonResponse({"message": KEPT_HERE}, status=UNPROCESSABLE)
    current = page.current
    form = TextForm(request.POST, current=current)
    if not form.is_valid():
        return _editor(request, page, form, status=UNPROCESSABLE)
    content = form.cleaned_data
    try:
        saved = texts.save_text(
            page, content["body"], is_draft=content["is_draft"], seen_number=content["seen_number"], by=request.user
        )
    except texts.Overtaken as conflict:
        # What was typed stays; saving once more puts it above the other version, which remains readable.
        typed = {**request.POST.dict(), "seen_number": str(conflict.current.number)}
        retry = TextForm(typed, current=conflict.current)
        return _editor(request, page, retry, status=CONFLICT, conflict=conflict.current)
    if saved.number == current.number:
        messages.info(request, "Es hat sich nichts geändert.")
    else:
        messages.success(request, f"Gespeichert als Fassung {saved.number}. So steht der Text jetzt auf der Website.")
    return redirect("editorial:text_edit", page.slug)


@require_POST
@roles(Role.PROE)
def text_preview(request: StaffRequest, slug: str) -> HttpResponse:
    """The panel beside the text while typing."""
    page = get_object_or_404(PublicPage, slug=slug)
    body = request.POST.get("body", "")[:LONGEST_TEXT]
    return render(request, "editorial/texts/_preview.html", {"page": page, **_preview(page, body)})


@require_http_methods(["GET", "POST"])
@roles(*READERS)
def text_version(request: StaffRequest, slug: str, number: int) -> HttpResponse:
    page = get_object_or_404(PublicPage, slug=slug)
    version = get_object_or_404(page.versions.select_related("saved_by"), number=number)
    if request.method == "POST":
        _only_editors(request)
        restored = texts.restore_text(page, number, by=request.user)
        messages.success(request, f"Fassung {number} gilt wieder, als Fassung {restored.number} und als Entwurf.")
        return redirect("editorial:text_edit", page.slug)
    context = {"page": page, "version": version, "is_current": version.number == page.current.number}
    context |= {"may_edit": _may_edit(request), **_preview(page, version.body)}
    return render(request, "editorial/texts/version.html", context)


@require_http_methods(["GET", "POST"])
@roles(*READERS)
def channel_edit(request: StaffRequest, slug: str) -> HttpResponse:
    channel = get_object_or_404(Channel, slug=slug)
    form = ChannelForm(request.POST or None, instance=channel)
    if request.method == "POST":
        _only_editors(request)
        if form.is_valid():
            return _store_channel(request, form)
    stored = Channel.objects.get(pk=channel.pk)  # the form has already written into the other one
    context = {"form": form, "channel": stored, "facts": _facts(stored), "may_edit": _may_edit(request)}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "editorial/texts/channel.html", context, status=status)


def _store_channel(request: StaffRequest, form: ChannelForm) -> HttpResponse:
    started_on = form.cleaned_data.get("started_on")
    try:
        changed = texts.change_channel(form.instance, form.cleaned_data, started_on=started_on, by=request.user)
    except texts.StartIsLocked:
        messages.error(request, "Das Startdatum hat inzwischen jemand anders eingetragen. Es steht fest.")
        return redirect("editorial:channel_edit", form.instance.slug)
    messages.success(request, "Gespeichert." if changed else "Es hat sich nichts geändert.")
    return redirect("editorial:settings")


def _may_edit(request: StaffRequest) -> bool:
    return request.user.role == Role.PROE


def _only_editors(request: StaffRequest) -> None:
    if not _may_edit(request):
        raise PermissionDenied


def _missing(channel: Channel) -> list[str]:
    return [label for name, label in CHANNEL_GAPS.items() if not getattr(channel, name)]


def _facts(channel: Channel) -> list[tuple[str, Any]]:
    return [
        ("Kontoname", channel.handle and f"@{channel.handle.removeprefix('@')}"),
        ("Adresse des Profils", channel.profile_url),
        ("Ohne Anmeldung lesbar", "ja" if channel.readable_without_login else "nein"),
        ("Zuständige Stelle", channel.unit),
        ("Was dort möglich ist", channel.interaction),
        ("Status", channel.get_status_display()),
        ("Gestartet am", berlin_day(channel.started_on)),
    ]


def _editor(request: StaffRequest, page: PublicPage, form: TextForm, *, status: int = 200, **more: Any) -> HttpResponse:
    body = form["body"].value() or ""
    versions = page.versions.select_related("saved_by").defer("body")[:VERSIONS_SHOWN]
    public_url = reverse("editorial:channels" if page.slug == "kanaele" else f"editorial:{page.slug}")
    context = {"page": page, "form": form, "versions": versions, "public_url": public_url}
    context |= {"may_edit": _may_edit(request), "autosave_key": f"{request.user.pk}-text-{page.slug}"}
    return render(request, "editorial/texts/edit.html", {**context, **_preview(page, body), **more}, status=status)


def _preview(page: PublicPage, body: str) -> dict[str, Any]:
    return {
        "html": filled(page.slug, prose.render(body, name_gaps=True).html),
        "gaps": prose.gaps(body),
        "problems": prose.problems(body, KNOWN_INSERTS),
    }
