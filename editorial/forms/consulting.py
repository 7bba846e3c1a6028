import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..actions.consulting import DUE_PAST
from ..enums import Opinion, Role
from ..models import Department, Post, User
from .fields import SlotField
from .post import LONGEST_TEXT

LONGEST_QUESTION, LONGEST_REASON = 1000, 2000
NO_NAMES = "Bitte nennen Sie keine Menschen mit Namen."


class AskForm(forms.Form):
    """Whom PRÖ asks what, until when."""

    to = forms.ChoiceField(
        label="Wen fragen Sie?",
        help_text="Bei einer Abteilung sehen alle die Frage, die dort eingetragen sind. Eine Antwort genügt.",
        error_messages={
            "required": "Bitte wählen Sie, wen Sie fragen.",
            "invalid_choice": "Hier kann gerade niemand antworten. Bitte wählen Sie neu.",
        },
    )
    question = forms.CharField(
        label="Ihre Frage",
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Was soll geprüft werden? Der Beitrag steht schon dabei. {NO_NAMES}",
        error_messages={
            "required": "Bitte schreiben Sie, was Sie wissen möchten.",
            "max_length": "Das sind mehr als 1.000 Zeichen. Bitte kürzen Sie.",
        },
    )
    due_at = SlotField(
        label="Antwort bis",
        help_text="Tag und Uhrzeit in Bremen. Einen Tag vorher wird erinnert.",
        error_messages={"required": "Bitte wählen Sie eine Frist."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {f"person-{person.pk}": person for person in _experts()}
        self._departments = {f"abteilung-{one.pk}": one for one in _departments()}
        groups = (("Abteilungen", self._departments), ("Personen", self._people))
        choices: list[Any] = [("", "Bitte wählen")]
        choices += [(label, [(key, str(one)) for key, one in found.items()]) for label, found in groups if found]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]  # a field with choices
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def nobody_to_ask(self) -> bool:
        return not self._people and not self._departments

    def clean_due_at(self) -> dt.datetime:
        due_at: dt.datetime = self.cleaned_data["due_at"]
        if due_at <= timezone.now():
            raise ValidationError(DUE_PAST, code="due.past")
        return due_at

    def wanted(self) -> dict[str, Any]:
        """As ``consulting.ask`` takes it."""
        to = self.cleaned_data["to"]
        return {
            "question": self.cleaned_data["question"],
            "due_at": self.cleaned_data["due_at"],
            "person": self._people.get(to),
            "department": self._departments.get(to),
        }


def _experts() -> list[User]:
    found = User.objects.filter(is_active=True, groups__name=Role.FACH)
    return list(found.order_by("last_name", "first_name", "pk"))


def _departments() -> list[Department]:
    """Those in which somebody can answer."""
    return list(Department.objects.filter(members__in=_experts()).distinct())


class OpinionForm(forms.Form):
    """What the Fachberatung says to a Beitrag; ``post``: the one that was read."""

    opinion = forms.ChoiceField(
        label="Ihr Votum",
        choices=Opinion.choices,
        widget=forms.RadioSelect,
        help_text="Sie beraten. Über den Beitrag entscheidet die Geschäftsführung; sie liest Ihr Votum.",
        error_messages={"required": "Bitte wählen Sie Ihr Votum.", "invalid_choice": "Bitte wählen Sie Ihr Votum."},
    )
    reason = forms.CharField(
        label="Begründung",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Was stimmt nicht, und warum? Ohne Einwände darf das leer bleiben. {NO_NAMES}",
        error_messages={"max_length": "Das sind mehr als 2.000 Zeichen. Bitte kürzen Sie."},
    )
    proposal = forms.CharField(
        label="Ihr Vorschlag für den Text",
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "true"}),
        help_text="Der Text von jetzt steht schon hier. Ändern Sie nur, was anders heißen soll.",
        error_messages={"max_length": f"Der Text ist länger als {LONGEST_TEXT} Zeichen. Bitte kürzen Sie ihn."},
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposal"].initial = post.text
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_proposal(self) -> str:
        typed: str = self.cleaned_data["proposal"]
        return typed.replace("\r\n", "\n").replace("\r", "\n").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opinion = cleaned.get("opinion")
        if opinion and opinion != Opinion.FINE and not cleaned.get("reason") and "reason" not in self.errors:
            words = "Bitte begründen Sie das in ein paar Worten. So kann die PRÖ etwas damit anfangen."
            self.add_error("reason", ValidationError(words, code="reason.missing"))
        return cleaned
