import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from .. import reading
from ..actions import cropping, films, media
from ..contact_sheet import drawn, sheet_of
from ..enums import Role
from ..forms.film import FilmForm
from ..forms.media import MediumForm
from ..models import Medium
from ..roles import StaffRequest, roles
from .files import SMALL, STILL, captions_file, film_file, picture_file

PICTURES_PER_PAGE = 9  # all of them on one contact sheet
WHOLE = "ganz"  # in the query of an address: the picture before it was cropped
USES_SHOWN = 20
A_YEAR_S = 365 * 24 * 3600
UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@roles(Role.PROE, Role.GF)
def media_list(request: StaffRequest) -> HttpResponse:
    form = MediumForm(request.POST, request.FILES) if request.method == "POST" else MediumForm()
    if request.method == "POST" and form.is_valid():
        medium = media.store(form.save(commit=False), form.prepared, by=request.user)
        messages.success(request, f"Das Bild „{medium.title}“ ist hochgeladen.")
        for note in form.prepared.notes:
            messages.info(request, note)
        return redirect("editorial:media")
    page = Paginator(Medium.objects.all(), PICTURES_PER_PAGE).get_page(request.GET.get("seite"))
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"form": form, "page": page, "sheet": sheet_of(list(page))}
    return render(request, "editorial/media/list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@roles(Role.PROE, Role.GF)
def film_new(request: StaffRequest) -> HttpResponse:
    form = FilmForm(request.POST, request.FILES) if request.method == "POST" else FilmForm()
    if request.method == "POST" and form.is_valid() and form.prepared:
        medium = films.store(form.save(commit=False), form.prepared, by=request.user)
        messages.success(request, f"Das Video „{medium.title}“ ist hochgeladen.")
        for note in form.prepared.notes:
            messages.info(request, note)
        return redirect("editorial:medium_edit", medium.pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "editorial/media/film.html", {"form": form}, status=status)


@require_GET
@roles(Role.PROE, Role.GF)
def media_sheet(request: StaffRequest) -> HttpResponse:
    """The small pictures of one page of the library as one file, in the order asked for."""
    keys = request.GET.get("bilder", "").split(",")[:PICTURES_PER_PAGE]
    asked = [int(key) for key in keys if re.fullmatch(r"[0-9]{1,9}", key)]
    found = Medium.objects.in_bulk(asked)
    if not asked or len(found) < len(asked):
        raise Http404
    sheet = sheet_of([found[key] for key in asked])
    response = HttpResponse(drawn(sheet), content_type="image/webp")
    is_current = request.GET.get("stand") == sheet.version
    response["Cache-Control"] = f"private, max-age={A_YEAR_S}, immutable" if is_current else "no-store"
    return response


@require_http_methods(["GET", "POST"])
@roles(Role.PROE, Role.GF)
def medium_edit(request: StaffRequest, pk: int) -> HttpResponse:
    medium = get_object_or_404(Medium, pk=pk)
    handed_in = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FilmForm(*handed_in, instance=medium) if medium.is_video else MediumForm(*handed_in, instance=medium)
    if request.method == "POST" and form.is_valid():
        medium = form.save(commit=False)
        if isinstance(form, MediumForm) and form.wants_other_part:
            cropping.recut(medium)
        ended = media.describe(medium, by=request.user)
        messages.success(request, "Gespeichert.")
        for post in ended:
            messages.warning(request, f"Beitrag {post.pk} braucht eine neue Freigabe: „{post.headline}“")
        return redirect("editorial:media")
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(
        request, "editorial/media/edit.html", {"form": form, "medium": medium} | _history(medium), status=status
    )


def _history(medium: Medium) -> dict[str, Any]:
    """Where it was used, newest first, and how often in all."""
    links = medium.post_links.select_related("post").order_by("-post__slot", "-post__pk")
    return {"uses": [link.post for link in links[:USES_SHOWN]], "use_count": links.count()}


@require_GET
@roles(Role.PROE, Role.GF, Role.FACH)
def media_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The file itself, for people who are logged in; the public gets it through the mirror only."""
    medium = _medium_to_read(request, pk)
    name, storage = medium.file.name or "", medium.file.storage
    response: HttpResponseBase
    if WHOLE in request.GET and medium.whole:
        name = medium.whole.name or ""
    if medium.is_video and SMALL not in request.GET:
        response = film_file(request, storage, name, still=STILL in request.GET)
    else:
        response = picture_file(storage, name, medium.media_type, copy=SMALL if SMALL in request.GET else "")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
@roles(Role.PROE, Role.GF, Role.FACH)
def media_captions(request: StaffRequest, pk: int) -> HttpResponse:
    medium = _medium_to_read(request, pk)
    if not medium.is_video:
        raise Http404
    response = captions_file(medium.captions)
    response["Cache-Control"] = "private, no-cache"
    return response


def _medium_to_read(request: StaffRequest, pk: int) -> Medium:
    medium = get_object_or_404(Medium, pk=pk)
    if not reading.may_see(request.user, medium):
        raise PermissionDenied
    return medium
