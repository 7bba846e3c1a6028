import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from editorial.clock import BERLIN
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import Channel, Post, RecurringSlot, Topic
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

PLAN, ICS, CSV = "/redaktion/plan/", "/redaktion/plan.ics", "/redaktion/plan.csv"
STYLES = ("monat", "woche", "liste")
READERS = (Role.PROE, Role.GF, Role.FACH)
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
MONDAY = NOW.date()
D = DeliveryState
NO_DAYS = ("morgen", "2026-13-01", "2026-02-30", "20261124", "2026-W48-1", "0001-01-01", "9999-12-31")


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def at(day, hour=9, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), BERLIN)


def page(client, **asked):
    answer = client.get(PLAN, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def days_after(number):
    return MONDAY + dt.timedelta(days=number)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


# --- Who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PLAN, ICS, CSV])
def test_the_plan_is_for_those_who_plan(login, path):
    assert Client().get(path).status_code == 302
    found = {role: login(role).get(path).status_code for role in Role}
    assert found == {role: 200 if role in READERS else 403 for role in Role}


@pytest.mark.parametrize("style", STYLES)
def test_the_fachberatung_reads_and_is_offered_nothing_to_write(login, style):
    DeliveryFactory(approval__post__text="Ein Beitrag", slot=at(days_after(1)))
    DeliveryFactory(state=D.MISSED, slot=at(days_after(-3)))
    reading, writing = page(login(Role.FACH), ansicht=style), page(login(Role.PROE), ansicht=style)
    assert "Ein Beitrag" in reading
    for offer in ("/redaktion/beitraege/neu/", "Verschieben…", "Braucht Sie"):
        assert (offer in reading, offer in writing) == (False, True), offer


# --- What is seen -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
def test_an_entry_shows_moment_state_and_text_and_leads_to_its_page(login, style):
    sent = DeliveryFactory(slot=at(days_after(1), 14, 30))
    Post.objects.update(text="Unser Servicecenter hilft.")
    html = page(login(), ansicht=style)
    assert f'href="/redaktion/beitraege/{sent.post_id}/"' in html
    for word in ("14:30", "Geplant", "Unser Servicecenter hilft.", "app-icon--clock"):
        assert word in html


def test_the_list_names_everything_the_concept_asks_for(login):
    PostFactory(slot=at(MONDAY, 15), written_by=person(Role.GF))
    row = re.search(r"<tbody>(.*?)</tr>", page(login(), ansicht="liste"), re.DOTALL).group(1)
    cells = dict(re.findall(r'data-label="(\w+)">\s*(?:<span[^>]*>)*([^<]+)', row))
    assert cells["Thema"] == "Unsere Dienstleistungen"
    assert cells["Zielgruppen"] == "Bremer Stadtgesellschaft"
    assert cells["Rolle"] == "Geschäftsführung"
    assert cells["Kanal"] == "X (früher Twitter)"
    assert "Entwurf" in row


def test_the_month_begins_on_the_monday_before_its_first_day(login):
    shown = login().get(PLAN, {"datum": "2026-11-15"}).context["weeks"]
    assert [cells[0].day.date for _, _, cells in shown] == [
        dt.date(2026, 10, 26) + dt.timedelta(days=7 * week) for week in range(6)
    ]
    assert [number for number, _, _ in shown] == [44, 45, 46, 47, 48, 49]


@pytest.mark.parametrize(("day", "number"), [("2026-12-30", 53), ("2027-01-03", 53), ("2027-01-04", 1)])
def test_a_week_carries_its_iso_number(login, day, number):
    assert login().get(PLAN, {"ansicht": "woche", "datum": day}).context["title"].startswith(f"KW {number}:")


@pytest.mark.parametrize("style", STYLES)
def test_the_next_free_working_day_is_a_gap_one_click_from_its_draft(login, style):
    html = page(login(), ansicht=style)
    assert "Noch nichts geplant" in html
    assert "/redaktion/beitraege/neu/?slot=2026-11-24T09:00" in html


def test_the_draft_that_a_gap_leads_to_has_its_moment_filled_in(login):
    client = login()
    link = re.search(r'href="(/redaktion/beitraege/neu/\?slot=2026-11-24[^"]+)"', page(client)).group(1)
    assert 'value="2026-11-24T09:00"' in client.get(link).content.decode()


def test_a_past_day_without_a_post_is_shown_as_missed_once_the_channel_began(login):
    assert "Nichts erschienen" not in page(login())
    Channel.objects.update(started_on=dt.date(2026, 11, 1))
    assert "Nichts erschienen" in page(login())


@pytest.mark.parametrize("style", ["monat", "woche"])
def test_the_reformation_day_is_named_and_no_gap(login, style):
    Channel.objects.update(started_on=dt.date(2025, 9, 1))
    answer = login().get(PLAN, {"ansicht": style, "datum": "2025-10-31"})
    cells = answer.context["cells"] if style == "woche" else [c for _, _, row in answer.context["weeks"] for c in row]
    gaps = {cell.day.date: cell.gap for cell in cells}
    assert (gaps[dt.date(2025, 10, 30)], gaps[dt.date(2025, 10, 31)]) == ("Nichts erschienen", "")
    assert "Reformationstag" in answer.content.decode()


@pytest.mark.parametrize("style", STYLES)
def test_what_needs_somebody_stands_on_top_whichever_month_is_looked_at(login, style):
    missed = DeliveryFactory(state=D.MISSED, slot=at(dt.date(2026, 3, 3)))
    html = page(login(), ansicht=style)
    assert html.index("Braucht Sie") < html.index("Was die Zeichen bedeuten")
    assert f'href="/redaktion/beitraege/{missed.post_id}/"' in html
    assert "Der Beitrag ist nicht hinausgegangen." in html


def test_an_entry_can_be_moved_as_far_as_its_state_allows(login):
    draft = PostFactory(slot=at(days_after(1)))
    planned = DeliveryFactory(slot=at(days_after(2)))
    sent = DeliveryFactory(published=True, slot=at(days_after(-3)))
    html = page(login())
    assert f'href="/redaktion/beitraege/{draft.pk}/verschieben/"' in html
    assert f'href="/redaktion/beitraege/{planned.post_id}/verschieben/"' in html
    assert html.count('class="app-move"') == 2
    assert f"/redaktion/beitraege/{sent.post_id}/verschieben/" not in html


def test_a_full_day_shows_three_and_says_how_many_more(login):
    for hour in range(8, 14):
        PostFactory(slot=at(days_after(1), hour))
    html = page(login())
    link = re.search(r'<a class="app-day__more" href="([^"]+)">\+3 weitere', html).group(1).replace("&amp;", "&")
    assert html.count('class="app-entry ') == 3
    assert parse_qs(urlsplit(link).query) == {"ansicht": ["woche"], "datum": ["2026-11-24"]}
    assert login().get(link).content.decode().count('class="app-entry ') == 6


def test_a_text_can_never_become_markup(login):
    PostFactory(text='<img src=x onerror="alert(1)">', slot=at(days_after(1)))
    for style in STYLES:
        html = page(login(), ansicht=style)
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


# --- What is asked for ------------------------------------------------------------------------------------------------


def test_the_filters_narrow_every_view_alike_and_show_as_chips(login):
    tips = Topic.objects.get(slug="lesetipps")
    PostFactory(text="Der gesuchte", slot=at(days_after(1)), topic=tips)
    PostFactory(text="Ein anderer", slot=at(days_after(1), 11))
    for style in STYLES:
        html = page(login(), ansicht=style, thema="lesetipps", zielgruppe="stadtgesellschaft", rolle="proe")
        assert ("Der gesuchte" in html, "Ein anderer" in html) == (True, False)
        assert "1 von 2 Beiträgen" in html
        for chip in ("Thema: Lesetipps", "Zielgruppe: Bremer Stadtgesellschaft", "Geschrieben von: PRÖ"):
            assert chip in html


def test_the_state_that_is_filtered_by_is_the_one_that_is_shown(login):
    DeliveryFactory(slot=at(days_after(1)))
    PostFactory(slot=at(days_after(2)), state=PostState.APPROVED)
    client = login()
    shown = {
        state: page(client, status=state).count('class="app-entry ') for state in (D.SCHEDULED, PostState.APPROVED)
    }
    assert shown == {D.SCHEDULED: 1, PostState.APPROVED: 1}


def test_a_chip_takes_its_own_filter_away_and_keeps_the_others(login):
    html = page(login(), ansicht="woche", datum="2026-11-24", thema="lesetipps", status="draft")
    links = [link.replace("&amp;", "&") for link in re.findall(r'class="app-chip" href="([^"]+)"', html)]
    kept = [parse_qs(urlsplit(link).query) for link in links]
    place = {"ansicht": ["woche"], "datum": ["2026-11-24"]}
    assert kept == [place | {"status": ["draft"]}, place | {"thema": ["lesetipps"]}]


@pytest.mark.parametrize("day", NO_DAYS)
@pytest.mark.parametrize("style", STYLES)
def test_a_day_nobody_can_show_falls_back_to_today_and_says_so(login, style, day):
    answer = login().get(PLAN, {"ansicht": style, "datum": day})
    assert answer.status_code == 200
    assert [message.endswith("Sie sehen den Plan von heute.") for message in said(answer)] == [True]


def test_a_view_nobody_knows_falls_back_to_the_month_and_says_so(login):
    answer = login().get(PLAN, {"ansicht": "jahr"})
    assert answer.context["style"] == "monat"
    assert said(answer) == ["Diese Ansicht gibt es nicht. Sie sehen den Monat."]


def test_a_filter_nobody_knows_has_no_effect_and_is_named(login):
    PostFactory(text="Sichtbar", slot=at(days_after(1)))
    answer = login().get(PLAN, {"thema": "gibt-es-nicht", "seite": "viele"})
    assert "Sichtbar" in answer.content.decode()
    assert said(answer) == ["Diesen Filter gibt es nicht mehr, er wirkt nicht: Thema."]


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
@pytest.mark.parametrize("style", STYLES)
def test_the_first_and_the_last_day_of_the_plan_can_be_shown(login, style, day):
    assert said(login().get(PLAN, {"ansicht": style, "datum": day})) == []


def test_the_list_opens_at_the_day_asked_for_and_pages_stay_within_the_month(login):
    for place in range(40):
        PostFactory(slot=at(dt.date(2026, 12, 1 + place // 2), 9 + place % 2))
    client = login()
    first = client.get(PLAN, {"ansicht": "liste", "datum": "2026-12-01"})
    later = client.get(PLAN, {"ansicht": "liste", "datum": "2026-12-20"})
    assert (first.context["page"].number, later.context["page"].number) == (1, 2)
    assert [len(answer.context["page"]) for answer in (first, later)] == [30, 10]
    named = client.get(PLAN, {"ansicht": "liste", "datum": "2026-12-20", "seite": "1"})
    assert named.context["page"].number == 1


def test_an_empty_list_says_what_to_do(login):
    assert "In diesem Monat ist nichts geplant" in page(login(), ansicht="liste", datum="2020-02-01")
    assert "Alle Filter entfernen" in page(login(), ansicht="liste", datum="2020-02-01", thema="lesetipps")


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
def test_one_post_and_three_hundred_cost_the_same_queries_and_no_more_than_fifteen(
    login, style, django_assert_max_num_queries
):
    client = login(Role.GF)
    PostFactory(slot=at(days_after(1)))
    DeliveryFactory(state=D.MISSED, slot=at(days_after(-3)))
    client.get(PLAN, {"ansicht": style})
    with django_assert_max_num_queries(15) as few:
        client.get(PLAN, {"ansicht": style})
    pattern = Post.objects.filter(deliveries=None).get()
    for place in range(300):
        pattern.pk, pattern.public_id, pattern.slot = None, f"viele{place}", at(days_after(place % 14), 8 + place % 12)
        pattern.save(force_insert=True)
    with django_assert_max_num_queries(15) as many:
        answer = client.get(PLAN, {"ansicht": style})
    assert len(many) == len(few)
    assert len(answer.content) < 100 * 1024


def test_a_month_with_more_than_it_can_show_on_each_day_stays_below_100_kib(login):
    pattern = PostFactory(text="Wörter mit Umlauten & Zeichen " * 9, slot=at(MONDAY), state=PostState.IN_REVIEW)
    for place in range(42 * 5):
        day = dt.date(2026, 10, 26) + dt.timedelta(days=place // 5)
        pattern.pk, pattern.public_id, pattern.slot = None, f"viele{place}", at(day, 8 + place % 5)
        pattern.save(force_insert=True)
    for style in STYLES:
        assert len(login().get(PLAN, {"ansicht": style}).content) < 100 * 1024


@pytest.mark.parametrize("style", ["monat", "woche"])
def test_a_free_time_of_the_week_leads_to_a_beitrag_with_day_and_topic(login, style):
    RecurringSlot.objects.create(weekday=1, at=dt.time(14), topic=Topic.objects.get(slug="lesetipps"))
    client = login()
    link = "/redaktion/beitraege/neu/?slot=2026-11-24T14:00&amp;thema=lesetipps"
    assert f'href="{link}"' in client.get(PLAN, {"ansicht": style}).content.decode()
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="2026-11-24T14:00"' in form
    assert "selected>Lesetipps" in form
    assert client.get("/redaktion/beitraege/neu/", {"thema": "\x00"}).status_code == 200
