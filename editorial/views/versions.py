"""Every saved version of a Beitrag: what was changed, by whom, and the way back to it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from ..actions import drafting
from ..actions.versions import pictures_of
from ..clock import BERLIN
from ..differing import Segment, segments
from ..enums import AiMark, ConsentUse, PostKind, PostState, Role
from ..forms.post import PostForm
from ..models import Audience, Consent, EarlierCut, Entry, Medium, Partner, PostVersion, Topic
from ..roles import StaffRequest, roles
from ..workflow import StepRefused
from . import presenting
from .posts import CONFLICT, get_post, show_post

VERSIONS_PER_PAGE = 10
# The channel's text follows from text and link; what it is made of is shown.
NOT_SHOWN = ("message_text",)


@dataclass(frozen=True)
class Change:
    """One field: its name on the form, and what became of its value."""

    label: str
    segments: list[Segment]


@require_GET
@roles(Role.PROE, Role.GF)
def post_versions(request: StaffRequest, pk: int) -> HttpResponse:
    post = get_post(pk)
    page = Paginator(post.versions.select_related("saved_by"), VERSIONS_PER_PAGE).get_page(request.GET.get("seite"))
    shown = list(page)
    # The oldest one of this page is compared with the newest one of the next.
    before = post.versions.filter(number__lt=shown[-1].number).first()
    words = Words(version.payload for version in [*shown, before] if version)
    pairs = zip(shown, [*shown[1:], before], strict=True)
    context = {
        "post": post,
        "page": page,
        "versions": [(version, changes(words, version, older)) for version, older in pairs],
        "last_number": post.versions.values_list("number", flat=True).first(),
        "may_edit": not presenting.against_editing(post, request.user, at=timezone.now()),
        "ends_approval": post.state == PostState.APPROVED,
    }
    return render(request, "editorial/posts/versions.html", context)


@require_POST
@roles(Role.PROE, Role.GF)
def post_restore(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Take an older version up again, as a new one: nothing is lost by it, and the way back is the same."""
    post = get_post(pk)
    version = get_object_or_404(PostVersion, post=post, number=number)
    try:
        drafting.restore(post, version, by=request.user)
    except StepRefused as refusal:
        return show_post(request, get_post(pk), refusal.objections, status=CONFLICT)
    messages.success(request, f"Fassung {number} gilt wieder. Die Fassung von eben steht weiter im Verlauf.")
    for words in _what_is_different(version):
        messages.warning(request, words)
    return redirect("editorial:post", pk)


def _what_is_different(version: PostVersion) -> Iterator[str]:
    pictures = pictures_of(version)
    for medium in pictures.recut:
        words = f"„{medium.title}“ hat heute einen anderen Ausschnitt als in Fassung {version.number}. "
        yield words + "Es gilt der heutige."
    for alt in pictures.missing:
        yield f"Ein Bild aus Fassung {version.number} fehlt: „{alt}“. Bitte wählen Sie es unter „Bilder“ neu aus."


def changes(words: "Words", version: PostVersion, older: PostVersion | None) -> list[Change]:
    """Field by field; for the first version everything that was filled in."""
    new, old = words.of(version.payload), words.of(older.payload) if older else {}
    names = [name for name in new if new[name] != old.get(name, "")]
    return [Change(label_of(name), segments(old.get(name, ""), new[name])) for name in names]


def label_of(name: str) -> str:
    field = PostForm.base_fields.get(name)
    return str(field.label) if field else name


class Words:
    """The values of versions as people read them. Names are looked up once for all versions shown."""

    def __init__(self, payloads: Iterable[Mapping[str, Any]]) -> None:
        known = list(payloads)
        partners = [pk for payload in known if (pk := payload.get("partner"))]
        entries = [pk for payload in known if (pk := payload.get("entry"))]
        consents = {pk for payload in known for pk in payload.get("consents", ())}
        self._one: dict[str, dict[Any, Any]] = {
            "kind": dict(PostKind.choices),
            "ai_text": dict(AiMark.choices),
            "ai_edited": {True: "ja"},
            "topic": dict(Topic.objects.values_list("slug", "name")),
            "partner": dict(Partner.objects.filter(pk__in=partners).values_list("pk", "name")),
            "entry": dict(Entry.objects.filter(pk__in=entries).values_list("pk", "label")),
        }
        self._several: dict[str, dict[Any, str]] = {
            "audiences": dict(Audience.objects.values_list("slug", "name")),
            "consents": dict(Consent.objects.filter(pk__in=consents).values_list("pk", "pseudonym")),
        }
        pictures = {sha256 for payload in known for sha256, *_ in payload.get("media", ())}
        before = EarlierCut.objects.filter(sha256__in=pictures).values_list("sha256", "medium__title")
        self._pictures = dict(before) | dict(Medium.objects.filter(sha256__in=pictures).values_list("sha256", "title"))

    def of(self, payload: Mapping[str, Any]) -> dict[str, str]:
        """By field name; "" where nothing was filled in."""
        return {name: self._spoken(name, value) for name, value in payload.items() if name not in NOT_SHOWN}

    def _spoken(self, name: str, value: Any) -> str:
        if not value:
            return ""
        if name in self._one:
            return str(self._one[name].get(value, value))
        if name in self._several:
            return _listed(self._several[name], value)
        if name == "slot":
            return spoken_moment(value)
        if name == "shows":
            known, pairs = self._several["consents"], (entry.partition(":") for entry in value)
            return "\n".join(f"{known.get(int(key), key)}: {ConsentUse(use).label}" for key, _, use in pairs)
        if name == "media":
            return "\n".join(f"{self._pictures.get(sha256, 'Bild')}: {' '.join(rest)}" for sha256, *rest in value)
        return str(value)


def _listed(names: Mapping[Any, str], keys: Sequence[Any]) -> str:
    return ", ".join(str(names.get(key, key)) for key in keys)


def spoken_moment(value: str) -> str:
    moment = dt.datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=dt.UTC).astimezone(BERLIN)
    return f"{moment:%d.%m.%Y, %H:%M} Uhr"
