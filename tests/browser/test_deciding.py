"""A director decides on a phone: by thumb, by keyboard alone, and without any script."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from editorial.actions import approval, drafting
from editorial.enums import PostState, Role
from editorial.models import Approval, Look, Post
from tests.browsing import Watch, axe_source, log_in, violations, visitor
from tests.factories import PASSWORD, MediumFactory, PostFactory, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
QUEUE = "/redaktion/freigaben/"
FOCUSED_WORDS = "document.activeElement.innerText"


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def phone(request, browser_beside_database, live_server):
    context = visitor(browser_beside_database, live_server.url, narrow=True, script=request.param)
    page = context.new_page()
    page.watch = Watch(live_server.url)
    page.watch.over(page)
    log_in(page, person(Role.GF, username="leitung").username, PASSWORD)
    yield page
    page.context.close()


def waiting(hours=30, **fields):
    return approval.submit(PostFactory(slot=timezone.now() + dt.timedelta(hours=hours), **fields), by=person())


def go_by_tab_to(page, words, most=60):
    for _ in range(most):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED_WORDS):
            return
    raise AssertionError(f"{words} is not reached by keyboard")


def state_of(post):
    return Post.objects.get(pk=post.pk).state


def test_by_keyboard_alone_one_is_sent_back_and_the_next_approved(phone):
    first = waiting(30, text="Zuerst dieser.", media=[MediumFactory(alt_text="Ein Haus")])
    second = waiting(60, text="Dann dieser.")
    phone.goto(f"{QUEUE}{first.pk}/")
    go_by_tab_to(phone, "Zurückgeben")
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.type("Bitte die Uhrzeit nennen.")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"**{QUEUE}{second.pk}/")
    assert "Es wartet noch ein Beitrag auf Sie." in phone.inner_text("main")
    assert (state_of(first), state_of(second)) == (PostState.DRAFT, PostState.IN_REVIEW)
    go_by_tab_to(phone, "Freigeben")
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"**{QUEUE}")
    assert "Es wartet nichts mehr auf Sie." in phone.inner_text("main")
    assert state_of(second) == PostState.APPROVED
    assert (phone.watch.foreign, phone.watch.complaints) == ([], [])


def test_both_buttons_lie_under_the_thumb_and_are_large(phone):
    post = waiting(text="Ein langer Beitrag mit Bild. " * 6, media=[MediumFactory(alt_text="Ein Haus")])
    phone.goto(f"{QUEUE}{post.pk}/")
    for words in ("Freigeben", "Zurückgeben"):
        box = phone.locator(f".app-decide__buttons :is(button, summary):has-text('{words}')").first.bounding_box()
        assert box["height"] >= 48
        assert box["width"] >= 140
        assert box["y"] + box["height"] <= phone.viewport_size["height"]


def test_without_a_reason_nothing_is_sent_back_and_a_change_meanwhile_is_shown(phone):
    post = waiting()
    phone.goto(f"{QUEUE}{post.pk}/")
    phone.click("text=Zurückgeben …")
    phone.locator("details[open] button").click()
    assert (phone.url.endswith(f"{QUEUE}{post.pk}/"), state_of(post)) == (True, PostState.IN_REVIEW)
    phone.fill("details[open] textarea", "Bitte kürzer.")
    drafting.save(post, {"text": "Inzwischen anders."}, by=person())
    phone.goto(f"{QUEUE}{post.pk}/")
    assert "Geändert, seit Sie Fassung 1 gelesen haben" in phone.inner_text("main")
    assert phone.locator(".app-diff ins").first.is_visible()


def test_in_the_list_what_is_closed_is_opened_and_then_approved_with_one_press(phone):
    first, second = waiting(30, text="Zuerst dieser."), waiting(60, text="Dann dieser.")
    phone.goto(QUEUE)
    rows = phone.locator("ol.app-queue > li")
    assert rows.nth(0).get_by_role("button", name="Freigeben").is_visible()
    assert not rows.nth(1).get_by_role("button", name="Freigeben").is_visible()
    rows.nth(1).get_by_text("Lesen und entscheiden").click()
    rows.nth(1).get_by_role("button", name="Freigeben").click()
    phone.wait_for_url(f"**/redaktion/beitraege/{second.pk}/")
    assert [one.post_id for one in Approval.objects.all()] == [second.pk]
    assert state_of(first) == PostState.IN_REVIEW


def test_an_opened_refusal_is_accessible(browser_beside_database, live_server):
    context = visitor(browser_beside_database, live_server.url, narrow=True, dark=True)
    page = context.new_page()
    log_in(page, person(Role.GF, username="leitung").username, PASSWORD)
    post = waiting()
    page.goto(f"{QUEUE}{post.pk}/")
    drafting.save(post, {"text": "Inzwischen anders."}, by=person())
    page.click("button:has-text('Freigeben')")
    page.wait_for_selector("[data-refused]")
    assert "Der Beitrag wurde geändert, seit Sie ihn geöffnet haben." in page.inner_text("[data-refused]")
    assert violations(page, axe_source()) == []
    context.close()


def test_only_what_was_unfolded_in_the_queue_counts_as_read(phone, request):
    first, second = waiting(30, text="Zuerst dieser."), waiting(60, text="Dann dieser.")
    phone.goto(QUEUE)
    phone.wait_for_load_state("networkidle")
    assert not Look.objects.filter(post=second).exists()
    rows = phone.locator(".app-queue > li")
    if "no-script" in request.node.callspec.id:
        rows.nth(1).get_by_role("link", name="Dann dieser.").click()
        phone.wait_for_load_state("networkidle")
    else:
        summary = rows.nth(1).locator(".app-queue__more > summary")
        summary.focus()
        with phone.expect_response(f"**{QUEUE}{second.pk}/gelesen/") as answer:
            phone.keyboard.press("Enter")
        assert answer.value.status == 204
        third = waiting(90, text="Auf seiner eigenen Seite gelesen.")
        with phone.expect_response(f"**{QUEUE}{third.pk}/gelesen/"):
            phone.goto(f"/redaktion/beitraege/{third.pk}/")
        assert Look.objects.filter(post=third, digest=third.digest()).delete()[0] == 1
    assert Look.objects.filter(post=second, digest=second.digest()).count() == 1
    assert not Look.objects.exclude(post__in=[first, second]).exists()


def test_the_numbers_at_the_tabs_change_in_place_and_the_focus_stays(phone, request):
    phone.goto(QUEUE)
    first = phone.locator("#reiter-1")
    assert first.inner_text().split() == ["Ich", "bin", "dran", "0"]
    first.focus()
    waiting(30)
    if "no-script" in request.node.callspec.id:
        phone.reload()
    else:
        phone.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(first).to_contain_text("1")
        assert phone.evaluate("document.activeElement.id") == "reiter-1"
        assert "Nichts zu entscheiden" in phone.inner_text("main")  # nothing else was exchanged
    assert first.inner_text().split() == ["Ich", "bin", "dran", "1"]
