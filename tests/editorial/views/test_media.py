"""The pictures of the house: hand in, describe, look at; for whom and for whom not."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from editorial.actions import approval
from editorial.actions.media import LARGEST_BYTES
from editorial.contact_sheet import sheet_of
from editorial.enums import PostState, Role
from editorial.models import Medium, Post
from editorial.models.media import small_name
from tests.factories import DOT, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

MEDIA = "/redaktion/medien/"
SHEET = "/redaktion/medien/uebersicht/"
LIST_QUERIES = 6


def upload(data=DOT, name="Haus.png", **fields):
    facts = {"title": "Haus", "alt_text": "Ein gelbes Haus", "author": "PRÖ", "licence": "eigenes Bild"}
    return {**facts, "upload": SimpleUploadedFile(name, data, content_type="image/png"), **fields}


def described(medium, **changes):
    names = ("title", "alt_text", "author", "licence")
    return {name: getattr(medium, name) for name in names} | changes


def test_a_picture_is_handed_in_with_its_description(login):
    client = login()
    answer = client.post(MEDIA, upload())
    medium = Medium.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, MEDIA)
    assert (medium.title, medium.alt_text, medium.media_type) == ("Haus", "Ein gelbes Haus", "image/png")
    assert medium.uploaded_by == client.person
    assert 'aria-label="Ein gelbes Haus"' in client.get(MEDIA).content.decode()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "SVG-Dateien nehmen wir nicht an"),
        (b"%PDF-1.7", "a.png", "Diese Datei ist ein PDF und kein Bild."),
        (DOT[:45], "a.png", "Das Bild ist beschädigt"),
        (b"", "a.png", "Die Datei ist leer."),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence_and_nothing_typed_is_lost(login, data, name, sentence):
    answer = login().post(MEDIA, upload(data, name))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Ein gelbes Haus" in page
    assert Medium.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_unread(login):
    answer = login().post(MEDIA, upload(DOT.ljust(LARGEST_BYTES + 1)))
    assert answer.status_code == 422
    assert "Die Datei hat 11 MB. Erlaubt sind 10 MB." in answer.content.decode()


def test_the_name_and_kind_a_browser_tells_are_not_believed(login):
    out = io.BytesIO()
    Image.new("RGB", (3, 2)).save(out, format="JPEG")
    login().post(MEDIA, upload(out.getvalue(), "../../etc/passwd.html"))
    medium = Medium.objects.get()
    assert medium.media_type == "image/jpeg"
    assert medium.file.name.endswith(".jpg")
    assert "passwd" not in medium.file.name


def test_a_title_is_needed_an_alt_text_can_follow(login):
    client = login()
    assert client.post(MEDIA, upload(title="")).status_code == 422
    assert "für die Freigabe nötig" in client.get(MEDIA).content.decode()
    assert client.post(MEDIA, upload(alt_text="")).status_code == 302
    assert "Alternativtext fehlt" in client.get(MEDIA).content.decode()


def test_who_describes_a_picture_anew_is_told_what_needs_a_new_approval(login):
    medium = MediumFactory()
    post = approval.submit(PostFactory(media=[medium]), by=person())
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    client = login()
    answer = client.post(f"{MEDIA}{medium.pk}/", described(medium, alt_text="Ein rotes Haus"), follow=True)
    assert Medium.objects.get().alt_text == "Ein rotes Haus"
    assert Post.objects.get().state == PostState.DRAFT
    assert f"Beitrag {post.pk} braucht eine neue Freigabe" in answer.content.decode()


def test_an_invalid_description_changes_nothing(login):
    medium = MediumFactory()
    answer = login().post(f"{MEDIA}{medium.pk}/", described(medium, title="", alt_text="Anders"))
    assert answer.status_code == 422
    assert Medium.objects.get().alt_text == medium.alt_text


def test_the_file_itself_is_for_people_who_are_logged_in(client, login):
    medium = MediumFactory()
    path = f"{MEDIA}{medium.pk}/datei/"
    assert client.get(path).status_code == 302
    answer = login(Role.GF).get(path)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "image/png",
        "private, max-age=3600",
    )
    assert b"".join(answer.streaming_content) == DOT
    assert login(Role.ADMIN).get(path).status_code == 403


def test_a_page_gets_the_small_copy_and_the_file_where_there_is_none(login):
    small = MediumFactory()
    small.file.storage.save(small_name(small.file.name), ContentFile(b"klein"))
    client = login()
    found = {pk: client.get(f"{MEDIA}{pk}/datei/?klein") for pk in (small.pk, MediumFactory().pk)}
    kinds = [(answer["Content-Type"], b"".join(answer.streaming_content)) for answer in found.values()]
    assert kinds == [("image/webp", b"klein"), ("image/png", DOT)]


def test_a_file_that_is_gone_is_not_found(login):
    medium = MediumFactory()
    medium.file.storage.delete(medium.file.name)
    client = login()
    assert client.get(f"{MEDIA}{medium.pk}/datei/").status_code == 404
    assert client.get(MEDIA).status_code == 200
    assert client.get(f"{MEDIA}999/").status_code == 404


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
def test_pictures_are_handed_in_by_those_who_write(login, role):
    assert login(role).post(MEDIA, upload()).status_code == 403
    assert Medium.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(login, rows, django_assert_num_queries):
    MediumFactory.create_batch(rows)
    client = login()
    client.get(MEDIA)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(MEDIA)


def test_the_list_is_paged_newest_first(login):
    media = MediumFactory.create_batch(10)
    client = login()
    assert next(iter(client.get(MEDIA).context["page"])) == media[-1]
    assert len(client.get(MEDIA, {"seite": "2"}).context["page"].object_list) == 1


# --- All small pictures in one file -----------------------------------------------------------------------------------


def test_the_page_shows_them_all_with_one_address(login):
    older, newer = MediumFactory.create_batch(2)
    client = login()
    sheet = sheet_of([newer, older])
    page = client.get("/redaktion/medien/").content.decode()
    address = f"{SHEET}?bilder={sheet.keys}&amp;stand={sheet.version}"
    assert page.count(f'href="{address}"') == 2
    answer = client.get(SHEET, {"bilder": sheet.keys, "stand": sheet.version})
    assert Image.open(io.BytesIO(answer.content)).size == (sheet.width_px, sheet.height_px)
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"


def test_what_is_out_of_date_is_not_kept(login):
    answer = login().get(SHEET, {"bilder": MediumFactory().pk, "stand": "0" * 16})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("keys", ["", "0", "x", "1,,2", "9" * 400, "-1", "٣", "1;DROP"])
def test_an_address_of_no_pictures_is_none(login, keys):
    assert login().get(SHEET, {"bilder": keys}).status_code == 404
