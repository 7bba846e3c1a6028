import datetime as dt

import pytest

from evaluation import presenting, workflow
from evaluation.periods import Period
from evaluation.presenting import FigureLine, KeyFigure
from tests.evaluation.conftest import AFTER, END, facts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-03-01", "2026-09-01", "März bis August 2026"),
        ("2025-09-01", "2026-03-01", "September 2025 bis Februar 2026"),
        ("2026-03-15", "2026-09-15", "15. März bis 14. September 2026"),
        ("2026-08-31", "2027-02-28", "31. August 2026 bis 27. Februar 2027"),
        ("2026-03-01", "2026-04-01", "März 2026"),
        ("2025-03-15", "2025-04-15", "15. März bis 14. April 2025"),
    ],
)
def test_a_period_in_words(start, end, words):
    assert presenting.span_words(Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end))) == words


def test_the_key_figures_stand_with_what_they_mean(review):
    assert presenting.report_of(review).key_figures == (
        KeyFigure("Follower:innen am Ende", "1.100", "+100 seit Beginn des Zeitraums"),
        KeyFigure("Beiträge", "3", "davor 1"),
        KeyFigure("Impressionen", "340", "aus 2 von 2 Beiträgen"),
        KeyFigure("Tage mit Beitrag", "3 von 126 (2 %)", "Arbeitstage in Bremen, an denen das Tagesziel erreicht ist"),
    )


def test_a_line_of_figures_shows_gaps_as_gaps(review):
    lines = {line.label: line for line in presenting.report_of(review).lines}
    assert list(lines) == ["Impressionen", "Retweets", "Likes", "Antworten", "Zitate", "Lesezeichen", "Link-Klicks"]
    assert lines["Impressionen"] == FigureLine(
        "Impressionen", "340", "170", "40 bis 300", "aus 2 von 2 Beiträgen", "500", "−160"
    )
    assert lines["Zitate"] == FigureLine(
        "Zitate",
        "nicht geliefert",
        "nicht geliefert",
        "–",
        "aus 0 von 2 Beiträgen",
        "nicht geliefert",
        "kein Vergleich",
    )


def test_a_review_of_before_shows_the_figures_it_froze(review):
    for totals in (review.figures["totals"], review.figures["before"]):
        del totals["figures"]["bookmarks"]
    assert "Lesezeichen" not in {line.label for line in presenting.report_of(review).lines}


def test_groups_are_tables_in_a_fixed_order_with_medians_and_ranges(review):
    tables = {table.title: table for table in presenting.report_of(review).groups}
    monday = tables["Je Wochentag des Erscheinens"].lines[0]
    assert (monday.name, monday.posts, monday.cells) == ("Montag", "2", ("170 (40 bis 300)", "nicht geliefert", "300"))
    assert tables["Eigene Beiträge und Retweets"].lines[1].cells == ("–", "–", "–")


def test_a_review_of_before_is_shown_without_what_it_did_not_keep(review):
    for key in ("groups", "year_before"):
        del review.figures[key]
    del review.figures["target"]["reasons"], review.figures["twins"]["excepted"]
    report = presenting.report_of(review)
    assert (report.groups, report.year_before_text, report.exceptions) == ((), "", ())
    assert {missed.reason for missed in report.missed} == {""}


def test_the_first_half_year_is_compared_with_nothing(review):
    review.figures["before"] = None
    report = presenting.report_of(review)
    assert {line.before for line in report.lines} == {"kein Vergleich"}
    assert dict(report.facts)["Veränderung im Halbjahr davor"] == "kein Vergleich"
    assert report.key_figures[1].note == "kein Halbjahr davor"


def test_the_charts_name_each_month_once_and_keep_their_order(review):
    charts = presenting.report_of(review).charts
    assert [chart.uid for chart in charts] == ["follower", "impressionen", "monate", "themen", "zielgruppen"]
    assert [tick.label for tick in charts[0].moments] == ["Mär", "Apr", "Mai", "Jun", "Jul", "Aug"]
    assert [head for head, _ in charts[2].table.rows][:2] == ["März 2026", "April 2026"]


def test_months_without_a_count_are_named(review):
    assert presenting.report_of(review).gap_months == (
        "März 2026",
        "April 2026",
        "Mai 2026",
        "Juni 2026",
        "Juli 2026",
    )


def test_a_half_year_without_posts_is_not_called_undelivered(channel):
    report = presenting.report_of(workflow.build(facts(), END, at=AFTER))
    assert {(line.total, line.before, line.covered) for line in report.lines} == {
        ("keine Beiträge", "keine Beiträge", "aus 0 von 0 Beiträgen")
    }
