"""Moving an entry of the plan: by pointer and by keyboard."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.clock import BERLIN
from editorial.enums import PostState, Role
from editorial.models import Post
from tests.browsing import log_in, visitor
from tests.factories import PASSWORD, DeliveryFactory, PostFactory, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
FOCUSED = "document.activeElement.getAttribute('href')"


@pytest.fixture
def page(browser_beside_database, live_server):
    context = visitor(browser_beside_database, live_server.url)
    page = context.new_page()
    log_in(page, person(Role.PROE, username="redaktion").username, PASSWORD)
    yield page
    page.context.close()


def next_monday():
    today = timezone.now().astimezone(BERLIN).date()
    return today + dt.timedelta(days=7 - today.weekday())


def at(day, hour=9):
    return dt.datetime.combine(day, dt.time(hour, 30), BERLIN)


def drag(page, post, day):
    page.goto(f"/redaktion/plan/?ansicht=woche&datum={day}")
    page.drag_and_drop(f"li:has(> a[href='/redaktion/beitraege/{post.pk}/'])", f".app-day:has(a[href*='slot={day}'])")


def test_a_draft_is_dropped_on_another_day_and_keeps_its_hour_and_the_focus(page):
    monday = next_monday()
    draft = PostFactory(slot=at(monday))
    drag(page, draft, monday + dt.timedelta(days=2))
    page.wait_for_selector("text=Rückgängig machen")
    assert Post.objects.get().slot == at(monday + dt.timedelta(days=2))
    assert page.evaluate(FOCUSED) == f"/redaktion/beitraege/{draft.pk}/"
    page.click("text=Rückgängig machen")
    page.wait_for_selector("text=Zurückgenommen.")
    assert Post.objects.get().slot == at(monday)


def test_dropping_what_is_approved_asks_first_and_by_keyboard_one_can_call_it_off(page):
    monday = next_monday()
    planned = DeliveryFactory(slot=at(monday))
    drag(page, planned.post, monday + dt.timedelta(days=1))
    page.wait_for_selector("text=Die Freigabe endet.")
    page.focus("a:has-text('Abbrechen')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-calendar]")
    assert page.evaluate(FOCUSED) == f"/redaktion/beitraege/{planned.post_id}/"
    assert Post.objects.get().state == PostState.APPROVED


def test_an_entry_is_moved_by_keyboard_alone(page):
    monday = next_monday()
    draft = PostFactory(slot=at(monday))
    page.goto(f"/redaktion/plan/?ansicht=woche&datum={monday}")
    page.focus(f".app-move[href*='/{draft.pk}/']")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Verschieben')")
    page.fill("#id_slot", f"{monday + dt.timedelta(days=3)}T14:00")
    page.focus("#id_slot")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Verschoben auf")
    assert page.evaluate(FOCUSED) == f"/redaktion/beitraege/{draft.pk}/"
