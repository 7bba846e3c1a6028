"""Accounts of staff, for the Administration: who has one, who gets one, which role, who is shut out at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..actions import accounts
from ..clock import berlin_day
from ..enums import Role
from ..forms.staff import NewAccountForm, PersonForm, ReasonForm, RoleForm
from ..models import ChannelAccess, User
from ..roles import StaffRequest, confirmed, roles

ROWS_PER_PAGE = 30
CONFLICT, UNPROCESSABLE = 409, 422
# Nobody else's business than that it is so: when somebody was here last is shown to nobody.
TABS: dict[str, tuple[str, Q]] = {
    "": ("Alle", Q()),
    "offen": ("Offen", Q(is_active=True)),
    "gesperrt": ("Gesperrt", Q(is_active=False)),
}


@require_GET
@roles(Role.ADMIN)
def staff_list(request: StaffRequest) -> HttpResponse:
    tab = request.GET.get("liste", "")
    tab = tab if tab in TABS else ""
    words = request.GET.get("q", "").strip()[:100]
    page = Paginator(_found(tab, words), ROWS_PER_PAGE).get_page(request.GET.get("seite"))
    here = reverse("editorial:staff")
    tabs = [
        {"label": label, "url": here + (f"?liste={name}" if name else ""), "current": name == tab}
        for name, (label, _) in TABS.items()
    ]
    rows = [(one, Role(one.role_name).label if one.role_name else "keine", _state(one)) for one in page]
    context = {"page": page, "rows": rows, "tabs": tabs, "tab": tab, "words": words}
    return render(request, "editorial/staff/list.html", context)


def _found(tab: str, words: str) -> QuerySet[Any]:
    role = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=Role.values)
    found = User.objects.filter(TABS[tab][1]).annotate(
        role_name=Subquery(role.values("group__name")[:1]),
        has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
    )
    for word in words.split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
        )
    return found.order_by("last_name", "first_name", "username")


def _state(user: User) -> tuple[str, str]:
    """In a word and a tone."""
    if not user.is_active:
        return "Gesperrt", "danger"
    return ("Offen", "success") if user.has_usable_password() else ("Eingeladen", "info")


@require_http_methods(["GET", "POST"])
@roles(Role.ADMIN)
@confirmed
def staff_new(request: StaffRequest) -> HttpResponse:
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        name = (asked["first_name"], asked["last_name"])
        try:
            user = accounts.create(asked["username"], Role(asked["role"]), asked["email"], name=name, by=request.user)
        except ValidationError as error:  # somebody else took the name in this moment
            form.add_error(None, error.messages[0])
        else:
            _say_invited(request, accounts.send_invitation(user, by=request.user), user)
            return redirect("editorial:staff_account", user.pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "editorial/staff/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@roles(Role.ADMIN)
@confirmed
def staff_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One account; a POST keeps another name or address."""
    user = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        changed = accounts.rename(user, form.cleaned_data, by=request.user)
        messages.success(request, "Gespeichert." if changed else "Es hat sich nichts geändert.")
        return redirect("editorial:staff_account", pk)
    return _page(request, pk, form=form, status=UNPROCESSABLE if request.method == "POST" else 200)


@dataclass(frozen=True)
class Step:
    """``take`` does it and gives what to say; ``confirm`` is what will happen, asked where harm is possible."""

    slug: str
    label: str
    about: str
    take: Callable[[StaffRequest, User, dict[str, Any]], str]
    form: type[Form] | None = None
    confirm: str = ""
    danger: bool = False


@require_POST
@roles(Role.ADMIN)
@confirmed
def staff_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    user, chosen = get_object_or_404(User, pk=pk), STEPS[step]
    form = chosen.form(request.POST) if chosen.form else None
    if form is not None and not form.is_valid():
        return _page(request, pk, wrong={step: form}, status=UNPROCESSABLE)
    try:
        said = chosen.take(request, user, form.cleaned_data if form else {})
    except accounts.Refused as refusal:
        return _page(request, pk, wrong={step: form} if form else {}, refused=str(refusal), status=CONFLICT)
    if said:
        messages.success(request, said)
    return redirect("editorial:staff_account", pk)


def _change_role(request: StaffRequest, user: User, asked: dict[str, Any]) -> str:
    role = Role(asked["role"])
    accounts.change_role(user, role, asked["reason"], by=request.user)
    return f"{user.display_name} hat jetzt die Rolle {role.label}."


def _disable(request: StaffRequest, user: User, asked: dict[str, Any]) -> str:
    accounts.disable(user, asked["reason"], by=request.user)
    return f"Das Konto von {user.display_name} ist gesperrt. Alle Anmeldungen sind beendet."


def _reset_factor(request: StaffRequest, user: User, asked: dict[str, Any]) -> str:
    accounts.reset_second_factor(user, asked["reason"], by=request.user)
    return f"Der zweite Faktor von {user.display_name} ist zurückgesetzt."


def _enable(request: StaffRequest, user: User, asked: dict[str, Any]) -> str:
    accounts.enable(user, asked["reason"], by=request.user)
    return f"Das Konto von {user.display_name} ist wieder offen."


def _invite(request: StaffRequest, user: User, asked: dict[str, Any]) -> str:
    _say_invited(request, accounts.send_invitation(user, by=request.user), user)
    return ""


def _end_sessions(request: StaffRequest, user: User, asked: dict[str, Any]) -> str:
    accounts.end_sessions(user, by=request.user)
    return f"{user.display_name} ist überall abgemeldet."


STEPS = {
    one.slug: one
    for one in (
        Step(
            "einladen",
            "Link für ein Passwort senden",
            "Die Person bekommt eine Mail mit einem Link. Er gilt einmal und drei Tage lang. "
            "Ein Passwort, das es schon gibt, gilt weiter, bis sie ein neues festlegt.",
            _invite,
        ),
        Step(
            "rolle",
            "Rolle ändern",
            "Die neue Rolle gilt vom nächsten Klick der Person an, auch wo sie schon angemeldet ist.",
            _change_role,
            form=RoleForm,
            confirm="Die Person darf danach nur noch, was zur neuen Rolle gehört.",
        ),
        Step(
            "abmelden",
            "Überall abmelden",
            "Zum Beispiel, wenn ein Gerät verloren ging. Die Person kann sich neu anmelden.",
            _end_sessions,
            confirm="Was die Person gerade schreibt und nicht gespeichert hat, kann verloren gehen.",
        ),
        Step(
            "faktor",
            "Zweiten Faktor zurücksetzen",
            "Wenn Gerät und Ersatzcodes fehlen. Vergewissern Sie sich, dass Sie mit der richtigen Person sprechen. "
            "Sie bekommt eine Mail und richtet bei der nächsten Anmeldung einen neuen ein.",
            _reset_factor,
            form=ReasonForm,
            confirm="Die Person wird überall abgemeldet. Bis sie einen neuen einrichtet, schützt nur das Passwort.",
            danger=True,
        ),
        Step(
            "sperren",
            "Konto sperren",
            "Die Person kann sich nicht mehr anmelden. Was sie geschrieben hat, bleibt.",
            _disable,
            form=ReasonForm,
            confirm="Die Person wird sofort überall abgemeldet und kann sich nicht mehr anmelden.",
            danger=True,
        ),
        Step(
            "oeffnen",
            "Konto wieder öffnen",
            "Die Person kann sich wieder anmelden, mit der Rolle und dem Passwort von vorher.",
            _enable,
            form=ReasonForm,
            confirm="Die Person kann sich danach wieder anmelden.",
        ),
    )
}


def _say_invited(request: StaffRequest, sent: bool, user: User) -> None:
    if sent:
        messages.success(request, f"Die Einladung ging an {user.email}.")
    else:
        messages.error(
            request,
            "Das Konto besteht, aber die Einladung konnte nicht gesendet werden: "
            "Der Mailserver antwortet nicht. Bitte senden Sie sie später noch einmal.",
        )


def _page(
    request: StaffRequest,
    pk: int,
    *,
    form: PersonForm | None = None,
    wrong: dict[str, Any] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    is_own = user.pk == request.user.pk
    offered = [] if is_own else [_offered(one, user, wrong or {}) for one in _possible(user)]
    state, tone = _state(user)
    context = {
        "account": user,
        "is_own": is_own,
        "state": state,
        "tone": tone,
        "facts": [
            ("Anmeldename", user.username),
            ("Rolle", user.role.label if user.role else "keine"),
            ("Angelegt am", f"{berlin_day(user.date_joined):%d.%m.%Y}"),
        ],
        "form": form or PersonForm(instance=user),
        "steps": offered,
        "refused": refused,
        "has_access": ChannelAccess.objects.valid(berlin_day(timezone.now())).filter(user=user).exists(),
    }
    return render(request, "editorial/staff/account.html", context, status=status)


def _possible(user: User) -> list[Step]:
    slugs = ["einladen", "rolle", "abmelden", "faktor", "sperren"] if user.is_active else ["rolle", "oeffnen"]
    if "faktor" in slugs and not Authenticator.objects.filter(user=user).exists():
        slugs.remove("faktor")
    return [STEPS[slug] for slug in slugs]


def _offered(step: Step, user: User, wrong: dict[str, Any]) -> dict[str, Any]:
    form = wrong.get(step.slug)
    if form is None and step.form is not None:
        first = {"role": user.role} if step.form is RoleForm else None
        form = step.form(initial=first, auto_id=f"id_{step.slug}_%s")
    elif form is not None:
        form.auto_id = f"id_{step.slug}_%s"
    return {"step": step, "form": form, "open": step.slug in wrong}
