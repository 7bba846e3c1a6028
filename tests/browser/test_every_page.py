"""Every page a person can reach, per role: accessible, valid, at home, silent; light and dark, wide and narrow."""

import hashlib
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browsing import WIDE, Watch, axe_source, log_in, violations, visitor, wear

pytestmark = pytest.mark.browser

PASSWORD = "redaktion-demo"
PEOPLE = (None, "proe1", "gf1", "fach1", "admin1", "dsb1")
START = {None: "/", "proe1": "/redaktion/", "gf1": "/redaktion/"}
NOT_PAGES = re.compile(r"\.(ics|csv|json|atom|pdf|png|jpg|vtt)$|/datei/|/bild-|abmelden")
ALSO = {
    None: ("/konto/anmelden/", "/gibt-es-nicht/", "/beitraege/zzzzzzzzzz/"),
    "proe1": (
        "/redaktion/plan/?ansicht=woche",
        "/redaktion/plan/?ansicht=liste",
        "/redaktion/beitraege/neu/",
        "/redaktion/beitraege/?q=gibtesnicht",
        "/redaktion/gibt-es-nicht/",
        "/redaktion/regeln/figures_have_a_source/",
    ),
    "gf1": ("/redaktion/beitraege/?status=ideen", "/redaktion/regeln/has_twin/"),
    "fach1": ("/redaktion/medien/",),  # refused: 403
}
MOST_PAGES = 130


def kind_of(url):
    """One of each kind is enough: numbers, ids and dates do not make a page another one."""
    parts = urlsplit(url)
    path = re.sub(r"/\d+/", "/1/", re.sub(r"/beitraege/[a-z2-9]{10}/", "/beitraege/xxxxxxxxxx/", parts.path))
    path = re.sub(r"/(regeln|themen)/[\w-]+/$", r"/\1/x/", path)
    view = re.search(r"(ansicht|reiter)=[\w-]+", parts.query)
    return path + (f"?{view.group()}" if view else "")


@dataclass
class Walk:
    """One person's way through every kind of page, and what was noticed on it."""

    page: Page
    base_url: str
    known: set[bytes]
    found: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def go(self, who: str | None) -> None:
        waiting, seen = [START.get(who, "/redaktion/"), *ALSO.get(who, ())], set()
        while waiting:
            url = urljoin(self.base_url, waiting.pop(0))
            if urlsplit(url).netloc != urlsplit(self.base_url).netloc or NOT_PAGES.search(urlsplit(url).path):
                continue
            if kind_of(url) in seen:
                continue
            seen.add(kind_of(url))
            assert len(seen) < MOST_PAGES, sorted(seen)
            waiting += self.visit(url)

    def visit(self, url: str) -> list[str]:
        """Look at the page in all four looks, unless another person saw the very same. Gives where it leads."""
        self.page.set_viewport_size(WIDE)
        text = self.page.goto(url).text()
        fingerprint = hashlib.sha256(re.sub(r'value="\w{64}"', "", text).encode()).digest()
        if fingerprint not in self.known:
            self.known.add(fingerprint)
            self.sources[url] = text
            for dark in (False, True):
                for narrow in (False, True):
                    wear(self.page, dark=dark, narrow=narrow)
                    self.look(f"{url} dark={dark} narrow={narrow}")
            wear(self.page, dark=False, narrow=False)
        hrefs = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        return [href.split("#")[0] for href in hrefs]

    def look(self, name: str) -> None:
        self.found += [f"{name}: {line}" for line in violations(self.page, axe_source())]
        too_wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.found += [f"{name}: {too_wide} px too wide"] if too_wide > 0 else []


def expect_nothing_wrong(browser, running, known, folder, java_path, who, password=PASSWORD):
    watch = Watch(running.url)
    context = visitor(browser, running.url)
    page = watch.over(context.new_page())
    if who:
        log_in(page, who, password)
    walk = Walk(page, running.url, known)
    walk.go(who)
    assert who or context.cookies() == [] or any("/konto/anmelden/" in url for url in walk.sources)
    context.close()
    assert walk.sources
    assert not walk.found, "\n".join(sorted(set(walk.found)))
    assert (watch.foreign, watch.complaints) == ([], [])
    assert not (errors := html_errors(walk.sources, folder, java_path)), "\n".join(errors)


@pytest.fixture(scope="module")
def known():
    """Pages seen already, to the letter: most public ones are the same for everybody."""
    return set()


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_of_the_demonstration(browser, demo_stack, known, tmp_path, java_path, who):
    expect_nothing_wrong(browser, demo_stack, known, tmp_path, java_path, who)


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
