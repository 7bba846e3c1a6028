import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..clock import berlin_day, from_wall
from ..models import Topic
from .fields import OneOf
from .plan import DayField

LONGEST_IDEA = 2000
USUAL_HOUR = dt.time(9)


class WishedDay(DayField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class IdeaForm(forms.Form):
    text = forms.CharField(
        label="Ihre Idee",
        max_length=LONGEST_IDEA,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ein paar Stichworte genügen. Bitte keine Namen und keine Angaben zu einzelnen Menschen.",
        error_messages={
            "required": "Bitte schreiben Sie, worum es geht.",
            "max_length": f"Die Idee ist zu lang. Höchstens {LONGEST_IDEA} Zeichen.",
        },
    )
    topic = OneOf(label="Thema", queryset=Topic.objects.order_by("position"), required=False, empty_label="Noch offen")
    tag = WishedDay(label="Wunschtag", required=False, help_text="Nur wenn es einen Anlass gibt. Kein fester Termin.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_tag(self) -> dt.date | None:
        day = self.cleaned_data["tag"]
        if day and day < berlin_day(timezone.now()):
            raise ValidationError("Dieser Tag ist vorbei.", code="day.past")
        return day

    def content(self) -> dict[str, Any]:
        """As an idea is kept: a wished day is the usual hour of it."""
        day = self.cleaned_data["tag"]
        slot = from_wall(dt.datetime.combine(day, USUAL_HOUR)) if day else None
        return {"kind": "post", "text": self.cleaned_data["text"], "topic": self.cleaned_data["topic"], "slot": slot}
