"""Reads rendered HTML as a flat list of elements: enough to ask for ids, classes and attributes."""

from html.parser import HTMLParser
from typing import NamedTuple

from django.template import Context, Template


class Element(NamedTuple):
    tag: str
    attrs: dict[str, str | None]

    def __getitem__(self, name: str) -> str | None:  # type: ignore[override]  # an element is asked by attribute
        return self.attrs.get(name)

    @property
    def classes(self) -> list[str]:
        return (self.attrs.get("class") or "").split()


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))


class Page:
    def __init__(self, html: str) -> None:
        collector = _Collector()
        collector.feed(html)
        self.html = html
        self.elements = collector.elements

    def all(self, tag: str, **attrs: str) -> list[Element]:
        found = [element for element in self.elements if element.tag == tag]
        return [e for e in found if all(e.attrs.get(name.rstrip("_")) == value for name, value in attrs.items())]

    def one(self, tag: str, **attrs: str) -> Element:
        (element,) = self.all(tag, **attrs)
        return element

    def with_class(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.classes]

    @property
    def ids(self) -> list[str]:
        return [value for element in self.elements if (value := element.attrs.get("id"))]

    @property
    def references(self) -> set[str]:
        """Every id that some element points to."""
        names = ("aria-describedby", "aria-labelledby", "for")
        found = {word for e in self.elements for name in names for word in (e.attrs.get(name) or "").split()}
        return found | {link[1:] for e in self.all("a") if (link := e.attrs.get("href") or "").startswith("#")}


def rendered(template: str, **context: object) -> Page:
    return Page(Template(template).render(Context(context)))
