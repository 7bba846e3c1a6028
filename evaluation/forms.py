from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.urls import reverse

from .models import Review

LONGEST_COMMENT = 10_000


class BuildForm(forms.Form):
    """The half-year that ends before this day."""

    until = forms.DateField(widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """What a person saw when pressing the button: the digest goes along."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class CommentForm(SeenForm):
    """What PRÖ says about the figures."""

    comment = forms.CharField(
        label="Kommentar der PRÖ",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true"}),
        help_text="Wie lesen Sie die Zahlen? Was folgt daraus? Der Kommentar erscheint öffentlich. "
        "Bitte nennen Sie keine Personen.",
        error_messages={"required": "Der Kommentar ist leer. Bitte schreiben Sie etwas."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, review: Review) -> None:
        super().__init__(data, initial={"comment": review.comment, "digest": review.digest()})
        self.helper = FormHelper()
        self.helper.form_action = reverse("evaluation:review_comment", args=[review.slug])
        self.helper.layout = Layout("comment", "digest", ButtonHolder(Submit("save", "Kommentar speichern")))


class CorrectionForm(SeenForm):
    """What was wrong in a published review; the wrong figure stays, the correction stands beside it."""

    erratum = forms.CharField(
        label="Berichtigung",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "true"}),
        help_text="Was war falsch, was ist richtig? Die Berichtigung erscheint sofort öffentlich über den Zahlen.",
        error_messages={"required": "Die Berichtigung ist leer. Bitte schreiben Sie etwas."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, review: Review) -> None:
        super().__init__(data, initial={"erratum": review.erratum, "digest": review.digest()})
        self.helper = FormHelper()
        self.helper.form_action = reverse("evaluation:review_correct", args=[review.slug])
        self.helper.layout = Layout("erratum", "digest", ButtonHolder(Submit("save", "Berichtigung veröffentlichen")))
