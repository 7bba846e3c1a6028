from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms


class SendingForm(forms.Form):
    """Who sends on a channel, and what a month may cost."""

    posts_by_hand = forms.BooleanField(
        label="Von Hand senden",
        required=False,
        help_text="Mit Häkchen sendet die Anwendung nichts. Zum Termin bekommt die PRÖ eine Mail, kopiert Text und "
        "Bilder auf den Kanal und trägt die Adresse des Beitrags ein.",
    )
    cap_usd = forms.DecimalField(
        label="Grenze im Monat in US-Dollar",
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        localize=True,
        help_text="Ist sie erreicht, geht auf den Kanal nichts mehr hinaus, bis der nächste Monat beginnt. "
        "Bei vier Fünfteln kommt eine Mail. Leer: keine Grenze.",
        error_messages={
            "invalid": "Bitte geben Sie einen Betrag ein, zum Beispiel 25 oder 12,50.",
            "min_value": "Ein Betrag unter null geht nicht.",
            "max_decimal_places": "Bitte höchstens zwei Stellen nach dem Komma.",
            "max_digits": "Dieser Betrag ist zu groß.",
            "max_whole_digits": "Dieser Betrag ist zu groß.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts_by_hand"].label_note = ""  # type: ignore[attr-defined]  # read by the form pack
        self.fields["cap_usd"].widget.input_type = "text"  # a number field of the browser knows no German comma
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset("Wer sendet?", "posts_by_hand"), Fieldset("Was darf der Kanal kosten?", "cap_usd")
        )
