"""What a visitor reaches from the start page by links alone: everything promised, nothing unbuilt, nothing foreign."""

import datetime as dt
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from editorial.enums import PostKind
from editorial.models import Channel
from tests.editorial.views.shown import MORNING, shown
from tests.factories import MediumFactory

pytestmark = pytest.mark.django_db
HOME = "http://testserver"
# contract.md, Addresses: the public ones, without log-in and cookie.
PUBLIC = re.compile(
    r"/(beitraege/([a-z0-9]{10}/(bild-\d+/)?)?|beitraege/feed\.atom|kanaele/|nutzungskonzept/(\d{4}-\d\d/)?"
    r"|evaluation/([a-z0-9-]+/(bericht\.pdf|daten\.csv|daten\.json)?)?"
    r"|impressum/|datenschutz/|netiquette/|barrierefreiheit/|kontakt/|presse/|einwilligung-widerrufen/)?"
)
PROMISED = (
    *("/beitraege/", "/nutzungskonzept/", "/evaluation/", "/kanaele/", "/kontakt/"),
    *("/impressum/", "/datenschutz/", "/netiquette/", "/barrierefreiheit/", "/beitraege/feed.atom"),
)


class Page(HTMLParser):
    """The links of a page, what it loads by itself, and its ids."""

    def __init__(self, html):
        super().__init__()
        self.links, self.loaded, self.ids = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        loads = {"img": "src", "script": "src", "source": "srcset", "iframe": "src", "form": "action", "object": "data"}
        name = "href" if tag == "link" and given.get("rel") not in ("canonical", "alternate") else loads.get(tag)
        if name and given.get(name):
            self.loaded.append(given[name])


class Visit:
    """A breadth-first walk over the links of our own site."""

    def __init__(self, client, start="/"):
        self.client, self.pages, self.depth, self.answers = client, {}, {start: 0}, {}
        waiting = [start]
        while waiting and len(self.pages) < 300:
            path = waiting.pop(0)
            answer = client.get(path)
            self.answers[path] = answer
            if not answer["Content-Type"].startswith("text/html"):
                continue
            self.pages[path] = Page(answer.content.decode())
            for target in self.inner(path, self.pages[path].links):
                if target not in self.depth:
                    self.depth[target] = self.depth[path] + 1
                    waiting.append(target)

    def inner(self, path, links):
        absolute = [urljoin(HOME + path, link) for link in links]
        return [url.removeprefix(HOME).split("#")[0] for url in absolute if url.startswith(HOME + "/")]


@pytest.fixture
def visit(client, settings):
    settings.PUBLIC_BASE_URL = HOME
    Channel.objects.update(handle="jc", profile_url="https://x.example/jc", started_on=dt.date(2021, 11, 2))
    for hour in range(21):
        shown(MORNING + dt.timedelta(hours=hour), text=f"Nummer {hour}, mehr auf jobcenter-bremen.de/{hour}")
    shown(MORNING - dt.timedelta(days=1), media=[MediumFactory(), MediumFactory()])
    shown(MORNING - dt.timedelta(days=2), kind=PostKind.RETWEET, retweet_url="https://x.example/iab/status/17")
    return Visit(client)


def test_every_link_of_a_public_page_leads_to_a_page_that_exists_and_was_promised(visit):
    assert {path: answer.status_code for path, answer in visit.answers.items() if answer.status_code != 200} == {}
    paths = {urlsplit(path).path for path in visit.answers}
    assert [path for path in paths if not PUBLIC.fullmatch(path) and path != "/konto/anmelden/"] == []
    assert "/beitraege/?seite=2" in visit.answers


def test_everything_promised_is_at_most_two_clicks_away(visit):
    assert {path: visit.depth.get(path) for path in PROMISED if visit.depth.get(path, 9) > 2} == {}


def test_from_every_public_page_the_texts_of_responsibility_are_one_click_away(visit):
    for path, page in visit.pages.items():
        if path != "/konto/anmelden/":
            missing = {"/impressum/", "/datenschutz/", "/netiquette/", "/barrierefreiheit/"} - set(page.links)
            assert (path, missing) == (path, set())


def test_every_mark_within_a_page_that_is_linked_exists(visit):
    lost = [
        (path, link)
        for path, page in visit.pages.items()
        for link in page.links
        if "#" in link
        and (target := urljoin(HOME + path, link).removeprefix(HOME).split("#")[0]) in visit.pages
        and link.split("#")[1] not in visit.pages[target].ids
    ]
    assert lost == []


def test_no_id_stands_twice_on_a_page(visit):
    assert [path for path, page in visit.pages.items() if len(page.ids) != len(set(page.ids))] == []


def test_no_public_page_loads_anything_from_elsewhere_or_sets_a_cookie(visit):
    foreign = {
        url
        for page in visit.pages.values()
        for url in page.loaded
        if urlsplit(urljoin(HOME, url)).netloc != urlsplit(HOME).netloc
    }
    assert foreign == set()
    assert [path for path, answer in visit.answers.items() if answer.cookies and path != "/konto/anmelden/"] == []


def test_every_picture_of_a_public_page_can_be_had(visit, client):
    pictures = {url for page in visit.pages.values() for url in page.loaded if "/bild-" in url}
    assert {url.partition("?")[2] for url in pictures} == {"klein", "klein=jpeg"}
    assert len({url.partition("?")[0] for url in pictures}) == 2
    assert {client.get(url).status_code for url in pictures} == {200}
