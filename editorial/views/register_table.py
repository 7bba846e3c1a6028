"""Which registers there are: for each its words, its form, what its list shows, and who may read it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from ..clock import BERLIN, berlin_day
from ..enums import EntryKind, OrganisationKind, Role
from ..forms import duties as house_forms
from ..forms import registers as forms
from ..models import (
    Appointment,
    Article,
    Duty,
    Event,
    Mention,
    Observation,
    Offer,
    Participation,
    Partner,
    ReadingTip,
    Training,
)

Cut = Callable[[QuerySet[Any], dt.date], QuerySet[Any]]
Column = tuple[str, Callable[[Any], str]]

EVERY_EDITOR = (Role.PROE, Role.GF, Role.FACH)
NO_CONTACT_FOR = dt.timedelta(days=183)  # half a year (K-31)
NOTED_AT_LEAST_EVERY = dt.timedelta(days=7)
SOON = dt.timedelta(days=60)
COUNTED_FOR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Register:
    """``path`` lies below /redaktion/, ``one`` and ``new`` are how one row is called, ``rows`` all of them.

    ``tabs`` cut the list: name in the address, label, which rows of those not archived.
    ``columns`` stand beside the name. ``aside`` is a template for what only this register can do with a row,
    ``posts_by`` how a Beitrag finds its row, empty where none refers to one, ``notice`` what the list says on top, if
    anything.
    """

    slug: str
    path: str
    title: str
    one: str
    new: str
    intro: str
    form: type[forms.RegisterForm]
    rows: Callable[[dt.date], QuerySet[Any]]
    columns: Sequence[Column]
    tabs: Sequence[tuple[str, str, Cut]] = ()
    name_field: str = "title"
    readers: tuple[Role, ...] = EVERY_EDITOR
    aside: str = ""
    posts_by: str = "entry"
    notice: Callable[[dt.date], str] | None = None

    def address(self, what: str = "") -> str:
        return f"editorial:{self.slug}{what and '_' + what}"


def day(value: dt.date | None) -> str:
    return f"{value:%d.%m.%Y}" if value else ""


def moment(value: dt.datetime) -> str:
    return f"{value.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"


def _cause(row: Mention) -> str:
    return f"Beitrag {row.caused_by_id}, {row.get_certainty_display()}" if row.caused_by_id else ""


def _organisations(kind: OrganisationKind) -> Callable[[dt.date], QuerySet[Partner]]:
    def rows(today: dt.date) -> QuerySet[Partner]:
        lately = Q(post__created_at__date__gte=today - COUNTED_FOR)
        return Partner.objects.filter(kind=kind).annotate(posts_lately=Count("post", filter=lately)).order_by("name")

    return rows


def _without_contact(rows: QuerySet[Any], today: dt.date) -> QuerySet[Any]:
    return rows.filter(Q(last_contact_on=None) | Q(last_contact_on__lt=today - NO_CONTACT_FOR))


def _nothing_noted(today: dt.date) -> str:
    """A gap in the book is the team's, nobody's own (K-30)."""
    last = Observation.objects.aggregate(last=Max("noted_on"))["last"]
    if last and today - last <= NOTED_AT_LEAST_EVERY:
        return ""
    since = f"Seit dem {last:%d.%m.%Y}" if last else "Bisher"
    return f"{since} ist nichts notiert. Bitte sehen Sie nach, worüber auf dem Kanal gesprochen wird."


ORGANISATION_COLUMNS: tuple[Column, ...] = (
    ("Einverstanden seit", lambda row: day(row.agreed_on) or "noch nicht"),
    ("Letzter Kontakt", lambda row: day(row.last_contact_on)),
    ("Nächster Schritt", lambda row: row.next_step),
    ("Beiträge in zwölf Monaten", lambda row: str(row.posts_lately)),
)
ORGANISATION_TABS: tuple[tuple[str, str, Cut], ...] = (
    ("ohne-kontakt", "Ohne Kontakt seit sechs Monaten", _without_contact),
    ("ohne-einverstaendnis", "Ohne Einverständnis", lambda rows, today: rows.filter(agreed_on=None)),
)
PAYWALL: Column = ("Lesbar", lambda row: row.get_paywall_display())
PUBLISHED: Column = ("Erschienen am", lambda row: day(row.published_on))
NOT_FREE: tuple[str, str, Cut] = ("nicht-frei", "Nicht frei lesbar", lambda rows, today: rows.exclude(paywall="free"))

PARTNERS = Register(
    slug="network",
    path="netzwerk",
    title="Netzwerkpartner:innen",
    one="Organisation",
    new="Neue Organisation",
    intro="Organisationen, mit denen wir zusammenarbeiten. Menschen stehen hier nicht.",
    form=forms.PartnerForm,
    rows=_organisations(OrganisationKind.PARTNER),
    columns=ORGANISATION_COLUMNS,
    tabs=ORGANISATION_TABS,
    name_field="name",
    posts_by="partner",
)
COMPANIES = Register(
    slug="companies",
    path="register/unternehmen",
    title="Unternehmen",
    one="Unternehmen",
    new="Neues Unternehmen",
    intro="Unternehmen, mit denen wir kooperieren. Wir werben für keines und behandeln alle gleich.",
    form=forms.CompanyForm,
    rows=_organisations(OrganisationKind.COMPANY),
    columns=ORGANISATION_COLUMNS,
    tabs=ORGANISATION_TABS,
    name_field="name",
    posts_by="partner",
)
OFFERS = Register(
    slug="offers",
    path="register/serviceangebote",
    title="Serviceangebote",
    one="Serviceangebot",
    new="Neues Serviceangebot",
    intro="Unsere Angebote und bis wann sie gelten. Zu einem abgelaufenen Angebot erscheint kein Beitrag mehr.",
    form=forms.OfferForm,
    rows=lambda today: Offer.objects.order_by(F("valid_until").asc(nulls_last=True), "title"),
    columns=(("Adresse", lambda row: row.url), ("Gilt bis", lambda row: day(row.valid_until) or "ohne Ende")),
    tabs=(("abgelaufen", "Abgelaufen", lambda rows, today: rows.filter(valid_until__lt=today)),),
)
EVENTS = Register(
    slug="events",
    path="veranstaltungen",
    title="Veranstaltungen",
    one="Veranstaltung",
    new="Neue Veranstaltung",
    intro="Was in Bremen und umzu stattfindet. Nach der Veranstaltung tragen Sie ein, wie viele da waren.",
    form=forms.EventForm,
    rows=lambda today: Event.objects.order_by("-starts_at"),
    columns=(
        ("Beginn", lambda row: moment(row.starts_at)),
        ("Ort", lambda row: row.place or "fehlt"),
        ("Barrierefreiheit", lambda row: row.accessibility or "fehlt"),
        ("Teilnehmende", lambda row: "" if row.attendance is None else str(row.attendance)),
    ),
    tabs=(
        ("kommend", "Kommend", lambda rows, today: rows.filter(usable_until__gte=today)),
        ("ungezaehlt", "Vorbei, nicht gezählt", lambda rows, on: rows.filter(usable_until__lt=on, attendance=None)),
    ),
)
APPOINTMENTS = Register(
    slug="appointments",
    path="register/termine",
    title="Termine der Geschäftsführung",
    one="Termin",
    new="Neuer Termin",
    intro="Wichtige Termine in Bremen. Die Person, die ihn wahrnimmt, gibt ihn frei.",
    form=forms.AppointmentForm,
    rows=lambda today: Appointment.objects.select_related("director").order_by("-starts_at"),
    columns=(
        ("Beginn", lambda row: moment(row.starts_at)),
        ("Geschäftsführer:in", lambda row: row.director.display_name),
        ("Ort", lambda row: row.place),
        ("Freigegeben", lambda row: moment(row.released_at) if row.released_at else "noch nicht"),
    ),
    tabs=(("offen", "Nicht freigegeben", lambda rows, today: rows.filter(released_at=None)),),
    readers=(Role.PROE, Role.GF),
    aside="editorial/registers/_release.html",
)
READING_TIPS = Register(
    slug="reading_tips",
    path="register/lesetipps",
    title="Lesetipps",
    one="Lesetipp",
    new="Neuer Lesetipp",
    intro="Statistiken, Studien und Berichte, auf die wir hinweisen.",
    form=forms.ReadingTipForm,
    rows=lambda today: ReadingTip.objects.order_by("-published_on", "-pk"),
    columns=(
        ("Herausgeber:in", lambda row: row.publisher),
        PUBLISHED,
        ("Schlagwort", lambda row: row.get_subject_display()),
        PAYWALL,
    ),
    tabs=(NOT_FREE,),
)
ARTICLES = Register(
    slug="articles",
    path="register/fachbeitraege",
    title="Fachbeiträge",
    one="Fachbeitrag",
    new="Neuer Fachbeitrag",
    intro="Was Organisationen aus unserem Netz veröffentlicht haben.",
    form=forms.ArticleForm,
    rows=lambda today: Article.objects.select_related("partner").order_by("-published_on", "-pk"),
    columns=(
        ("Organisation", lambda row: row.partner.name),
        PUBLISHED,
        ("Auf Neutralität geprüft", lambda row: day(row.neutral_on) or "noch nicht"),
    ),
    tabs=(("ungeprueft", "Nicht geprüft", lambda rows, today: rows.filter(neutral_on=None)),),
)
MENTIONS = Register(
    slug="media_mentions",
    path="medienspiegel",
    title="Medienspiegel",
    one="Bericht",
    new="Neuer Bericht",
    intro="Berichte, die uns erwähnen oder ein Thema von uns aufgreifen.",
    form=forms.MentionForm,
    rows=lambda today: Mention.objects.order_by("-published_on", "-pk"),
    columns=(
        ("Medium", lambda row: row.outlet),
        PUBLISHED,
        ("Greift Thema auf", lambda row: "ja" if row.took_up_topic else "nein"),
        ("Erwähnt uns", lambda row: "ja" if row.mentioned_us else "nein"),
        (
            "Anlass",
            lambda row: f"Beitrag {row.caused_by_id}, {row.get_certainty_display()}" if row.caused_by_id else "",
        ),
        PAYWALL,
    ),
    tabs=(
        ("aufgegriffen", "Thema aufgegriffen", lambda rows, today: rows.filter(took_up_topic=True)),
        ("erwaehnt", "Erwähnt uns", lambda rows, today: rows.filter(mentioned_us=True)),
        NOT_FREE,
    ),
)
OBSERVATIONS = Register(
    slug="observations",
    path="beobachtung",
    title="Beobachtung",
    one="Thema oder Trend",
    new="Neue Beobachtung",
    intro="Themen und Trends auf dem Kanal und was wir daraus schließen. Nach 90 Tagen wird jeder Eintrag gelöscht.",
    form=forms.ObservationForm,
    rows=lambda today: Observation.objects.select_related("idea"),
    columns=(
        ("Gesehen am", lambda row: day(row.noted_on)),
        ("Fazit", lambda row: row.conclusion),
        ("Trend", lambda row: "ja" if row.is_trend else "nein"),
        ("Daraus wurde", lambda row: f"Beitrag {row.idea.pk}: {row.idea.get_state_display()}" if row.idea else ""),
    ),
    tabs=(
        ("trends", "Trends", lambda rows, today: rows.filter(is_trend=True)),
        ("offen", "Noch nicht genutzt", lambda rows, today: rows.filter(idea=None)),
    ),
    name_field="subject",
    readers=(Role.PROE, Role.GF),
    aside="editorial/registers/_observation.html",
    posts_by="observation",
    notice=_nothing_noted,
)


def _acting(row: Duty) -> str:
    acting = row.acting(berlin_day(timezone.now()))
    return str(acting) if acting else "niemand"


DUTIES = Register(
    slug="duties",
    path="register/aufgaben",
    title="Aufgaben und Vertretung",
    one="Aufgabe",
    new="Neue Aufgabe",
    intro="Ständige Aufgaben, wer sie macht und wer vertritt. An keiner hängt nur eine Person.",
    form=house_forms.DutyForm,
    rows=lambda today: Duty.objects.select_related("owner", "deputy"),
    columns=(
        ("Zuständig", lambda row: str(row.owner)),
        ("Vertretung", lambda row: str(row.deputy)),
        ("Heute zuständig", _acting),
        ("Fundstelle", lambda row: row.source),
    ),
    tabs=(
        ("vertreten", "Zurzeit vertreten", lambda rows, today: rows.filter(absent_until__gte=today)),
        (
            "unbesetzt",
            "Neu zu besetzen",
            lambda rows, today: rows.filter(Q(owner__is_active=False) | Q(deputy__is_active=False)),
        ),
    ),
    name_field="name",
    posts_by="",
)
TRAININGS = Register(
    slug="trainings",
    path="register/schulungen",
    title="Schulungen",
    one="Schulung",
    new="Neue Schulung",
    intro="Wer worin geschult ist und bis wann das gilt.",
    form=house_forms.TrainingForm,
    rows=lambda today: Training.objects.select_related("person"),
    columns=(
        ("Person", lambda row: str(row.person)),
        ("Besucht am", lambda row: day(row.held_on)),
        ("Gilt bis", lambda row: day(row.valid_until) or "ohne Ende"),
    ),
    tabs=(
        (
            "bald",
            "Endet in 60 Tagen",
            lambda rows, on: rows.filter(valid_until__gte=on, valid_until__lte=on + SOON),
        ),
        ("abgelaufen", "Abgelaufen", lambda rows, today: rows.filter(valid_until__lt=today)),
    ),
    name_field="subject",
    readers=(Role.PROE, Role.GF),
    posts_by="",
)
PARTICIPATIONS = Register(
    slug="participations",
    path="register/mitbestimmung",
    title="Beteiligung des Personalrats",
    one="Anlass",
    new="Neue Beteiligung",
    intro="Wann der Personalrat woran beteiligt war und was vereinbart ist.",
    form=house_forms.ParticipationForm,
    rows=lambda today: Participation.objects.all(),
    columns=(
        ("Beteiligt am", lambda row: day(row.held_on)),
        ("Ergebnis", lambda row: row.get_agreement_display()),
        ("Vereinbart", lambda row: row.scope),
        ("Aktenzeichen oder Ablage", lambda row: row.reference),
    ),
    tabs=(("offen", "Noch offen", lambda rows, today: rows.filter(agreement="open")),),
    name_field="subject",
    readers=(Role.PROE, Role.GF),
    posts_by="",
)
ABOUT_THE_WORLD = (OBSERVATIONS, PARTNERS, COMPANIES, OFFERS, EVENTS, APPOINTMENTS, READING_TIPS, ARTICLES, MENTIONS)
REGISTERS = (*ABOUT_THE_WORLD, DUTIES, TRAININGS, PARTICIPATIONS)
REGISTER_OF: dict[str, Register] = {
    EntryKind.OFFER: OFFERS,
    EntryKind.EVENT: EVENTS,
    EntryKind.APPOINTMENT: APPOINTMENTS,
    EntryKind.READINGTIP: READING_TIPS,
    EntryKind.ARTICLE: ARTICLES,
    EntryKind.MENTION: MENTIONS,
}
