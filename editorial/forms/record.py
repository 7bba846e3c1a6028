from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from .. import record_words

LARGEST = 2**63 - 1


def _words(words: dict[str, str]) -> list[tuple[str, str]]:
    return [("", "Alle"), *sorted(words.items(), key=lambda pair: pair[1])]


class RecordForm(forms.Form):
    """The filters of the Protokoll. There is none by person, on purpose."""

    since = forms.DateField(label="Von", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Bis einschließlich", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    step = forms.ChoiceField(label="Schritt", required=False, choices=_words(record_words.EVERY_STEP))
    subject = forms.ChoiceField(label="Gegenstand", required=False, choices=_words(record_words.SUBJECTS))
    number = forms.IntegerField(label="Nummer des Gegenstands", required=False, min_value=1, max_value=LARGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", "Dieser Tag liegt vor dem ersten.")
        return asked
