import datetime as dt
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from crispy_forms.helper import FormHelper
from django import forms
from django.urls import reverse

from ..clock import berlin_day
from .fields import SlotField

LONGEST_ADDRESS = 1000


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
    parts = urlsplit(address) if re.fullmatch(r"[!-~]*", address) and len(address) <= LONGEST_ADDRESS else None
    if parts is None or parts.path not in (reverse("editorial:plan"), reverse("editorial:posts")):
        return reverse("editorial:plan")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def way_back_to(address: str, moment: dt.datetime | None) -> str:
    """The same page of the plan, turned to the day of this moment."""
    path, _, query = way_back(address).partition("?")
    if moment is None or path != reverse("editorial:plan"):
        return way_back(address)
    kept = {name: value for name, value in parse_qsl(query) if name != "seite"}
    return f"{path}?{urlencode(kept | {'datum': berlin_day(moment).isoformat()})}"
