from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms

from .. import captions
from ..actions.films import LARGEST_FILM_BYTES, PreparedFilm, UnusableFilm, prepare
from ..film_limits import LONGEST_S, LONGEST_SIDE_PX, SHORTER_SIDE_PX
from ..models import Medium
from .media import AI_MARKS, LIBRARY_HELP

NEEDED_LATER = ("alt_text", "captions", "transcript", "author", "licence")
LARGEST_CAPTIONS_BYTES = 400_000


class FilmForm(forms.ModelForm):
    """A short video with its captions and its transcript. Captions come as a file or are typed; the file wins."""

    upload = forms.FileField(
        label="Videodatei",
        help_text=(
            f"MP4 mit H.264 und AAC, höchstens {LARGEST_FILM_BYTES // 1_000_000} MB, {LONGEST_S} Sekunden und "
            f"{LONGEST_SIDE_PX} × {SHORTER_SIDE_PX} Bildpunkte."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "video/mp4,.mp4"}),
        error_messages={"required": "Bitte wählen Sie eine Datei.", "empty": "Die Datei ist leer."},
    )
    captions_file = forms.FileField(
        label="Untertitel als Datei",
        required=False,
        help_text="WebVTT (Endung .vtt). Ersetzt, was im nächsten Feld steht.",
        widget=forms.ClearableFileInput(attrs={"accept": "text/vtt,.vtt"}),
        error_messages={"empty": "Die Datei ist leer."},
    )

    class Meta:
        model = Medium
        fields = (
            *("title", "alt_text", "captions", "transcript", "purpose", "author", "licence", "source"),
            *("rights_until", "shows_people", "ai_mark"),
        )
        labels = {"alt_text": "Kurzbeschreibung"}
        widgets = {
            "alt_text": forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
            "captions": forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
            "transcript": forms.Textarea(attrs={"rows": 6, "maxlength": 20_000}),
            "rights_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            **LIBRARY_HELP,
            "title": "So finden Sie das Video wieder.",
            "alt_text": "Worum geht es? Ein Satz. Wird vorgelesen, bevor das Video beginnt.",
            "captions": "WebVTT. Auch Geräusche gehören hinein, zum Beispiel [Musik]; ohne Ton: [ohne Ton].",
            "transcript": "Was ist zu hören und zu sehen? Steht auf unserer Website unter dem Video.",
            "author": "Wer hat das Video gemacht?",
            "licence": "Zum Beispiel „eigenes Video“ oder „CC BY 4.0“. Denken Sie auch an die Musik.",
            "rights_until": "Leer: ohne Ende.",
            "shows_people": "Mit Häkchen braucht jeder Beitrag mit diesem Video die Einwilligung der Personen.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared: PreparedFilm | None = None
        if self.instance.pk:
            del self.fields["upload"]
        self.fields["ai_mark"].choices = AI_MARKS  # type: ignore[attr-defined]  # a choice field by declaration
        for name in NEEDED_LATER:
            self.fields[name].label_note = "für die Freigabe nötig"  # type: ignore[attr-defined]  # read by the form pack
        self.fields["shows_people"].label_note = ""  # type: ignore[attr-defined]  # as above
        self.helper = FormHelper()
        self.helper.form_tag = False
        title, alt_text, *others = self.Meta.fields
        names = [name for name in ("upload", title, alt_text, "captions_file", *others) if name in self.fields]
        label = "Änderungen speichern" if self.instance.pk else "Hochladen"
        self.helper.layout = Layout(Fieldset("", *names), Submit("save", label))

    def clean_captions_file(self) -> str:
        """The text of the file; empty without one."""
        uploaded = self.cleaned_data["captions_file"]
        if not uploaded:
            return ""
        if uploaded.size > LARGEST_CAPTIONS_BYTES:
            raise forms.ValidationError(
                f"Erlaubt sind {LARGEST_CAPTIONS_BYTES // 1000} kB. Ist das die richtige Datei?"
            )
        try:
            return str(uploaded.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("Bitte speichern Sie die Datei mit der Zeichenkodierung UTF-8.") from None

    def clean(self) -> dict[str, Any]:
        """The video is read last, when nothing else is left to mend: it takes longest and has to be chosen again."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and "upload" in self.fields:
            try:
                self.prepared = prepare(cleaned["upload"])
            except UnusableFilm as error:
                self.add_error("upload", forms.ValidationError(str(error), code="media.wrong_type"))
        self._check_captions(cleaned)
        return cleaned

    def _check_captions(self, cleaned: dict[str, Any]) -> None:
        from_file = cleaned.get("captions_file")
        text = from_file or cleaned.get("captions")
        if not text:
            return
        duration_s = self.prepared.duration_s if self.prepared else self.instance.duration_s
        try:
            captions.read(text, duration_s)
        except captions.UnusableCaptions as error:
            self.add_error("captions_file" if from_file else "captions", str(error))
        else:
            cleaned["captions"] = captions.normalised(text)
