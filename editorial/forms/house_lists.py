import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import validate_email

from ..clock import berlin_day, database_now
from ..enums import Role
from ..lint.personal import digits_of_phone
from ..models import (
    Department,
    Election,
    FixedDate,
    GlossaryTerm,
    PublishedContact,
    RecurringSlot,
    TextBlock,
    TrustedSite,
    User,
)
from ..rules.known import host_of
from .fields import SomeOf


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text=help_text
    )


class _EntryForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class TermForm(_EntryForm):
    class Meta:
        model = GlossaryTerm
        fields = ("short", "meaning", "spell_out")
        help_texts = {
            "short": "So, wie sie im Text steht, zum Beispiel BuT.",
            "meaning": "Die Wörter dahinter, zum Beispiel Bildung und Teilhabe.",
            "spell_out": "Mit Häkchen erinnert die Prüfung daran. Ohne gilt die Abkürzung als bekannt.",
        }
        error_messages = {
            "short": {"unique": "Diese Abkürzung steht schon in der Liste."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spell_out"].label_note = ""  # type: ignore[attr-defined]  # read by the form pack

    def clean_short(self) -> str:
        short = self.cleaned_data["short"].strip()
        if not re.fullmatch(r"[^\W\d_]{2,12}", short):
            raise forms.ValidationError("Eine Abkürzung besteht hier nur aus Buchstaben, ohne Punkt und Leerzeichen.")
        return short


class DepartmentForm(_EntryForm):
    members = SomeOf(
        label="Wer antwortet",
        queryset=User.objects.filter(is_active=True, groups__name=Role.FACH).order_by("last_name", "first_name", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Zur Wahl steht, wer die Rolle Fachberatung hat. Ohne jemanden kann man die Abteilung nicht fragen.",
    )

    class Meta:
        model = Department
        fields = ("name", "members")
        help_texts = {"name": "So, wie sie im Haus heißt, zum Beispiel Leistung."}
        error_messages = {"name": {"unique": "Diese Abteilung steht schon in der Liste."}}


class ContactForm(_EntryForm):
    class Meta:
        model = PublishedContact
        fields = ("value", "purpose")
        help_texts = {
            "value": "Eine Telefonnummer oder E-Mail-Adresse, die schon öffentlich ist. Keine von einzelnen Menschen.",
            "purpose": "Zum Beispiel: Anmeldung zur Jobmesse, Servicecenter eines Partners.",
        }
        error_messages = {
            "value": {"unique": "Das steht schon in der Liste."},
        }

    def clean_value(self) -> str:
        """As it is compared: a number as it is dialled, an address in lower case."""
        value = self.cleaned_data["value"].strip().lower()
        if "@" in value:
            validate_email(value)
            return value
        number = digits_of_phone(value)
        if not re.fullmatch(r"[\d +()/.-]+", value) or not 3 <= len(number) <= 16:
            raise forms.ValidationError("Das ist keine Telefonnummer und keine E-Mail-Adresse.", code="invalid")
        return number


class SiteForm(_EntryForm):
    """A site of others; our own ones belong to the installation."""

    class Meta:
        model = TrustedSite
        fields = ("domain", "name", "reason")
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "domain": "Nur der Name, zum Beispiel iab.de. Er gilt für alle Seiten darunter.",
            "name": "Wer die Website betreibt.",
            "reason": "Warum ist sie seriös, und lesen dort alle alles ohne Bezahlung und Anmeldung?",
        }
        error_messages = {
            "domain": {"unique": "Diese Website steht schon in der Liste."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance.added_on = berlin_day(database_now())

    def clean_domain(self) -> str:
        domain = host_of(self.cleaned_data["domain"].strip())
        if not re.fullmatch(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,63}", domain):
            raise forms.ValidationError("Das ist kein Name einer Website. Er sieht so aus: iab.de.", code="invalid")
        return domain


class ElectionForm(_EntryForm):
    quiet_from = _day("Zurückhaltung ab", "Üblich sind die letzten sechs Wochen vor der Wahl.")
    day = _day("Wahltag", "Bis zu diesem Tag gilt die Zurückhaltung.")

    class Meta:
        model = Election
        fields = ("name", "quiet_from", "day")
        help_texts = {"name": "Zum Beispiel Bundestagswahl."}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("quiet_from"), cleaned.get("day")
        if first and last and first > last:
            self.add_error("quiet_from", "Die Zurückhaltung beginnt vor dem Wahltag.")
        return cleaned


class TextBlockForm(_EntryForm):
    class Meta:
        model = TextBlock
        fields = ("title", "kind", "topic", "text")
        help_texts = {
            "title": "Woran Sie ihn beim Schreiben erkennen.",
            "kind": "Eine Vorlage ist ein ganzer Text, ein Baustein ein Satz daraus.",
            "topic": "Ohne Thema wird er immer angeboten.",
            "text": "Was noch einzusetzen ist, steht in eckigen Klammern: [Datum]. Daran erinnert die Prüfung.",
        }
        error_messages = {
            "title": {"unique": "Diese Bezeichnung gibt es schon."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].empty_label = "Alle Themen"  # type: ignore[attr-defined]  # a model choice field


class FixedDateForm(_EntryForm):
    day = _day("Tag", "Bei einem Tag, der jedes Jahr wiederkehrt, zählt nur Tag und Monat.")

    class Meta:
        model = FixedDate
        fields = ("title", "day", "is_yearly")
        help_texts = {
            "title": "Zum Beispiel Tag der offenen Tür.",
            "is_yearly": "Ohne Häkchen steht der Tag nur in diesem einen Jahr im Plan.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_yearly"].label_note = ""  # type: ignore[attr-defined]  # read by the form pack


class RecurringSlotForm(_EntryForm):
    class Meta:
        model = RecurringSlot
        fields = ("weekday", "at", "topic")
        widgets = {"at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts = {
            "at": "Berliner Zeit, zum Beispiel 09:00.",
            "topic": "Ohne Thema passt jeder Beitrag.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].empty_label = "Alle Themen"  # type: ignore[attr-defined]  # a model choice field
