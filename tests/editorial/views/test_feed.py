"""The Atom feed, read as a strict reader does (RFC 4287)."""

import datetime as dt
from xml.etree import ElementTree

import pytest

from editorial.enums import PostKind
from editorial.models import Post
from tests.editorial.views.shown import MORNING, page_of, shown
from tests.factories import MediumFactory

pytestmark = pytest.mark.django_db
FEED = "/beitraege/feed.atom"
HOST = "http://localhost:8000"


def atom(tag):
    return f"{{http://www.w3.org/2005/Atom}}{tag}"


def read(client):
    answer = client.get(FEED)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def test_the_feed_has_what_atom_requires(client):
    item = shown()
    root = read(client)
    assert root.tag == atom("feed")
    assert root.findtext(atom("id")) == "tag:jobcenter-bremen.de,2021:beitraege/"
    assert root.findtext(atom("title")) == "Beiträge des Jobcenters Bremen"
    assert dt.datetime.fromisoformat(root.findtext(atom("updated"))) == MORNING
    assert [name.text for name in root.iter(atom("name"))] == ["Jobcenter Bremen"]
    links = {link.get("rel"): link.get("href") for link in root.findall(atom("link"))}
    assert links == {"self": HOST + FEED, "alternate": HOST + "/beitraege/"}
    (entry,) = root.findall(atom("entry"))
    assert entry.findtext(atom("id")) == f"tag:jobcenter-bremen.de,2021:beitraege/{item.post.public_id}"
    assert entry.findtext(atom("title")) == item.text
    assert dt.datetime.fromisoformat(entry.findtext(atom("updated"))) == MORNING
    assert dt.datetime.fromisoformat(entry.findtext(atom("published"))) == MORNING
    assert entry.find(atom("link")).get("href") == HOST + page_of(item)
    assert entry.find(atom("category")).get("term") == "Unsere Dienstleistungen"


def test_an_entry_holds_the_whole_beitrag(client):
    item = shown(
        text="Eins & zwei\nhttps://a.de/b",
        media=[MediumFactory(alt_text='Haus "Mitte"', author="PRÖ", licence="frei")],
    )
    content = read(client).find(f"{atom('entry')}/{atom('content')}")
    assert content.get("type") == "html"
    assert 'Eins &amp; zwei<br><a href="https://a.de/b">https://a.de/b</a>' in content.text
    assert f'<img src="{HOST}{page_of(item)}bild-1/" alt="Haus &quot;Mitte&quot;"' in content.text
    assert "Bild: PRÖ · frei" in content.text
    assert "Quelle: " in content.text


def test_a_retweet_is_marked_in_the_feed(client):
    shown(kind=PostKind.RETWEET, text="Kurz gesagt.", retweet_url="https://x.com/iab/status/17")
    entry = read(client).find(atom("entry"))
    assert entry.findtext(atom("title")) == "Retweet: Kurz gesagt."
    assert "https://x.com/iab/status/17" in entry.findtext(atom("content"))


def test_no_sign_in_a_text_can_break_the_feed(client):
    shown(text="vorher\x0b\x1b\ufffe]]>&lt;<![CDATA[\U0001f389nachher")
    entry = read(client).find(atom("entry"))
    assert entry.findtext(atom("title")) == "vorher]]>&lt;<![CDATA[\U0001f389nachher"


def test_an_id_stays_when_the_site_moves(client, settings):
    shown()
    before = read(client).find(atom("entry"))
    settings.PUBLIC_BASE_URL = "https://neu.example"
    after = read(client).find(atom("entry"))
    assert after.findtext(atom("id")) == before.findtext(atom("id"))
    assert after.find(atom("link")).get("href").startswith("https://neu.example/beitraege/")


def test_a_reader_that_comes_again_is_told_that_nothing_is_new(client):
    shown()
    first = client.get(FEED)
    again = client.get(FEED, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_reader_that_asks_by_date_learns_of_a_take_down(client):
    item = shown()
    date = "Wed, 01 Jan 2098 00:00:00 GMT"
    assert client.get(FEED, headers={"if-modified-since": date}).status_code == 200
    assert "Last-Modified" not in client.get(FEED)
    assert Post.objects.filter(pk=item.post_id).exists()


def test_the_feed_brings_the_newest_thirty(client):
    for hour in range(31):
        shown(MORNING + dt.timedelta(hours=hour), text=f"Nummer {hour}")
    titles = [entry.findtext(atom("title")) for entry in read(client).findall(atom("entry"))]
    assert titles == [f"Nummer {hour}" for hour in range(30, 0, -1)]


def test_an_empty_feed_is_still_a_feed(client):
    assert read(client).findall(atom("entry")) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_feed_needs_one_query(client, django_assert_num_queries, number):
    for hour in range(number):
        shown(MORNING + dt.timedelta(hours=hour), media=[MediumFactory()])
    with django_assert_num_queries(1):
        client.get(FEED)
