from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from ..enums import MailWay
from ..models import User


class MailForm(forms.Form):
    """How the mails of one's notices come."""

    mail_way = forms.ChoiceField(label="Wann sollen Mails kommen?", choices=MailWay.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={"mail_way": person.mail_way})
        self.helper = FormHelper()
        self.helper.form_tag = False
