"""The documentation cannot go stale: what it links, shows, sets, calls and quotes from the screen exists."""

import ast
import importlib.util
import re
import runpy
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from docs.bilder.machen import PICTURES
from jobcenter_social.environment import Environment

ROOT = Path(__file__).resolve().parent.parent
HANDBOOK = sorted((ROOT / "docs/handbuch").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LARGEST_PICTURES_BYTES = 2_500_000
SHORTEST_ALT_TEXT = 30


def name_of(path):
    return str(path.relative_to(ROOT))


def plain(text):
    """Without code: there, a link is an example."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S))


def links(page):
    """(is a picture, text, target) of each link within the repository."""
    found = re.findall(r"(!?)\[([^\[\]]*)\]\(([^()\s]+)\)", plain(page.read_text(encoding="utf-8")))
    return [(mark == "!", text, target) for mark, text, target in found if not re.match(r"[a-z]+:", target)]


@cache
def anchors(page):
    """As the forges make them: lower case, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    for _, _, target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_every_picture_is_taken_by_the_script_and_shown_with_words():
    shown = {}
    for page in PAGES:
        shown |= {(page.parent / target).resolve(): text for is_picture, text, target in links(page) if is_picture}
    files = set((ROOT / "docs/bilder").glob("*.png"))
    assert files == {ROOT / f"docs/bilder/{name}.png" for name in PICTURES} == set(shown)
    assert [file.name for file, alt in shown.items() if len(alt) < SHORTEST_ALT_TEXT] == []
    assert sum(file.stat().st_size for file in files) < LARGEST_PICTURES_BYTES


# --- Settings ---------------------------------------------------------------------------------------------------------

INTERNAL = {"DEV_BEGAN_AT"}  # from ./dev to its own child
IN_WORDS = {"SECRET_KEY", "ALLOWED_HOSTS", "VAR_DIR", "DATABASE_URL", "EMAIL_URL"}  # defaults worked out at the start


def documented_settings():
    """Name → default as the README's table gives it; a row may name several."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Settings")[1].split("\n## ")[0]
    for row in re.findall(r"^\| (`.+) \| (.+) \| .+ \|$", section, re.M):
        names = re.findall("`(\\w+)`", row[0])
        values = row[1].split(", ") if row[1].count(", ") == len(names) - 1 else [row[1]] * len(names)
        yield from zip(names, values, strict=True)


@pytest.fixture
def defaults(monkeypatch, tmp_path):
    """Name → default of everything the settings file asks the environment for."""
    asked = {}

    class Asked(Environment):
        def text(self, name, default=""):
            asked[name] = {"false": "off", "true": "on"}.get(default, default)
            return super().text(name, default)

    given = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "k" * 50}
    monkeypatch.setattr("jobcenter_social.environment.Environment", lambda: Asked(given))
    runpy.run_path(str(ROOT / "jobcenter_social/settings.py"))
    return asked


def read_past_the_settings():
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "jobcenter_social").rglob("*.py"))
    return set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', text)) - INTERNAL


def test_the_settings_table_names_what_is_read_and_nothing_else(defaults):
    assert sorted(name for name, _ in documented_settings()) == sorted(defaults.keys() | read_past_the_settings())


def test_the_settings_table_tells_the_defaults(defaults):
    documented = dict(documented_settings())
    for name, default in defaults.items():
        told = documented.get(name, "").replace("`", "").replace(", ", ",")
        in_words = name in IN_WORDS or default == ""
        assert in_words or re.match(re.escape(default) + r"(?![\w.])", told), f"{name}: {told}"


# --- Commands ---------------------------------------------------------------------------------------------------------


def code(page):
    """Lines of the code blocks, and spans of code in the text."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```.*?\n(.*?)^ *```", text, re.M | re.S)
    return [line.strip() for block in blocks for line in block.splitlines()] + re.findall("`([^`\n]+)`", text)


def told(page):
    """The commands a page names: ("dev", the words after it), ("manage", …) or ("module", …)."""
    if page.name == "README.md" and page.parent == ROOT:
        operating = page.read_text(encoding="utf-8").split("## Operating")[1].split("\n## ")[0]
        for words in re.findall(r"`([a-z]+(?:_[a-z]+| off)[^`]*)`", operating):
            yield "manage", words.split()
    for line in code(page):
        for kind, words in re.findall(r"(\./dev(?: manage)?|manage\.py|python -m) ([^;&`|#\[]+)", line):
            yield {"./dev": "dev", "python -m": "module"}.get(kind, "manage"), words.split()


@cache
def dev_commands():
    tree = ast.parse((ROOT / "dev").read_text(encoding="utf-8"))
    tables = [n.value for n in ast.walk(tree) if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "commands"]
    return [ast.literal_eval(key) for key in tables[0].keys]


@cache
def help_of(command):
    return load_command_class(get_commands()[command], command).create_parser("manage.py", command).format_help()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_exists_with_its_options(page):
    for kind, (command, *words) in told(page):
        options = [word for word in words if word.startswith("--") and word != "--data"]
        if kind == "module":
            assert importlib.util.find_spec(command), command
        elif kind == "dev":
            assert command in dev_commands(), command
            assert all(f'"{word}"' in (ROOT / "dev").read_text(encoding="utf-8") for word in options), words
        elif command.islower():  # ARGS and NAME stand for something
            assert command in get_commands(), command
            assert all(word in help_of(command) for word in options), (command, words)


# --- What stands on the screen ----------------------------------------------------------------------------------------

SOURCES = ["templates/**/*.html", "editorial/**/*.py", "evaluation/**/*.py", "editorial/data/*.json", "static/js/*.js"]


@cache
def screen_words():
    files = (file for pattern in SOURCES for file in sorted(ROOT.glob(pattern)) if "migrations" not in file.parts)
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def stands_on_the_screen(label, words):
    """As a whole text of the source; „ … “ stands for what changes, and nothing may be left out at its edges."""
    pieces = [re.escape(piece) for piece in re.split(r"(?<!\S)…", label)]
    return re.search(rf"""(?:^\s*|[>"'`}}„]){".{1,60}?".join(pieces)}(?:\s*$|[<"'`{{“])""", words, re.M)


@pytest.mark.django_db
@pytest.mark.parametrize("page", HANDBOOK, ids=name_of)
def test_what_the_handbook_quotes_stands_on_the_screen(page, client):
    words = screen_words() + client.get("/konto/anmelden/").content.decode()  # some of its words are the library's
    quoted = re.findall("„([^“]+)“", plain(page.read_text(encoding="utf-8")))
    assert quoted
    assert [label for label in quoted if not stands_on_the_screen(" ".join(label.split()), words)] == []


def test_a_label_is_found_whole_or_not_at_all():
    words = '<b>Freigeben</b>\n"Auswertung {{ span }} erstellen"'
    assert stands_on_the_screen("Freigeben", words)
    assert stands_on_the_screen("Auswertung … erstellen", words)
    assert not stands_on_the_screen("Frei", words)
    assert not stands_on_the_screen("Auswertung", words)


def test_each_of_the_twenty_five_points_names_a_test_that_exists():
    table = (ROOT / "docs/bedienung.md").read_text(encoding="utf-8")
    points = [line for line in table.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(line.split("|")[1]) for line in points] == list(range(1, 26))
    for place in re.findall(r"`(tests/[^`]+)`", table):
        file, _, name = place.partition("::")
        assert (ROOT / file).is_file(), place
        assert not name or f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), place
    assert [line for line in points if "`tests/" not in line] == []
