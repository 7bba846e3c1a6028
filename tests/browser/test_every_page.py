"""Every page a person can reach, per role: accessible, valid, at home, silent; light and dark, wide and narrow."""

import re
import subprocess
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browsing import NARROW, WIDE, Watch, axe_source, log_in, violations, visitor
from tests.stack import stack

pytestmark = pytest.mark.browser

PASSWORD = "redaktion-demo"
PEOPLE = (None, "proe1", "gf1", "fach1", "admin1", "dsb1")
START = {None: "/", "proe1": "/redaktion/", "gf1": "/redaktion/"}
NOT_PAGES = re.compile(r"\.(ics|csv|json|atom|pdf|png|jpg)$|/datei/|/bild-|abmelden")
ALSO = {
    None: ("/konto/anmelden/", "/gibt-es-nicht/", "/beitraege/zzzzzzzzzz/"),
    "proe1": (
        "/redaktion/plan/?ansicht=woche",
        "/redaktion/plan/?ansicht=liste",
        "/redaktion/beitraege/neu/",
        "/redaktion/beitraege/?q=gibtesnicht",
        "/redaktion/gibt-es-nicht/",
    ),
    "gf1": ("/redaktion/beitraege/?status=ideen",),
    "fach1": ("/redaktion/medien/",),  # refused: 403
}
MOST_PAGES = 60


def kind_of(url):
    """One of each kind is enough: numbers, ids and dates do not make a page another one."""
    parts = urlsplit(url)
    path = re.sub(r"/\d+/", "/1/", re.sub(r"/beitraege/[a-z2-9]{10}/", "/beitraege/xxxxxxxxxx/", parts.path))
    view = re.search(r"ansicht=\w+", parts.query)
    return path + (f"?{view.group()}" if view else "")


def reachable(page, base_url, who):
    """Addresses of all kinds of pages from the person's start page on."""
    start = START.get(who, "/redaktion/")
    waiting, seen = [start, *ALSO.get(who, ())], {}
    while waiting:
        url = urljoin(base_url, waiting.pop(0))
        if urlsplit(url).netloc != urlsplit(base_url).netloc or NOT_PAGES.search(urlsplit(url).path):
            continue
        if kind_of(url) in seen or len(seen) >= MOST_PAGES:
            continue
        seen[kind_of(url)] = url
        page.goto(url)
        hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [href.split("#")[0] for href in hrefs]
    assert len(seen) < MOST_PAGES, sorted(seen)
    return list(seen.values())


@pytest.fixture(scope="module")
def empty_stack(tmp_path_factory):
    with stack(tmp_path_factory.mktemp("stack"), "--no-demo", PUBLISH_TICK_S="1") as running:
        yield running


def walk(browser, running, who, password=PASSWORD):
    """Visit every page, light and dark, wide and narrow. Gives what was found, what the browser noticed, the HTML."""
    source, watch = axe_source(), Watch(running.url)
    found, sources, addresses = [], {}, None
    for dark in (False, True):
        context = visitor(browser, running.url, dark=dark)
        page = watch.over(context.new_page())
        if who:
            log_in(page, who, password)
        addresses = addresses or reachable(page, running.url, who)
        for url in addresses:
            page.set_viewport_size(WIDE)
            sources[url] = page.goto(url).text()
            for size in (WIDE, NARROW):
                page.set_viewport_size(size)
                look = f"{url} dark={dark} {size['width']} px"
                found += [f"{look}: {line}" for line in violations(page, source)]
                too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                found += [f"{look}: {too_wide} px too wide"] if too_wide > 0 else []
        if who is None:
            assert context.cookies() == [] or "/konto/anmelden/" in str(addresses)
        context.close()
    return found, watch, sources


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_of_the_demonstration(browser, demo_stack, tmp_path, java_path, who):
    found, watch, sources = walk(browser, demo_stack, who)
    assert not found, "\n".join(sorted(set(found)))
    assert (watch.foreign, watch.complaints) == ([], [])
    assert not (errors := html_errors(sources, tmp_path, java_path)), "\n".join(errors)


@pytest.mark.parametrize("who", [None, "proe1", "gf1"])
def test_every_page_of_an_empty_installation(browser, empty_stack, tmp_path, java_path, who):
    password = "Weserdeich-im-Nebel-42"
    if who:
        account = ("create_account", who, "--role", who[:-1], "--email", f"{who}@example.org", "--password-stdin")
        empty_stack.manage(*account, input=password)
    found, watch, sources = walk(browser, empty_stack, who, password)
    assert not found, "\n".join(sorted(set(found)))
    assert (watch.foreign, watch.complaints) == ([], [])
    assert not (errors := html_errors(sources, tmp_path, java_path)), "\n".join(errors)


def html_errors(sources, folder, java_path):
    """What the W3C's checker says to all pages in one run."""
    jar = Path(__file__).resolve().parents[2] / "node_modules/vnu-jar/build/dist/vnu.jar"
    assert jar.exists(), "vnu-jar fehlt: ./dev test holt es, oder npm ci."
    names = {}
    for number, (url, text) in enumerate(sources.items()):
        names[f"{number}.html"] = url
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
    command = [java_path, "-jar", str(jar), "--errors-only", "--format", "gnu", *sorted(names)]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120).stderr
    return [re.sub(r'"?file:[^"]*?/(\d+\.html)"?', lambda m: names[m[1]], line) for line in said.splitlines()]
