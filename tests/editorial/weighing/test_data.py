"""The tables in data/ are made by a program from two npm packages; nobody edits them by hand."""

from pathlib import Path

import pytest

from editorial.weighing.refresh_data import DATA, tables
from tests.editorial.weighing.oracle import node_modules


@pytest.mark.parametrize("name", ["tlds.txt", "characters.txt", "emoji.txt"])
def test_each_table_is_what_the_packages_say(name: str) -> None:
    assert (DATA / name).read_text(encoding="utf-8") == tables(node_modules())[name]


def test_each_table_names_its_source_and_licence() -> None:
    heads = {path.name: path.read_text(encoding="utf-8").partition("\n\n")[0] for path in sorted(Path(DATA).iterdir())}
    assert [("Source: npm package" in head, "Licence" in head) for head in heads.values()] == [(True, True)] * 3


def test_a_package_in_another_form_is_refused_instead_of_misread(tmp_path: Path) -> None:
    for folder in ("twitter-text/dist/esm/regexp", "twemoji-parser/dist/lib"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "twemoji-parser/dist/lib/regex.js").write_text("export default [];")
    for file in ("validGTLD.js", "validCCTLD.js"):
        (tmp_path / "twitter-text/dist/esm/regexp" / file).write_text("RegExp('nothing')")
    with pytest.raises(ValueError, match="holds no"):
        tables(tmp_path)
