from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class TopicForm(forms.Form):
    """What the house may decide about a topic of the concept."""

    needs_consultation = forms.BooleanField(
        label="Fachberatung ist Pflicht",
        required=False,
        help_text="Mit Häkchen geht ein Beitrag zu diesem Thema erst zur Freigabe, wenn die Fachberatung geantwortet "
        "hat. Antwortet sie bis zur Frist nicht, geht es mit einem Grund auch ohne. Was schon freigegeben ist, "
        "geht weiter hinaus.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs_consultation"].label_note = ""  # type: ignore[attr-defined]  # read by the form pack
        self.helper = FormHelper()
        self.helper.form_tag = False
