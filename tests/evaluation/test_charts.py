import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from evaluation import charts

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.lists(st.none() | st.integers(0, 10**7), min_size=1, max_size=30)


def line(values):
    points = [(f"Woche {n}", value) for n, value in enumerate(values)]
    return charts.line_chart("c", "Follower & Co.", points, moments=[(0, "Mär")], head=("Woche", "Zahl"), unit="Konten")


def bars(values):
    return charts.bar_chart("c", "Themen", [(f"<{n}>", v) for n, v in enumerate(values)], head=("Thema", "Zahl"))


def drawn(chart):
    """The chart's <svg> as a tree, and its whole HTML."""
    name = "line" if chart.is_line else "bar"
    html = render_to_string(f"evaluation/_{name}_chart.html", {"chart": chart})
    picture = html[html.index("<svg") : html.index("</svg>") + len("</svg>")]
    return ET.fromstring(picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)), html


@given(VALUES, st.sampled_from([line, bars]))
def test_every_chart_is_valid_svg_with_title_description_and_table(values, kind):
    chart = kind(values)
    svg, html = drawn(chart)
    names = svg.get("aria-labelledby").split()
    assert svg.get("role") == "img"
    assert [svg.find(f"{SVG}title").get("id"), svg.find(f"{SVG}desc").get("id")] == names
    assert svg.find(f"{SVG}title").text == chart.title
    assert svg.find(f"{SVG}desc").text == chart.description
    assert html.count('<th scope="row">') == len(values)
    assert "style=" not in html
    assert " fill=" not in html
    assert " stroke=" not in html


@given(VALUES, st.sampled_from([line, bars]))
def test_no_coordinate_is_written_with_a_comma_or_leaves_the_picture(values, kind):
    svg, _ = drawn(kind(values))
    _, _, width, height = (int(part) for part in svg.get("viewBox").split())
    for element in svg.iter():
        for name, limit in (("x", width), ("y", height), ("cx", width), ("cy", height), ("width", width)):
            if element.get(name) is not None:
                assert 0 <= int(element.get(name)) <= limit


@given(VALUES)
def test_a_line_is_cut_where_values_are_missing(values):
    chart = line(values)
    known = [value for value in values if value is not None]
    assert len(chart.dots) == len(known)
    assert bool(chart.gaps) == (len(known) < len(values))
    assert sum(len(run.split()) for run in chart.runs) <= len(known)


@given(st.integers(0, 10**8))
def test_the_axis_begins_at_zero_and_ends_above_the_highest_value_in_whole_steps(most):
    values = charts.scale(charts.ceiling(most))
    assert (values[0], len(values)) == (0, charts.TICKS + 1)
    assert values[-1] >= most
    assert values[-1] <= max(2 * most + 4, charts.TICKS)
    assert len({b - a for a, b in pairwise(values)}) == 1


def test_the_baseline_is_zero():
    chart = line([0, 50])
    assert (chart.scale[0].label, chart.scale[0].at) == ("0", chart.base)
    assert chart.dots[0].y == chart.base


def test_bars_are_as_long_as_their_values():
    chart = bars([0, 50, 100, None])
    full = charts.BARS_WIDTH
    assert [bar.width for bar in chart.bars] == [0, full // 2, full, None]
    assert [bar.value for bar in chart.bars] == ["0", "50", "100", "nicht geliefert"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            [1200, None, 1300],
            "Linie ab null, Konten: erster Wert 1.200, letzter Wert 1.300, niedrigster 1.200, höchster 1.300. "
            "Lücken: 1 von 3 Werten fehlen.",
        ),
        ([None], "Kein Wert liegt vor (Konten)."),
    ],
)
def test_the_description_tells_the_line_in_words(values, words):
    assert line(values).description == words


def test_the_table_says_what_the_picture_shows():
    assert line([1200, None]).table.rows == (("Woche 0", ("1.200",)), ("Woche 1", ("nicht geliefert",)))
