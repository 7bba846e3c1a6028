import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator

from ..clock import BERLIN, MomentDoesNotExist, MomentIsAmbiguous, from_wall

# Seconds are what a browser may add by itself; a zone would contradict the wall clock in Berlin.
_WALL_TIME = re.compile(r"(2\d{3})-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)


class InOneGo(ModelChoiceIterator):
    """Reads a short list at once and once per form; Django would open a cursor on the server, and anew each time."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(row) for row in self.queryset)


class OneOf(forms.ModelChoiceField):
    iterator = InOneGo


class SomeOf(forms.ModelMultipleChoiceField):
    iterator = InOneGo


class SlotInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, dt.datetime):
            return f"{value.astimezone(BERLIN) if value.tzinfo else value:%Y-%m-%dT%H:%M}"
        return value or None


class SlotField(forms.Field):
    """A moment as the wall clock in Berlin shows it, ``YYYY-MM-DDTHH:MM``; gives a UTC moment or None."""

    widget = SlotInput

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value
        try:
            typed = _WALL_TIME.fullmatch(str(value).strip())
            wall = dt.datetime.fromisoformat(typed.group() if typed else "")
        except ValueError:
            raise ValidationError(
                "Bitte geben Sie Tag und Uhrzeit an, zum Beispiel 24.11.2026, 09:00 Uhr.", code="slot.invalid"
            ) from None
        try:
            return from_wall(wall.replace(second=0, microsecond=0))
        except MomentDoesNotExist:
            raise ValidationError(
                "Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhr wird von 2 auf 3 Uhr vorgestellt. "
                "Bitte wählen Sie eine Zeit vor 2 Uhr oder ab 3 Uhr.",
                code="slot.not_existing",
            ) from None
        except MomentIsAmbiguous:
            raise ValidationError(
                "Diese Uhrzeit gibt es an diesem Tag zweimal: Die Uhr wird von 3 auf 2 Uhr zurückgestellt. "
                "Bitte wählen Sie eine Zeit vor 2 Uhr oder ab 3 Uhr.",
                code="slot.ambiguous",
            ) from None
