"""The links of all Beiträge: what the check found, what a person said, and a look on demand (K-46)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..actions import links as checking
from ..enums import LinkOpinion, LinkState, PostState, Role
from ..forms.links import LinkOpinionForm
from ..models import LinkCheck, PostLink
from ..roles import StaffRequest, roles
from . import linking
from .posts import UNPROCESSABLE, get_post

EDITORS = (Role.PROE, Role.GF)
PER_PAGE, POSTS_SHOWN = 20, 20
BROKEN = (LinkState.DEAD, LinkState.UNREACHABLE)
NOT_FREE = (LinkState.PAID, LinkState.MARKED, LinkState.LOG_IN)
TABS: dict[str, tuple[str, Q]] = {
    "": ("Nicht erreichbar", Q(state__in=BROKEN)),
    "bezahlt": ("Nicht frei", Q(state__in=NOT_FREE) | Q(opinion=LinkOpinion.NOT_FREE)),
    "ungeprueft": ("Ungeprüft", Q(state__in=(LinkState.UNCHECKED, LinkState.REFUSED))),
    "alle": ("Alle", Q()),
}
ASKED, DEMO = "Die Prüfung ist bestellt. Das Ergebnis steht gleich hier.", "In der Demonstration wird nichts abgerufen."


@require_safe
@roles(*EDITORS)
def link_list(request: StaffRequest) -> HttpResponse:
    chosen = request.GET.get("stand", "")
    chosen = chosen if chosen in TABS else ""
    used = PostLink.objects.filter(link=OuterRef("pk")).exclude(post__state=PostState.WITHDRAWN)
    newest = used.order_by("-post").values("post")[:1]
    number = used.order_by().values("link").annotate(number=Count("post", distinct=True)).values("number")
    found = linking.all_of().filter(TABS[chosen][1]).filter(Exists(used))
    found = found.annotate(newest_post=Subquery(newest), number_of_posts=Subquery(number))
    page = Paginator(found.order_by("-is_ahead", "-bad_since", "-pk"), PER_PAGE).get_page(request.GET.get("seite"))
    here = reverse("editorial:links")
    context = {
        "page": page,
        "rows": [linking.shown(link) for link in page],
        "chosen": chosen,
        "tabs": [
            {"label": label, "url": f"{here}?stand={name}" if name else here, "current": name == chosen, "count": None}
            for name, (label, _) in TABS.items()
        ],
    }
    return render(request, "editorial/links/list.html", context)


@require_http_methods(["GET", "POST"])
@roles(*EDITORS)
def link(request: StaffRequest, pk: int) -> HttpResponse:
    """One address: what the machine found, and below it what a person says."""
    found = get_object_or_404(linking.all_of(), pk=pk)
    form = LinkOpinionForm(request.POST if request.method == "POST" else None, link=found)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        checking.judge(found, LinkOpinion(typed["opinion"]), typed["reason"].strip(), by=request.user)
        messages.success(request, "Festgehalten, mit Ihrem Namen und dem heutigen Tag.")
        return redirect("editorial:link", pk)
    places = PostLink.objects.filter(link=found).select_related("post").order_by("-post", "pk")[:POSTS_SHOWN]
    context: dict[str, Any] = {
        "shown": linking.shown(found),
        "facts": linking.facts(found),
        "form": form,
        "places": places,
    }
    return render(request, "editorial/links/link.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
@roles(*EDITORS)
def link_check(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(LinkCheck, pk=pk)
    checking.ask(LinkCheck.objects.filter(pk=found.pk))
    messages.success(request, DEMO if found.is_demo else ASKED)
    return redirect("editorial:link", pk)


@require_http_methods(["GET", "POST"])
@roles(*EDITORS)
def post_links(request: StaffRequest, pk: int) -> HttpResponse:
    """The panel of one Beitrag: POST asks for a look at all its links, GET shows how far it is."""
    post = get_post(pk)
    if request.method == "POST":
        checking.ask_for(post)
    if not request.htmx:  # type: ignore[attr-defined]  # set by the middleware of django-htmx
        if request.method == "POST":
            messages.success(request, DEMO if post.is_demo else ASKED)
        return redirect(f"{reverse('editorial:post', args=[pk])}#links")
    return render(request, "editorial/links/_panel.html", {"post": post, **panel(linking.of_post(post))})


def panel(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What editorial/links/_panel.html takes besides ``post``."""
    return {"links": found, "links_wait": any(one["link"].is_waiting for one in found)}
