from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse

from .. import plan
from ..actions.drafting import PLAIN_FIELDS
from ..enums import ConsentUse, PostKind
from ..models import Audience, Consent, Entry, Medium, Partner, Post, Topic, User
from ..prepared import Question
from ..rules import Objection
from .entry import EntryField, Offered, PartnerField
from .fields import InOneGo, OneOf, SlotField, SomeOf
from .media import AI_MARKS

# No channel takes more; what is longer is no draft but a mistake (and a way to keep the server busy).
LONGEST_TEXT = 10_000
LONGEST_NOTE = 2_000
PICTURES_OFFERED = 12
NO_SCRIPT = "Anderes Thema gewählt? Speichern Sie den Entwurf einmal, dann stehen hier die passenden Einträge."
LONGEST_PK = 10  # digits; a longer number is no key of ours


class ByNumber(SomeOf):
    """Several objects by their ids, in the order given; a number no database could hold is simply unknown."""

    def clean(self, value: Any) -> Any:
        numbers = value or []
        for number in numbers:
            if not (str(number).isascii() and str(number).isdecimal() and len(str(number)) < LONGEST_PK):
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid", {"pk": number})
        found = {obj.pk: obj for obj in super().clean(numbers)}
        return [found[int(number)] for number in dict.fromkeys(numbers)]


class Consents(ByNumber):
    """A withdrawn consent stays with the Beitrag that was written with it, until a person takes it away."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.pseudonym} (widerrufen)" if obj.withdrawn_at else obj.pseudonym


class Person(NamedTuple):
    """A consent to choose in the composer; ``uses``: value, words, whether it is ticked."""

    pk: int
    label: str
    is_chosen: bool
    uses: list[tuple[str, str, bool]]


def long_text(**options: Any) -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": f"Das sind mehr als {LONGEST_NOTE} Zeichen. Bitte kürzen Sie."},
        **options,
    )


class _Words:
    """Topics and target groups, read once for the whole form."""

    @cached_property
    def both(self) -> plan.Words:
        return plan.words()


class Topics(InOneGo):
    field: "TopicField"

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        yield from ((slug, name) for _, slug, name in self.field.words.both.topics)


class Audiences(InOneGo):
    field: "AudiencesField"

    def __iter__(self) -> Iterator[Any]:
        yield from ((slug, name) for _, slug, name in self.field.words.both.audiences)


class TopicField(OneOf):
    iterator = Topics
    words = _Words()


class AudiencesField(SomeOf):
    iterator = Audiences
    words = _Words()


_NEWEST_PICTURES = Question(lambda: Medium.objects.all()[:PICTURES_OFFERED])


class PostForm(forms.Form):
    """The composer. Everything may stay empty: a draft always saves, only *Zur Freigabe* asks the rules."""

    kind = forms.ChoiceField(label="Art", choices=PostKind.choices, required=False, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Text",
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "true"}),
        help_text="Höchstens 280 Zeichen, ein Link zählt immer 23. "
        "Bei einem Retweet: Ihre Zusammenfassung für die Website.",
        error_messages={"max_length": f"Der Text ist länger als {LONGEST_TEXT} Zeichen. Bitte kürzen Sie ihn."},
    )
    topic = TopicField(
        label="Thema",
        queryset=Topic.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label="Bitte wählen",
        help_text="Eines der zehn Themen des Nutzungskonzepts.",
    )
    audiences = AudiencesField(
        label="Zielgruppen",
        queryset=Audience.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Wen soll der Beitrag erreichen?",
    )
    retweet_url = forms.URLField(
        label="Adresse des Originals",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Nur bei einem Retweet, zum Beispiel https://x.com/konto/status/123.",
    )
    source_url = forms.URLField(
        label="Quelle",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Woher stammen die Angaben? Nötig, sobald der Text Zahlen nennt.",
    )
    twin_url = forms.URLField(
        label="Seite mit demselben Inhalt",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Damit auch Menschen ohne Konto alles erfahren: eine Seite auf jobcenter-bremen.de "
        "oder eine geprüfte freie Seite.",
    )
    twin_exception = long_text(
        label="Warum es keine solche Seite gibt",
        help_text="Nur, wenn es keine Seite gibt. Die Begründung zählt in der Auswertung.",
    )
    value_added = long_text(
        label="Mehrwert",
        help_text="Ein Satz: Was haben die Leser:innen davon? Pflicht bei Terminen der Geschäftsführung.",
    )
    partner = PartnerField(
        label="Beteiligte Organisation",
        queryset=Partner.objects.filter(archived_at=None),
        required=False,
        empty_label="Keine",
        help_text="Pflicht bei gemeinsamen Projekten, Kooperationen und Fachbeiträgen.",
    )
    entry = EntryField(
        label="Eintrag aus dem Register",
        queryset=Entry.whole.all(),
        required=False,
        empty_label="Keiner",
        help_text="Worüber sprechen Sie? Pflicht bei Serviceangeboten, Veranstaltungen, Terminen der "
        "Geschäftsführung, Lesetipps, Fachbeiträgen und Erwähnungen.",
    )
    media = ByNumber(  # type: ignore[assignment]  # the contract's name; Django keeps fields apart from form.media
        label="Bilder",
        queryset=Medium.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Höchstens vier, jedes mit Alternativtext.",
    )
    consents = Consents(
        label="Einwilligungen",
        queryset=Consent.objects.filter(withdrawn_at=None),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Für jede Person, die gezeigt oder genannt wird. Kreuzen Sie auch an, was Sie von ihr zeigen. "
        "Ohne Kreuz prüfen wir das Bild, und wo keines ist, die Geschichte oder den Namen.",
    )
    shows = forms.MultipleChoiceField(label="Was von wem gezeigt wird", required=False)
    other_ways = long_text(label="Weitere Wege", help_text="Zum Beispiel Aushang, Flyer, Telefon, Veranstaltung.")
    ai_text = forms.ChoiceField(
        label="Ist der Text mit KI entstanden?",
        choices=AI_MARKS,
        required=False,
        help_text="Zum Beispiel mit einem Sprachmodell geschrieben, gekürzt oder übersetzt.",
    )
    ai_edited = forms.BooleanField(
        label="Ich habe den Text von der KI geprüft und überarbeitet und stehe für ihn ein",
        required=False,
        help_text="Nur dann nötig. Wer es ankreuzt, steht mit Namen in den Fassungen.",
    )
    slot = SlotField(
        label="Termin",
        required=False,
        help_text="Berliner Zeit. Ohne Termin wird der Beitrag erst nach der Freigabe eingeplant.",
    )
    source_decision = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    source_reason = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    seen_digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, post: Post | None = None, by: User | None = None, **kwargs: Any) -> None:
        if post:
            prefetch_related_objects([post], "audiences", "consents", "media_links")
        self.saved = saved_content(post) if post else {}
        if post:
            values = _as_form_values(self.saved) | {"seen_digest": post.digest()}
            kwargs["initial"] = values | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        words = _Words()
        for name in ("topic", "audiences"):
            self.fields[name].words = words  # type: ignore[attr-defined]  # both choose from the same short lists
        self._offer_what_was_chosen()
        # With script, what fits another topic is fetched as soon as it is chosen.
        self.fields["topic"].widget.attrs |= {
            "data-hx-get": reverse("editorial:post_choices"),
            "data-hx-trigger": "change",
            "data-hx-include": "#id_entry, #id_partner",
            "data-hx-swap": "none",
            "data-hx-sync": "this:replace",
        }
        if post is not None:
            offered = Q(withdrawn_at=None) | Q(pk__in=[consent.pk for consent in self.saved["consents"]])
            self.fields["consents"].queryset = Consent.objects.filter(offered)  # type: ignore[attr-defined]  # as below
        self.post = post
        self._offer_people()
        self._offer_recent_pictures()
        if not self.fields["consents"].queryset:  # type: ignore[attr-defined]  # a choice field by declaration
            self.fields["consents"].help_text = "Es ist noch keine Einwilligung hinterlegt."
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout()

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or PostKind.POST

    def clean_text(self) -> str:
        # Browsers send line ends as CR LF; counted, stored and sent is LF.
        return self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "\x00" in str(self.data.get("text", "")):
            self.add_error(
                "text", ValidationError("Der Text enthält ein unlesbares Zeichen.", code="text.not_sendable")
            )
        return cleaned

    def content(self) -> dict[str, Any]:
        """What actions.drafting takes: values by field name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen_digest"}

    def objections(self) -> list[Objection]:
        """Errors of the input itself in the form of objections, so that a page lists both alike."""
        found: list[Objection] = []
        for name, errors in self.errors.as_data().items():
            for error in errors:
                code = error.code if error.code and "." in error.code else f"{name}.invalid"
                found.extend(Objection(code, message, field=name) for message in error.messages)
        return found

    def _offer_what_was_chosen(self) -> None:
        """Archived since, or over: what stands in the Beitrag stays to be seen until a person takes it away."""
        topic = self.data.get("topic", "") if self.is_bound else self.initial.get("topic") or ""
        wished, partner = self.initial.get("entry"), self.saved.get("partner")
        entries = [getattr(wished, "pk", wished)] if wished else []
        kept = (*((partner.pk,) if partner else ()), *self._typed_key("partner"))
        offered = Offered((*entries, *self._typed_key("entry")), kept, getattr(topic, "slug", topic))
        for name in ("entry", "partner"):
            self.fields[name].offered = offered  # type: ignore[attr-defined]  # both choose from the registers
        may_name = Partner.objects.filter(Q(archived_at=None) | Q(pk__in=kept))
        self.fields["partner"].queryset = may_name  # type: ignore[attr-defined]  # a choice field by declaration

    def _typed_key(self, name: str) -> tuple[int, ...]:
        typed = str(self.data.get(name, ""))
        is_key = typed.isascii() and typed.isdecimal() and len(typed) < LONGEST_PK
        return (int(typed),) if is_key else ()

    def _offer_recent_pictures(self) -> None:
        """The newest pictures to choose from, and those already chosen however old they are."""
        chosen = self._chosen_pictures()
        offered = {medium.pk: medium for medium in [*chosen, *_NEWEST_PICTURES.ask()]}
        self.chosen_media = {medium.pk for medium in chosen}
        self.offered_media = list(offered.values())

    def _chosen_pictures(self) -> list[Medium]:
        if not self.is_bound:
            return list((self.saved or self.initial).get("media") or [])
        given = self.data.getlist("media") if isinstance(self.data, QueryDict) else []
        numbers = [int(pk) for pk in given if pk.isdecimal() and len(pk) < LONGEST_PK]
        return list(Medium.objects.filter(pk__in=numbers)) if numbers else []

    def _offer_people(self) -> None:
        """Everybody whose consent can be chosen, each with what of them could be shown."""
        offered = self.fields["consents"]
        chosen = {str(pk) for pk in self._given("consents")}
        shown = set(map(str, self._given("shows")))
        self.people = [
            Person(
                consent.pk,
                offered.label_from_instance(consent),  # type: ignore[attr-defined]  # a choice field by declaration
                is_chosen=str(consent.pk) in chosen,
                uses=[(key := f"{consent.pk}:{use}", use.label, key in shown) for use in ConsentUse],
            )
            for consent in offered.queryset  # type: ignore[attr-defined]  # as above
        ]
        self.fields["shows"].choices = [  # type: ignore[attr-defined]  # as above
            (key, label) for person in self.people for key, label, _ in person.uses
        ]

    def _given(self, name: str) -> list[Any]:
        if isinstance(self.data, QueryDict) and self.is_bound:
            return list(self.data.getlist(name))
        return list((self.data if self.is_bound else self.initial).get(name) or [])

    def clean_shows(self) -> list[str]:
        """Of those alone who are chosen: whoever is taken away takes along what was said of them."""
        chosen = {str(consent.pk) for consent in self.cleaned_data.get("consents", ())}
        return sorted(entry for entry in self.cleaned_data["shows"] if entry.partition(":")[0] in chosen)

    def _layout(self) -> Layout:
        upload, registers = reverse("editorial:media"), reverse("editorial:registers")
        return Layout(
            Fieldset("Was sagen wir?", "kind", "text", "retweet_url"),
            Fieldset(
                "Worum geht es, und wen betrifft es?",
                *("topic", "audiences", "entry"),
                HTML(f'<p><a href="{registers}" target="_blank" rel="noopener">Register (neues Fenster)</a></p>'),
                *("value_added", "partner"),
                HTML(f'<noscript><p class="app-muted app-small">{NO_SCRIPT}</p></noscript>'),
            ),
            Fieldset(
                "Woher stammt es, und wo steht es noch?",
                *("source_url", "twin_url", "twin_exception", "other_ways", "ai_text", "ai_edited"),
            ),
            Fieldset(
                "Bilder und Menschen",
                Field("media", template="editorial/posts/_media_field.html"),
                HTML(f'<p><a href="{upload}" target="_blank" rel="noopener">Bild hochladen (neues Fenster)</a></p>'),
                Field("consents", template="editorial/posts/_consents_field.html"),
            ),
            Fieldset("Wann?", Field("slot"), Div("source_decision", "source_reason", "seen_digest")),
        )


def saved_content(post: Post) -> dict[str, Any]:
    """What stands in a Beitrag, by field name, as drafting takes it and rules read it."""
    return {name: getattr(post, name) for name in PLAIN_FIELDS} | {
        "audiences": list(post.audiences.all()),
        "consents": list(post.consents.all()),
        "media": post.ordered_media(),
    }


def _as_form_values(content: dict[str, Any]) -> dict[str, Any]:
    return content | {
        "topic": content["topic"].slug if content["topic"] else None,
        "partner": content["partner"].pk if content["partner"] else None,
        "entry": content["entry"].pk if content["entry"] else None,
        "audiences": [audience.slug for audience in content["audiences"]],
        "consents": [consent.pk for consent in content["consents"]],
        "media": [medium.pk for medium in content["media"]],
    }
