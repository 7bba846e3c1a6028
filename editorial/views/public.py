"""What anybody reads without log-in and without a cookie. Everything shown comes through ``editorial.public``."""

from functools import wraps
from typing import Any

from django.core.files.storage import default_storage
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import conditional_page, require_safe

from .. import prose, public
from ..roles import View, everyone
from .feed import MirrorFeed
from .files import COPIES, JPEG, MIDDLE, SMALL, STILL, captions_file, film_file, picture_file

GONE = 410


def public_page(view: View) -> View:
    """Open to all; kept by browsers and proxies, but asked again every time: what is taken down is gone at once."""

    @everyone
    @require_safe
    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = view(request, *args, **kwargs)
        except public.NeverShown:
            raise Http404 from None
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return answer


@public_page
def mirror(request: HttpRequest) -> HttpResponse:
    try:
        page = public.mirror_page(request.GET.get("seite", "1"))
    except InvalidPage:
        raise Http404 from None
    return render(request, "public/mirror.html", {"page": page})


@public_page
def mirror_item(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        item = public.item(public_id)
    except public.TakenDown:
        return render(request, "public/gone.html", status=GONE)
    return render(request, "public/item.html", {"item": item, "permalink": public.absolute(item.url)})


@public_page
def mirror_picture(request: HttpRequest, public_id: str, number: int) -> HttpResponseBase:
    stored = public.stored_picture(public_id, number)
    variant = next((name for name in (SMALL, MIDDLE, STILL) if name in request.GET), "")
    as_jpeg = variant in COPIES and request.GET[variant] == JPEG
    response: HttpResponseBase
    if stored.media_type == public.VIDEO_TYPE and variant not in COPIES:
        response = film_file(request, default_storage, stored.name, still=variant == STILL)
    else:
        response = picture_file(default_storage, stored.name, stored.media_type, copy=variant, as_jpeg=as_jpeg)
    # A file never changes: a new picture has a new random name.
    # Public as it is: readers of the feed show it in pages of other sites.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    parts = (stored.name.rpartition("/")[2], variant, JPEG if as_jpeg else "")
    response["ETag"] = f'"{"-".join(filter(None, parts))}"'
    return response


@public_page
def mirror_captions(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    stored = public.stored_picture(public_id, number)
    if not stored.captions:
        raise Http404
    return captions_file(stored.captions)


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    response = MirrorFeed()(request)
    # The newest entry's date says nothing about an older one that was taken down: the ETag decides alone.
    del response["Last-Modified"]
    return response


@public_page
def text(request: HttpRequest, slug: str) -> HttpResponse:
    shown = public.text(slug)
    written = prose.render(shown.body)
    context = {"text": shown, "html": filled(slug, written.html), "headings": written.headings}
    return render(request, "public/text.html", context)


@public_page
def concept(request: HttpRequest, stand: str = "") -> HttpResponse:
    shown, editions = public.concept(timezone.now(), stand)
    permalink = public.absolute(reverse("editorial:concept_version", args=[shown.stand]))
    return render(request, "public/concept.html", {"concept": shown, "editions": editions, "permalink": permalink})


def filled(slug: str, html: str) -> SafeString:
    """A text with what it calls for by name: ``{{kanaele}}`` is the list of channels, on their own page in full."""
    is_called, in_full = prose.calls_for(html, "kanaele"), slug == "kanaele"
    safe_html = mark_safe(html)  # noqa: S308 - comes from prose.render
    if not is_called and not in_full:
        return safe_html
    template = "public/_channels_in_full.html" if in_full else "public/_channel_list.html"
    block = render_to_string(template, {"channels": public.channels(), "with_heading": not is_called})
    # The page of the channels lists them even when its text forgets to.
    return prose.fill(html, {"kanaele": block}) if is_called else block + safe_html
