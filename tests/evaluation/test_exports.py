import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import exports

DANGEROUS = "=+-@\t\r\n＝＋－＠"
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.builds(
    lambda space, sign, rest: space + sign + rest,
    st.sampled_from(["", " ", "\u00a0"]),
    st.sampled_from(DANGEROUS),
    st.text("ab=()"),
)


@given(TEXTS)
def test_no_text_cell_can_become_a_formula(text):
    shown = exports.cell(text)
    assert not shown.lstrip(" \u00a0").startswith(tuple(DANGEROUS))
    assert shown in (text, f"'{text}")


@given(TEXTS)
def test_a_cell_survives_the_way_into_the_file_and_back(text):
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([exports.cell(text), "Ende"])
    back = next(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";"))
    assert back == [exports.cell(text), "Ende"]


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (0, "0"), (-3, "-3"), (12.5, "12,5"), ("Größe", "Größe"), ("=1+1", "'=1+1")]
)
def test_numbers_are_german_and_missing_is_empty(value, shown):
    assert exports.cell(value) == shown


@pytest.mark.django_db
def test_the_table_holds_every_figure_of_the_page(review):
    text = exports.as_csv(review)
    assert text.startswith("\ufeffBereich;Merkmal;Kennzahl;Wert;Einheit;Stand;Anmerkung\r\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert {len(row) for row in rows} == {7}
    assert ["Halbjahr", "Ende", "Follower:innen", "1100", "Konten", "", ""] in rows
    assert ["Halbjahr davor", "Ende", "Follower:innen", "1000", "Konten", "", ""] in rows
    assert ["Halbjahr", "Median", "Impressionen", "170", "Anzahl", "", "2 Beiträge mit Wert, 0 ohne"] in rows
    assert ["Halbjahr", "Summe", "Zitate", "", "Anzahl", "", "0 Beiträge mit Wert, 2 ohne"] in rows
    assert ["Thema", "Unsere Dienstleistungen", "Beiträge", "3", "Anzahl", "", ""] in rows
    retweets = [row for row in rows if row[0] == "Beitrag" and row[6].startswith("Retweet")]
    assert {(row[3], row[6]) for row in retweets} == {("", "Retweet, erschienen 2026-05-04, gehört zum Original")}


@pytest.mark.django_db
def test_the_data_are_plain_json_with_the_frozen_figures(published_review):
    data = json.loads(json.dumps(exports.as_data(published_review)))
    assert {name: data[name] for name in published_review.figures} == published_review.figures
    assert (data["slug"], data["comment"]) == ("halbjahr-2026-09", "Ein Jahr.")
    assert "sources" not in data
