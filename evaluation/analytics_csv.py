"""The file that the platform's own analytics offers for download, read without trust in its form.

Names of columns have changed with the platform's name; the file may come from a spreadsheet, with semicolons, a BOM and
German numbers. Only the whole numbers of known columns are taken; what is missing stays missing.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from editorial.channels.addresses import address_to_id
from editorial.enums import Figure

LONGEST_FILE = 1024 * 1024  # bytes
MOST_ROWS = 5000
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("post id", "tweet id", "beitrags-id", "id"),
    "address": ("post link", "tweet permalink", "permalink", "link"),
    Figure.IMPRESSIONS: ("impressions", "impressionen"),
    Figure.RETWEETS: ("reposts", "retweets"),
    Figure.LIKES: ("likes", "gefällt mir", "gefällt-mir-angaben"),
    Figure.REPLIES: ("replies", "antworten"),
    Figure.QUOTES: ("quotes", "quote posts", "quote tweets", "zitate"),
    Figure.BOOKMARKS: ("bookmarks", "lesezeichen"),
    Figure.LINK_CLICKS: ("url clicks", "link clicks", "link-klicks"),
}
_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,'’ \u00a0\u202f][0-9]{3})+(?:[.,]0{1,2})?", re.ASCII)
_WITH_ZEROS = re.compile(r"([0-9]{1,18})[.,]0+", re.ASCII)
_BELOW_ZERO = re.compile(r"[-−–] ?[0-9][0-9.,]*", re.ASCII)
NOTHING = ("", "-", "–", "n/a", "null")


class Unreadable(ValueError):
    """The file is no such list; the words say why, in German."""


@dataclass(frozen=True)
class Row:
    """One post of the file. A figure that is not in ``values`` has no column; None: its field was empty."""

    line: int
    external_id: str
    values: Mapping[Figure, int | None]
    problems: tuple[str, ...] = field(default=())


def read(content: bytes) -> list[Row]:
    """Raises Unreadable."""
    if len(content) > LONGEST_FILE:
        raise Unreadable("Die Datei ist größer als 1 MB. Bitte laden Sie einen kürzeren Zeitraum herunter.")
    text = _text(content)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        raise Unreadable("Das ist keine CSV-Datei.") from None
    header = lines[0] if lines else []
    places = _places(header)
    if "id" not in places and "address" not in places:
        raise Unreadable("In der ersten Zeile fehlt eine Spalte „Post id“ oder „Post Link“.")
    if twice := _twice(header):
        raise Unreadable(f"In der ersten Zeile steht die Spalte „{twice}“ zweimal. Welche gilt, ist nicht zu erkennen.")
    if not any(figure in places for figure in Figure):
        raise Unreadable("In der ersten Zeile fehlt jede Spalte mit Zahlen, zum Beispiel „Impressions“ oder „Likes“.")
    if len(lines) > MOST_ROWS:
        raise Unreadable(f"Die Datei hat mehr als {MOST_ROWS} Zeilen.")
    width = len(header)
    filled = [(line, cells) for line, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))]
    return [_row(line, cells, places, width) for line, cells in filled]


def number(written: str) -> int | None:
    """A whole number in any usual spelling; None for an empty field. Raises ValueError."""
    written = written.strip()
    if written.lower() in NOTHING:
        return None
    if _WHOLE.fullmatch(written):
        return int(written)
    if _GROUPED.fullmatch(written):
        whole = re.sub(r"[.,]0{1,2}$", "", written)
        return int(re.sub(r"[^0-9]", "", whole))
    if found := _WITH_ZEROS.fullmatch(written):
        return int(found[1])
    raise ValueError(written)


def _text(content: bytes) -> str:
    for encoding in ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable("Das ist keine CSV-Datei.")


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _names(header: list[str]) -> list[str]:
    return [" ".join(name.strip().lower().split()) for name in header]


def _twice(header: list[str]) -> str:
    """A column that we would read and that stands there twice; "" where there is none."""
    names, known = _names(header), {spelling for spellings in COLUMNS.values() for spelling in spellings}
    return next((name for name in names if name in known and names.count(name) > 1), "")


def _places(header: list[str]) -> dict[str, int]:
    names = _names(header)
    return {
        meaning: names.index(known)
        for meaning, spellings in COLUMNS.items()
        for known in [next((name for name in spellings if name in names), None)]
        if known is not None
    }


def _row(line: int, cells: list[str], places: Mapping[str, int], width: int) -> Row:
    def cell(meaning: str) -> str:
        place = places.get(meaning)
        return cells[place] if place is not None and place < len(cells) else ""

    values: dict[Figure, int | None] = {}
    problems = []
    # Shifted columns would put one figure in the place of another.
    if len(cells) < width or any(map(str.strip, cells[width:])):
        problems.append(f"Die Zeile hat {len(cells)} Felder, die erste Zeile {width}.")
    for figure in Figure:
        if figure in places:
            try:
                values[figure] = number(cell(figure))
            except ValueError:
                written = cell(figure).strip()[:20]
                fault = "eine Zahl unter null" if _BELOW_ZERO.fullmatch(written) else "keine ganze Zahl"
                problems.append(f"{figure.label}: „{written}“ ist {fault}.")
    # A spreadsheet shortens long numbers; the address keeps them.
    written = cell("id").strip().strip("'\"")
    external_id = address_to_id(cell("address")) or (written if _ID.fullmatch(written) else "")
    if not external_id:
        problems.append("Die Nummer des Beitrags ist nicht lesbar.")
    return Row(line, external_id, values, tuple(problems))
