"""The forms of the registers: one class each, everything they share stands in ``RegisterForm``."""

from collections.abc import Iterator
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.db import models
from django.utils import timezone

from ..clock import berlin_day
from ..enums import DeliveryState, OrganisationKind, Role
from ..lint.handles import handles_in
from ..lint.personal import find
from ..models import Appointment, Article, Event, Mention, Observation, Offer, Partner, Post, ReadingTip, User
from .fields import SlotField

CAUSES_OFFERED = 60
NO_PERSONS = (
    "@{} ist kein Konto einer Organisation aus dem Register. Konten von Menschen stehen hier nicht. "
    "Ist es eine Organisation, tragen Sie ihr Konto zuerst dort ein."
)
GROUPS = tuple[tuple[str, tuple[str, ...]], ...]


def _field_of(column: Any, **options: Any) -> Any:
    """The form field as Django would make it; an address without a scheme is meant to be https."""
    return column.formfield(**options, **({"assume_scheme": "https"} if isinstance(column, models.URLField) else {}))


class RegisterForm(forms.ModelForm):
    """``groups`` are the questions of the form with their fields, ``for_posts`` what only a Beitrag makes necessary."""

    groups: ClassVar[GROUPS] = ()
    for_posts: ClassVar[tuple[str, ...]] = ()
    not_later: ClassVar[tuple[str, ...]] = ()

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        formfield_callback = _field_of

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = berlin_day(timezone.now())
        if self.instance.pk:
            self.initial["seen"] = self.instance.updated_at.isoformat()
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            if isinstance(field, forms.BooleanField):
                field.label_note = ""  # type: ignore[attr-defined]  # read by the form pack (docs/oberflaeche.md)
            if name in self.for_posts:
                field.label_note = "für einen Beitrag nötig"  # type: ignore[attr-defined]  # as above
        self.helper = FormHelper()
        self.helper.form_tag = False
        fieldsets = [Fieldset(question, *names) for question, names in self.groups]
        self.helper.layout = Layout(*fieldsets, "seen", Submit("save", "Speichern"))

    @property
    def changed_fields(self) -> list[str]:
        return [name for name in self.changed_data if name != "seen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.not_later:
            if (day := cleaned.get(name)) and day > self.today:
                self.add_error(name, "Dieser Tag liegt in der Zukunft.")
        for name, words in self._persons_in(cleaned):
            self.add_error(name, f"Hier steht {words}. Daten einzelner Menschen gehören nicht in dieses Register.")
        return cleaned

    def _persons_in(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for name, field in self.fields.items():
            written = cleaned.get(name)
            if type(field) is not forms.CharField or not isinstance(written, str):
                continue
            yield from ((name, f"{one.kind}: „{one.words}“") for one in find(written, self.today))


class PartnerForm(RegisterForm):
    organisation: ClassVar[OrganisationKind] = OrganisationKind.PARTNER
    groups = (
        ("Wer ist es?", ("name", "website", "handle")),
        ("Wie arbeiten wir zusammen?", ("agreed_on", "last_contact_on", "next_step")),
    )
    for_posts = ("agreed_on",)
    not_later = ("agreed_on", "last_contact_on")

    class Meta(RegisterForm.Meta):
        model = Partner
        fields = ("name", "website", "handle", "agreed_on", "last_contact_on", "next_step")
        help_texts = {
            "name": "Eine Organisation, keine Person.",
            "handle": "Das Konto der Organisation, zum Beispiel @beispielverein. Keine Konten von Menschen.",
            "agreed_on": "An diesem Tag hat die Organisation zugestimmt, in Beiträgen genannt zu werden.",
            "next_step": "Was steht als Nächstes an? Nennen Sie eine Aufgabe, keine Namen.",
        }

    def clean_handle(self) -> str:
        return self.cleaned_data["handle"].strip().removeprefix("@")

    def clean(self) -> dict[str, Any]:
        self.instance.kind = self.organisation
        return super().clean()


class CompanyForm(PartnerForm):
    organisation = OrganisationKind.COMPANY


class OfferForm(RegisterForm):
    groups = (("Was bieten wir an, und bis wann?", ("title", "url", "valid_until")),)

    class Meta(RegisterForm.Meta):
        model = Offer
        fields = ("title", "url", "valid_until")
        labels = {"title": "Angebot"}
        help_texts = {
            "url": "Die Seite, auf der das Angebot steht.",
            "valid_until": "Leer: ohne Ende. Danach wird kein Beitrag mehr dazu freigegeben.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True


class EventForm(RegisterForm):
    groups = (
        ("Was findet wann statt?", ("title", "starts_at", "organiser", "url")),
        ("Wo?", ("region", "place", "accessibility")),
        ("Wie war es?", ("attendance", "attendance_note")),
    )
    for_posts = ("region", "place", "accessibility")
    starts_at = SlotField(label="Beginn", help_text="Berliner Zeit.")

    class Meta(RegisterForm.Meta):
        model = Event
        fields = (
            *("title", "starts_at", "organiser", "url", "region", "place", "accessibility"),
            *("attendance", "attendance_note"),
        )
        labels = {"title": "Veranstaltung", "url": "Seite zur Veranstaltung"}
        help_texts = {
            "organiser": "Eine Organisation, keine Person.",
            "place": "Haus und Straße, zum Beispiel „Bürgerhaus, Musterstraße 1“.",
            "accessibility": "Zum Beispiel „stufenlos, mit Gebärdensprache“ oder „nicht stufenlos“.",
            "attendance": "Nach der Veranstaltung: Wie viele waren da? Leer: nicht gezählt.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts_at = cleaned.get("starts_at")
        if cleaned.get("attendance") is not None and starts_at and starts_at > timezone.now():
            self.add_error("attendance", "Die Veranstaltung hat noch nicht begonnen.")
        return cleaned


class AppointmentForm(RegisterForm):
    groups = (
        ("Welcher Termin ist es?", ("title", "director", "starts_at", "is_public")),
        ("Wo in Bremen?", ("region", "place", "url")),
    )
    starts_at = SlotField(label="Beginn", help_text="Berliner Zeit.")

    class Meta(RegisterForm.Meta):
        model = Appointment
        fields = ("title", "director", "starts_at", "is_public", "region", "place", "url")
        labels = {"title": "Anlass"}
        help_texts = {
            "director": "Diese Person gibt den Termin frei.",
            "is_public": "Nur dann darf ein Beitrag vor dem Termin sagen, wo jemand sein wird.",
            "place": "Haus und Straße.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_released = self.instance.released_at is not None
        directors = User.objects.filter(is_active=True, groups__name=Role.GF).order_by("last_name", "first_name")
        self.fields["director"].queryset = directors  # type: ignore[attr-defined]  # a choice field by declaration

    @property
    def changed_fields(self) -> list[str]:
        """Whoever released the appointment released it as it was then."""
        changed = super().changed_fields
        return [*changed, "released_at"] if changed and self.was_released else changed

    def clean(self) -> dict[str, Any]:
        if self.changed_fields:
            self.instance.released_at = None
        return super().clean()


class ReadingTipForm(RegisterForm):
    groups = (
        ("Was ist zu lesen?", ("title", "genre", "publisher", "published_on", "url", "subject")),
        ("Kann jede:r es lesen?", ("paywall", "paywall_checked_on")),
    )
    not_later = ("published_on", "paywall_checked_on")

    class Meta(RegisterForm.Meta):
        model = ReadingTip
        fields = (
            *("title", "genre", "publisher", "published_on", "url", "subject"),
            *("paywall", "paywall_checked_on"),
        )
        help_texts = {
            "publisher": "Die Stelle oder das Medium, das den Text veröffentlicht hat.",
            "paywall": "Öffnen Sie die Seite ohne Anmeldung und sehen Sie nach.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True


class ArticleForm(RegisterForm):
    groups = (
        ("Welcher Beitrag ist es?", ("title", "partner", "author_line", "published_on", "url")),
        ("Ist er neutral?", ("neutral_on",)),
    )
    for_posts = ("neutral_on",)
    not_later = ("published_on", "neutral_on")

    class Meta(RegisterForm.Meta):
        model = Article
        fields = ("title", "partner", "author_line", "published_on", "url", "neutral_on")
        help_texts = {
            "author_line": "So, wie sie über dem veröffentlichten Text steht.",
            "neutral_on": "Keine Werbung, keine Partei: An diesem Tag hat die Redaktion es geprüft.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True
        partners = Partner.objects.filter(archived_at=None) | Partner.objects.filter(pk=self.instance.partner_id)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]  # a choice field by declaration


class MentionForm(RegisterForm):
    groups = (
        ("Welcher Bericht ist es?", ("title", "outlet", "published_on", "url", "snippet")),
        ("Kann jede:r ihn lesen?", ("paywall", "paywall_checked_on")),
        ("Was hat er mit uns zu tun?", ("about", "took_up_topic", "mentioned_us", "caused_by", "certainty")),
    )
    not_later = ("published_on", "paywall_checked_on")

    class Meta(RegisterForm.Meta):
        model = Mention
        fields = (
            *("title", "outlet", "published_on", "url", "snippet", "paywall", "paywall_checked_on"),
            *("about", "took_up_topic", "mentioned_us", "caused_by", "certainty"),
        )
        labels = {"title": "Überschrift"}
        help_texts = {
            "outlet": "Zeitung, Sender oder Portal.",
            "snippet": "Höchstens 300 Zeichen. Den ganzen Text dürfen wir nicht übernehmen.",
            "caused_by": "Der Beitrag von uns, auf den der Bericht zurückgeht.",
            "paywall": "Öffnen Sie die Seite ohne Anmeldung und sehen Sie nach.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True
        sent = Post.objects.filter(deliveries__state=DeliveryState.PUBLISHED).order_by("-slot").values("pk")
        offered = [*sent[:CAUSES_OFFERED].values_list("pk", flat=True), self.instance.caused_by_id]
        causes = Post.objects.filter(pk__in=[pk for pk in offered if pk]).only("pk", "text").order_by("-slot")
        self.fields["caused_by"].queryset = causes  # type: ignore[attr-defined]  # a choice field by declaration

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (cleaned.get("took_up_topic") or cleaned.get("mentioned_us")):
            self.add_error("took_up_topic", "Bitte kreuzen Sie mindestens eines an: Thema aufgegriffen oder erwähnt.")
        if cleaned.get("caused_by") and not cleaned.get("certainty"):
            self.add_error("certainty", "Bitte sagen Sie, wie sicher dieser Anlass ist.")
        if cleaned.get("certainty") and not cleaned.get("caused_by"):
            self.add_error("caused_by", "Bitte nennen Sie den Beitrag oder lassen Sie beide Felder leer.")
        return cleaned


class ObservationForm(RegisterForm):
    groups = (("Was haben Sie gesehen?", ("noted_on", "subject", "link", "conclusion", "is_trend")),)
    not_later = ("noted_on",)

    class Meta(RegisterForm.Meta):
        model = Observation
        fields = ("noted_on", "subject", "link", "conclusion", "is_trend")
        widgets = {"conclusion": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "subject": "Ein Thema, zum Beispiel #Ausbildung. Keine Menschen, keine Konten von Menschen.",
            "link": "Eine Suche, ein Hashtag oder die Seite einer Organisation.",
            "conclusion": "Ein bis zwei Sätze: Was heißt das für uns?",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("noted_on", self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        named = {name: set(handles_in(str(cleaned.get(name) or ""))) for name in ("subject", "link", "conclusion")}
        ours = {handle.lower() for handle in Partner.objects.exclude(handle="").values_list("handle", flat=True)}
        for name, handles in named.items():
            if unknown := sorted(handles - ours):
                self.add_error(name, NO_PERSONS.format(unknown[0]))
        return cleaned
