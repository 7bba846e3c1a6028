"""How fast each main page answers, beside the least that Django itself needs: python -m tests.bench.pages [--quick].

200, 2,000 and 20,000 Beiträge on PostgreSQL, each behind its own gunicorn with two workers and kept connections. The
sizes and their bare views take turns request by request, so that a busy moment of the machine meets all alike.
"""

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from playwright.sync_api import Browser

from tests import servers
from tests.bench.cold import Load, cold_load
from tests.bench.composing import ANSWER_MS_AT_MOST, ANSWERS, Writer
from tests.bench.site import CONNECTIONS, PASSWORD, Answer, Site, Visitor, running_site
from tests.browsing import chromium

SIZES, REQUESTS, WARM_UP = (200, 2_000, 20_000), 60, 8
QUICK_SIZES, QUICK_REQUESTS = (200,), 4
MONTH, LIST = "/bare/month/", "/bare/list/"
GROWTH_AT_MOST = 1.3
QUERIES_AT_MOST = 15
RAW_KIB_AT_MOST, SENT_KIB_AT_MOST = 100, 20
REQUESTS_AT_MOST, COLD_KIB_AT_MOST, SCRIPT_KIB_AT_MOST = 8, 150, 60
HISTORY = "newest 200 alike at every size, 2 a day around this month (62 in it); all others 12 a day before that"


@dataclass(frozen=True)
class Page:
    """``times_floor``: how many times the bare view it may take; None where nobody set a bar."""

    name: str
    path: str
    by: str = "proe1"
    floor: str = LIST
    times_floor: float | None = None
    may_grow: float | None = None


PAGES = (
    Page("plan_month", "/redaktion/plan/?ansicht=monat", floor=MONTH, times_floor=3, may_grow=GROWTH_AT_MOST),
    Page("plan_week", "/redaktion/plan/?ansicht=woche", times_floor=5),
    Page("plan_list", "/redaktion/plan/?ansicht=liste", times_floor=5),
    Page("posts", "/redaktion/beitraege/", times_floor=5),
    Page("search", "/redaktion/beitraege/?q=Ausbildung", times_floor=5),
    Page("composer_new", "/redaktion/beitraege/neu/", times_floor=4),
    Page("composer_edit", "/redaktion/beitraege/{draft}/bearbeiten/", times_floor=4),
    Page("post", "/redaktion/beitraege/{published}/"),
    Page("approvals", "/redaktion/freigaben/", by="gf1", times_floor=5),
    Page("overview", "/redaktion/"),
    Page("media", "/redaktion/medien/", times_floor=5),
    Page("ideas", "/redaktion/ideen/"),
    Page("links", "/redaktion/links/"),
    Page("rules", "/redaktion/regeln/"),
    Page("clearing", "/redaktion/klaerung/"),
    Page("by_hand", "/redaktion/klaerung/von-hand/"),
    Page("health", "/redaktion/betrieb/"),
    Page("notices", "/redaktion/mitteilungen/"),
    Page("consents", "/redaktion/einwilligungen/"),
    Page("accesses", "/redaktion/zugaenge/"),
    Page("record", "/redaktion/protokoll/"),
    Page("partners", "/redaktion/netzwerk/"),
    Page("reviews", "/redaktion/auswertung/", times_floor=5),
    Page("start", "/", by=""),
    Page("mirror", "/beitraege/", by="", times_floor=5),
    Page("mirror_item", "/beitraege/{public_id}/", by=""),
    Page("concept", "/nutzungskonzept/", by=""),
    Page("evaluations", "/evaluation/", by="", times_floor=5),
)


@dataclass
class Timing:
    median_ms: float
    p95_ms: float


@dataclass
class Measured:
    """One page at one size."""

    page: Page
    site: Site
    queries: int
    raw_bytes: int
    sent_bytes: int
    is_compressed: bool
    took: Timing
    floor: Timing


@dataclass
class Bench:
    """Running installations, the people logged in to each, and what was found."""

    sites: list[Site]
    requests: int
    conditions: dict[str, object]
    people: dict[tuple[int, str], Visitor] = field(default_factory=dict)

    def person(self, site: Site, name: str) -> Visitor:
        if (site.posts, name) not in self.people:
            person = Visitor(site.port)
            self.people[site.posts, name] = person.log_in(name, PASSWORD) if name else person
        return self.people[site.posts, name]

    def measure(self, page: Page) -> list[Measured]:
        ask: dict[tuple[int, bool], Callable[[], Answer]] = {}
        for site in self.sites:
            visitor, path = self.person(site, page.by), page.path.format(**site.keys)
            known = self.person(site, page.by or "proe1")
            ask[site.posts, False] = lambda visitor=visitor, path=path: fetch(visitor, path)
            ask[site.posts, True] = lambda known=known: fetch(known, page.floor)
        times: dict[tuple[int, bool], list[float]] = {key: [] for key in ask}
        for number in range(WARM_UP + self.requests):
            for key, question in ask.items():
                answer = question()
                if number >= WARM_UP:
                    times[key].append(answer.took_ms)
        return [self._found(page, site, times[site.posts, False], times[site.posts, True]) for site in self.sites]

    def _found(self, page: Page, site: Site, times: list[float], floor_times: list[float]) -> Measured:
        visitor, path = self.person(site, page.by), page.path.format(**site.keys)
        # Once a minute a log-in notes that it was seen: not a question of the page, so the lower of two counts holds.
        counted = [self._most_queries(visitor, path) for _ in range(2)]
        sent, raw = fetch(visitor, path), fetch(visitor, path, **{"Accept-Encoding": "identity"})
        return Measured(
            page,
            site,
            queries=min(counted),
            raw_bytes=len(raw.body),
            sent_bytes=len(sent.body),
            is_compressed=sent.headers["Content-Encoding"] == "gzip",
            took=timing(times),
            floor=timing(floor_times),
        )

    @staticmethod
    def _most_queries(visitor: Visitor, path: str) -> int:
        answers = [fetch(visitor, path, **{"X-Count-Queries": "yes"}) for _ in range(CONNECTIONS)]
        return max(int(answer.headers["X-Queries"]) for answer in answers)


def fetch(visitor: Visitor, path: str, **headers: str) -> Answer:
    answer = visitor.get(path, **headers)
    assert answer.status == 200, f"{path} antwortet mit {answer.status}."
    return answer


def timing(times_ms: list[float]) -> Timing:
    return Timing(statistics.median(times_ms), statistics.quantiles(times_ms, n=20, method="inclusive")[-1])


def broken_bars(found: list[Measured], load: Load) -> list[str]:
    """What this page owes, at whichever size; in words for a person."""
    page, smallest = found[0].page, found[0].took.median_ms
    broken = []
    for one in found:
        at, took = f"bei {one.site.posts}", one.took.median_ms
        if page.times_floor and took > page.times_floor * one.floor.median_ms:
            times = took / one.floor.median_ms
            broken.append(f"{at} {times:.1f}-mal so lange wie die nackte Seite, erlaubt {page.times_floor}")
        if page.may_grow and took > page.may_grow * smallest:
            broken.append(f"{at} {took / smallest:.2f}-mal so lange wie bei {found[0].site.posts}")
        if one.queries > QUERIES_AT_MOST:
            broken.append(f"{at} {one.queries} Abfragen")
        if one.raw_bytes > RAW_KIB_AT_MOST * 1024:
            broken.append(f"{at} {one.raw_bytes / 1024:.0f} KiB HTML")
        if one.sent_bytes > SENT_KIB_AT_MOST * 1024 or not one.is_compressed:
            broken.append(f"{at} {one.sent_bytes / 1024:.0f} KiB gesendet")
    if load.requests > REQUESTS_AT_MOST:
        broken.append(f"{load.requests} Anfragen, davon {load.pictures} Bilder")
    if load.transferred_bytes > COLD_KIB_AT_MOST * 1024:
        pictures = f"davon Bilder {load.picture_bytes / 1024:.0f}"
        broken.append(f"kalt {load.transferred_bytes / 1024:.0f} KiB, {pictures}")
    if load.script_bytes > SCRIPT_KIB_AT_MOST * 1024:
        broken.append(f"{load.script_bytes / 1024:.0f} KiB JavaScript")
    return broken


def report(bench: Bench, found: list[Measured], load: Load) -> None:
    """The lines of the contract, and one that says whether every bar holds."""
    name = f"pages.{found[0].page.name}"
    for one in found:
        conditions = {"beitraege": one.site.posts, **bench.conditions}
        line(f"{name}.median_ms", one.took.median_ms, "ms", conditions)
        line(f"{name}.p95_ms", one.took.p95_ms, "ms", conditions)
        line(f"{name}.floor_median_ms", one.floor.median_ms, "ms", conditions | {"floor": one.page.floor})
        line(f"{name}.queries", one.queries, "queries", conditions)
        line(f"{name}.bytes", one.raw_bytes, "bytes", conditions)
        line(f"{name}.compressed_bytes", one.sent_bytes, "bytes", conditions)
    cold = {"beitraege": found[-1].site.posts, "cache": "empty", "browser": "Chromium, 1280 × 900"}
    line(f"{name}.requests", load.requests, "requests", cold | {"pictures": load.pictures})
    line(f"{name}.transferred_kib", load.transferred_bytes / 1024, "KiB", cold)
    line(f"{name}.js_kib", load.script_bytes / 1024, "KiB", cold)
    broken = broken_bars(found, load)
    line(f"{name}.ok", int(not broken), "bool", {"broken": broken})


def measure_writing(bench: Bench) -> dict[str, list[Timing]]:
    """How long the composer's answers take at each size, in turns."""
    writers = [Writer(bench.person(site, "proe1"), site) for site in bench.sites]
    took: dict[str, list[Timing]] = {}
    for name, answer in ANSWERS.items():
        times: list[list[float]] = [[] for _ in writers]
        for number in range(WARM_UP + bench.requests):
            for writer, kept in zip(writers, times, strict=True):
                took_ms = answer(writer).took_ms
                if number >= WARM_UP:
                    kept.append(took_ms)
        took[name] = [timing(kept) for kept in times]
    return took


def report_writing(bench: Bench, took: dict[str, list[Timing]]) -> None:
    for name, timings in took.items():
        for site, one in zip(bench.sites, timings, strict=True):
            conditions = {"beitraege": site.posts, **bench.conditions}
            line(f"pages.{name}.median_ms", one.median_ms, "ms", conditions)
            line(f"pages.{name}.p95_ms", one.p95_ms, "ms", conditions)
        holds = max(one.median_ms for one in timings) < ANSWER_MS_AT_MOST
        line(f"pages.{name}.ok", int(holds), "bool", {"allowed_ms": ANSWER_MS_AT_MOST})
        medians = " ".join(f"{one.median_ms:6.1f}" for one in timings)
        print(f"{name:14} {medians} ms  {'hält' if holds else 'zu langsam'}", file=sys.stderr, flush=True)


def line(name: str, value: float, unit: str, conditions: dict[str, object]) -> None:
    shown = {"name": name, "value": round(value, 2), "unit": unit, "conditions": conditions}
    print(json.dumps(shown, ensure_ascii=False), flush=True)


def say(found: list[Measured], load: Load) -> None:
    """One row for a person, beside the JSON."""
    last, broken = found[-1], broken_bars(found, load)
    medians = " ".join(f"{one.took.median_ms:6.1f}" for one in found)
    factor = max(one.took.median_ms / one.floor.median_ms for one in found)
    sizes = f"{last.raw_bytes / 1024:4.0f}/{last.sent_bytes / 1024:4.1f} KiB"
    cold = f"kalt {load.requests:2} Anfragen {load.transferred_bytes / 1024:4.0f} KiB"
    start = f"{last.page.name:14} {medians} ms  {factor:4.1f} × nackt  {max(one.queries for one in found):3} Abfragen"
    print(f"{start}  {sizes}  {cold}  {'; '.join(broken) or 'hält'}", file=sys.stderr, flush=True)


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    sizes, requests = (QUICK_SIZES, QUICK_REQUESTS) if quick else (SIZES, REQUESTS)
    with ExitStack() as stack:
        server_url = stack.enter_context(servers.postgres())
        var_dir = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sites = [stack.enter_context(running_site(posts, server_url, var_dir)) for posts in sizes]
        browser = stack.enter_context(chromium(chromium_path()))
        bench = Bench(sites, requests, conditions(server_url, requests))
        for page in PAGES:
            found = bench.measure(page)
            load = load_of(browser, bench, page)
            report(bench, found, load)
            say(found, load)
        report_writing(bench, measure_writing(bench))


def load_of(browser: Browser, bench: Bench, page: Page) -> Load:
    last = bench.sites[-1]
    return cold_load(browser, last, page.path.format(**last.keys), bench.person(last, page.by))


def conditions(server_url: str, requests: int) -> dict[str, object]:
    with psycopg.connect(server_url) as connection:
        version = connection.info.server_version // 10_000
    return {
        "requests": requests,
        "server": f"gunicorn, 2 workers, {CONNECTIONS} kept connections, one request at a time",
        "database": f"PostgreSQL {version}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "history": HISTORY,
    }


def chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return path or sys.exit("Chromium fehlt: apt-get install chromium, oder CHROMIUM=PFAD setzen.")


if __name__ == "__main__":
    main()
