from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from ..clock import database_now
from .fields import SlotField

LONGEST_REASON = 500


class PauseForm(forms.Form):
    """Begin a Sendepause. An empty end means: until somebody ends it."""

    reason = forms.CharField(
        label="Grund",
        max_length=LONGEST_REASON,
        help_text="Alle Angemeldeten lesen ihn. Bitte nennen Sie keine Namen.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Bitte nennen Sie einen Grund."},
    )
    until = SlotField(
        label="Ende",
        required=False,
        help_text="Berliner Zeit. Leer: bis jemand die Sendepause beendet.",
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("reason", "until")

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and until <= database_now():
            raise ValidationError("Dieses Ende ist schon vorbei. Bitte wählen Sie ein späteres.", code="slot.past")
        return until
