from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from ..enums import LinkOpinion, LinkState
from ..models import LinkCheck

LONGEST_REASON = 500
SAYS_ITSELF = "Die Seite sagt selbst, dass sie nicht frei zu lesen ist. Bitte nennen Sie eine andere."


class LinkOpinionForm(forms.Form):
    """What a person saw where the link leads; a reason unless the machine could read it, too."""

    opinion = forms.ChoiceField(
        label="Was sehen Sie?",
        choices=LinkOpinion.choices,
        widget=forms.RadioSelect,
        help_text="Öffnen Sie die Seite in einem privaten Fenster, also ohne Anmeldung, und sehen Sie nach.",
        error_messages={
            "required": "Bitte wählen Sie, was Sie sehen.",
            "invalid_choice": "Bitte wählen Sie eine der beiden Möglichkeiten.",
        },
    )
    reason = forms.CharField(
        label="Begründung",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nötig, wenn die Prüfung etwas anderes sagt. Zum Beispiel: Die Seite lässt keine Prüfung zu.",
        error_messages={"max_length": f"Das sind mehr als {LONGEST_REASON} Zeichen. Bitte kürzen Sie."},
    )

    def __init__(self, data: Any = None, *, link: LinkCheck) -> None:
        holds = link.opinion_holds
        super().__init__(data, initial={"opinion": link.opinion, "reason": link.opinion_reason} if holds else None)
        self.link = link
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        says_free = cleaned.get("opinion") == LinkOpinion.FREE
        if says_free and self.link.state == LinkState.PAID:
            self.add_error("opinion", ValidationError(SAYS_ITSELF, code="link.says_itself"))
        elif says_free and self.link.state != LinkState.GOOD and not cleaned.get("reason", "").strip():
            words = "Bitte begründen Sie kurz, woran Sie das sehen."
            self.add_error("reason", ValidationError(words, code="reason.missing"))
        return cleaned
