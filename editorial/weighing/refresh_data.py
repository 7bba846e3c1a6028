"""Write the tables in data/ anew from the npm packages: python -m editorial.weighing.refresh_data node_modules

What is taken is data (names of top-level domains, ranges of characters, sequences of emoji), not code: both packages
keep it inside regular expressions, so this reads those expressions as lists. The result is sorted and written in a
form of its own; a test compares the files with a fresh run.
"""

import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
CLOSING = {"]": "[", ")": "("}

APACHE = """\
Source: npm package twitter-text 3.1.0, Copyright 2018 Twitter, Inc. Licence of the source: Apache-2.0,
https://www.apache.org/licenses/LICENSE-2.0. Changed: taken out of the package's regular expressions, sorted, rewritten
as a plain table by editorial/weighing/refresh_data.py."""
HEADS = {
    "tlds.txt": f"""\
Top-level domains that make an address out of bare text (names from IANA's root zone as of 2020).
{APACHE}""",
    "characters.txt": f"""\
Ranges of characters (code points, hexadecimal). The any-case tables hold also what JavaScript's comparison without
case takes for a member. Categories after Unicode, https://www.unicode.org/license.txt
{APACHE}""",
    "emoji.txt": """\
Sequences of several characters that count as one emoji. An emoji of one character weighs the same as any sign.
Source: npm package twemoji-parser 11.0.2, Copyright (c) 2018 Twitter, Inc. Licence of the source: MIT,
https://opensource.org/license/mit. Changed: the package's regular expression written out as a list by
editorial/weighing/refresh_data.py. Permission is hereby granted, free of charge, to any person obtaining a copy of this
software and associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions: The
above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software. The Software is provided "as is", without warranty of any kind, express or implied, including but not limited
to the warranties of merchantability, fitness for a particular purpose and noninfringement. In no event shall the
authors or copyright holders be liable for any claim, damages or other liability, whether in an action of contract, tort
or otherwise, arising from, out of or in connection with the Software or the use or other dealings in the Software.""",
}


def tables(packages: Path) -> dict[str, str]:
    """File name → content, made from a folder that holds the packages twitter-text and twemoji-parser."""
    regexes = packages / "twitter-text" / "dist" / "esm" / "regexp"
    emoji = packages / "twemoji-parser" / "dist" / "lib" / "regex.js"
    bodies = {
        "tlds.txt": _tld_table(regexes),
        "characters.txt": _character_table(regexes),
        "emoji.txt": _emoji_table(_pattern_in(emoji)),
    }
    return {name: _as_comment(HEADS[name]) + body for name, body in bodies.items()}


def _section(name: str, words: Iterable[str], width: int = 118) -> str:
    return f"\n{name}\n{_lines(words, width)}"


def _as_comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def _pattern_in(path: Path) -> str:
    source = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.search(r"=\s*/(.*)/[a-z]*;", source)
    if not found:
        raise ValueError(f"{path} holds no regular expression in the form that is known")
    return _unescaped(found.group(1))


def _unescaped(pattern: str) -> str:
    """Escapes become characters; halves of a pair stay apart, as the packages write ranges over the second half."""
    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))", lambda hit: chr(int(hit[1] or hit[2], 16)), pattern)


def _joined(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def _lines(words: Iterable[str], width: int) -> str:
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line += f" {word}" if line else word
    return "\n".join([*lines, line]) + "\n"


# --- Top-level domains ------------------------------------------------------------------------------------------------
def _tld_table(regexes: Path) -> str:
    names: set[str] = set()
    for file in ("validGTLD.js", "validCCTLD.js"):
        source = (regexes / file).read_text(encoding="utf-8")
        literal = "".join(re.findall(r"'([^']*)'", source[source.index("RegExp(") :]))
        alternatives = re.match(r"\(\?:\(\?:([^()]*)\)", literal)
        if not alternatives:
            raise ValueError(f"{file} holds no list of names in the form that is known")
        names.update(alternatives.group(1).split("|"))
    letters = {char for name in names if not name.isascii() for char in name if char > "\x7f"}
    cased = [char + letter for letter in sorted(letters) for char in sorted(_any_case({letter}) - letters)]
    return _section("names", sorted(names)) + _section("other_case_and_letter", cased)


# --- Characters -------------------------------------------------------------------------------------------------------
def _character_table(regexes: Path) -> str:
    def members(name: str) -> set[str]:
        return set(_expanded(f"[{_pattern_in(regexes / f'{name}.js')}]"))

    def astral(name: str) -> set[str]:
        return {_joined(pair) for pair in _expanded(_pattern_in(regexes / f"{name}.js"))}

    letters = _any_case(members("bmpLetterAndMarks")) | astral("astralLetterAndMarks")
    digits = members("bmpNumerals") | members("hashtagSpecialChars") | astral("astralNumerals")
    rows = {
        "hashtag_letters": letters,
        "hashtag_others": digits - letters,
        "latin": members("latinAccentChars"),
        "latin_any_case": _any_case(members("latinAccentChars")),
        "cyrillic_any_case": _any_case(members("cyrillicLettersAndMarks")),
    }
    return "".join(_section(name, _ranges(row)) for name, row in rows.items())


def _any_case(members: set[str]) -> set[str]:
    """With every character of the basic plane that JavaScript's /i takes for a member (ECMA-262, Canonicalize)."""
    return {char for member in members for char in _equals()[_canonical(member)]}


@cache
def _equals() -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for char in map(chr, range(0x10000)):
        groups.setdefault(_canonical(char), set()).add(char)
    return groups


def _canonical(char: str) -> str:
    upper = char.upper()
    if len(upper) != 1 or upper > "\uffff" or (char > "\x7f" and upper <= "\x7f"):
        return char
    return upper


def _ranges(members: set[str]) -> list[str]:
    points = sorted(map(ord, members))
    runs: list[list[int]] = []
    for point in points:
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return [f"{first:x}-{last:x}" if first != last else f"{first:x}" for first, last in runs]


# --- Emoji ------------------------------------------------------------------------------------------------------------
def _emoji_table(pattern: str) -> str:
    # That a symbol alone is no emoji when the text selector follows changes no weight: the condition is left out.
    sequences = {_joined(sequence) for sequence in _expanded(pattern.replace("(?!\ufe0e)", ""))}
    return _section("emoji", sorted(sequence for sequence in sequences if len(sequence) > 1), 60)


def _expanded(pattern: str) -> list[str]:
    """Every string that an expression of classes, groups, alternatives and question marks can match."""
    return [text for branch in _split(pattern) for text in _sequences(branch)]


def _split(pattern: str) -> list[str]:
    branches, depth, start = [], 0, 0
    for index, char in enumerate(pattern):
        depth += (char in CLOSING.values()) - (char in CLOSING)
        if char == "|" and depth == 0:
            branches.append(pattern[start:index])
            start = index + 1
    return [*branches, pattern[start:]]


def _sequences(branch: str) -> list[str]:
    found, position = [""], 0
    while position < len(branch):
        end = _atom_end(branch, position)
        choices = _choices(branch[position:end])
        if branch[end : end + 1] == "?":
            choices, end = [*choices, ""], end + 1
        found = [left + right for left in found for right in choices]
        position = end
    return found


def _atom_end(branch: str, start: int) -> int:
    if branch[start] == "[":
        return branch.index("]", start) + 1
    if branch[start] != "(":
        return start + 1
    depth = 0
    for index in range(start, len(branch)):
        depth += (branch[index] == "(") - (branch[index] == ")")
        if depth == 0:
            return index + 1
    raise ValueError(f"a group is not closed: {branch[start:]!r}")


def _choices(atom: str) -> list[str]:
    if atom.startswith("("):
        return _expanded(atom.removeprefix("(").removeprefix("?:").removesuffix(")"))
    if not atom.startswith("["):
        return [atom]
    members = re.findall(r"(.)(?:-(.))?", atom[1:-1], flags=re.DOTALL)
    return [chr(point) for first, last in members for point in range(ord(first), ord(last or first) + 1)]


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for file_name, content in tables(Path(sys.argv[1])).items():
        (DATA / file_name).write_text(content, encoding="utf-8")
