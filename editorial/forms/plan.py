import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..enums import DeliveryState, PostState, Role
from ..plan import Choice, Words

# Beyond these years there is no plan, and no calendar of holidays worth the name.
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_EXPORT_DAYS = 2 * 366

EVERYTHING = ("", "Alle")


class DayField(forms.Field):
    """A day as ``YYYY-MM-DD`` and in no other spelling; None where nothing was given."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        try:
            day = dt.date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(f"„{value[:20]}“ ist kein Tag. Ein Tag sieht so aus: 2026-11-25.", code="day.invalid")
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Der Plan reicht von {FIRST_YEAR} bis {LAST_YEAR}.", code="day.out_of_range")
        return day


class PlanFilter(forms.Form):
    """What all three views and both exports are narrowed by. An unknown value counts as none and is named."""

    thema = forms.ChoiceField(label="Thema", required=False)
    zielgruppe = forms.ChoiceField(label="Zielgruppe", required=False)
    status = forms.ChoiceField(
        label="Status", required=False, choices=[EVERYTHING, *PostState.choices, *DeliveryState.choices]
    )
    # Only these two roles write.
    rolle = forms.ChoiceField(
        label="Geschrieben von",
        required=False,
        choices=[EVERYTHING, *((role.value, role.label) for role in (Role.PROE, Role.GF))],
    )

    def __init__(self, data: Any, known: Words) -> None:
        super().__init__(data)
        for name, offered in (("thema", known.topics), ("zielgruppe", known.audiences)):
            choices = [EVERYTHING, *((slug, label) for _, slug, label in offered)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # both are choice fields

    def choice(self) -> Choice:
        self.is_valid()
        given = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return Choice(given["thema"], given["zielgruppe"], given["status"], given["rolle"])

    def chosen(self) -> dict[str, tuple[str, str]]:
        """Field name → (value, words for it), of what is really filtered by."""
        self.is_valid()
        found = {}
        for name, field in self.fields.items():
            if value := self.cleaned_data.get(name):
                label = dict(field.choices)[value]  # type: ignore[attr-defined]  # all are choice fields
                found[name] = (value, f"{field.label}: {label}")
        return found

    def unknown(self) -> list[str]:
        """The labels of the filters whose value nobody knows."""
        self.is_valid()
        return [str(self.fields[name].label) for name in self.errors]


class ExportRange(forms.Form):
    """The days of an export, both included."""

    von = DayField(required=False)
    bis = DayField(required=False)

    def __init__(self, data: Any, default: tuple[dt.date, dt.date]) -> None:
        super().__init__(data)
        self.default = default

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("von") or self.default[0], cleaned.get("bis")
        if last is None:
            last = max(self.default[1], first)
        if not self.errors and last < first:
            raise ValidationError("„bis“ liegt vor „von“.", code="range.backwards")
        if not self.errors and (last - first).days > LONGEST_EXPORT_DAYS:
            raise ValidationError("Höchstens zwei Jahre auf einmal.", code="range.too_long")
        return {"von": first, "bis": last}

    def half_open(self) -> tuple[dt.date, dt.date]:
        return self.cleaned_data["von"], self.cleaned_data["bis"] + dt.timedelta(days=1)

    def first_error(self) -> str:
        return next(str(messages[0]) for messages in self.errors.values())
