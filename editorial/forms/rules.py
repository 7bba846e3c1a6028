from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from ..models import Post

LARGEST_PK = 999_999_999


class RuleChangeForm(forms.Form):
    """Why a rule should have the other strength, and whether for one Beitrag only."""

    post = forms.IntegerField(
        label="Nur für Beitrag Nummer",
        required=False,
        min_value=1,
        max_value=LARGEST_PK,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="Die Nummer steht auf der Seite des Beitrags. Leer: für jeden Beitrag.",
        error_messages={
            "invalid": "Bitte geben Sie nur die Nummer ein.",
            "min_value": "Diesen Beitrag gibt es nicht.",
            "max_value": "Diesen Beitrag gibt es nicht.",
        },
    )
    reason = forms.CharField(
        label="Begründung",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Warum ist das besser? Bitte nennen Sie keine Namen. Die Begründung bleibt stehen.",
        error_messages={
            "required": "Bitte nennen Sie den Grund.",
            "max_length": "Das sind mehr als 1.000 Zeichen. Bitte kürzen Sie.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_post(self) -> Post | None:
        number = self.cleaned_data["post"]
        if number is None:
            return None
        post = Post.objects.filter(pk=number).first()
        if post is None:
            raise forms.ValidationError("Diesen Beitrag gibt es nicht.", code="unknown")
        return post
