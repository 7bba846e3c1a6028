import datetime as dt
from typing import Any

from django import forms

from ..clock import start_of_day
from ..enums import PostKind
from ..plan import Words
from .plan import EVERYTHING, DayField

DAY = dt.timedelta(days=1)


class PostFilter(forms.Form):
    """What the list of Beiträge is narrowed by, besides its words. What is unusable counts as not given."""

    thema = forms.ChoiceField(label="Thema", required=False)
    zielgruppe = forms.ChoiceField(label="Zielgruppe", required=False)
    art = forms.ChoiceField(label="Art", required=False, choices=[EVERYTHING, *PostKind.choices])
    von = DayField(label="Termin ab", required=False)
    bis = DayField(label="Termin bis", required=False)

    def __init__(self, data: Any, known: Words) -> None:
        super().__init__(data)
        self.known = known
        for name, offered in (("thema", known.topics), ("zielgruppe", known.audiences)):
            choices = [EVERYTHING, *((slug, label) for _, slug, label in offered)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # both are choice fields

    def chosen(self) -> dict[str, tuple[str, str]]:
        """Field name → (value for the address, words for it)."""
        self.is_valid()
        found = {}
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value and isinstance(field, forms.ChoiceField):
                found[name] = (value, f"{field.label}: {dict(field.choices)[value]}")  # type: ignore[arg-type]  # a list
            elif value:
                found[name] = (value.isoformat(), f"{field.label} {value:%d.%m.%Y}")
        return found

    def conditions(self) -> dict[str, Any]:
        """As arguments of ``filter`` on Beiträge."""
        self.is_valid()
        given = self.cleaned_data
        wanted = {
            "topic__slug": given.get("thema"),
            "audiences__slug": given.get("zielgruppe"),
            "kind": given.get("art"),
        }
        if first := given.get("von"):
            wanted["slot__gte"] = start_of_day(first)
        if last := given.get("bis"):
            wanted["slot__lt"] = start_of_day(last + DAY)
        return {name: value for name, value in wanted.items() if value}


class ViewForm(forms.Form):
    name = forms.CharField(
        label="Name der Ansicht",
        max_length=60,
        error_messages={
            "required": "Bitte geben Sie der Ansicht einen Namen.",
            "max_length": "Der Name ist zu lang. Höchstens 60 Zeichen.",
        },
    )
