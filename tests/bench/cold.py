"""What a browser with an empty cache fetches for one page."""

from dataclasses import dataclass

from playwright.sync_api import Browser

from tests.bench.site import Site, Visitor
from tests.browsing import visitor


@dataclass(frozen=True)
class Load:
    """``requests`` with the page itself; bytes as transferred, headers included."""

    requests: int
    transferred_bytes: int
    script_bytes: int
    picture_bytes: int
    pictures: int


def cold_load(browser: Browser, site: Site, path: str, person: Visitor) -> Load:
    with visitor(browser, site.url) as context:
        context.add_cookies([{"name": n, "value": m.value, "url": site.url} for n, m in person.cookies.items()])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sizes: dict[str, int] = {}
        wire.on("Network.requestWillBeSent", lambda e: kinds.update({e["requestId"]: e.get("type", "Other")}))
        wire.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}))
        wire.on("Network.requestServedFromCache", lambda e: kinds.pop(e["requestId"], None))
        wire.send("Network.enable")
        answer = page.goto(path, wait_until="networkidle")
        assert answer
        assert answer.status == 200, f"{path} antwortet mit {answer.status}."
    return Load(
        requests=len(kinds),
        transferred_bytes=sum(sizes.get(request, 0) for request in kinds),
        script_bytes=sum(sizes.get(request, 0) for request, kind in kinds.items() if kind == "Script"),
        picture_bytes=sum(sizes.get(request, 0) for request, kind in kinds.items() if kind == "Image"),
        pictures=sum(kind == "Image" for kind in kinds.values()),
    )
