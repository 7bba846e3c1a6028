"""The own calendar week on the start page: seven days from a Monday on, with gaps, today, and the way to others."""

import datetime as dt
import re

import pytest
import time_machine

from editorial.clock import BERLIN
from editorial.enums import Role
from editorial.models import Channel, DailyTarget
from tests.factories import DeliveryFactory, PostFactory

pytestmark = pytest.mark.django_db

TODAY = "/redaktion/"
NOW = dt.datetime(2026, 11, 25, 10, tzinfo=BERLIN)  # a Wednesday
WITH_PLAN = (Role.PROE, Role.GF, Role.FACH)


@pytest.fixture(autouse=True)
def wednesday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def on(day, hour=9):
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), BERLIN)


def page(client, **asked):
    answer = client.get(TODAY, asked)
    assert answer.status_code == 200
    return answer


def cells(client, **asked):
    return page(client, **asked).context["cells"]


def dates(found):
    return [cell.day.date.isoformat() for cell in found]


@pytest.mark.parametrize("role", Role)
def test_whoever_reads_the_plan_sees_the_week_and_nobody_else(login, role):
    assert ("Kalenderwoche 48, diese Woche" in page(login(role)).content.decode()) == (role in WITH_PLAN)


@pytest.mark.parametrize("today", ["2026-11-23", "2026-11-25", "2026-11-29"])
def test_it_goes_from_monday_to_sunday_whatever_day_it_is(login, today):
    with time_machine.travel(on(today, 10), tick=False):
        found = cells(login())
    assert (len(found), dates(found)[0], dates(found)[-1]) == (7, "2026-11-23", "2026-11-29")
    assert [cell.day.date.isoformat() for cell in found if cell.day.is_today] == [today]


def test_on_a_sunday_the_next_working_day_is_looked_at_although_it_is_another_week(login):
    DeliveryFactory(slot=on("2026-11-30"))
    with time_machine.travel(on("2026-11-29", 10), tick=False):
        html = page(login()).content.decode()
    assert "Geht am Mo, 30. November 2026 etwas hinaus?" in html
    assert "Ja, das Tagesziel ist gesichert." in html
    assert "An diesem Tag muss auch nichts erscheinen." in html


def test_the_day_of_today_is_marked_for_eyes_and_for_ears(login):
    html = page(login()).content.decode()
    assert re.findall(r'aria-label="([^"]+)" aria-current="date"', html) == ["Mi, 25. November 2026"]
    assert html.count("app-day--today") == 1


def test_each_working_day_short_of_its_target_is_a_gap(login):
    DeliveryFactory(slot=on("2026-11-26"))
    PostFactory(slot=on("2026-11-27", 23))
    found = cells(login())
    assert {cell.day.date.day: cell.gap for cell in found if cell.day.date >= NOW.date()} == {
        25: "Noch nichts geplant",
        26: "",
        27: "",
        28: "",  # nothing has to appear on a weekend
        29: "",
    }


def test_a_target_of_two_makes_one_beitrag_a_gap(login):
    DailyTarget.objects.update_or_create(
        channel=Channel.objects.get(), valid_from=dt.date(2026, 1, 1), defaults={"per_working_day": 2}
    )
    DeliveryFactory(slot=on("2026-11-26"))
    gaps = {cell.day.date.day: cell.gap for cell in cells(login())}
    assert (gaps[26], gaps[27], gaps[28]) == ("1 von 2 geplant", "Noch nichts geplant", "")


def test_a_past_day_on_which_nothing_appeared_says_so_and_offers_no_draft(login):
    Channel.objects.update(started_on=dt.date(2026, 1, 1))
    monday = cells(login())[0]
    assert (monday.gap, monday.new_url) == ("Nichts erschienen", "")


def test_a_holiday_is_named_and_needs_nothing(login):
    with time_machine.travel(on("2026-12-23", 10), tick=False):
        found = cells(login())
    christmas = found[4]
    assert (christmas.day.date.isoformat(), christmas.gap) == ("2026-12-25", "")
    assert "Weihnacht" in christmas.notes[0]


@pytest.mark.parametrize(
    ("day", "monday", "late"),
    [("2026-10-25", "2026-10-19", "2026-10-25T23:30"), ("2026-03-29", "2026-03-23", "2026-03-29T23:30")],
)
def test_the_week_in_which_the_clock_changes_has_seven_days_and_ends_on_sunday_night(login, day, monday, late):
    moment = dt.datetime.fromisoformat(late).replace(tzinfo=BERLIN)
    DeliveryFactory(slot=moment)
    DeliveryFactory(slot=moment + dt.timedelta(hours=1))  # Monday, half past midnight
    with time_machine.travel(on(day, 10), tick=False):
        found = cells(login())
    assert (len(found), dates(found)[0]) == (7, monday)
    assert [card.time for card in found[6].cards] == ["23:30"]
    assert sum(len(cell.cards) for cell in found) == 1


def test_the_turn_of_the_year_is_one_week(login):
    html = page(login(), woche="2027-01-01").content.decode()
    assert "Kalenderwoche 53" in html
    assert "28.12. bis So, 3. Januar 2027" in html


# --- To other weeks ---------------------------------------------------------------------------------------------------


def test_the_weeks_before_and_after_are_links_that_work_without_script(login):
    client = login()
    html = page(client).content.decode()
    for week in ("2026-11-16", "2026-11-30"):
        assert f'href="/redaktion/?woche={week}#woche"' in html
        assert dates(cells(client, woche=week))[0] == week


def test_another_week_leaves_today_and_tomorrow_where_they_are(login):
    html = page(login(), woche="2027-05-03").content.decode()
    assert "Kalenderwoche 18" in html
    assert "diese Woche</h2>" not in html
    assert "Geht am Do, 26. November 2026 etwas hinaus?" in html


def test_with_script_only_the_week_comes(login):
    client = login()
    html = client.get(TODAY, {"woche": "2026-12-02"}, headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<section class="app-panel app-own-week')
    assert "Kalenderwoche 49" in html
    assert "<h1" not in html


def test_the_way_back_of_the_browser_brings_the_whole_page(login):
    asked = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<h1" in login().get(TODAY, {"woche": "2026-12-02"}, headers=asked).content.decode()


@pytest.mark.parametrize("asked", ["gestern", "2026-13-01", "0001-01-01", "9999-12-31", "2026-W48"])
def test_a_week_that_cannot_be_shown_is_this_one_with_a_word_about_it(login, asked):
    html = page(login(), woche=asked).content.decode()
    assert "Sie sehen diese Woche." in html
    assert "Kalenderwoche 48, diese Woche" in html


@pytest.mark.parametrize(("day", "missing"), [("2000-01-03", 'rel="prev"'), ("2100-12-31", 'rel="next"')])
def test_at_the_ends_of_the_calendar_there_is_no_way_on(login, day, missing):
    html = page(login(), woche=day).content.decode()
    assert "Kalenderwoche" in html
    assert missing not in html


def test_of_a_full_day_five_are_shown_and_the_plan_has_the_others(login):
    for hour in range(8, 16):
        DeliveryFactory(slot=on("2026-11-26", hour))
    thursday = cells(login())[3]
    assert (len(thursday.cards), thursday.day.more) == (5, 3)
    assert thursday.more_url == "/redaktion/plan/?ansicht=woche&datum=2026-11-26"


def test_only_those_who_write_are_offered_a_draft_for_a_gap(login):
    offers = {role: "neu/?slot=2026-11-27T09:00" in page(login(role)).content.decode() for role in WITH_PLAN}
    assert offers == {Role.PROE: True, Role.GF: True, Role.FACH: False}
