"""The tables in data/ as they are needed: lists of words and insides of character classes."""

import re
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read(file: str) -> dict[str, list[str]]:
    """Section → its words. After a head of comments, sections are parted by empty lines, each begun by its name."""
    sections = {}
    for block in (DATA / file).read_text(encoding="utf-8").split("\n\n")[1:]:
        name, *words = block.split()
        sections[name] = words
    return sections


def char_class(ranges: list[str]) -> str:
    """What stands between the brackets of a regular expression for ranges like ``c0-d6``."""
    return "".join("-".join(re.escape(chr(int(point, 16))) for point in span.split("-")) for span in ranges)


_CHARACTERS = read("characters.txt")
HASHTAG_LETTERS = char_class(_CHARACTERS["hashtag_letters"])
HASHTAG_OTHERS = char_class(_CHARACTERS["hashtag_others"])
LATIN = char_class(_CHARACTERS["latin"])
LATIN_ANY_CASE = char_class(_CHARACTERS["latin_any_case"])
CYRILLIC_ANY_CASE = char_class(_CHARACTERS["cyrillic_any_case"])
# The only characters that make a text invalid wherever they stand.
FORBIDDEN = "\ufffe\ufeff\uffff"
ASTRAL = "\U00010000-\U0010ffff"
