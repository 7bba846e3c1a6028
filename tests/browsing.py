"""A real browser, looking at pages as a person in Bremen does. Every page it opens is watched."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 812}


# The browser itself notes every answer of 400 and above, which some tests provoke. Who goes on to another page ends
# what was being asked: htmx notes both lines then; a question that failed brings another one.
HARMLESS = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


@dataclass
class Watch:
    """What a page must never do: speak to another host, or complain on the console (the CSP complains there)."""

    home: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", lambda message: message.type == "error" and self._heard(message.text))
        page.on("pageerror", lambda error: self._heard(str(error)))
        return page

    def _asked(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.home).netloc and not url.startswith(("data:", "blob:")):
            self.foreign.append(url)

    def _heard(self, text: str) -> None:
        if not text.startswith(HARMLESS):
            self.complaints.append(text)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-quic", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def visitor(
    browser: Browser, base_url: str, *, dark: bool = False, narrow: bool = False, script: bool = True
) -> BrowserContext:
    context = browser.new_context(
        base_url=base_url,
        locale="de-DE",
        timezone_id="Europe/Berlin",
        viewport=NARROW if narrow else WIDE,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=script,
    )
    context.set_default_timeout(15_000)
    return context


TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def wear(page: Page, *, dark: bool, narrow: bool) -> None:
    """Give an open page another colour and width, and wait until it shows them."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.set_viewport_size(NARROW if narrow else WIDE)
    page.evaluate(TWO_FRAMES)


def log_in(page: Page, name: str, password: str, code: str = "") -> None:
    """``code``: of the second factor, where one is asked for."""
    page.goto("/konto/anmelden/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    if code:
        page.fill("[name=code]", code)
        page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/konto/anmelden/" not in url)


@cache
def axe_source() -> str:
    here = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
    assert here.exists(), "axe-core fehlt: ./dev test holt es, oder npm ci."
    return here.read_text(encoding="utf-8")


AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, source: str) -> list[str]:
    """What axe finds, one line a finding: rule, element, what to do."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(source)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_RULES)
    return [
        f"{rule['id']}: {node['html'][:160]} – {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
