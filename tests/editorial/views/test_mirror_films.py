"""A video on the public page: plays when asked, with captions, and as text for everybody else (K-47, G-11)."""

import datetime as dt
import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from editorial.actions import media
from editorial.models import Medium
from editorial.models.media import still_name
from tests.editorial.views.shown import shown
from tests.factories import FILM, FilmFactory, MediumFactory, person

pytestmark = pytest.mark.django_db


def page_of(item):
    return f"/beitraege/{item.post.public_id}/"


@pytest.fixture
def item():
    medium = FilmFactory(author="PRÖ", licence="CC BY 4.0")
    medium.file.storage.save(still_name(medium.file.name), ContentFile(b"standbild"))
    return shown(dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC), media=[medium])


def test_the_page_shows_player_captions_still_transcript_and_credit(client, item):
    page = client.get(page_of(item)).content.decode()
    film = f"{page_of(item)}bild-1/"
    assert f'<video class="app-film" controls preload="none" playsinline poster="{film}?standbild"' in page
    assert 'aria-label="Video: Eine Beraterin begrüßt eine Kundin"' in page
    assert f'<source src="{film}" type="video/mp4">' in page
    captions = f"{page_of(item)}untertitel-1.vtt"
    assert f'<track kind="captions" srclang="de" label="Deutsch" src="{captions}" default>' in page
    assert "Das Video als Text" in page
    assert "Eine Beraterin sagt: Guten Tag, willkommen." in page
    assert "Video: PRÖ · CC BY 4.0" in page
    assert "autoplay" not in page
    assert "media-src 'self'" in client.get(page_of(item))["Content-Security-Policy"]


def test_film_still_and_captions_are_public_and_asked_for_again(client, item):
    film = client.get(f"{page_of(item)}bild-1/", headers={"Range": "bytes=0-9"})
    assert (film.status_code, film.content, film["Content-Range"]) == (206, FILM[:10], f"bytes 0-9/{len(FILM)}")
    still = client.get(f"{page_of(item)}bild-1/?standbild")
    assert (still["Content-Type"], b"".join(still.streaming_content)) == ("image/jpeg", b"standbild")
    captions = client.get(f"{page_of(item)}untertitel-1.vtt")
    assert captions["Content-Type"] == "text/vtt; charset=utf-8"
    assert "Guten Tag, willkommen." in captions.content.decode()
    assert len({answer["ETag"] for answer in (film, still)}) == 2
    assert client.get(f"{page_of(item)}bild-1/", headers={"if-none-match": film["ETag"]}).status_code == 304


def test_what_is_changed_inside_the_house_does_not_change_what_was_published(client, item):
    Medium.objects.update(captions="WEBVTT\n\n00:00.000 --> 00:01.000\nAnders.\n", transcript="Anders.")
    answers = [client.get(path).content.decode() for path in (page_of(item), f"{page_of(item)}untertitel-1.vtt")]
    assert [text for text in answers if "Anders." in text] == []


def test_a_picture_has_no_captions(client):
    item = shown(dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC), media=[MediumFactory()])
    assert client.get(f"{page_of(item)}untertitel-1.vtt").status_code == 404
    assert client.get(f"{page_of(item)}untertitel-2.vtt").status_code == 404
    assert "<video" not in client.get(page_of(item)).content.decode()


def test_the_feed_shows_the_still_and_leads_to_the_video(client, item):
    feed = client.get("/beitraege/feed.atom").content.decode()
    assert f"http://localhost:8000{page_of(item)}bild-1/?standbild" in feed
    assert "Das Video als Text: Eine Beraterin sagt" in feed


def test_alone_on_its_page_a_wide_picture_comes_as_sharp_as_the_screen(client):
    out = io.BytesIO()
    Image.new("RGB", (1600, 800), (9, 99, 9)).save(out, format="JPEG")
    medium = media.store(Medium(title="Haus", alt_text="Ein Haus"), media.prepare(out.getvalue()), by=person())
    item = shown(dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC), media=[medium])
    path = f"{page_of(item)}bild-1/"
    page = client.get(page_of(item)).content.decode()
    assert f'<source type="image/webp" srcset="{path}?klein 480w, {path}?mittel 960w"' in page
    assert f'<img src="{path}?klein=jpeg" srcset="{path}?klein=jpeg 480w, {path}?mittel=jpeg 960w"' in page
    copies = ["?klein", "?klein=jpeg", "?mittel", "?mittel=jpeg", ""]
    files = [Image.open(io.BytesIO(b"".join(client.get(path + copy)))) for copy in copies]
    sizes = [(480, 240), (480, 240), (960, 480), (960, 480), (1600, 800)]
    assert [(one.format, one.size) for one in files] == list(zip(["WEBP", "JPEG"] * 2 + ["JPEG"], sizes, strict=True))
    types = [client.get(path + copy)["Content-Type"] for copy in copies]
    assert types == ["image/webp", "image/jpeg"] * 2 + ["image/jpeg"]
    assert "?mittel" not in client.get("/beitraege/").content.decode()
