import datetime as dt
import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from ..actions.texts import CHANNEL_FIELDS
from ..clock import berlin_day, database_now
from ..models import Channel, PublicPageVersion
from ..prose import gaps, printable

LONGEST_TEXT = 40_000
HANDLE = re.compile(r"@?[A-Za-z0-9_.-]{1,49}(?:@[A-Za-z0-9.-]+)?")


class TextForm(forms.Form):
    """A public text as restricted Markdown."""

    body = forms.CharField(
        label="Text",
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "spellcheck": "true"}),
        help_text="Wie Sie Überschriften, Listen und Links schreiben, steht neben dem Text.",
        error_messages={"required": "Der Text ist leer. Bitte schreiben Sie etwas."},
    )
    is_draft = forms.BooleanField(
        label="Noch ein Entwurf",
        required=False,
        help_text="Mit Häkchen steht öffentlich über dem Text: „Entwurf, noch nicht geprüft“.",
    )
    seen_number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, current: PublicPageVersion) -> None:
        super().__init__(
            data, initial={"body": current.body, "is_draft": current.is_draft, "seen_number": current.number}
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("body", "is_draft", "seen_number")
        _without_note(self, "is_draft")

    def clean_body(self) -> str:
        body = printable(self.cleaned_data["body"])
        if not body.strip():
            raise forms.ValidationError("Der Text ist leer. Bitte schreiben Sie etwas.", code="required")
        return body

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        open_gaps = gaps(cleaned.get("body", ""))
        if open_gaps and not cleaned.get("is_draft"):
            number = "eine Lücke" if len(open_gaps) == 1 else f"{len(open_gaps)} Lücken"
            self.add_error("is_draft", f"Der Text hat noch {number}. Solange bleibt er ein Entwurf.")
        return cleaned


class ChannelForm(forms.ModelForm):
    """What the public page says about a channel. The start date is entered once and then stands (K-65)."""

    profile_url = forms.URLField(
        label="Adresse des Profils",
        required=False,
        assume_scheme="https",
        help_text="Die ganze Adresse, zum Beispiel https://x.com/beispielamt.",
    )
    started_on = forms.DateField(
        label="Gestartet am",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Der Tag der ersten Veröffentlichung. Von ihm an zählen die Halbjahre der Auswertung. "
        "Das Datum lässt sich nur einmal eintragen und danach nicht mehr ändern.",
    )
    start_is_right = forms.BooleanField(
        label="Das Datum ist geprüft. Ich weiß, dass es danach feststeht.",
        required=False,
    )

    class Meta:
        model = Channel
        fields = CHANNEL_FIELDS
        widgets = {"interaction": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "handle": "So heißt unser Konto dort, zum Beispiel @beispielamt.",
            "unit": "Wer im Haus den Kanal führt: eine Stelle, kein Name.",
            "readable_without_login": "Jede:r kann alles lesen, ohne sich beim Anbieter anzumelden.",
            "marks_links": "Links zur eigenen Website bekommen eine kurze Kennung je Beitrag (?t=…). Geht eine Antwort "
            "des Kanals verloren, finden wir den Beitrag daran sicher wieder. Über Leser:innen sagt sie nichts.",
            "interaction": "Was können Leser:innen dort tun, worauf antworten wir, worauf nicht?",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_note(self, "readable_without_login", "marks_links", "start_is_right")
        start = () if self.instance.started_on else ("started_on", "start_is_right")
        if not start:
            del self.fields["started_on"], self.fields["start_is_right"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset("Wo finden Leser:innen den Kanal?", "handle", "profile_url", "readable_without_login"),
            Fieldset("Wer führt ihn, und was ist dort möglich?", "unit", "interaction"),
            Fieldset("Wie finden wir einen Beitrag dort wieder?", "marks_links"),
            *([Fieldset("Seit wann gibt es ihn?", *start)] if start else []),
        )

    def clean_handle(self) -> str:
        handle = self.cleaned_data["handle"].strip()
        if handle and not HANDLE.fullmatch(handle):
            raise forms.ValidationError("Ein Kontoname hat keine Leerzeichen und keine Sonderzeichen.", code="invalid")
        return handle.removeprefix("@")

    def clean_profile_url(self) -> str:
        url = self.cleaned_data["profile_url"]
        if url and not url.startswith("https://"):
            raise forms.ValidationError("Die Adresse beginnt mit https://.", code="invalid")
        return url

    def clean_started_on(self) -> dt.date | None:
        day = self.cleaned_data["started_on"]
        if day and day > berlin_day(database_now()):
            raise forms.ValidationError(
                "Dieser Tag liegt in der Zukunft. Bitte tragen Sie ihn ein, wenn der Kanal gestartet ist.",
                code="future",
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stands = self.instance.started_on
        if stands and self.data.get("started_on", "") not in ("", stands.isoformat()):
            words = "Das Startdatum hat inzwischen jemand eingetragen. Es steht fest."
            raise forms.ValidationError(words, code="locked")
        if cleaned.get("started_on") and not cleaned.get("start_is_right"):
            self.add_error("start_is_right", "Bitte bestätigen Sie das Startdatum. Es steht danach fest.")
        return cleaned


def _without_note(form: forms.BaseForm, *names: str) -> None:
    """A box to tick is a yes or no: "optional" beside it says nothing."""
    for name in names:
        form.fields[name].label_note = ""  # type: ignore[attr-defined]  # read by the form pack (docs/oberflaeche.md)
