"""From an idea to a published review: three people, a worker, the channel, an anonymous reader; nothing replaced."""

import datetime as dt
import json
import re
import urllib.request
from zoneinfo import ZoneInfo

import pytest

from tests.browsing import Watch, log_in, visitor
from tests.stack import wait_until

pytestmark = [pytest.mark.services, pytest.mark.browser]

PASSWORD = "redaktion-demo"
BERLIN = ZoneInfo("Europe/Berlin")
TEXT = "Heute neu: Unser Servicecenter erklärt Bescheide in einfachen Worten."
PAGE = "https://www.jobcenter-bremen.de/bescheide"


def simulator_log(running):
    with urllib.request.urlopen(f"{running.simulator_url}/_sim/log", timeout=10) as answer:
        return json.load(answer)["entries"]


@pytest.fixture(scope="module")
def people(browser, demo_stack):
    """A page for each of three people, watched for foreign requests and console errors, and an anonymous one."""
    watch = Watch(demo_stack.url)
    contexts = [visitor(browser, demo_stack.url) for _ in range(3)]
    pages = dict(zip(("proe1", "gf1", "nobody"), (watch.over(context.new_page()) for context in contexts), strict=True))
    for name in ("proe1", "gf1"):
        log_in(pages[name], name, PASSWORD)
    yield pages, watch
    for context in contexts:
        context.close()


def test_the_whole_loop(people, demo_stack):
    pages, watch = people
    proe, gf, nobody = pages["proe1"], pages["gf1"], pages["nobody"]
    slot = (dt.datetime.now(BERLIN) + dt.timedelta(minutes=2)).replace(second=0, microsecond=0)

    proe.goto("/redaktion/beitraege/neu/")
    proe.fill("[name=text]", f"{TEXT} {PAGE}")
    proe.select_option("[name=topic]", "dienstleistungen")
    proe.check("[name=audiences][value=stadtgesellschaft]")
    proe.fill("[name=source_url]", PAGE)
    proe.fill("[name=twin_url]", PAGE)
    proe.fill("[name=slot]", f"{slot:%Y-%m-%dT%H:%M}")
    proe.get_by_text("Alles da. Der Beitrag kann zur Freigabe.").wait_for()
    proe.get_by_role("button", name="Speichern und zur Freigabe geben").click()
    proe.wait_for_url(re.compile(r"/redaktion/beitraege/\d+/$"))
    address = proe.url

    gf.goto("/redaktion/freigaben/")
    entry = gf.locator("li", has_text=TEXT)
    assert entry.count() == 1
    entry.get_by_role("button", name="Freigeben", exact=True).click()
    gf.wait_for_url(address)
    gf.get_by_text("Geplant").first.wait_for()

    before = {entry["post_id"] for entry in simulator_log(demo_stack) if entry["post_id"]}
    wait_until(lambda: "Veröffentlicht" in reload(proe, address), 150, lambda: proe.inner_text("main"))
    token = re.search(r"\?t=(\w+)", proe.inner_text("main"))[1]
    sent = [e for e in simulator_log(demo_stack) if e["method"] == "POST" and e["path"] == "/2/tweets"]
    ours = [entry for entry in sent if entry["post_id"] not in before and TEXT in str(entry["body"])]
    assert [(e["auth"], e["status"], e["body"]["text"]) for e in ours] == [("ok", 201, f"{TEXT} {PAGE}?t={token}")]

    nobody.goto("/beitraege/")
    nobody.get_by_text(TEXT).first.wait_for()
    assert nobody.context.cookies() == []

    measured_and_reviewed(demo_stack, proe, gf, nobody)
    assert (watch.foreign, watch.complaints) == ([], [])


def reload(page, address):
    page.goto(address)
    return page.inner_text("main")


def measured_and_reviewed(running, proe, gf, nobody):
    """Figures arrive; the half-year is frozen, commented, published by a director and read by an anonymous visitor."""
    running.manage("collect_metrics")
    stored = running.manage("shell", "-v0", "-c", STORED_FIGURES).stdout.split()
    assert stored == ["bookmarks", "impressions", "likes", "link_clicks", "quotes", "replies", "retweets"]

    proe.goto("/redaktion/auswertung/")
    proe.locator("main").get_by_role("link", name=re.compile("Halbjahresprüfung")).first.click()
    proe.get_by_role("button", name="Zahlen neu festhalten").click()
    proe.get_by_text("Die Zahlen des Halbjahrs sind festgehalten.").wait_for()
    proe.get_by_label("Kommentar").fill("Ein ruhiges Halbjahr. Die Beiträge wurden gleichmäßig gelesen.")
    proe.get_by_role("button", name=re.compile("Kommentar speichern|Speichern")).click()
    proe.get_by_text("Der Kommentar ist gespeichert.").wait_for()
    review = proe.url

    gf.goto(review)
    gf.get_by_role("button", name="Auswertung veröffentlichen").click()
    # Nothing happens before the dialog, which says what cannot be taken back, is answered.
    gf.get_by_role("dialog").get_by_role("button", name="Auswertung veröffentlichen").click()
    gf.get_by_text("Die Auswertung ist veröffentlicht.").first.wait_for()
    public = gf.locator("main a[href^='/evaluation/']").first.get_attribute("href")

    nobody.goto("/evaluation/")
    nobody.locator(f"main a[href='{public}']").first.click()
    nobody.get_by_text("Ein ruhiges Halbjahr.").wait_for()
    assert nobody.locator("main svg[role=img]").count() > 0
    assert nobody.context.cookies() == []


STORED_FIGURES = f"""
from evaluation.models import FigureRow
rows = FigureRow.objects.filter(delivery__post__text__startswith={TEXT!r}, value__isnull=False)
print(*sorted(set(rows.values_list("figure", flat=True))))
"""
