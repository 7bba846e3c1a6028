from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from ..enums import MailWay
from ..models import User


class MailForm(forms.Form):
    """How the mails of one's notices come."""

    mail_way = forms.ChoiceField(
        label="Wann sollen Mails kommen?",
        choices=MailWay.choices,
        widget=forms.RadioSelect,
        help_text="Was eilt, kommt auch bei „Einmal am Tag“ sofort: eine Freigabe kurz vor dem Termin und ein Beitrag, "
        "der nicht so hinausgegangen ist wie geplant.",
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={"mail_way": person.mail_way})
        self.helper = FormHelper()
        self.helper.form_tag = False
