import datetime as dt
import re
from urllib.parse import parse_qsl, urlencode

from crispy_forms.helper import FormHelper
from django import forms
from django.urls import reverse

from ..clock import berlin_day
from ..models.planning import WEEKDAYS
from .fields import SlotField

LONGEST_ADDRESS = 1000
MOST_DAYS = 366


class MoveForm(forms.Form):
    """Day and time in one field. ``zurueck`` is the page of ours from which somebody came."""

    slot = SlotField(
        label="Neuer Termin",
        help_text="Tag und Uhrzeit in Bremen.",
        error_messages={"required": "Bitte wählen Sie einen Termin."},
    )
    zurueck = forms.CharField(required=False, widget=forms.HiddenInput, max_length=10 * LONGEST_ADDRESS)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.helper = FormHelper()
        self.helper.form_tag = False


def way_back(address: str) -> str:
    """The plan or the list with its filters, if the address is one of those; else the plan as it opens."""
    is_usable = re.fullmatch(r"[!-~]*", address) and len(address) <= LONGEST_ADDRESS
    # Not taken apart by urlsplit, which raises at some of what people may send.
    path, _, query = address.partition("#")[0].partition("?") if is_usable else ("", "", "")
    if path not in (reverse("editorial:plan"), reverse("editorial:posts")):
        return reverse("editorial:plan")
    return f"{path}?{query}" if query else path


def way_back_to(address: str, moment: dt.datetime | None) -> str:
    """The same page of the plan, turned to the day of this moment."""
    path, _, query = way_back(address).partition("?")
    if moment is None or path != reverse("editorial:plan"):
        return way_back(address)
    kept = {name: value for name, value in parse_qsl(query) if name != "seite"}
    return f"{path}?{urlencode(kept | {'datum': berlin_day(moment).isoformat()})}"


class BulkForm(forms.Form):
    """Several Beiträge at once: by days, or to a weekday of the week in which each stands."""

    tage = forms.IntegerField(
        label="Um so viele Tage",
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text="Zum Beispiel 7 für eine Woche später, -1 für einen Tag früher.",
    )
    wochentag = forms.TypedChoiceField(
        label="Oder auf einen Wochentag",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *WEEKDAYS],
        help_text="In derselben Woche, zur selben Uhrzeit.",
    )
    zurueck = forms.CharField(required=False, widget=forms.HiddenInput, max_length=10 * LONGEST_ADDRESS)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        days, weekday = cleaned.get("tage"), cleaned.get("wochentag")
        if not self.errors and (not days) == (weekday is None):
            raise forms.ValidationError("Bitte geben Sie entweder Tage an oder einen Wochentag.", code="shift.unclear")
        return cleaned
