"""``python -m editorial.link_reader``: one JSON object in (``url``, ``also``), one out: what was found."""

import json
import resource
import sys
from dataclasses import asdict

from . import pages
from .fetching import BrokenSecurity, Fetched, NoAnswer, NotFound, Refused, TooManyRedirects, TooSlow, fetch

MEMORY_BYTES, CPU_S = 1024**3, 10
PAGES = ("text/html", "application/xhtml+xml")
CODES: dict[type[Exception], str] = {
    NotFound: "no_name",
    NoAnswer: "no_answer",
    TooSlow: "too_slow",
    TooManyRedirects: "redirects",
    BrokenSecurity: "certificate",
}


def look(url: str, also: list[str]) -> dict[str, object]:
    try:
        return facts(fetch(url, also=frozenset(also)))
    except Refused as refused:
        return {"problem": "refused", "why": refused.code}
    except tuple(CODES) as error:
        return {"problem": CODES[type(error)]}


def facts(found: Fetched) -> dict[str, object]:
    kind = found.headers.get("content-type", "")
    is_page = kind.split(";")[0].strip().lower() in PAGES
    page = pages.read(found.body, kind) if is_page and found.body is not None else pages.Page()
    was_sent_on = len(found.hops) > 1
    page.asks_to_log_in |= found.status == 401 or (was_sent_on and pages.is_log_in_address(found.url))
    return {
        "problem": "",
        "status": found.status,
        "final_url": found.url[: pages.LONGEST_URL],
        "last_modified": found.headers.get("last-modified", "")[:40],
        **asdict(page),
    }


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    wanted = json.load(sys.stdin)
    json.dump(look(wanted["url"], wanted["also"]), sys.stdout)


if __name__ == "__main__":
    main()
