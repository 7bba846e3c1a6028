"""The forms of the access register; who may stand in it and where is the action's business."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from ..clock import berlin_day
from ..enums import AccessKind, Role
from ..models import ChannelAccess, User
from .staff import ReasonForm

NO_NAMES = "Bitte nennen Sie hier keine Namen."
HANDLE_HELP = "Der Name auf der Plattform, zum Beispiel @beispiel. Nie ein Passwort."


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class _Handle(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=50, label="Eigenes Konto auf der Plattform", help_text=HANDLE_HELP, **options)

    def clean(self, value: Any) -> str:
        handle: str = super().clean(value).removeprefix("@")
        if handle and not handle.replace("_", "").isalnum():
            raise forms.ValidationError("Der Name besteht aus Buchstaben, Ziffern und Unterstrichen.")
        return handle


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name} ({obj.role.label})"


class NewAccessForm(_Form):
    user = _Person(label="Person", queryset=User.objects.none(), empty_label="Bitte wählen")
    kind = forms.ChoiceField(
        label="Art des Zugangs",
        choices=[("", "Bitte wählen"), *AccessKind.choices],
        help_text="Jede Person arbeitet mit ihrem eigenen Konto. Ein gemeinsames Passwort gibt es nicht.",
    )
    basis = forms.CharField(
        label="Grundlage", max_length=200, help_text=f"Zum Beispiel ein Beschluss mit Datum. {NO_NAMES}"
    )
    own_handle = _Handle(required=False)
    has_second_factor = forms.BooleanField(label="Zweiter Faktor auf der Plattform ist eingeschaltet", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = User.objects.filter(is_active=True, groups__name__in=[Role.PROE, Role.GF])
        people: Any = self.fields["user"]
        people.queryset = possible.exclude(channel_accesses__in=ChannelAccess.objects.open()).distinct()
        self.fields["own_handle"].label_note = "für die Geschäftsführung nötig"  # type: ignore[attr-defined]  # read by the form pack (docs/oberflaeche.md)
        self.fields["has_second_factor"].label_note = ""  # type: ignore[attr-defined]  # as above


class EndForm(ReasonForm):
    """Why an access ends."""


class ProofForm(_Form):
    removed_on = forms.DateField(
        label="Auf der Plattform entzogen am", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    proof = forms.CharField(
        label="Nachweis", max_length=300, help_text="Zum Beispiel das Aktenzeichen des abgelegten Bildschirmfotos."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["removed_on"].initial = berlin_day(timezone.now())


class AccountCheckForm(_Form):
    own_handle = _Handle()


class SecondFactorForm(_Form):
    is_on = forms.TypedChoiceField(
        label="Zweiter Faktor auf der Plattform",
        choices=[("", "Bitte wählen"), ("ja", "eingeschaltet"), ("nein", "nicht eingeschaltet")],
        coerce=lambda said: said == "ja",
        help_text="Sehen Sie mit der Person zusammen nach. Fehlt er, schaltet sie ihn gleich ein.",
    )


class ReviewForm(_Form):
    """One box for each access: it is as it stands here; ``seen`` are their ids."""

    note = forms.CharField(label="Bemerkung", max_length=300, required=False, help_text=NO_NAMES)

    def __init__(self, *args: Any, accesses: list[ChannelAccess], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for access in accesses:
            self.fields[f"access_{access.pk}"] = box = forms.BooleanField(
                label=f"{access.place}: {access.user.display_name}",
                error_messages={"required": "Bitte prüfen Sie auch diesen Zugang, oder beenden Sie ihn."},
            )
            box.label_note = ""  # type: ignore[attr-defined]  # read by the form pack (docs/oberflaeche.md)
        self.order_fields([name for name in self.fields if name != "note"])

    @property
    def seen(self) -> list[int]:
        return [int(name.removeprefix("access_")) for name in self.fields if name.startswith("access_")]
