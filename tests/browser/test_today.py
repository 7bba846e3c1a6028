"""The start page in a browser: the week by keyboard, with script and without, at both widths and in both colours."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial import plan
from editorial.clock import BERLIN
from editorial.enums import DeliveryState, Role
from editorial.templatetags.kern import berlin_day
from tests.browsing import axe_source, log_in, violations, visitor, wear
from tests.factories import PASSWORD, ConsultationFactory, DeliveryFactory, PostFactory, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@pytest.fixture
def opened(browser_beside_database, live_server):
    """Open the start page of a role."""
    contexts = []

    def open_it(role=Role.PROE, **how):
        contexts.append(visitor(browser_beside_database, live_server.url, **how))
        page = contexts[-1].new_page()
        log_in(page, person(role, username=f"{role.value}-heute").username, PASSWORD)
        page.goto("/redaktion/")
        return page

    yield open_it
    for context in contexts:
        context.close()


def this_monday():
    return plan.monday_of(timezone.now().astimezone(BERLIN).date())


def name_of(monday):
    return f"Kalenderwoche {monday.isocalendar().week}"


def title(page):
    return page.locator("#woche-titel").inner_text()


def at(day, hour=9):
    return dt.datetime.combine(day, dt.time(hour), BERLIN)


def fill():
    today = timezone.now().astimezone(BERLIN).date()
    for number in range(4):
        DeliveryFactory(slot=at(this_monday() + number * DAY))
    PostFactory(slot=at(today + DAY), topic=None)
    PostFactory(slot=at(today + 3 * DAY), in_review=True)
    PostFactory(slot=at(today - 3 * DAY), in_review=True)
    DeliveryFactory(slot=at(today - DAY), state=DeliveryState.MISSED)
    ConsultationFactory(due_at=timezone.now() + DAY)


@pytest.mark.parametrize("role", Role)
def test_every_start_page_is_accessible_empty_and_full_wide_and_narrow_light_and_dark(opened, role):
    page = opened(role)
    for make in (lambda: None, fill):
        make()
        page.reload()
        for dark in (False, True):
            for narrow in (False, True):
                wear(page, dark=dark, narrow=narrow)
                assert violations(page, axe_source()) == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keyboard_one_goes_from_week_to_week_and_keeps_the_focus_and_the_place(opened):
    fill()
    page = opened()
    page.locator("#woche-next").focus()
    before = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    page.locator("#woche-titel", has_text=name_of(this_monday() + WEEK)).wait_for()
    assert page.evaluate("document.activeElement.id") == "woche-next"
    assert page.evaluate("scrollY") == before
    assert page.url.endswith(f"?woche={this_monday() + WEEK}")
    page.keyboard.press("Enter")
    page.locator("#woche-titel", has_text=name_of(this_monday() + 2 * WEEK)).wait_for()
    page.go_back()
    page.locator("#woche-titel", has_text=name_of(this_monday() + WEEK)).wait_for()
    assert page.locator("h1").count() == 1
    page.locator("#woche-diese").press("Enter")
    page.locator("#woche-titel", has_text="diese Woche").wait_for()
    assert violations(page, axe_source()) == []


def test_without_script_the_same_links_lead_there(opened):
    page = opened(script=False)
    page.locator("#woche-prev").click()
    page.wait_for_url(f"**/redaktion/?woche={this_monday() - WEEK}#woche")
    assert title(page) == name_of(this_monday() - WEEK)
    assert page.locator("h1").inner_text() == "Heute"


def test_on_a_phone_the_week_is_a_list_of_the_days_with_something(opened):
    DeliveryFactory(slot=at(this_monday()))
    page = opened(narrow=True)
    page.goto(f"/redaktion/?woche={this_monday()}")
    boxes = [box.bounding_box() for box in page.locator(".app-week > .app-day:visible").all()]
    assert len({round(box["x"]) for box in boxes}) == 1
    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
    assert page.locator(f"#woche [aria-label='{berlin_day(this_monday())}']").is_visible()
