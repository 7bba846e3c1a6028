"""Takes the pictures of the documentation from the running program: python -m docs.bilder.machen [NAME …]

All are taken from the demonstration data; nothing is stored while taking them, so their order does not matter.
"""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_social.settings")
django.setup()

from tests.browsing import chromium, log_in, visitor  # noqa: E402 - needs the settings above
from tests.stack import stack  # noqa: E402 - needs the settings above

HERE = Path(__file__).resolve().parent
PASSWORD = "redaktion-demo"  # noqa: S105 - of the demonstration, as the README says
COLOURS = 128
PAGE = "https://www.jobcenter-bremen.de/bescheide"


@dataclass(frozen=True)
class Picture:
    """One screen: who looks, where, what they do first; cut to ``size``, on a phone where ``narrow``."""

    who: str
    path: str
    prepare: Callable[[Page], None] = lambda page: None
    size: tuple[int, int] = (1280, 820)
    narrow: bool = False


def write_a_post(page: Page) -> None:
    page.fill("[name=text]", f"Heute neu: Unser Servicecenter erklärt Bescheide in einfachen Worten. {PAGE}")
    page.select_option("[name=topic]", "dienstleistungen")
    page.check("[name=audiences][value=stadtgesellschaft]")
    page.fill("[name=twin_url]", PAGE)
    page.get_by_text("Alles da. Der Beitrag kann zur Freigabe.").wait_for()
    page.evaluate("scrollTo(0, 0)")


def write_too_little(page: Page) -> None:
    page.fill("[name=text]", "Im Oktober kamen 240 Menschen in unsere Beratung. Mitarbeiter*innen helfen Ihnen gern.")
    page.get_by_text("Der Text nennt eine Zahl").wait_for()
    page.evaluate("scrollTo(0, 0)")


def open_the_post(label: str) -> Callable[[Page], None]:
    """The reading page of the first Beitrag in this state."""

    def opened(page: Page) -> None:
        page.locator("tr", has=page.locator(".app-badge", has_text=label)).first.get_by_role("link").first.click()
        page.get_by_role("heading", name="Nächste Schritte").wait_for()

    return opened


def open_the_unknown(page: Page) -> None:
    page.locator(".app-cases .app-line", has_text="Unbekannt").first.get_by_role("link").first.click()
    page.get_by_role("heading", name="Nächste Schritte").wait_for()


def go_to_the_first_case(page: Page) -> None:
    page.locator("ol.app-cards > li").first.evaluate("item => item.scrollIntoView()")


def open_the_newest_picture(page: Page) -> None:
    page.locator(".app-pictures .app-card__title").first.get_by_role("link").click()
    page.get_by_role("button", name="Änderungen speichern").wait_for()


def ask_for_changes(page: Page) -> None:
    page.locator("summary", has_text="Änderungen erbitten").first.click()
    page.locator("details.app-step[open] [name=reason]").fill("Bitte nennen Sie auch die Telefonnummer.")
    page.locator("ol.app-queue > li").first.scroll_into_view_if_needed()
    page.mouse.move(0, 0)


def open_the_first_decision(page: Page) -> None:
    page.locator("ol.app-queue h2 a").first.click()
    page.get_by_role("heading", name="Freigeben?").wait_for()


def begin_to_send_it_back(page: Page) -> None:
    open_the_first_decision(page)
    page.locator("summary", has_text="Zurückgeben").click()
    page.locator("details.app-step[open] [name=reason]").fill("Bitte nennen Sie auch die Telefonnummer.")


def open_the_unpublished_review(page: Page) -> None:
    page.locator("tr", has_text="In Arbeit").get_by_role("link").click()
    page.locator("#naechster-schritt").wait_for()


def read_the_comment(page: Page) -> None:
    open_the_unpublished_review(page)
    page.locator("#naechster-schritt").evaluate("box => box.scrollIntoView({block: 'center'})")


def be_asked_before_publishing(page: Page) -> None:
    open_the_unpublished_review(page)
    page.get_by_role("button", name="Auswertung veröffentlichen").click()
    page.get_by_role("dialog").wait_for()


def write_an_opinion(page: Page) -> None:
    page.locator("tbody").get_by_role("link").first.click()
    page.get_by_label("Änderungsvorschlag").check()
    page.get_by_label("Begründung").fill("Der Weg über eine Ausbildung in Teilzeit fehlt. Danach fragen viele.")
    page.evaluate("scrollTo(0, 0)")


def show_a_gap(page: Page) -> None:
    text = page.input_value("[name=body]")
    page.fill("[name=body]", text[text.index("## Was wir dann tun") :])
    page.locator("#vorschau", has_text="So sprechen wir miteinander").wait_for(state="detached")
    page.evaluate("scrollTo(0, 0)")


POSTS, REVIEWS = "/redaktion/beitraege/", "/redaktion/auswertung/"
PHONE = (375, 720)
PICTURES = {
    "plan": Picture("proe1", "/redaktion/plan/", size=(1440, 900)),
    "anmelden": Picture("", "/konto/anmelden/", size=(1000, 640)),
    "proe-heute": Picture("proe1", "/redaktion/", size=(1280, 900)),
    "beitrag-schreiben": Picture("proe1", f"{POSTS}neu/", write_a_post),
    "beitrag-was-fehlt": Picture("proe1", f"{POSTS}neu/", write_too_little, size=(1280, 960)),
    "beitrag-geplant": Picture("proe1", f"{POSTS}?status=freigegeben", open_the_post("Geplant")),
    "beitrag-unbekannt": Picture("proe1", "/redaktion/", open_the_unknown),
    "klaerung": Picture("proe1", "/redaktion/klaerung/", go_to_the_first_case, size=(1280, 700)),
    "bild-beschreiben": Picture("proe1", "/redaktion/medien/", open_the_newest_picture),
    "auswertung-kommentar": Picture("proe1", REVIEWS, read_the_comment, size=(1280, 900)),
    "text-bearbeiten": Picture("proe1", "/redaktion/einstellungen/texte/netiquette/", show_a_gap),
    "freigabe-handy": Picture("gf1", "/redaktion/freigaben/", open_the_first_decision, PHONE, narrow=True),
    "freigabe-handy-knoepfe": Picture("gf1", "/redaktion/freigaben/", begin_to_send_it_back, PHONE, narrow=True),
    "aenderungen-erbitten": Picture("gf1", "/redaktion/freigaben/", ask_for_changes),
    "auswertung-veroeffentlichen": Picture("gf1", REVIEWS, be_asked_before_publishing, size=(1280, 720)),
    "fachberatung-antwort": Picture("fach1", "/redaktion/fachberatung/", write_an_opinion, size=(1280, 1000)),
    "fachberatung-woche": Picture("fach1", "/redaktion/plan/?ansicht=woche", size=(1280, 760)),
    "administration-heute": Picture("admin1", "/redaktion/", size=(1280, 780)),
}


def main(names: list[str]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        stack(Path(folder)) as running,
        chromium(os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium") as browser,
    ):
        for name in names or PICTURES:
            keep(take(browser, running.url, PICTURES[name]), HERE / f"{name}.png")


def take(browser: Browser, base_url: str, picture: Picture) -> bytes:
    context = visitor(browser, base_url, narrow=picture.narrow)
    page = context.new_page()
    width, height = picture.size
    page.set_viewport_size({"width": width, "height": height})
    if picture.who:
        log_in(page, picture.who, PASSWORD)
    page.goto(picture.path)
    picture.prepare(page)
    page.wait_for_load_state("networkidle")
    data = page.screenshot()
    context.close()
    return data


def keep(data: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS)
    picture.save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
