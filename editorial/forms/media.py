from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms

from ..actions.media import ACCEPTED, LARGEST_BYTES, UnusablePicture, prepare
from ..enums import AiMark
from ..models import Medium

PARTS = ("crop", "focus_x_pct", "focus_y_pct")
AI_MARKS = [("", "Nein"), *AiMark.choices]
LIBRARY_HELP = {
    "purpose": "Was soll das Bild oder Video zeigen? So finden andere es wieder.",
    "source": "Woher stammt es, wenn es nicht von uns ist? Zum Beispiel eine Adresse oder eine Agentur.",
    "ai_mark": "Wird auf unserer Website beim Namen genannt.",
}


class MediumForm(forms.ModelForm):
    """Upload of one picture. The file is decoded and written anew before anything is stored."""

    upload = forms.FileField(
        label="Bilddatei",
        help_text=f"JPEG, PNG oder WebP, höchstens {LARGEST_BYTES // 1_000_000} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={"required": "Bitte wählen Sie eine Datei.", "empty": "Die Datei ist leer."},
    )

    class Meta:
        model = Medium
        fields = (
            *("title", "alt_text", "purpose", "author", "licence", "source", "rights_until", "shows_people", "ai_mark"),
            *("crop", "focus_x_pct", "focus_y_pct"),
        )
        widgets = {
            "alt_text": forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
            "rights_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": "So finden Sie das Bild wieder.",
            "alt_text": "Was ist zu sehen? Höchstens 1000 Zeichen. Wird auf dem Kanal und der Website vorgelesen.",
            "author": "Wer hat das Bild gemacht?",
            "licence": "Zum Beispiel „eigenes Bild“ oder „CC BY 4.0“.",
            "rights_until": "Leer: ohne Ende.",
            **LIBRARY_HELP,
            "crop": "Leer: das ganze Bild. Der Ausschnitt liegt um die wichtigste Stelle.",
            "focus_x_pct": "0 ist ganz links, 100 ganz rechts. Oder klicken Sie in das Bild.",
            "focus_y_pct": "0 ist ganz oben, 100 ganz unten.",
            "shows_people": "Mit Häkchen braucht jeder Beitrag mit diesem Bild die Einwilligung der Personen.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"]
        else:  # first the picture, then its parts
            for name in PARTS:
                del self.fields[name]
        self.fields["ai_mark"].choices = AI_MARKS  # type: ignore[attr-defined]  # a choice field by declaration
        for name in ("alt_text", "author", "licence"):
            self.fields[name].label_note = "für die Freigabe nötig"  # type: ignore[attr-defined]  # read by the form pack
        for name in ("shows_people", *PARTS):
            if name in self.fields:
                self.fields[name].label_note = ""  # type: ignore[attr-defined]  # as above
                self.fields[name].required = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        names = [name for name in ("upload", *self.Meta.fields) if name in self.fields]
        label = "Änderungen speichern" if self.instance.pk else "Hochladen"
        self.helper.layout = Layout(Fieldset("", *names), Submit("save", label))

    @property
    def wants_other_part(self) -> bool:
        """Whether the files have to be made anew: the focus alone changes nothing of the whole picture."""
        asked = PARTS if self.cleaned_data.get("crop") else ("crop",)
        return any(self.cleaned_data.get(name) != self.initial.get(name) for name in asked)

    def clean_focus_x_pct(self) -> int:
        return self._or_as_it_was("focus_x_pct")

    def clean_focus_y_pct(self) -> int:
        return self._or_as_it_was("focus_y_pct")

    def _or_as_it_was(self, name: str) -> int:
        typed = self.cleaned_data[name]
        return int(self.initial[name] if typed is None else typed)

    def clean_upload(self) -> Any:
        uploaded = self.cleaned_data["upload"]
        if uploaded.size > LARGEST_BYTES:
            raise forms.ValidationError(
                f"Die Datei hat {-(-uploaded.size // 1_000_000)} MB. Erlaubt sind {LARGEST_BYTES // 1_000_000} MB. "
                "Bitte speichern Sie das Bild kleiner, zum Beispiel 2000 Bildpunkte breit.",
                code="media.too_large",
            )
        try:
            self.prepared = prepare(uploaded.read())
        except UnusablePicture as error:
            raise forms.ValidationError(str(error), code="media.wrong_type") from error
        return uploaded
