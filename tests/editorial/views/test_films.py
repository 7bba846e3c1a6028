"""Short videos in the library: handed in with captions and transcript, played in parts."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from editorial.actions import approval, films
from editorial.enums import PostState, Role
from editorial.models import AuditEntry, Medium, Post
from editorial.models.media import small_name, still_name
from tests.factories import FILM, FilmFactory, MediumFactory, PostFactory, person
from tests.films import film

pytestmark = pytest.mark.django_db

NEW = "/redaktion/medien/video/"
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:00.900\nGuten Tag.\n"
TYPED = {
    "title": "Begrüßung",
    "alt_text": "Eine Beraterin begrüßt eine Kundin",
    "captions": CAPTIONS,
    "transcript": "Sie sagt: Guten Tag.",
    "author": "PRÖ",
    "licence": "eigenes Video",
}


@pytest.fixture(scope="module")
def clip():
    return film(1.0, notes={"title": "Zuhause bei Erika"})


def handed_in(client, data, name="film.mp4", **fields):
    answer = client.post(NEW, TYPED | fields | {"upload": SimpleUploadedFile(name, data)}, follow=True)
    return answer.status_code, html.unescape(answer.content.decode())


def vtt(text, name="film.vtt"):
    return {"captions_file": SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())}


def test_a_video_is_handed_in_with_captions_and_transcript(login, clip):
    client = login()
    status, page = handed_in(client, clip)
    medium = Medium.objects.get()
    assert (status, "Das Video „Begrüßung“ ist hochgeladen." in page) == (200, True)
    assert (medium.kind, medium.media_type, medium.duration_s, medium.has_sound) == ("video", "video/mp4", 1, True)
    assert (medium.captions, medium.transcript) == (CAPTIONS, "Sie sagt: Guten Tag.")
    stored = medium.file.read()
    assert b"Erika" in clip
    assert b"Erika" not in stored
    assert medium.size_bytes == len(stored)
    assert all(medium.file.storage.exists(name(medium.file.name)) for name in (small_name, still_name))
    assert AuditEntry.objects.get(subject_type="medium").step == "upload"
    assert "<video" in page
    assert "autoplay" not in page
    assert "1 Sekunde, 320 × 180 Bildpunkte" in page
    assert "Video" in client.get("/redaktion/medien/").content.decode()


def test_captions_come_as_a_file_which_wins_over_what_was_typed(login, clip):
    text = CAPTIONS.replace("Guten Tag", "Moin")
    handed_in(login(), clip, **vtt("\ufeff" + text.replace("\n", "\r\n")))
    assert Medium.objects.get().captions == text


@pytest.mark.parametrize(
    ("captions", "sentence"),
    [
        (CAPTIONS.replace("00:00.900", "00:09.000"), "Die Untertitel enden nach dem Video. Es dauert 1 Sekunden."),
        ("Guten Tag", "Das sind keine Untertitel im Format WebVTT"),
        ("WEBVTT\n\n00:01.000 --> 00:00.500\nGuten Tag", "Zeile 3: Das Ende liegt nicht nach dem Anfang."),
        (b"WEBVTT\n\n\xe4", "Bitte speichern Sie die Datei mit der Zeichenkodierung UTF-8."),
        (b"WEBVTT\n\n00:00.000 --> 00:00.900\nGuten\0Tag", "Zeile 4: Hier steht ein unlesbares Zeichen."),
        (b"x" * 400_001, "Erlaubt sind 400 kB."),
    ],
)
def test_captions_that_no_player_shows_are_refused_and_nothing_typed_is_lost(login, clip, captions, sentence):
    status, page = handed_in(login(), clip, **vtt(captions))
    assert (status, Medium.objects.count()) == (422, 0)
    assert sentence in page
    assert "Sie sagt: Guten Tag." in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Guten Tag", "Diese Datei ist kein Video im Format MP4."),
        (FILM, "Das Video ist beschädigt oder unvollständig."),
        (b"", "Die Datei ist leer."),
    ],
)
def test_what_is_no_video_is_refused_with_its_sentence(login, data, sentence):
    status, page = handed_in(login(), data)
    assert (status, Medium.objects.count()) == (422, 0)
    assert sentence in page
    assert "Sie sagt: Guten Tag." in page


def test_a_video_that_is_too_large_is_refused_unread(login, monkeypatch):
    monkeypatch.setattr(films, "LARGEST_FILM_BYTES", 2_000_000)  # a hundred million would only take time
    status, page = handed_in(login(), bytes(2_500_000))
    assert status == 422
    assert "Das Video hat 3 MB. Erlaubt sind 2 MB. Bitte kürzen Sie es" in page


def test_a_reader_that_is_killed_is_a_refusal_and_no_breakdown(login, clip, monkeypatch):
    monkeypatch.setattr(films, "READING_LIMIT_S", 0.01)
    status, page = handed_in(login(), clip)
    assert (status, films.TOO_SLOW in page) == (422, True)


def test_a_video_among_the_pictures_is_sent_to_its_own_page(login, clip):
    answer = login().post("/redaktion/medien/", {"title": "Haus", "upload": SimpleUploadedFile("a.mp4", clip)})
    assert "Diese Datei ist ein Video. Bitte nehmen Sie dafür „Video hochladen“." in answer.content.decode()


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
def test_videos_are_handed_in_by_those_who_write(login, role):
    assert login(role).get(NEW).status_code == 403
    assert login(role).post(NEW, TYPED).status_code == 403


@pytest.mark.parametrize("changed", ["captions", "transcript", "alt_text"])
def test_what_readers_get_to_see_is_part_of_the_approval(login, changed):
    medium = FilmFactory()
    post = approval.submit(PostFactory(media=[medium]), by=person())
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    before = post.digest()
    words = {name: getattr(medium, name) for name in TYPED}
    words[changed] = medium.captions.replace("Guten", "Schönen") if changed == "captions" else "Etwas anderes."
    page = html.unescape(login().post(f"/redaktion/medien/{medium.pk}/", words, follow=True).content.decode())
    assert f"Beitrag {post.pk} braucht eine neue Freigabe" in page
    post = Post.objects.get()
    assert post.state == PostState.DRAFT
    assert post.digest() != before


def test_a_picture_is_approved_as_before_there_were_videos():
    picture = MediumFactory()
    assert picture.approved_as() == [picture.sha256, picture.alt_text]
    assert len(FilmFactory().approved_as()) == 4


def test_who_approves_reads_captions_and_transcript_and_may_play_it(login):
    post = approval.submit(PostFactory(media=[FilmFactory(captions=CAPTIONS)]), by=person())
    director = login(Role.GF)
    page = director.get(f"/redaktion/beitraege/{post.pk}/").content.decode()
    assert "<video" in page
    for shown in (page, director.get("/redaktion/freigaben/").content.decode()):
        assert "Textfassung: Eine Beraterin sagt: Guten Tag, willkommen." in shown
        assert "Untertitel: Guten Tag." in shown


# --- Playing ----------------------------------------------------------------------------------------------------------

PIECES = [
    ("", 200, FILM, None),
    ("bytes=0-", 206, FILM, f"bytes 0-{len(FILM) - 1}/{len(FILM)}"),
    ("bytes=4-7", 206, FILM[4:8], f"bytes 4-7/{len(FILM)}"),
    (f"bytes={len(FILM) - 3}-9999999", 206, FILM[-3:], f"bytes {len(FILM) - 3}-{len(FILM) - 1}/{len(FILM)}"),
    (f"bytes={len(FILM)}-", 416, b"", f"bytes */{len(FILM)}"),
    ("bytes=9-3", 416, b"", f"bytes */{len(FILM)}"),
    ("bytes=-5", 200, FILM, None),
    ("bytes=0-1,4-5", 200, FILM, None),
    ("seiten=1-2", 200, FILM, None),
]


@pytest.mark.parametrize(("asked", "status", "content", "said"), PIECES)
def test_a_player_gets_the_piece_it_asks_for(login, asked, status, content, said):
    path = f"/redaktion/medien/{FilmFactory().pk}/datei/"
    answer = login(Role.GF).get(path, headers={"Range": asked, "Accept-Encoding": "gzip"} if asked else {})
    got = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (answer.status_code, got, answer.get("Content-Range")) == (status, content, said)
    assert (answer["Accept-Ranges"], answer.get("Content-Encoding")) == ("bytes", "identity")


def test_a_still_and_the_captions_have_addresses_of_their_own(login, clip):
    client = login()
    handed_in(client, clip)
    path = f"/redaktion/medien/{Medium.objects.get().pk}/"
    kinds = [client.get(path + rest)["Content-Type"] for rest in ("datei/?standbild", "datei/?klein", "untertitel.vtt")]
    assert kinds == ["image/jpeg", "image/webp", "text/vtt; charset=utf-8"]
    assert client.get(f"/redaktion/medien/{MediumFactory().pk}/untertitel.vtt").status_code == 404


def test_a_video_that_is_gone_is_not_found(login):
    medium = FilmFactory()
    medium.file.storage.delete(medium.file.name)
    client = login()
    assert [client.get(f"/redaktion/medien/{medium.pk}/datei/{more}").status_code for more in ("", "?standbild")] == [
        404,
        404,
    ]
