"""One's own account: who am I here, what may I do, how do I change my password."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ..actions import calendar_keys
from ..enums import Role
from ..forms.notices import MailForm
from ..roles import StaffRequest, confirmed, roles, signed_in

# What each role may do, in the words of a person who has it.
MAY: dict[Role, tuple[str, ...]] = {
    Role.PROE: (
        "Beiträge schreiben, zur Freigabe geben, einplanen und anhalten",
        "Beiträge der anderen Person in PRÖ im Eilweg freigeben",
        "Bilder hochladen und beschreiben",
        "Auswertungen erstellen und kommentieren",
        "die öffentlichen Texte und die Angaben zu den Kanälen pflegen",
        "einen gesperrten Kanal wieder senden lassen, wenn der Grund behoben ist",
    ),
    Role.GF: (
        "Beiträge freigeben, zurückgeben oder ablehnen, nur keine eigenen",
        "Beiträge selbst schreiben",
        "Auswertungen veröffentlichen",
        "die Einstellungen lesen",
    ),
    Role.FACH: (
        "freigegebene Beiträge im Redaktionsplan und in der Liste lesen",
        "Fragen der PRÖ beantworten und lesen, worum es dabei geht",
        "Ideen vorschlagen",
    ),
    Role.ADMIN: (
        "Konten anlegen, sperren, wieder öffnen und ihre Rolle ändern, nur nicht beim eigenen",
        "die Einstellungen lesen",
        "einen gesperrten Kanal wieder senden lassen, wenn der Grund behoben ist",
    ),
    Role.DSB: ("die Übersicht lesen und Ihr Konto verwalten",),
}


# In the session until it was shown once.
NEW_KEY_URL = "new_calendar_url"


class PasswordChange(PasswordChangeView):
    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for field in form.fields.values():  # the library repeats each label inside its field
            field.widget.attrs.pop("placeholder", None)
        return form

    def get_default_success_url(self) -> str:
        return reverse("editorial:account")


password = signed_in(PasswordChange.as_view())


@require_GET
@signed_in
def account(request: StaffRequest) -> HttpResponse:
    role = request.user.role
    assert role is not None  # nobody without a role comes past the guard
    context = {
        "reads_own_record": role == Role.PROE,
        "facts": [
            ("Name", request.user.display_name),
            ("Benutzername", request.user.get_username()),
            ("E-Mail-Adresse", request.user.email),
            ("Rolle", role.label),
        ],
        "may": MAY[role],
        "mail_form": MailForm(person=request.user),
        "may_subscribe": role in calendar_keys.READERS,
        "key_made_at": calendar_keys.made_at(request.user),
        "new_key_url": request.session.pop(NEW_KEY_URL, ""),
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        "longest_hours": int(settings.SESSION_LONGEST.total_seconds()) // 3600,
    }
    return render(request, "editorial/account/account.html", context)


@require_POST
@roles(*calendar_keys.READERS)
@confirmed
def calendar_key(request: StaffRequest) -> HttpResponse:
    """Make the key of the own calendar, renew it or revoke it."""
    if "entziehen" in request.POST:
        if calendar_keys.revoke(request.user):
            messages.success(request, "Das Abo ist beendet. Die alte Adresse führt ins Leere.")
        return redirect("editorial:account")
    path = reverse("editorial:plan_subscription", args=[calendar_keys.renew(request.user)])
    request.session[NEW_KEY_URL] = settings.PUBLIC_BASE_URL + path
    return redirect(f"{reverse('editorial:account')}#kalender")
