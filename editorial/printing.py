"""Documents to print and to keep: PDF/UA-1 (ISO 14289-1) made from our own pages."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from PIL import ImageFile

SHEET = Path(settings.BASE_DIR) / "templates" / "pdf" / "document.css"
NOT_POSSIBLE = (
    "PDF-Dateien kann dieser Rechner noch nicht schreiben. Die Administration installiert dafür Pango: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
)


SVG = "{http://www.w3.org/2000/svg}"
# No style sheet reaches into a picture here, so what static/css/70-charts.css says of a chart is said once more.
OF_A_CHART: dict[str, dict[str, str]] = {
    "app-chart__grid": {"fill": "none", "stroke": "#ccc"},
    "app-chart__axis": {"fill": "none", "stroke": "#666"},
    "app-chart__missing": {"fill": "none", "stroke": "#444", "stroke-dasharray": "3 3"},
    "app-chart__line": {"fill": "none", "stroke": "#00456b", "stroke-width": "3"},
    "app-chart__point": {"fill": "#fff", "stroke": "#00456b", "stroke-width": "2"},
    "app-chart__bar": {"fill": "#00456b"},
    "app-chart__label": {"font-size": "13"},
    "app-chart__label--value": {"font-weight": "600"},
}


class NotPossible(Exception):
    """What WeasyPrint needs of the system is missing; its words tell people what to do."""


class NotOurs(ValueError):
    """A page wanted to load something else than our own fonts."""


def pdf(html: str) -> bytes:
    """This page as PDF/UA. It loads nothing but our own fonts; links become addresses of our
    website, whatever else it would load is refused.

    Raises NotPossible, NotOurs.
    """
    weasyprint = _weasyprint()
    fonts = weasyprint.text.fonts.FontConfiguration()
    where = {"url_fetcher": _fetcher(), "base_url": _fonts().as_uri() + "/"}
    sheet = weasyprint.CSS(string=_sheet(), font_config=fonts, **where)
    from weasyprint.urls import FatalURLFetchingError

    document = weasyprint.HTML(string=html, url_fetcher=_fetcher(), base_url=settings.PUBLIC_BASE_URL)
    for listed in document.etree_element.iter("dl"):
        _without_groups(listed)
    for picture in document.etree_element.iter(f"{SVG}svg"):
        _dress(picture)
    try:
        written: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise NotOurs(str(error)) from error
    return written


def _without_groups(listed: Any) -> None:
    """HTML allows a group around a term and what it means; a list in PDF holds nothing but its entries."""
    for place, group in reversed(list(enumerate(listed))):
        if group.tag == "div":
            listed[place : place + 1] = list(group)


def _dress(picture: Any) -> None:
    """What the picture shows becomes its alternative text, which PDF/UA wants beside the drawing."""
    told = [" ".join((picture.findtext(f"{SVG}{name}") or "").split()) for name in ("title", "desc")]
    picture.set("aria-label", ". ".join(filter(None, told)))
    for part in picture.iter():
        for name in part.get("class", "").split():
            part.attrib.update(OF_A_CHART.get(name, {}))


def _weasyprint() -> Any:
    try:
        import weasyprint.text.fonts  # half a second, and needs libraries that a server without PDF does without
    except OSError as error:
        raise NotPossible(NOT_POSSIBLE) from error
    # WeasyPrint lets Pillow take half a picture for a whole one, in the whole process: uploads are checked here, too.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _fonts() -> Path:
    return Path(settings.ASSETS_DIR) / "vendor" / "kern" / "fonts"


@cache
def _sheet() -> str:
    return SHEET.read_text(encoding="utf-8")


def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OwnFonts(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or path.parent != _fonts().resolve():
                raise FatalURLFetchingError(f"A document may load only our own fonts, not {url}")
            return super().fetch(url, headers)

    return OwnFonts()
