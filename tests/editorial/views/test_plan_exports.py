import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from editorial.clock import BERLIN
from editorial.enums import DeliveryState
from editorial.models import Topic
from editorial.views.plan_exports import HEADER, harmless
from tests.factories import DeliveryFactory, PostFactory

pytestmark = pytest.mark.django_db

PLAN, ICS, CSV = "/redaktion/plan/", "/redaktion/plan.ics", "/redaktion/plan.csv"
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
D = DeliveryState


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def at(day, hour=9, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), BERLIN)


def days_after(number):
    return NOW.date() + dt.timedelta(days=number)


def calendar(answer):
    return Calendar.from_ical(answer.content).walk("VEVENT")


def table(answer):
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def test_the_table_opens_in_excel_with_german_headings(login):
    PostFactory(text="Zeile eins\nZeile „zwei“; mit Semikolon", slot=at(days_after(1)))
    answer = login().get(CSV)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="redaktionsplan.csv"'
    assert table(answer) == [
        list(HEADER),
        [
            "24.11.2026",
            "09:00",
            "X (früher Twitter)",
            "Unsere Dienstleistungen",
            "Bremer Stadtgesellschaft",
            "PRÖ",
            "Entwurf",
            "Zeile eins\nZeile „zwei“; mit Semikolon",
        ],
    ]


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_no_cell_is_a_formula_and_nothing_of_the_text_is_lost(text):
    cell = harmless(text)
    assert cell.lstrip(" \u00a0")[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "|", "%"}
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize("text", ["=1+1", "+49 421", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\n=1", "|calc"])
def test_what_a_spreadsheet_would_calculate_is_marked_as_text(text):
    assert harmless(text) == f"'{text}"


def test_the_calendar_parses_and_every_entry_has_moment_status_and_address(login, settings):
    planned = DeliveryFactory(slot=at(days_after(1), 14, 30))
    draft = PostFactory(text="Ein Text; mit, Zeichen\nund Zeilen", slot=at(days_after(2)))
    gone = DeliveryFactory(state=D.CANCELLED, slot=at(days_after(3)))
    answer = login().get(ICS)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = {int(event["uid"].split("@")[0].removeprefix("beitrag-")): event for event in calendar(answer)}
    assert {pk: str(event["status"]) for pk, event in events.items()} == {
        planned.post_id: "CONFIRMED",
        draft.pk: "TENTATIVE",
        gone.post_id: "CANCELLED",
    }
    event = events[draft.pk]
    assert event["dtstart"].to_ical() == b"20261125T080000Z"
    assert str(event["url"]) == f"{settings.PUBLIC_BASE_URL}/redaktion/beitraege/{draft.pk}/"
    assert str(event["summary"]) == "Entwurf: Ein Text; mit, Zeichen und Zeilen"
    assert str(event["description"]).startswith("Ein Text; mit, Zeichen\nund Zeilen\nStatus: Entwurf\n")


def test_the_hour_of_an_entry_is_right_on_both_sides_of_the_clock_change(login):
    PostFactory(slot=at(dt.date(2027, 3, 26)))
    PostFactory(slot=at(dt.date(2027, 3, 29)))
    answer = login().get(ICS, {"von": "2027-03-22", "bis": "2027-04-04"})
    assert [event["dtstart"].to_ical() for event in calendar(answer)] == [b"20270326T080000Z", b"20270329T070000Z"]
    assert [row[1] for row in table(login().get(CSV, {"von": "2027-03-22", "bis": "2027-04-04"}))[1:]] == ["09:00"] * 2


def test_both_exports_obey_the_days_and_the_filters(login):
    tips = Topic.objects.get(slug="lesetipps")
    PostFactory(text="Gesucht", slot=at(days_after(1), 23, 59), topic=tips)
    PostFactory(text="Anderes Thema", slot=at(days_after(1)))
    PostFactory(text="Anderer Tag", slot=at(days_after(2), 0, 0), topic=tips)
    asked = {"von": "2026-11-24", "bis": "2026-11-24", "thema": "lesetipps"}
    assert [row[-1] for row in table(login().get(CSV, asked))[1:]] == ["Gesucht"]
    assert [str(event["summary"]) for event in calendar(login().get(ICS, asked))] == ["Entwurf: Gesucht"]


def test_the_page_offers_the_exports_of_what_it_shows(login):
    PostFactory(text="Gesucht", slot=at(days_after(1)), topic=Topic.objects.get(slug="lesetipps"))
    PostFactory(text="Im Dezember", slot=at(dt.date(2026, 12, 10)))
    client = login()
    answer = client.get(PLAN, {"ansicht": "monat", "thema": "lesetipps"})
    assert [row[-1] for row in table(client.get(answer.context["csv_url"]))[1:]] == ["Gesucht"]
    assert len(calendar(client.get(answer.context["ics_url"]))) == 1


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"von": "gestern"}, "„gestern“ ist kein Tag. Ein Tag sieht so aus: 2026-11-25."),
        ({"von": "2026-12-01", "bis": "2026-11-01"}, "„bis“ liegt vor „von“."),
        ({"von": "2020-01-01", "bis": "2026-01-01"}, "Höchstens zwei Jahre auf einmal."),
        ({"bis": "9999-12-31"}, "Der Plan reicht von 2000 bis 2100."),
    ],
)
def test_an_export_of_no_possible_period_is_refused_in_words(login, asked, sentence):
    for path in (ICS, CSV):
        answer = login().get(path, asked)
        assert (answer.status_code, answer.content.decode()) == (400, sentence)


@pytest.mark.parametrize("path", [ICS, CSV])
def test_an_export_costs_the_same_queries_however_long_it_is(login, path, django_assert_num_queries):
    client = login()
    PostFactory(slot=at(days_after(1)))
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for hour in range(3):
        PostFactory(slot=at(days_after(1), 10 + hour))
    with django_assert_num_queries(len(one)):
        client.get(path)
