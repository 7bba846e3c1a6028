"""Settings: the lists that rules read. One page per list, one per entry; PRÖ changes them, others read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from ..actions import house_lists
from ..enums import Role
from ..forms.house_lists import (
    ContactForm,
    DepartmentForm,
    ElectionForm,
    FixedDateForm,
    RecurringSlotForm,
    SiteForm,
    TermForm,
    TextBlockForm,
)
from ..models import (
    Department,
    Election,
    FixedDate,
    GlossaryTerm,
    PublishedContact,
    RecurringSlot,
    TextBlock,
    TrustedSite,
)
from ..roles import StaffRequest, roles
from ..templatetags.kern import berlin_short

READERS = (Role.PROE, Role.GF, Role.ADMIN)
ENTRIES_PER_PAGE = 30
UNPROCESSABLE = 422


@dataclass(frozen=True)
class HouseList:
    """``cells`` gives what stands beside an entry, as heading and words; ``only`` leaves some entries out."""

    slug: str
    title: str
    about: str
    form: type[ModelForm]
    model: type[Model]
    heading: str
    cells: Callable[[Any], list[tuple[str, str]]]
    related: tuple[str, ...] = ()
    with_many: tuple[str, ...] = ()
    only: dict[str, Any] = field(default_factory=dict)

    def entries(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(**self.only)


LISTS = {
    one.slug: one
    for one in (
        HouseList(
            "abkuerzungen",
            "Abkürzungen",
            "Was hier nicht steht, meldet die Prüfung als unbekannt. Was auszuschreiben ist, nennt sie mit Bedeutung.",
            TermForm,
            GlossaryTerm,
            "Abkürzung",
            lambda term: [("Bedeutung", term.meaning), ("Ausschreiben", "ja" if term.spell_out else "nein")],
        ),
        HouseList(
            "kontaktdaten",
            "Öffentliche Nummern und Adressen",
            "Diese Telefonnummern und E-Mail-Adressen dürfen in einem Beitrag stehen. "
            "Adressen der eigenen Website und Servicenummern mit 0800 oder 0180 sind immer erlaubt.",
            ContactForm,
            PublishedContact,
            "Nummer oder Adresse",
            lambda contact: [("Wofür", contact.purpose)],
        ),
        HouseList(
            "websites",
            "Geprüfte Websites",
            "Seriös und frei zu lesen: Als Quelle und als Seite mit demselben Inhalt gelten sie ohne weitere Prüfung. "
            "Unsere eigenen Websites gehören immer dazu.",
            SiteForm,
            TrustedSite,
            "Website",
            lambda site: [
                ("Name", site.name),
                ("Begründung", site.reason),
                ("Seit", berlin_short(site.added_on)),
            ],
            only={"is_own": False},
        ),
        HouseList(
            "wahlen",
            "Wahlen",
            "In der Zeit davor mahnt die Prüfung zur Zurückhaltung, und es gibt keinen Eilweg.",
            ElectionForm,
            Election,
            "Wahl",
            lambda one: [("Zurückhaltung ab", berlin_short(one.quiet_from)), ("Wahltag", berlin_short(one.day))],
        ),
        HouseList(
            "bausteine",
            "Vorlagen und Bausteine",
            "Texte und Hashtags des Hauses. Beim Schreiben stehen sie neben dem Beitrag zum Einfügen.",
            TextBlockForm,
            TextBlock,
            "Bezeichnung",
            lambda block: [
                ("Art", block.get_kind_display()),
                ("Thema", block.topic.name if block.topic else "alle"),
                ("Text", block.text),
            ],
            related=("topic",),
        ),
        HouseList(
            "abteilungen",
            "Abteilungen der Fachberatung",
            "Wen die PRÖ fragen kann. Wer bei einer Abteilung steht, sieht ihre Anfragen und kann antworten.",
            DepartmentForm,
            Department,
            "Abteilung",
            lambda one: [("Wer antwortet", ", ".join(map(str, one.members.all())) or "noch niemand")],
            with_many=("members",),
        ),
        HouseList(
            "feste-tage",
            "Eigene feste Tage",
            "Tage, um die wir herum planen, zum Beispiel ein Aktionstag. Sie stehen im Plan neben den Feiertagen.",
            FixedDateForm,
            FixedDate,
            "Tag",
            lambda one: [("Datum", berlin_short(one.day)), ("Jedes Jahr", "ja" if one.is_yearly else "nein")],
        ),
        HouseList(
            "feste-zeiten",
            "Feste Sendezeiten",
            "Zeiten, zu denen jede Woche etwas erscheinen soll. Ist eine noch frei, bietet der Plan sie an.",
            RecurringSlotForm,
            RecurringSlot,
            "Zeit",
            lambda one: [("Thema", one.topic.name if one.topic else "alle")],
            related=("topic",),
        ),
    )
}


@require_http_methods(["GET", "POST"])
@roles(*READERS)
def house_list(request: StaffRequest, name: str) -> HttpResponse:
    """The list with a form for a new entry."""
    here = _list_named(name)
    form = here.form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not _may_edit(request):
            raise PermissionDenied
        if form.is_valid():
            return _stored(request, here, form)
    entries = here.entries().select_related(*here.related).prefetch_related(*here.with_many)
    page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("seite"))
    rows = [(entry, here.cells(entry)) for entry in page]
    context = {"here": here, "form": form, "page": page, "rows": rows, "may_edit": _may_edit(request)}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "editorial/house_lists/list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@roles(Role.PROE)
def house_list_entry(request: StaffRequest, name: str, pk: int) -> HttpResponse:
    here = _list_named(name)
    entry = get_object_or_404(here.entries(), pk=pk)
    if "entfernen" in request.POST:
        try:
            house_lists.remove(entry, by=request.user)
            messages.success(request, f"Entfernt: {entry}.")
        except house_lists.StillNeeded:
            messages.error(request, f"{entry} bleibt in der Liste: Es gibt Anfragen dazu.")
        return redirect("editorial:house_list", here.slug)
    title = str(entry)
    form = here.form(request.POST if request.method == "POST" else None, instance=entry)
    if request.method == "POST" and form.is_valid():
        return _stored(request, here, form)
    context = {"here": here, "form": form, "title": title}
    return render(request, "editorial/house_lists/entry.html", context, status=UNPROCESSABLE if form.errors else 200)


def _stored(request: StaffRequest, here: HouseList, form: ModelForm) -> HttpResponse:
    if form.has_changed():
        house_lists.keep(form.save(commit=False), by=request.user, links=form.save_m2m)
        messages.success(request, f"Gespeichert: {form.instance}.")
    else:
        messages.info(request, "Es hat sich nichts geändert.")
    return redirect("editorial:house_list", here.slug)


def _list_named(name: str) -> HouseList:
    if name not in LISTS:
        raise Http404
    return LISTS[name]


def _may_edit(request: StaffRequest) -> bool:
    return request.user.role == Role.PROE
