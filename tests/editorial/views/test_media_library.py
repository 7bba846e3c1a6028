"""What the library keeps besides the picture itself: its part, its purpose and source, and where it was used."""

import datetime as dt
import html
import io

import pytest
from PIL import Image

from editorial.actions import approval, media, mirroring
from editorial.enums import PostState, Role
from editorial.models import Medium, MirrorItem, Post
from editorial.rules import Situation, ask
from editorial.workflow import AS_APPROVED, StepRefused
from tests.factories import FilmFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture():
    out = io.BytesIO()
    Image.new("RGB", (400, 200), (9, 9, 9)).save(out, format="PNG")
    facts = {"title": "Haus", "alt_text": "Ein gelbes Haus am Fluss", "author": "PRÖ", "licence": "eigenes Bild"}
    return media.store(Medium(**facts), media.prepare(out.getvalue()), by=person())


def typed(medium, **changes):
    names = ("title", "alt_text", "author", "licence", "crop", "focus_x_pct", "focus_y_pct")
    return {name: getattr(medium, name) for name in names} | changes


def path_of(medium):
    return f"/redaktion/medien/{medium.pk}/"


def test_another_part_of_a_picture_ends_the_approval_of_what_shows_it(login, picture):
    post = approval.submit(PostFactory(media=[picture]), by=person())
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    client = login()
    answer = client.post(path_of(picture), typed(picture, crop="1:1", focus_x_pct=10), follow=True)
    assert f"Beitrag {post.pk} braucht eine neue Freigabe" in html.unescape(answer.content.decode())
    assert Post.objects.get().state == PostState.DRAFT
    found = Medium.objects.get()
    assert (found.width_px, found.height_px, found.focus_x_pct) == (200, 200, 10)
    page = client.get(path_of(picture)).content.decode()
    assert "So wird es gezeigt, Quadrat 1:1:" in page
    whole = client.get(f"{path_of(picture)}datei/?ganz")
    assert Image.open(io.BytesIO(b"".join(whole.streaming_content))).size == (400, 200)


def test_a_focus_alone_and_other_facts_change_no_file_and_no_approval(login, picture):
    post = approval.submit(PostFactory(media=[picture]), by=person())
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    facts = {"focus_x_pct": 80, "purpose": "Zeigt den Eingang", "source": "Archiv", "ai_mark": "edited"}
    assert login().post(path_of(picture), typed(picture, **facts)).status_code == 302
    found = Medium.objects.get()
    assert {name: getattr(found, name) for name in facts} == facts
    assert (found.file.name, found.sha256) == (picture.file.name, picture.sha256)
    assert Post.objects.get().state == PostState.APPROVED


@pytest.mark.parametrize("wrong", [{"focus_x_pct": 101}, {"focus_y_pct": -1}, {"crop": "3:7"}, {"ai_mark": "maybe"}])
def test_what_no_picture_can_have_is_refused(login, picture, wrong):
    assert login().post(path_of(picture), typed(picture, **wrong)).status_code == 422
    assert Medium.objects.get().sha256 == picture.sha256


def test_the_page_tells_where_it_was_used_newest_first(login, picture):
    slots = [dt.datetime(2026, 11, day, 8, tzinfo=dt.UTC) for day in (3, 5)]
    older, newer = (PostFactory(media=[picture], slot=slot, text=f"Beitrag vom {slot:%d.}") for slot in slots)
    PostFactory(media=[MediumFactory()], text="Ein anderer")
    page = login().get(path_of(picture)).content.decode()
    assert page.index(f'href="/redaktion/beitraege/{newer.pk}/"') < page.index(
        f'href="/redaktion/beitraege/{older.pk}/"'
    )
    assert "Ein anderer" not in page
    assert "Noch in keinem Beitrag." in login().get(path_of(MediumFactory())).content.decode()


@pytest.mark.parametrize("uses", [1, 3])
def test_the_page_asks_the_same_number_of_questions_for_one_use_and_for_three(
    login, picture, uses, django_assert_max_num_queries
):
    for _ in range(uses):
        PostFactory(media=[picture])
    client = login()
    client.get(path_of(picture))
    with django_assert_max_num_queries(8):
        client.get(path_of(picture))


def test_an_old_picture_is_used_again_in_a_new_beitrag(login, picture):
    MediumFactory.create_batch(12)
    client = login()
    assert f'id="id_media_{picture.pk}"' not in client.get("/redaktion/beitraege/neu/").content.decode()
    page = client.get(f"/redaktion/beitraege/neu/?medium={picture.pk}").content.decode()
    assert f'value="{picture.pk}" id="id_media_{picture.pk}" checked' in page
    for odd in ("x", "999999", "٣", "9" * 400):
        assert client.get("/redaktion/beitraege/neu/", {"medium": odd}).status_code == 200


@pytest.mark.parametrize("make", [MediumFactory, FilmFactory])
def test_the_public_reads_source_and_artificial_making(make):
    medium = make(source="Archiv", ai_mark="created")
    post = PostFactory(approved=True, media=[medium])
    mirroring.show(post, at=post.slot, recorded_at=post.slot)
    (frozen,) = MirrorItem.objects.get().media
    assert frozen["credit"].endswith(" · Archiv · mit KI erzeugt")


def test_a_right_that_ended_stops_submit_approve_and_send():
    medium = MediumFactory()
    post = PostFactory(media=[medium])
    submitted = approval.submit(post, by=person())
    ended = post.slot.date() - dt.timedelta(days=1)
    Medium.objects.update(rights_until=ended)
    with pytest.raises(StepRefused) as refusal:
        approval.approve(Post.objects.get(), by=person(Role.GF), seen_digest=submitted.digest())
    assert "media.rights_missing" in refusal.value.codes
    with pytest.raises(StepRefused) as refusal:
        approval.submit(PostFactory(media=[medium]), by=person())
    assert "media.rights_missing" in refusal.value.codes
    # Sent late, after the last day: the day it is really shown counts.
    Medium.objects.update(rights_until=post.slot.date())
    late = Situation(at=post.slot + dt.timedelta(days=1), slot=post.slot)
    found = ask(AS_APPROVED, Post.objects.get(pk=post.pk), late)
    assert "media.rights_missing" in [objection.code for objection in found]
