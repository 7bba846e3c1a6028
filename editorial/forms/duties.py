"""The forms of the registers about the house itself: duties, trainings, the staff council."""

from typing import Any

from django import forms
from django.db.models import Q

from ..models import Duty, Participation, Training, User
from .registers import RegisterForm


def _people(*kept: int | None) -> Any:
    """Everybody with an open account, and who stands there already."""
    return User.objects.filter(Q(is_active=True) | Q(pk__in=[pk for pk in kept if pk])).order_by(
        "last_name", "first_name", "pk"
    )


class DutyForm(RegisterForm):
    groups = (
        ("Welche Aufgabe ist es?", ("name", "source")),
        ("Wer macht sie, und wer vertritt?", ("owner", "deputy", "absent_until")),
    )

    class Meta(RegisterForm.Meta):
        model = Duty
        fields = ("name", "source", "owner", "deputy", "absent_until")
        help_texts = {
            "source": "Zum Beispiel die Nummer im Nutzungskonzept.",
            "deputy": "Eine andere Person. Sie übernimmt, wenn die zuständige fehlt.",
            "absent_until": "Leer: Die zuständige Person ist da.",
        }
        error_messages = {"name": {"unique": "Diese Aufgabe steht schon im Register."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = _people(self.instance.owner_id, self.instance.deputy_id)
        for name in ("owner", "deputy"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]  # a choice field by declaration

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("owner") and cleaned.get("owner") == cleaned.get("deputy"):
            self.add_error("deputy", "Niemand vertritt sich selbst. Bitte wählen Sie eine andere Person.")
        return cleaned


class TrainingForm(RegisterForm):
    groups = (("Wer wurde worin geschult?", ("person", "subject", "held_on", "valid_until")),)
    not_later = ("held_on",)

    class Meta(RegisterForm.Meta):
        model = Training
        fields = ("person", "subject", "held_on", "valid_until")
        help_texts = {"valid_until": "Leer: ohne Ende."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = _people(self.instance.person_id)  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        held_on, valid_until = cleaned.get("held_on"), cleaned.get("valid_until")
        if held_on and valid_until and valid_until < held_on:
            self.add_error("valid_until", "Das liegt vor der Schulung.")
        return cleaned


class ParticipationForm(RegisterForm):
    groups = (
        ("Wann wurde der Personalrat woran beteiligt?", ("subject", "held_on")),
        ("Was kam heraus?", ("agreement", "scope", "reference")),
    )
    not_later = ("held_on",)

    class Meta(RegisterForm.Meta):
        model = Participation
        fields = ("subject", "held_on", "agreement", "scope", "reference")
        widgets = {"scope": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"scope": "In ein bis drei Sätzen. Bitte nennen Sie keine Namen."}
