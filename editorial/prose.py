"""Words for the public: restricted Markdown for pages, plain text with working links for Beiträge.

Whatever is typed, only the elements of ``ALLOWED`` come out, and nothing is loaded from anywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from xml.etree import ElementTree

import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from . import weighing

ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in ("p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "hr", "mark")},
    **{tag: {"id"} for tag in ("h2", "h3", "h4")},
    "a": {"href"},
}
TARGET = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)\S*")
HIGHEST, LOWEST = 2, 4  # the h1 is the page's own title
# The library's time grows with the square of their number.
MOST_BRACKETS = 200
GAP = re.compile(r"\[\[\s*Bitte ergänzen:\s*([^\[\]\n]+?)\s*\]\]")
INSERT = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")
PARAGRAPH_OF_INSERT = re.compile(rf"<p>{INSERT.pattern}</p>")
BARE_ADDRESS = r"(https?://[^\s<>\"]*[^\s<>\"'.,;:!?()\[\]*_])"
LINK = re.compile(r"(?<!!)\[[^\[\]\n]+\]\(\s*([^()\s]*)")
PICTURE, RAW_HTML = re.compile(r"!\[[^\]\n]*\]\("), re.compile(r"</?[a-zA-Z][^<>\n]*>")
AUTOLINK = re.compile(r"<(?:https?://|mailto:)?[^\s<>]*[@/][^\s<>]*>")
# A control character is an error in HTML and the end of every XML document.
UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Heading:
    id: str
    text: str


@dataclass(frozen=True)
class Prose:
    """``headings`` are those of the highest level, for a list of contents."""

    html: SafeString
    headings: tuple[Heading, ...]


@lru_cache(maxsize=64)
def render(source: str, *, name_gaps: bool = False) -> Prose:
    """Markdown as safe HTML. A gap shows as "Angabe folgt", or with ``name_gaps`` as what is to be filled in."""
    restricted = _Restricted(name_gaps)
    source = printable(source)
    if source.count("[") > MOST_BRACKETS:
        return Prose(format_html("<p>{}</p>", source), ())
    html = Markdown(extensions=["sane_lists", "nl2br", restricted]).convert(source)
    clean = nh3.clean(
        html,
        tags=set(ALLOWED),
        attributes={"*": set(), **{tag: names for tag, names in ALLOWED.items() if names}},
        allowed_classes={"mark": {"app-gap"}},
        attribute_filter=_only_known_targets,
        link_rel=None,
    )
    return Prose(mark_safe(clean), tuple(restricted.headings))  # noqa: S308 - nh3 has just cleaned it


def fill(html: str, inserts: Mapping[str, SafeString]) -> SafeString:
    """Put ready-made blocks where a paragraph consists of ``{{name}}`` alone; ``html`` comes from ``render``."""
    filled = PARAGRAPH_OF_INSERT.sub(lambda found: inserts.get(found.group(1), found.group(0)), html)
    return mark_safe(filled)  # noqa: S308 - what was clean, with blocks that are safe by their type


def calls_for(html: str, name: str) -> bool:
    return any(found == name for found in PARAGRAPH_OF_INSERT.findall(html))


def gaps(source: str) -> list[str]:
    """What is still to be filled in, in the order of the text."""
    return GAP.findall(source)


def problems(source: str, known_inserts: tuple[str, ...] = ()) -> list[str]:
    """What the writer meant and readers will not get, in sentences for the writer."""
    unknown = [name for name in INSERT.findall(source) if name not in known_inserts]
    found = [f"Der Platzhalter {{{{{name}}}}} ist nicht bekannt." for name in unknown]
    if source.count("[") > MOST_BRACKETS:
        found.append(f"Der Text hat mehr als {MOST_BRACKETS} eckige Klammern. So erscheint er ohne jede Gestaltung.")
    if PICTURE.search(source):
        found.append("Bilder sind in diesen Texten nicht vorgesehen.")
    if not all(TARGET.fullmatch(target) for target in LINK.findall(source)):
        found.append("Ein Link beginnt mit https://, mailto:, tel: oder mit / für eine Seite von uns.")
    if RAW_HTML.search(AUTOLINK.sub("", source)):
        found.append("HTML-Befehle in spitzen Klammern wirken nicht, sie erscheinen als Text.")
    if source.count("[[") != len(GAP.findall(source)):
        found.append("Eine Lücke schreiben Sie so: [[Bitte ergänzen: Telefonnummer]].")
    return found


def linked(text: str) -> SafeString:
    """Plain text with its addresses as links: the same ones that the channel makes links of."""
    parts, done = [], 0
    for found in weighing.extract_urls_with_indices(text):
        address = found.text if re.match(r"https?://", found.text, re.IGNORECASE) else f"https://{found.text}"
        parts += [escape(text[done : found.start]), format_html('<a href="{}">{}</a>', address, found.text)]
        done = found.end
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped


def printable(text: str) -> str:
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _only_known_targets(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or TARGET.fullmatch(value) else None


class _Restricted(Extension):
    def __init__(self, name_gaps: bool) -> None:
        super().__init__()
        self.name_gaps = name_gaps
        self.headings: list[Heading] = []

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.deregister("html_block")
        md.parser.blockprocessors.deregister("code")
        for name in ("html", "entity", "backtick", "image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_Gaps(GAP.pattern, self.name_gaps), "gap", 185)
        md.inlinePatterns.register(_BareAddresses(BARE_ADDRESS, md), "bare_address", 115)
        md.treeprocessors.register(_Headings(md, self.headings), "headings", -1)  # after escapes are undone


class _Gaps(InlineProcessor):
    def __init__(self, pattern: str, name_gaps: bool) -> None:
        super().__init__(pattern)
        self.name_gaps = name_gaps

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:  # noqa: N802 - see above
        mark = ElementTree.Element("mark", {"class": "app-gap"})
        mark.text = f"Bitte ergänzen: {m.group(1)}" if self.name_gaps else "Angabe folgt"
        return mark, m.start(0), m.end(0)


class _BareAddresses(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:  # noqa: N802 - see above
        link = ElementTree.Element("a", {"href": m.group(1)})
        link.text = m.group(1)
        return link, m.start(0), m.end(0)


class _Headings(Treeprocessor):
    """Keeps headings between h2 and h4 and gives each an id to link to."""

    def __init__(self, md: Markdown, headings: list[Heading]) -> None:
        super().__init__(md)
        self.headings = headings

    def run(self, root: ElementTree.Element) -> None:
        taken: set[str] = set()
        for element in root.iter():
            if not re.fullmatch("h[1-6]", element.tag):
                continue
            level = min(max(int(element.tag[1]), HIGHEST), LOWEST)
            element.tag = f"h{level}"
            words = unescape(" ".join("".join(element.itertext()).split()))
            element.set("id", _free_id(words, taken))
            if level == HIGHEST:
                self.headings.append(Heading(element.get("id", ""), words))


def _free_id(words: str, taken: set[str]) -> str:
    # The prefix keeps headings apart from the ids of the page itself.
    slug = "abschnitt-" + (re.sub(r"[^a-z0-9]+", "-", words.lower().translate(UMLAUTS)).strip("-") or "ohne-titel")
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    taken.add(free)
    return free
