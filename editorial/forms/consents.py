"""The record of one consent: the person's own words go to the vault, all else is plain (consent-and-law.md 2)."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..actions.scans import ACCEPTED, UnusableScan, media_type_of
from ..clock import berlin_day
from ..enums import ConsentPlace, ConsentUse, WithdrawalWay
from ..models import Consent
from ..models.consent import cell
from ..rules.consent_record import LONGEST_YEARS

LASTS_MONTHS = 24
LONGEST_WORDS = 2000
PERSON_FIELDS = ("name", "contact", "relation", "guardians", "special_sentence", "place")
FACT_FIELDS = (
    *("valid_from", "valid_until", "is_minor", "has_guardians", "has_special_categories", "language", "form_stand"),
    *("informed_on", "signed_on", "preview_shown_on", "is_anonymous_considered"),
)
USE_FIELDS = {f"use_{use}": use for use in ConsentUse}
RELATIONS = (
    ("", "Keine Angabe"),
    ("Leistungsberechtigte:r", "Leistungsberechtigte:r"),
    ("Arbeitgeber:in", "Arbeitgeber:in"),
    ("Beschäftigte:r", "Beschäftigte:r"),
    ("Andere", "Andere"),
)
# Chosen, not typed: a free text would bring names into the record of who read what.
WHY_READ = (
    ("ask", "Rückfrage bei der Person"),
    ("withdrawal", "Widerruf zuordnen"),
    ("check", "Angaben prüfen"),
    ("information", "Auskunft an die Person"),
)
AS_BEFORE = " Leer lassen: bleibt, wie es ist."


def _day(label: str, help_text: str = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Bitte wählen Sie einen Tag.", "invalid": "Bitte wählen Sie einen Tag."},
    )


def _words(label: str, help_text: str = "", *, rows: int = 0) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "max_length": "Das sind mehr als 2.000 Zeichen. Bitte kürzen Sie.",
            "required": "Bitte nennen Sie den Namen. Er wird verschlüsselt und steht sonst nirgends.",
        },
    )


def _tick(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


class ConsentForm(forms.Form):
    """Incomplete is fine: only *Wirksam machen* asks for everything."""

    name = _words("Name")
    contact = _words("Kontakt", "Telefon, E-Mail oder Anschrift. Darüber bestätigen Sie später einen Widerruf.", rows=2)
    relation = forms.ChoiceField(label="Bezug zum Haus", choices=RELATIONS, required=False)
    place = _words("Ort der Unterschrift")
    is_minor = _tick("Die Person ist noch nicht 18 Jahre alt", "Möglichst vermeiden.")
    guardians = _words("Sorgeberechtigte", "Namen und Kontakt, nur bei Minderjährigen.", rows=2)
    has_guardians = _tick("Die Sorgeberechtigten haben unterschrieben")
    has_special_categories = _tick(
        "Es geht auch um Gesundheit, Herkunft, Religion oder Ähnliches",
        "Dann braucht das Formular einen eigenen Satz dazu.",
    )
    special_sentence = _words("Dieser Satz im Wortlaut", rows=2)
    language = forms.CharField(
        label="Sprache des Formulars", max_length=40, initial="Deutsch", error_messages={"required": "Bitte angeben."}
    )
    form_stand = forms.CharField(
        label="Fassung des Formulars", max_length=20, required=False, help_text="Steht unten auf dem Formular."
    )
    informed_on = _day("Informiert am", "Zweck, Freiwilligkeit, Folgen einer Ablehnung, Widerruf, Länder, Kopien.")
    signed_on = _day("Unterschrieben am")
    valid_from = _day("Gilt ab", required=True)
    valid_until = _day("Gilt bis einschließlich", "Üblich sind 24 Monate, höchstens fünf Jahre.", required=True)
    is_anonymous_considered = _tick("Ich habe geprüft, ob eine anonyme Fassung genügt", "Wenn ja, nehmen Sie diese.")
    preview_shown_on = _day("Vorschau gezeigt am", "An diesem Tag hat die Person den fertigen Beitrag gesehen.")

    def __init__(self, *args: Any, consent: Consent | None = None, **kwargs: Any) -> None:
        today = berlin_day(timezone.now())
        default: dict[str, Any] = {
            "valid_from": today,
            "valid_until": today + relativedelta(months=LASTS_MONTHS, days=-1),
        }
        super().__init__(*args, **kwargs)
        self.initial = _facts_of(consent) if consent else default
        for field_name, use in USE_FIELDS.items():
            self.fields[field_name] = forms.MultipleChoiceField(
                label=use.label,
                choices=ConsentPlace.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "Diesen Ort gibt es hier nicht."},
            )
            self.initial[field_name] = [place for place in ConsentPlace if consent and consent.permits(use, place)]
        self.fields["name"].required = consent is None
        if consent:
            for name in PERSON_FIELDS:
                self.fields[name].help_text = f"{self.fields[name].help_text}{AS_BEFORE}".strip()
        for field in self.fields.values():
            if isinstance(field, forms.BooleanField):
                field.label_note = ""  # type: ignore[attr-defined]  # read by the form pack (docs/oberflaeche.md)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset("Um wen geht es?", "name", "contact", "relation", "place"),
            Fieldset("Was darf wo gezeigt werden?", *USE_FIELDS),
            Fieldset("Braucht es besonderen Schutz?", *_PROTECTION),
            Fieldset("Wie wurde eingewilligt?", "language", "form_stand", "informed_on", "signed_on"),
            Fieldset("Wie lange?", "valid_from", "valid_until"),
            Fieldset("Was ist schon getan?", "is_anonymous_considered", "preview_shown_on"),
            Submit("save", "Speichern"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, words in self._mistakes(cleaned):
            self.add_error(name, ValidationError(words, code="consent.period"))
        return cleaned

    def _mistakes(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        today = berlin_day(timezone.now())
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begin and end and end < begin:
            yield "valid_until", "Das Ende liegt vor dem Anfang."
        if begin and end and end > begin + relativedelta(years=LONGEST_YEARS):
            yield "valid_until", "Länger als fünf Jahre gilt keine Einwilligung. Danach fragen Sie die Person neu."
        for name in ("informed_on", "signed_on", "preview_shown_on"):
            if (day := cleaned.get(name)) and day > today:
                yield name, "Dieser Tag liegt in der Zukunft."

    def facts(self) -> dict[str, Any]:
        """As ``consents.open_record`` takes them."""
        scope = sorted(
            cell(use, place) for name, use in USE_FIELDS.items() for place in self.cleaned_data.get(name, ())
        )
        return {name: self.cleaned_data[name] for name in FACT_FIELDS} | {"scope": scope}

    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in PERSON_FIELDS}


_PROTECTION = ("is_minor", "guardians", "has_guardians", "has_special_categories", "special_sentence")


def _facts_of(consent: Consent) -> dict[str, Any]:
    return {name: getattr(consent, name) for name in FACT_FIELDS}


class ScanForm(forms.Form):
    upload = forms.FileField(
        label="Unterschriebenes Formular",
        help_text="PDF, JPEG oder PNG, höchstens 10 MB. Wird verschlüsselt aufbewahrt.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ACCEPTED)}),
        error_messages={"required": "Bitte wählen Sie eine Datei.", "empty": "Die Datei ist leer."},
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        self.data_bytes = upload.read()
        try:
            self.media_type = media_type_of(self.data_bytes)
        except UnusableScan as error:
            raise ValidationError(str(error), code="scan.unusable") from error
        return upload


class WhyForm(forms.Form):
    """Why somebody looks at what is sealed; stands in the record."""

    why = forms.ChoiceField(
        label="Wozu?",
        choices=WHY_READ,
        error_messages={"required": "Bitte wählen Sie, wozu.", "invalid_choice": "Bitte wählen Sie, wozu."},
    )

    def reason(self) -> str:
        return dict(WHY_READ)[self.cleaned_data["why"]]


class RevokeForm(forms.Form):
    """What the person takes back, and how they said so."""

    way = forms.ChoiceField(
        label="Wie hat die Person widerrufen?",
        choices=WithdrawalWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, wie.", "invalid_choice": "Bitte wählen Sie, wie."},
    )
    extent = forms.ChoiceField(
        label="Was widerruft sie?",
        choices=(("all", "Alles"), ("some", "Nur das Angekreuzte")),
        initial="all",
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie.", "invalid_choice": "Bitte wählen Sie."},
    )
    cells = forms.MultipleChoiceField(
        label="Das soll nicht mehr gezeigt werden",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Das war gar nicht erlaubt. Bitte laden Sie die Seite neu."},
    )

    def __init__(self, *args: Any, consent: Consent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cells"].choices = [(one, words_of(one)) for one in consent.scope]  # type: ignore[attr-defined]  # a choice field
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("way", "extent", "cells", Submit("save", "Widerruf eintragen"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("extent") == "some" and not cleaned.get("cells") and "cells" not in self.errors:
            self.add_error("cells", ValidationError("Bitte kreuzen Sie an, was nicht mehr gezeigt werden soll."))
        return cleaned

    def cells_taken(self) -> list[str]:
        return self.cleaned_data["cells"] if self.cleaned_data["extent"] == "some" else []


def words_of(one: str) -> str:
    """``photo@x`` as people say it."""
    use, _, place = one.partition("@")
    return f"{ConsentUse(use).label}: {ConsentPlace(place).label}"


class ProofForm(forms.Form):
    proof = forms.CharField(
        label="Was wurde getan?",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Zum Beispiel: Seite am 24.11. gelöscht. Bitte keine Namen.",
        error_messages={"required": "Bitte schreiben Sie, was getan wurde.", "max_length": "Bitte kürzen Sie."},
    )
