"""How long a person waits who is writing: for the panel beside the text, and for saving by itself."""

from collections.abc import Callable, Iterator
from itertools import count
from urllib.parse import urlencode

from tests.bench.site import Answer, Site, Visitor
from tests.templates.elements import Element, Page

CHECKS, SAVE = "/redaktion/beitraege/pruefen/", "/redaktion/beitraege/{draft}/bearbeiten/"
ANSWER_MS_AT_MOST = 100
AS_A_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BY_ITSELF = AS_A_FORM | {"X-Autosave": "1", "Accept": "application/json"}
TEXT = (
    "Am Donnerstag beraten wir im Haus {number} zu Ausbildung und Arbeit. Alles dazu: https://www.jobcenter-bremen.de/x"
)


class Writer:
    """A person in the composer of the newest draft; every text is another one, as while typing."""

    def __init__(self, visitor: Visitor, site: Site) -> None:
        self.visitor, self.path = visitor, SAVE.format(**site.keys)
        page = visitor.get(self.path, **{"Accept-Encoding": "identity"}).body.decode()
        self.fields = [(name, value) for name, value in filled_in(Page(page)) if name != "text"]
        self._numbers = count(1)

    def check(self) -> Answer:
        return self._post(CHECKS, AS_A_FORM)

    def save(self) -> Answer:
        answer = self._post(self.path, BY_ITSELF)
        new = answer.json()["fields"]
        self.fields = [(name, new.get(name, value)) for name, value in self.fields]
        return answer

    def _post(self, path: str, headers: dict[str, str]) -> Answer:
        body = urlencode([*self.fields, ("text", TEXT.format(number=next(self._numbers)))])
        answer = self.visitor.send("POST", path, body, headers)
        assert answer.status == 200, f"{path} antwortet mit {answer.status}: {answer.body[:300]!r}"
        return answer


def filled_in(page: Page) -> Iterator[tuple[str, str]]:
    """Name and value of what the form of the composer would send, but for its texts."""
    select = ""
    for element in page.elements:
        kind, name, value = element["type"], element["name"] or "", element["value"] or ""
        if element.tag == "select":
            select = name
        elif element.tag == "option" and "selected" in element.attrs and value:
            yield select, value
        elif element.tag == "input" and name and kind not in ("submit", "file") and is_chosen(element):
            yield name, value


def is_chosen(element: Element) -> bool:
    return element["type"] not in ("checkbox", "radio") or "checked" in element.attrs


ANSWERS: dict[str, Callable[[Writer], Answer]] = {"checks": Writer.check, "autosave": Writer.save}
