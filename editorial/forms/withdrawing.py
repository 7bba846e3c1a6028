from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

LONGEST_WORDS = 1000
TOO_LONG = "Das sind mehr als 1.000 Zeichen. Bitte kürzen Sie."


class WithdrawalForm(forms.Form):
    """What anybody may write to end their consent: as little as is needed to find it."""

    name = forms.CharField(
        label="Ihr Name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Bitte nennen Sie Ihren Namen.", "max_length": "Das sind mehr als 200 Zeichen."},
    )
    story = forms.CharField(
        label="Worum geht es?",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Zum Beispiel: mein Foto im Beitrag über die Ausbildung, im Frühjahr 2026. Gründe sind nicht nötig.",
        error_messages={"required": "Bitte schreiben Sie kurz, worum es geht.", "max_length": TOO_LONG},
    )
    contact = forms.CharField(
        label="Wie erreichen wir Sie?",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Telefon, E-Mail oder Anschrift. Nur für die Bestätigung.",
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # a token of Django's would need a cookie
        self.helper.layout = Layout("name", "story", "contact", Submit("send", "Widerruf absenden"))

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in ("name", "story", "contact")}


class CaseForm(forms.Form):
    """Whose consent it is that somebody wrote about."""

    pseudonym = forms.CharField(
        label="Kennung der Einwilligung",
        required=False,
        max_length=20,
        help_text="Zum Beispiel VG-2026-007. Leer: Es lässt sich keiner Einwilligung zuordnen.",
        error_messages={"max_length": "So lang ist keine Kennung."},
    )
