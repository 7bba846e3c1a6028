"""The plain registers: each is listed, entered, changed, archived and given as a file by the same few views."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.enums import Role
from editorial.models import AuditEntry, Event, Mention, Offer, Partner
from editorial.views.register_table import APPOINTMENTS, EVENTS, MENTIONS, OFFERS, PARTNERS, REGISTERS
from tests.factories import (
    AppointmentFactory,
    ArticleFactory,
    DutyFactory,
    EventFactory,
    MentionFactory,
    ObservationFactory,
    OfferFactory,
    ParticipationFactory,
    PartnerFactory,
    PostFactory,
    ReadingTipFactory,
    TrainingFactory,
    person,
)

pytestmark = pytest.mark.django_db

MAKERS = {
    "observations": ObservationFactory,
    "network": PartnerFactory,
    "companies": lambda **fields: PartnerFactory(kind="company", **fields),
    "offers": OfferFactory,
    "events": EventFactory,
    "appointments": AppointmentFactory,
    "reading_tips": ReadingTipFactory,
    "articles": ArticleFactory,
    "media_mentions": MentionFactory,
    "duties": DutyFactory,
    "trainings": TrainingFactory,
    "participations": ParticipationFactory,
}
DIRECTOR = "the director's id"
FILLED = {
    "observations": {"noted_on": "2026-11-02", "subject": "#Ausbildung", "conclusion": "Viele fragen nach Praktika."},
    "network": {"name": "Hafenverein", "handle": "@hafenverein", "last_contact_on": "2026-11-02"},
    "companies": {"name": "Werft GmbH", "agreed_on": "2026-11-02"},
    "offers": {"title": "Abendsprechstunde", "url": "https://www.jobcenter-bremen.de/abend"},
    "events": {"title": "Jobbörse", "starts_at": "2099-05-04T10:00", "organiser": "Jobcenter Bremen"},
    "appointments": {
        "title": "Grußwort",
        "starts_at": "2099-05-04T10:00",
        "region": "mitte",
        "place": "Rathaus",
        "director": DIRECTOR,
    },
    "reading_tips": {
        "title": "Arbeitsmarktbericht",
        "genre": "study",
        "publisher": "IAB",
        "subject": "labour",
        "url": "https://www.iab.de/bericht",
        "published_on": "2026-10-01",
        "paywall": "free",
        "paywall_checked_on": "2026-10-02",
    },
    "articles": {
        "title": "Wege in Arbeit",
        "partner": DIRECTOR,
        "author_line": "Redaktion",
        "url": "https://traeger.example/wege",
        "published_on": "2026-10-01",
    },
    "media_mentions": {
        "title": "Jobcenter hilft",
        "outlet": "Beispielzeitung",
        "about": "house",
        "url": "https://zeitung.example/bericht",
        "published_on": "2026-10-01",
        "paywall": "paid",
        "paywall_checked_on": "2026-10-02",
        "mentioned_us": "on",
    },
    "duties": {"name": "Kanal beobachten", "owner": DIRECTOR, "deputy": DIRECTOR},
    "trainings": {"subject": "Barrierefreie Texte", "person": DIRECTOR, "held_on": "2026-10-01"},
    "participations": {
        "subject": "Einführung der Redaktion",
        "held_on": "2026-10-01",
        "agreement": "agreed",
        "scope": "Keine Auswertung je Person.",
    },
}
LIST_QUERIES = 6
every_register = pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.slug)


def where(register, tail=""):
    return f"/redaktion/{register.path}/{tail}"


def filled(register):
    content = dict(FILLED[register.slug])
    if "director" in content:
        content["director"] = person(Role.GF).pk
    for name in {"owner", "deputy", "person"} & set(content):
        content[name] = person().pk
    if "partner" in content:
        content["partner"] = PartnerFactory().pk
    return content


def name_of(register):
    return FILLED[register.slug][register.name_field]


@every_register
def test_a_row_is_entered_found_and_recorded(register, login):
    client = login()
    answer = client.post(where(register, "neu/"), filled(register))
    assert answer.status_code == 302
    assert name_of(register) in client.get(answer["Location"]).content.decode()
    assert name_of(register) in client.get(where(register)).content.decode()
    entry = AuditEntry.objects.latest("position")
    assert (entry.step, entry.note) == ("enter", "")


@every_register
def test_what_is_required_is_said_at_its_field_and_nothing_is_kept(register, login):
    answer = login().post(where(register, "neu/"), {})
    assert answer.status_code == 422
    assert register.name_field in answer.context["form"].errors
    assert not register.rows(dt.date(2026, 11, 23)).exists()


@every_register
def test_a_change_names_its_fields_in_the_record_and_not_their_content(register, login):
    client = login()
    page = where(register, f"{MAKERS[register.slug]().pk}/")
    form = client.get(page).context["form"]
    content = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    content = {name: f"{v:%Y-%m-%dT%H:%M}" if isinstance(v, dt.datetime) else v for name, v in content.items()}
    answer = client.post(page, content | {register.name_field: "Neuer Name"})
    assert answer.status_code == 302
    entry = AuditEntry.objects.latest("position")
    assert entry.step == "change"
    assert register.name_field in entry.note
    assert "Neuer Name" not in entry.note


@every_register
def test_an_archived_row_leaves_the_list_and_comes_back(register, login):
    client = login()
    row = MAKERS[register.slug]()
    name = getattr(row, register.name_field)
    assert client.post(where(register, f"{row.pk}/archiv/")).status_code == 302
    assert name not in client.get(where(register)).content.decode()
    assert name in client.get(where(register) + "?liste=archiv").content.decode()
    client.post(where(register, f"{row.pk}/archiv/"), {"zurueck": "1"})
    assert name in client.get(where(register)).content.decode()
    steps = AuditEntry.objects.order_by("position").values_list("step", flat=True)
    assert list(steps) == ["archive", "bring_back"]


@every_register
def test_only_proe_writes_and_the_others_read(register, login):
    row = MAKERS[register.slug]()
    reader = login(Role.GF)
    page = reader.get(where(register, f"{row.pk}/")).content.decode()
    assert getattr(row, register.name_field) in page
    assert "Archivieren" not in page
    assert reader.post(where(register, f"{row.pk}/"), filled(register)).status_code == 403
    assert reader.get(where(register, "neu/")).status_code == 403
    assert reader.post(where(register, f"{row.pk}/archiv/")).status_code == 403
    assert login(Role.ADMIN).get(where(register)).status_code == 403


def test_appointments_are_no_business_of_the_fachberatung(login):
    client = login(Role.FACH)
    assert client.get(where(APPOINTMENTS)).status_code == 403
    page = client.get("/redaktion/register/").content.decode()
    assert where(PARTNERS) in page
    assert where(APPOINTMENTS) not in page


@every_register
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_one_row_and_for_three(register, rows, login, django_assert_num_queries):
    for _ in range(rows):
        MAKERS[register.slug]()
    client = login()
    client.get(where(register))
    with django_assert_num_queries(LIST_QUERIES + bool(register.notice)):
        client.get(where(register))


@every_register
def test_every_tab_and_search_answers_also_when_empty(register, login):
    client = login()
    for name, _, _ in (*register.tabs, ("gibt-es-nicht", "", None)):
        assert client.get(where(register), {"liste": name, "q": "\x00=x", "seite": "x"}).status_code == 200


def test_the_file_holds_what_the_list_shows_and_calculates_nothing(login):
    OfferFactory(title="=1+1", valid_until=dt.date(2027, 1, 31))
    answer = login(Role.FACH).get(where(OFFERS, "liste.csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "Serviceangebot;Adresse;Gilt bis",
        "'=1+1;https://www.jobcenter-bremen.de/sprechstunde;31.01.2027",
    ]


def test_a_long_list_has_pages(login):
    OfferFactory.create_batch(31)
    client = login()
    assert len(client.get(where(OFFERS)).context["rows"]) == 30
    assert len(client.get(where(OFFERS), {"seite": 2}).context["rows"]) == 1


def test_a_second_editor_is_told_and_overwrites_nothing(login):
    client, row = login(), OfferFactory(title="Alt")
    seen = client.get(where(OFFERS, f"{row.pk}/")).context["form"]["seen"].value()
    content = FILLED["offers"] | {"seen": seen}
    assert login().post(where(OFFERS, f"{row.pk}/"), content | {"title": "Zuerst"}).status_code == 302
    answer = client.post(where(OFFERS, f"{row.pk}/"), content | {"title": "Danach"})
    assert answer.status_code == 409
    assert "inzwischen geändert" in answer.content.decode()
    assert "Danach" in answer.content.decode()
    assert Offer.objects.get().title == "Zuerst"


@pytest.mark.parametrize("written", ["BG 21404//0012345 nachfragen", "Mail an a.muster@firma.example"])
def test_data_of_one_person_have_no_place_here(written, login):
    answer = login().post(where(PARTNERS, "neu/"), FILLED["network"] | {"next_step": written})
    assert answer.status_code == 422
    assert "Daten einzelner Menschen" in answer.context["form"].errors["next_step"][0]


def test_a_partner_without_contact_for_half_a_year_is_listed(login):
    today = timezone.localdate()
    PartnerFactory(name="Frisch", last_contact_on=today - dt.timedelta(days=100))
    PartnerFactory(name="Lange her", last_contact_on=today - dt.timedelta(days=200))
    rows = login().get(where(PARTNERS), {"liste": "ohne-kontakt"}).context["rows"]
    assert [name for _, name, _ in rows] == ["Lange her"]


def test_companies_stand_apart_and_show_how_often_each_was_named(login):
    company = PartnerFactory(kind="company", name="Werft GmbH")
    PartnerFactory(name="Hafenverein")
    PostFactory.create_batch(2, partner=company)
    rows = login().get("/redaktion/register/unternehmen/").context["rows"]
    assert [(name, cells[-1]) for _, name, cells in rows] == [("Werft GmbH", ("Beiträge in zwölf Monaten", "2"))]


def test_a_name_is_taken_once(login):
    PartnerFactory(name="Hafenverein")
    answer = login().post(where(PARTNERS, "neu/"), FILLED["network"])
    assert "name" in answer.context["form"].errors
    assert Partner.objects.count() == 1


def test_who_came_is_counted_after_the_event_and_not_before(login):
    client = login()
    content = FILLED["events"] | {"attendance": "40"}
    answer = client.post(where(EVENTS, "neu/"), content)
    assert "attendance" in answer.context["form"].errors
    assert client.post(where(EVENTS, "neu/"), content | {"starts_at": "2026-03-04T10:00"}).status_code == 302
    assert Event.objects.get().attendance == 40


def test_a_report_took_up_a_topic_or_mentioned_us_and_a_cause_has_its_certainty(login):
    client, content = login(), FILLED["media_mentions"]
    without = {name: value for name, value in content.items() if name != "mentioned_us"}
    assert "took_up_topic" in client.post(where(MENTIONS, "neu/"), without).context["form"].errors
    unsure = client.post(where(MENTIONS, "neu/"), content | {"certainty": "sure"})
    assert "caused_by" in unsure.context["form"].errors
    too_long = client.post(where(MENTIONS, "neu/"), content | {"snippet": "x" * 301})
    assert "snippet" in too_long.context["form"].errors
    assert not Mention.objects.exists()


def test_what_was_read_lies_not_in_the_future(login):
    content = FILLED["media_mentions"] | {"published_on": "2099-01-01"}
    assert "published_on" in login().post(where(MENTIONS, "neu/"), content).context["form"].errors


def test_one_writes_about_an_entry_from_its_own_page(login):
    client, offer = login(), OfferFactory(title="Abendsprechstunde")
    page = client.get(where(OFFERS, f"{offer.pk}/")).content.decode()
    address = f"/redaktion/beitraege/neu/?eintrag={offer.pk}"
    assert address in page
    assert f'<option value="{offer.pk}" selected>Abendsprechstunde</option>' in client.get(address).content.decode()
    for odd in ("x", "9" * 30, "０", "999999"):
        assert client.get("/redaktion/beitraege/neu/", {"eintrag": odd}).status_code == 200


def test_the_director_concerned_releases_an_appointment_and_nobody_else(login):
    appointment = AppointmentFactory(released_at=None)
    page = where(APPOINTMENTS, f"{appointment.pk}/")
    client = login(user=appointment.director)
    assert "Termin freigeben" in client.get(page).content.decode()
    for other in (login(Role.GF), login(Role.PROE)):
        assert "Termin freigeben" not in other.get(page).content.decode()
        assert other.post(page + "freigabe/").status_code == 403
    assert client.post(page + "freigabe/").status_code == 302
    appointment.refresh_from_db()
    assert appointment.released_at
    assert client.post(page + "freigabe/", {"zurueck": "1"}).status_code == 302
    appointment.refresh_from_db()
    assert appointment.released_at is None
    steps = AuditEntry.objects.order_by("position").values_list("step", flat=True)
    assert list(steps) == ["release_appointment", "take_release_back"]


@pytest.mark.parametrize(("place", "is_released"), [("Rathaus", True), ("Bürgerschaft", False)])
def test_a_changed_appointment_has_to_be_released_anew(place, is_released, login):
    appointment = AppointmentFactory(place="Rathaus", starts_at=dt.datetime(2099, 5, 4, 8, tzinfo=dt.UTC))
    content = {name: getattr(appointment, name) for name in ("title", "region")}
    content |= {"director": appointment.director_id, "starts_at": "2099-05-04T10:00", "is_public": "on"}
    content |= {"place": place, "seen": appointment.updated_at.isoformat()}
    assert login().post(where(APPOINTMENTS, f"{appointment.pk}/"), content).status_code == 302
    appointment.refresh_from_db()
    assert bool(appointment.released_at) is is_released
    assert ("released_at" in "".join(AuditEntry.objects.values_list("note", flat=True))) is not is_released
