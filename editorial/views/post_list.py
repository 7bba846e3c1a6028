"""The list of all Beiträge: by state, by words, by filters; as a table to take along; views under a name."""

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from .. import plan, reading, searching
from ..enums import PostState, Role
from ..forms.post_filter import PostFilter, ViewForm
from ..models import Post, SavedView, User
from ..roles import StaffRequest, roles
from ..templatetags.kern import berlin_short, state_label
from . import live_tabs, presenting
from .plan_exports import BOM, harmless

EDITORS = (Role.PROE, Role.GF)
READERS = (Role.PROE, Role.GF, Role.FACH)
POSTS_PER_PAGE = 30
MOST_VIEWS = 20
TABS_LABEL = "Beiträge nach Status"
HEADER = ("Nummer", "Status", "Art", "Thema", "Termin", "Zuletzt geändert", "Text")

# The tabs of the list: name in the address, label, which Beiträge; "" shows all.
TABS: dict[str, tuple[str, PostState | None]] = {
    "": ("Alle", None),
    "ideen": ("Ideen", PostState.IDEA),
    "entwuerfe": ("Entwürfe", PostState.DRAFT),
    "freigabe": ("In Freigabe", PostState.IN_REVIEW),
    "freigegeben": ("Freigegeben", PostState.APPROVED),
    "zurueckgezogen": ("Zurückgezogen", PostState.WITHDRAWN),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks for, after everything unusable was replaced."""

    tab: str
    words: str
    form: PostFilter
    readable: Q

    @property
    def narrowing(self) -> dict[str, str]:
        """Words and filters by their names in the address; the tab is another matter."""
        return {name: value for name, (value, _) in self.form.chosen().items()} | (
            {"q": self.words} if self.words else {}
        )

    @property
    def query(self) -> dict[str, str]:
        return ({"status": self.tab} if self.tab else {}) | self.narrowing

    def address(self, *, without: str = "", name: str = "editorial:posts") -> str:
        kept = {key: value for key, value in self.query.items() if key != without}
        return reverse(name) + (f"?{urlencode(kept)}" if kept else "")

    def posts(self) -> QuerySet[Post]:
        state = TABS[self.tab][1]
        found = Post.objects.filter(self.readable, **self.form.conditions())
        return searching.with_words(found.filter(state=state) if state else found, self.words)


def asked_by(person: User, data: Any) -> Asked:
    tab = data.get("status", "")
    form = PostFilter(data, plan.words())
    return Asked(tab if tab in TABS else "", searching.cleaned(data.get("q", "")), form, reading.readable_by(person))


@require_GET
@roles(*READERS)
def post_list(request: StaffRequest) -> HttpResponse:
    asked = asked_by(request.user, request.GET)
    pages = Paginator(asked.posts().select_related("topic").prefetch_related("deliveries"), POSTS_PER_PAGE)
    counts = dict(Post.objects.filter(asked.readable).values_list("state").annotate(Count("pk")).order_by())
    if live_tabs.asked_alone(request):
        return live_tabs.alone(request, _tabs(asked.tab, counts), TABS_LABEL)
    if not asked.narrowing:
        state = TABS[asked.tab][1]
        pages.count = counts.get(state, 0) if state else sum(counts.values())  # counted once, not twice
    page = pages.get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "rows": [(post, presenting.shown_delivery(post)) for post in page],
        "tabs": _tabs(asked.tab, counts),
        "tabs_label": TABS_LABEL,
        "words": asked.words,
        "tab": asked.tab,
        "may_write": request.user.role in EDITORS,
        "views": list(SavedView.objects.filter(user=request.user)[:MOST_VIEWS]),
        **_narrowed(asked),
    }
    return render(request, "editorial/posts/list.html", context)


@require_GET
@roles(*READERS)
def post_csv(request: StaffRequest) -> HttpResponse:
    """Everything the list shows, on all its pages."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    fields = ("pk", "state", "kind", "topic__name", "slot", "updated_at", "text")
    kinds = dict(Post._meta.get_field("kind").flatchoices)
    for pk, state, kind, topic, slot, changed, text in asked_by(request.user, request.GET).posts().values_list(*fields):
        cells = (str(pk), state_label(state), kinds[kind], topic or "", berlin_short(slot), berlin_short(changed), text)
        writer.writerow([harmless(cell) for cell in cells])
    answer = HttpResponse((BOM + sheet.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="beitraege.csv"'
    return answer


@require_POST
@roles(*READERS)
def keep_view(request: StaffRequest) -> HttpResponse:
    """Keep words and filters under a name, or forget such a view; the same name again replaces it."""
    mine = SavedView.objects.filter(user=request.user)
    if (number := request.POST.get("vergessen", "")).isdecimal() and len(number) < len("1000000000"):
        mine.filter(pk=int(number)).delete()
        return redirect("editorial:posts")
    asked, form = asked_by(request.user, request.POST), ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
    elif mine.exclude(name=form.cleaned_data["name"]).count() >= MOST_VIEWS:
        messages.error(request, f"Mehr als {MOST_VIEWS} Ansichten passen nicht hierher. Löschen Sie zuerst eine.")
    else:
        kept = {"query": urlencode(asked.query)}
        SavedView.objects.update_or_create(user=request.user, name=form.cleaned_data["name"], defaults=kept)
        messages.success(request, f"Ansicht gemerkt: {form.cleaned_data['name']}.")
    return redirect(asked.address())


def _narrowed(asked: Asked) -> dict[str, Any]:
    chosen = asked.form.chosen()
    keep = [(name, value) for name, value in asked.query.items() if name in ("status", "q")]
    reset_url = reverse("editorial:posts") + (f"?{urlencode(keep)}" if keep else "")
    chips = tuple((label, asked.address(without=name)) for name, (_, label) in chosen.items())
    values = tuple((name, value) for name, (value, _) in chosen.items())
    return {
        "filter_bar": _filter_bar(values, asked.form.known, chips, tuple(keep), reset_url),
        "reset_url": reset_url,
        "narrowing": asked.query if asked.narrowing else {},
        "filters": [(name, value) for name, value in asked.query.items() if name != "q"],
        "csv_url": asked.address(name="editorial:posts_csv"),
    }


@lru_cache(maxsize=128)
def _filter_bar(
    values: tuple[tuple[str, str], ...],
    known: plan.Words,
    chips: tuple[tuple[str, str], ...],
    keep: tuple[tuple[str, str], ...],
    reset_url: str,
) -> SafeString:
    """The bar as HTML. It follows from its arguments alone and is slow to write: hence remembered, as in the plan."""
    context = {
        "form": PostFilter(dict(values), known),
        "chips": [{"label": label, "url": url} for label, url in chips],
        "keep": keep,
        "reset_url": reset_url,
    }
    return render_to_string("partials/_filter_bar.html", context)


def _tabs(current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": reverse("editorial:posts") + (f"?status={name}" if name else ""),
            "current": name == current,
            "count": counts.get(state, 0) if state else sum(counts.values()),
        }
        for name, (label, state) in TABS.items()
    ]
