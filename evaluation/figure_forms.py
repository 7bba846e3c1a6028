"""Forms for figures that the interface did not bring."""

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms

from editorial.clock import berlin_day, database_now
from editorial.enums import Figure

from . import analytics_csv, entering

NOT_A_NUMBER = "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 1240, oder lassen Sie das Feld leer."


class WholeNumber(forms.CharField):
    """A figure in any usual spelling; empty is "not delivered", never zero."""

    def __init__(self, figure: Figure) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label=figure.label, required=False, max_length=20, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> int | None:
        try:
            return analytics_csv.number(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(NOT_A_NUMBER, code="invalid") from error


class DayForm(forms.Form):
    """The day the figures were read on the platform."""

    day = forms.DateField(
        label="Stand vom",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="An diesem Tag standen die Zahlen so auf der Plattform.",
        error_messages={"required": "Bitte nennen Sie den Tag.", "invalid": "Bitte geben Sie ein Datum ein."},
    )

    def __init__(self, data: Any = None, files: Any = None, *, not_before: dt.date | None = None, **more: Any) -> None:
        super().__init__(data, files, initial={"day": berlin_day(database_now())} | more)
        self._not_before = not_before
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > berlin_day(database_now()):
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.", code="future")
        if self._not_before and day < self._not_before:
            raise forms.ValidationError("An diesem Tag war der Beitrag noch nicht erschienen.", code="too_early")
        return day


class FiguresForm(DayForm):
    """Every figure of one Beitrag, or the channel's own."""

    def __init__(self, data: Any = None, *, figures: tuple[Figure, ...], **more: Any) -> None:
        super().__init__(data, **more)
        for figure in figures:
            self.fields[figure.value] = WholeNumber(figure)
        self._figures = figures
        self.helper.layout = Layout("day", *(Field(figure.value) for figure in figures))

    def values(self) -> Mapping[Figure, int | None]:
        return {figure: self.cleaned_data[figure.value] for figure in self._figures}


class FileForm(DayForm):
    """A file from the platform's analytics; after the preview its content comes back with the form."""

    file = forms.FileField(
        label="CSV-Datei",
        required=False,
        help_text="Die Datei, die die Plattform unter „Analytics“ zum Herunterladen anbietet. Höchstens 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.auto_id = "datei_%s"  # stands beside another form with a day
        self.helper.layout = Layout("file", "day")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["rows"] = analytics_csv.read(self._bytes(cleaned))
        except analytics_csv.Unreadable as error:
            self.add_error("file", str(error))
        return cleaned

    def packed(self) -> str:
        """What was uploaded, for the form that takes it over."""
        return base64.b64encode(self._read).decode()

    def _bytes(self, cleaned: dict[str, Any]) -> bytes:
        if cleaned.get("file"):
            self._read: bytes = cleaned["file"].read(analytics_csv.LONGEST_FILE + 1)
        elif cleaned.get("content"):
            try:
                self._read = base64.b64decode(cleaned["content"], validate=True)
            except binascii.Error:
                raise analytics_csv.Unreadable("Bitte wählen Sie die Datei noch einmal aus.") from None
        else:
            raise analytics_csv.Unreadable("Bitte wählen Sie eine Datei aus.")
        return self._read


def followers_form(data: Any = None) -> FiguresForm:
    return FiguresForm(data, figures=(Figure.FOLLOWERS,))


def post_form(data: Any = None, *, published_on: dt.date) -> FiguresForm:
    return FiguresForm(data, figures=entering.OF_A_POST, not_before=published_on)
