from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from ..enums import Role
from ..models import User

NO_NAMES = "Der Grund steht im Protokoll. Bitte nennen Sie keine Namen."
LONGEST_REASON = 300


class _PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields: tuple[str, ...] = ("first_name", "last_name", "email")
        labels = {"email": "Dienstliche E-Mail-Adresse"}
        help_texts = {"email": "Dorthin gehen die Einladung und alle Mails. Jede Person hat ihre eigene."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "email"):
            self.fields[name].required = True
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        # One person with two accounts could approve the own work.
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Mit dieser Adresse gibt es schon ein Konto. Jede Person hat nur eines.")
        return email


class PersonForm(_PersonForm):
    """Name and address of an account there is."""


class NewAccountForm(_PersonForm):
    role = forms.ChoiceField(label="Rolle", choices=[("", "Bitte wählen"), *Role.choices])

    class Meta(_PersonForm.Meta):
        fields = ("first_name", "last_name", "email", "username")
        labels = {**_PersonForm.Meta.labels, "username": "Anmeldename"}
        help_texts = {
            **_PersonForm.Meta.help_texts,
            "username": "Buchstaben, Ziffern und die Zeichen @ . + - _. Er lässt sich später nicht ändern.",
        }
        error_messages = {"username": {"unique": "Diesen Anmeldenamen gibt es schon."}}

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("Diesen Anmeldenamen gibt es schon.")
        return username


class ReasonForm(forms.Form):
    """What every step that may do harm asks for."""

    reason = forms.CharField(
        label="Grund",
        max_length=LONGEST_REASON,
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Bitte nennen Sie einen Grund."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class RoleForm(ReasonForm):
    role = forms.ChoiceField(label="Neue Rolle", choices=Role.choices)
    field_order = ("role", "reason")
