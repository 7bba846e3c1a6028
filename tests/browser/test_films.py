"""Pages of videos and of parts of pictures, of which the demonstration has none: in every look, by click, by keys."""

import datetime as dt
import io

import pytest
from PIL import Image

from editorial.actions import media, mirroring
from editorial.models import Medium
from tests.browser.test_every_page import html_errors
from tests.browsing import Watch, axe_source, log_in, violations, visitor, wear
from tests.factories import PASSWORD, PostFactory, person
from tests.films import film

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:00.900\nGuten Tag.\n"


@pytest.fixture
def watched(browser_beside_database, live_server):
    with visitor(browser_beside_database, live_server.url) as context:
        watch = Watch(live_server.url)
        page = watch.over(context.new_page())
        page.on("dialog", lambda dialog: dialog.accept())
        log_in(page, person(username="anna").username, PASSWORD)
        yield page, watch


def looked_at(page, folder, java_path):
    """What is wrong with the page as it stands, light and dark, wide and narrow."""
    found = []
    for dark in (False, True):
        for narrow in (False, True):
            wear(page, dark=dark, narrow=narrow)
            found += violations(page, axe_source())
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"too wide: dark={dark} narrow={narrow}")
    wear(page, dark=False, narrow=False)
    return found + html_errors({page.url: page.request.get(page.url).text()}, folder, java_path)


def test_a_video_is_handed_in_and_stands_on_the_public_page(watched, tmp_path, java_path):
    page, watch = watched
    page.goto("/redaktion/medien/")
    page.click("text=Video hochladen")
    assert looked_at(page, tmp_path, java_path) == []
    page.set_input_files("[name=upload]", {"name": "a.mp4", "mimeType": "video/mp4", "buffer": b"Guten Tag"})
    page.fill("[name=title]", "Begrüßung")
    page.click("text=Hochladen >> nth=-1")
    page.get_by_text("Diese Datei ist kein Video im Format MP4.").first.wait_for()
    assert looked_at(page, tmp_path, java_path) == []
    page.set_input_files("[name=upload]", {"name": "a.mp4", "mimeType": "video/mp4", "buffer": film()})
    page.fill("[name=captions]", CAPTIONS)
    page.fill("[name=transcript]", "Sie sagt: Guten Tag.")
    page.fill("[name=alt_text]", "Eine Beraterin begrüßt eine Kundin")
    page.click("text=Hochladen >> nth=-1")
    page.get_by_text("Das Video „Begrüßung“ ist hochgeladen.").wait_for()
    assert looked_at(page, tmp_path, java_path) == []
    at = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
    post = PostFactory(approved=True, slot=at, media=[Medium.objects.get()])
    mirroring.show(post, at=at, recorded_at=at)
    page.goto(f"/beitraege/{post.public_id}/")
    assert page.evaluate("document.querySelector('video').paused") is True
    assert looked_at(page, tmp_path, java_path) == []
    page.click("text=Das Video als Text")
    page.get_by_text("Sie sagt: Guten Tag.").wait_for()
    page.goto("/redaktion/medien/")
    assert looked_at(page, tmp_path, java_path) == []
    assert watch.foreign == []


def test_a_click_into_the_picture_or_two_numbers_place_the_part(watched, tmp_path, java_path):
    page, watch = watched
    out = io.BytesIO()
    Image.new("RGB", (400, 200), (9, 99, 9)).save(out, format="PNG")
    medium = media.store(Medium(title="Haus", alt_text="Ein Haus"), media.prepare(out.getvalue()), by=person())
    page.goto(f"/redaktion/medien/{medium.pk}/")
    frame = page.locator("[data-focus-x]").bounding_box()
    page.mouse.click(frame["x"] + frame["width"] * 0.25, frame["y"] + frame["height"] * 0.5)
    assert [page.input_value(f"[name=focus_{axis}_pct]") for axis in "xy"] == ["25", "50"]
    page.focus("[name=focus_x_pct]")
    page.keyboard.press("Control+a")
    page.keyboard.type("100")
    page.select_option("[name=crop]", "1:1")
    page.focus("[name=save]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/redaktion/medien/")
    found = Medium.objects.get()
    assert (found.width_px, found.height_px, found.focus_x_pct) == (200, 200, 100)
    page.goto(f"/redaktion/medien/{medium.pk}/")
    assert looked_at(page, tmp_path, java_path) == []
    assert (watch.foreign, watch.complaints) == ([], [])
