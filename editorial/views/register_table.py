"""Which registers there are: for each its words, its form, what its list shows, and who may read it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from ..clock import BERLIN
from ..enums import EntryKind, OrganisationKind, Role
from ..forms import registers as forms
from ..models import Appointment, Article, Event, Mention, Observation, Offer, Partner, ReadingTip

Cut = Callable[[QuerySet[Any], dt.date], QuerySet[Any]]
Column = tuple[str, Callable[[Any], str]]

EVERY_EDITOR = (Role.PROE, Role.GF, Role.FACH)
NO_CONTACT_FOR = dt.timedelta(days=183)  # half a year (K-31)
NOTED_AT_LEAST_EVERY = dt.timedelta(days=7)
COUNTED_FOR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Register:
    """``path`` lies below /redaktion/, ``one`` and ``new`` are how one row is called, ``rows`` all of them.

    ``tabs`` cut the list: name in the address, label, which rows of those not archived.
    ``columns`` stand beside the name. ``aside`` is a template for what only this register can do with a row,
    ``posts_by`` how a Beitrag finds its row, ``notice`` what the list says on top, if anything.
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
REGISTERS = (OBSERVATIONS, PARTNERS, COMPANIES, OFFERS, EVENTS, APPOINTMENTS, READING_TIPS, ARTICLES, MENTIONS)
REGISTER_OF: dict[str, Register] = {
    EntryKind.OFFER: OFFERS,
    EntryKind.EVENT: EVENTS,
    EntryKind.APPOINTMENT: APPOINTMENTS,
    EntryKind.READINGTIP: READING_TIPS,
    EntryKind.ARTICLE: ARTICLES,
    EntryKind.MENTION: MENTIONS,
}
