"""The mirror: everything we publish, readable without log-in, cookie or any other host (K-18, K-20, K-47)."""

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from editorial.actions import scheduling
from editorial.enums import PostKind, Role
from editorial.models import MirrorItem, Post
from editorial.models.media import small_name
from tests.editorial.views.shown import MORNING, page_of, shown
from tests.factories import DOT, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db
LIST = "/beitraege/"


def text_of(answer):
    return answer.content.decode()


def test_the_list_shows_each_beitrag_whole_newest_first(client):
    older = shown(MORNING, text="Erste Zeile\n\nZweite: https://www.jobcenter-bremen.de/a")
    newer = shown(MORNING + dt.timedelta(hours=1), text="Später")
    page = text_of(client.get(LIST))
    assert page.index(page_of(newer)) < page.index(page_of(older))
    linked = '<a href="https://www.jobcenter-bremen.de/a">https://www.jobcenter-bremen.de/a</a>'
    assert f"Erste Zeile\n\nZweite: {linked}" in page
    assert "Mi, 25. November 2026, 09:00 Uhr" in page
    assert "Unsere Dienstleistungen" in page


def test_a_page_of_its_own_names_all_a_journalist_needs(client):
    picture = MediumFactory(alt_text="Das Haus", author="Foto: PRÖ", licence="CC BY 4.0")
    item = shown(source_url="https://statistik.example.org/bericht", media=[picture])
    page = text_of(client.get(page_of(item)))
    assert f'<link rel="canonical" href="http://localhost:8000{page_of(item)}">' in page
    assert '<time datetime="2026-11-25T09:00+01:00">Mi, 25. November 2026, 09:00 Uhr</time>' in page
    assert '<a href="https://statistik.example.org/bericht">statistik.example.org/bericht</a>' in page
    assert '<a href="/kontakt/">Kontakt zur Pressestelle</a>' in page
    assert "Bild: Foto: PRÖ · CC BY 4.0" in page
    assert 'alt="Das Haus"' in page
    assert f'<meta name="description" content="{item.text}">' in page


def test_a_retweet_is_marked_and_shows_our_own_words_and_where_the_original_stands(client):
    item = shown(
        kind=PostKind.RETWEET, text="Das IAB sieht mehr offene Stellen.", retweet_url="https://x.com/iab/status/17"
    )
    for path in (LIST, page_of(item)):
        page = text_of(client.get(path))
        assert "Retweet" in page
        assert "Das IAB sieht mehr offene Stellen." in page
        assert '<a href="https://x.com/iab/status/17">x.com/iab/status/17</a>' in page


def test_without_a_source_the_house_itself_is_the_source(client):
    item = shown(source_url="", twin_url="")
    assert "eigene Angaben des Jobcenters Bremen" in text_of(client.get(page_of(item)))


def test_nothing_tells_who_wrote_or_approved_it(client):
    author = person(Role.PROE, first_name="Xaveria", last_name="Zimtstern", username="xzimt")
    item = shown(written_by=author)
    for path in (LIST, page_of(item), "/beitraege/feed.atom"):
        page = text_of(client.get(path)).lower()
        assert [word for word in ("xaveria", "zimtstern", "xzimt") if word in page] == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "https://a.de/\"onmouseover='alert(1)'",
        "</title><svg onload=alert(1)>",
        "{{ 7 }}{% x %}",
    ],
)
def test_a_text_can_do_nothing_but_be_read(client, text):
    harmless, hostile = shown(text="Guten Tag"), shown(text=text)
    assert elements(client, page_of(hostile)) - elements(client, page_of(harmless)) <= {("a", ("href",))}
    assert elements(client, page_of(hostile)) >= elements(client, page_of(harmless))


def elements(client, path):
    """Every kind of element on a page, with the names of its attributes."""
    found = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.add((tag, tuple(name for name, _ in attrs)))

    Reader().feed(text_of(client.get(path)))
    return found


def test_an_address_that_is_no_web_address_is_never_a_link(client):
    item = shown()
    MirrorItem.objects.filter(pk=item.pk).update(source_url="javascript:alert(1)", twin_url="ftp://a.example/b")
    page = text_of(client.get(page_of(item)))
    assert "javascript:" not in page
    assert "ftp:" not in page


@pytest.mark.parametrize("number", ["0", "-1", "2", "99999999999999999999", "x", "", "1.5", "last"])
def test_a_page_number_that_does_not_exist_is_answered_in_german(client, number):
    shown()
    answer = client.get(f"{LIST}?seite={number}")
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in text_of(answer)


def test_the_list_is_paged(client):
    for hour in range(21):
        shown(MORNING + dt.timedelta(hours=hour))
    first, second = text_of(client.get(LIST)), text_of(client.get(f"{LIST}?seite=2"))
    assert (first.count("<article"), second.count("<article")) == (20, 1)
    assert "Seite 2 von 2" in second


def test_an_empty_mirror_says_so(client):
    answer = client.get(LIST)
    assert (answer.status_code, "Noch keine Beiträge" in text_of(answer)) == (200, True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_needs_the_same_few_queries_however_long_it_is(client, django_assert_num_queries, number):
    for hour in range(number):
        shown(MORNING + dt.timedelta(hours=hour), media=[MediumFactory(), MediumFactory()])
    with django_assert_num_queries(3):  # count, page, and whether this is a demonstration
        client.get(LIST)


def test_a_page_of_its_own_needs_two_queries(client, django_assert_num_queries):
    item = shown(media=[MediumFactory()])
    with django_assert_num_queries(2):
        client.get(page_of(item))


# --- Taking down ------------------------------------------------------------------------------------------------------


def take_down(item):
    scheduling.hide_from_mirror(item.post, at=timezone.now())


def test_what_is_taken_down_is_gone_everywhere_at_once(client):
    item = shown(text="Eine Geschichte", media=[MediumFactory()])
    picture = f"{page_of(item)}bild-1/"
    assert [client.get(path).status_code for path in (page_of(item), picture)] == [200, 200]
    take_down(item)
    answer = client.get(page_of(item))
    assert answer.status_code == 410
    assert "Dieser Beitrag wurde zurückgenommen" in text_of(answer)
    assert client.get(picture).status_code == 404
    for path in (page_of(item), LIST, "/beitraege/feed.atom"):
        assert "Eine Geschichte" not in text_of(client.get(path))


def test_a_browser_that_kept_the_page_is_told_too(client):
    item = shown(media=[MediumFactory()])
    kept = {path: client.get(path)["ETag"] for path in (page_of(item), f"{page_of(item)}bild-1/", LIST)}
    take_down(item)
    answers = {path: client.get(path, headers={"if-none-match": tag}).status_code for path, tag in kept.items()}
    assert list(answers.values()) == [410, 404, 200]


def test_what_was_never_shown_is_not_found(client):
    post = PostFactory(approved=True, text="Noch geheim")
    answer = client.get(f"/beitraege/{post.public_id}/")
    assert (answer.status_code, "Noch geheim" in text_of(answer)) == (404, False)
    assert client.get("/beitraege/gibtesnicht/").status_code == 404


def test_what_is_changed_inside_the_house_does_not_change_what_was_published(client):
    item = shown(text="Wie freigegeben")
    Post.objects.filter(pk=item.post_id).update(text="Wie danach geändert")
    assert "Wie danach geändert" not in text_of(client.get(page_of(item)))


# --- Pictures ---------------------------------------------------------------------------------------------------------


def test_a_picture_comes_with_its_type_and_is_asked_for_again(client):
    item = shown(media=[MediumFactory(), MediumFactory()])
    answer = client.get(f"{page_of(item)}bild-2/")
    assert b"".join(answer.streaming_content) == DOT
    wanted = {"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    assert {name: answer[name] for name in wanted} == wanted
    again = client.get(f"{page_of(item)}bild-2/", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_loads_the_small_copy_and_links_to_the_picture(client):
    medium = MediumFactory()
    for suffix, content in (("webp", b"klein"), ("jpg", b"jpeg")):
        medium.file.storage.save(small_name(medium.file.name, suffix), ContentFile(content))
    item = shown(media=[medium])
    path = f"{page_of(item)}bild-1/"
    page = client.get(page_of(item)).content.decode()
    opening = f'<a href="{path}"><picture><source type="image/webp" srcset="{path}?klein"><img src="{path}?klein=jpeg"'
    assert opening in page
    answers = [client.get(f"{path}{copy}") for copy in ("", "?klein", "?klein=jpeg")]
    assert [answer["Content-Type"] for answer in answers] == ["image/png", "image/webp", "image/jpeg"]
    assert [b"".join(answer.streaming_content) for answer in answers] == [DOT, b"klein", b"jpeg"]
    assert len({answer["ETag"] for answer in answers}) == 3


def test_a_picture_from_before_there_were_copies_is_shown_as_it_is(client):
    item = shown(media=[MediumFactory()])
    for copy in ("klein", "klein=jpeg", "mittel", "mittel=jpeg", "klein=%00"):
        answer = client.get(f"{page_of(item)}bild-1/?{copy}")
        assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("image/png", DOT)


@pytest.mark.parametrize("number", ["0", "3", "-1", "9999999999999999999", "1.png", "x"])
def test_a_picture_that_does_not_exist_is_not_found(client, number):
    item = shown(media=[MediumFactory(), MediumFactory()])
    assert client.get(f"{page_of(item)}bild-{number}/").status_code == 404


@pytest.mark.parametrize("name", ["../../db.sqlite3", "/etc/passwd", "bilder/gibt-es-nicht.png", ""])
def test_a_picture_never_leaves_its_folder(client, name):
    item = shown(media=[MediumFactory()])
    MirrorItem.objects.filter(pk=item.pk).update(media=[{**item.media[0], "file": name}])
    assert client.get(f"{page_of(item)}bild-1/").status_code in (400, 404)


def test_what_is_stored_as_something_else_than_a_picture_is_not_sent(client):
    item = shown(media=[MediumFactory()])
    MirrorItem.objects.filter(pk=item.pk).update(media=[{**item.media[0], "media_type": "text/html"}])
    assert client.get(f"{page_of(item)}bild-1/").status_code == 404
