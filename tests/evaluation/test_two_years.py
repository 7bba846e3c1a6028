"""Two years with known answers: every figure in review, page, CSV and JSON is the one reckoned a second time."""

import csv
import datetime as dt
import io
import json
from html.parser import HTMLParser

import pytest

from editorial.enums import Role
from editorial.models import Audience, Topic
from evaluation import workflow
from evaluation.models import FigureRow
from tests.evaluation import two_years
from tests.evaluation.conftest import facts
from tests.evaluation.reference import ENDS, HalfYear
from tests.factories import person

pytestmark = pytest.mark.django_db

AFTER_ALL = two_years.moment("2029-09-03 12:00")
WORDS = {"sum": "Summe", "median": "Median", "low": "niedrigster", "high": "höchster"}
LABELS = dict(
    zip(
        two_years.FIGURES,
        ("Impressionen", "Retweets", "Likes", "Antworten", "Zitate", "Lesezeichen", "Link-Klicks"),
        strict=True,
    )
)
EARLIER = {"Halbjahr davor": "before", "Halbjahr ein Jahr davor": "year_before"}


@pytest.fixture
def expected():
    """Per half-year what a review must say."""
    ids = two_years.store()
    posts = two_years.posts()
    rows = two_years.rows(posts)
    halves = [HalfYear(number, posts, rows) for number in (1, 2, 3, 4)]
    names = [list(model.objects.order_by("position").values_list("slug", "name")) for model in (Topic, Audience)]
    return [half.figures(halves[:place], ids, *names) for place, half in enumerate(halves)]


def built(end):
    return workflow.build(facts(AFTER_ALL), dt.date.fromisoformat(end), at=AFTER_ALL)


def figures_of(review):
    review.refresh_from_db()
    return {
        name: value for name, value in review.figures.items() if name not in ("schema", "channel", "concept", "texts")
    }


def test_the_records_hold_what_is_hard():
    posts = two_years.posts()
    rows = two_years.rows(posts)
    assert {"2028-02-29 00:00", "2027-10-31 02:30", "2028-03-26 03:00"} <= {post.wall for post in posts}
    assert {row.reason for row in rows} == {"", "gone", "not_delivered", "of_the_original"}
    assert len([row for row in rows if row.corrects is not None]) == 3
    assert [post.number for post in posts if post.deleted] == [6, 40]


def test_each_half_year_has_the_figures_reckoned_by_hand(expected):
    for end, wanted in zip(ENDS[1:], expected, strict=True):
        found = figures_of(built(end))
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            assert (end, name, found[name]) == (end, name, value)


def test_the_answers_are_no_row_of_zeros(expected):
    """A reckoning that finds nothing would agree with a program that finds nothing."""
    fourth = expected[3]
    assert fourth["totals"]["posts"] > 15
    assert all(fourth["totals"]["figures"][name]["count"] > 5 for name in two_years.FIGURES)
    assert fourth["before"]["posts"] > 15
    assert fourth["year_before"]["figures"]["likes"]["sum"] > 0
    assert expected[1]["followers"]["months_without_value"] == [
        {"start": "2028-03-31", "end": "2028-04-30"},
        {"start": "2028-06-30", "end": "2028-07-31"},
    ]
    assert [half["deleted"] for half in expected] == [1, 0, 1, 0]
    assert expected[0]["totals"]["figures"]["likes"]["high"] == 1235


def test_frozen_anew_after_everything_went_on_the_digits_stay(expected):
    before = figures_of(built(ENDS[2])), figures_of(built(ENDS[2]))
    assert before[0] == before[1] == expected[1]
    first, second = built(ENDS[2]), built(ENDS[2])
    assert first.sources == second.sources
    assert len(first.sources["figure_rows"]) < len(two_years.rows(two_years.posts()))


def test_the_kept_rows_alone_give_the_same_totals(expected):
    review = built(ENDS[2])
    kept = {row.pk: row for row in rows_of(review)}
    assert set(kept) == set(review.sources["figure_rows"])
    ids = dict.fromkeys(post["public_id"] for post in review.figures["posts"])
    last = {}
    for row in sorted(kept.values(), key=lambda row: (row.taken_at, row.pk)):
        if row.value is not None and row.delivery_id and row.delivery.post.public_id in ids:
            last[row.delivery_id, row.figure] = row.value
    for name in two_years.FIGURES:
        total = sum(value for (_, figure), value in last.items() if figure == name)
        assert total == expected[1]["totals"]["figures"][name]["sum"]


def rows_of(review):
    return FigureRow.objects.filter(pk__in=review.sources["figure_rows"]).select_related("delivery__post")


@pytest.fixture
def published_reviews(expected):
    reviews = []
    for end in ENDS[1:]:
        review = built(end)
        reviews.append(workflow.publish(review, by=person(Role.GF), seen_digest=review.digest(), at=AFTER_ALL))
    return list(zip(reviews, expected, strict=True))


def test_json_and_csv_say_the_same(published_reviews, client):
    for review, wanted in published_reviews:
        data = json.loads(client.get(f"{review.get_absolute_url()}daten.json").content)
        assert {name: data[name] for name in wanted} == wanted
        text = client.get(f"{review.get_absolute_url()}daten.csv").content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
        found = {tuple(line[:3]): line[3] for line in lines}
        assert len(found) == len(lines)
        for key, value in csv_of(wanted).items():
            assert (key, found[key]) == (key, written(value))
        assert set(found) == set(csv_of(wanted))


def csv_of(wanted):
    """(Bereich, Merkmal, Kennzahl) and the value, of all that is in the file."""
    found = {}
    for area, totals in [("Halbjahr", wanted["totals"]), *((area, wanted[key]) for area, key in EARLIER.items())]:
        if totals:
            for key, word in (("start", "Beginn"), ("end", "Ende"), ("change", "Änderung")):
                found[area, word, "Follower:innen"] = totals[f"followers_{key}"]
            found[area, "gesamt", "Beiträge"] = totals["posts"]
            found |= spread_lines(area, "", totals["figures"])
    found |= {("Woche", week["from"], "Follower:innen"): week["value"] for week in wanted["followers"]["weeks"]}
    found |= {("Monat", month["start"], "Beiträge"): month["posts"] for month in wanted["months"]}
    for area, key in (("Thema", "topics"), ("Zielgruppe", "audiences")):
        found |= {(area, one["name"], "Beiträge"): one["posts"] for one in wanted[key]}
    kinds, twins, target = wanted["kinds"], wanted["twins"], wanted["target"]
    counts = {
        **{"eigene": kinds["post"], "Retweets": kinds["retweet"], "eigene mit Bild": wanted["media"]["with"]},
        **{"mit Seite desselben Inhalts": twins["with_twin"], "mit begründeter Ausnahme": twins["exceptions"]},
        "später gelöscht": wanted["deleted"],
    }
    found |= {("Art", word, "Beiträge"): count for word, count in counts.items()}
    found["Tagesziel", "erreicht", "Arbeitstage"] = target["met"]
    found |= {("Tagesziel", day, "nicht erreicht"): 1 for day in target["missed"]}
    found |= {("Ausnahme", post["public_id"], "Beiträge"): 1 for post in twins["excepted"]}
    for group in wanted["groups"]:
        area = f"Kennzahlen je {group['name']}"
        for row in group["rows"]:
            own = "Beiträge" if row["name"] == "Retweets" else "eigene Beiträge"
            found[area, row["name"], own] = row["posts"]
            found |= spread_lines(area, f"{row['name']}, ", row["figures"])
    for post in wanted["posts"]:
        found |= {("Beitrag", post["public_id"], LABELS[name]): value for name, value in post["figures"].items()}
    return found


def spread_lines(area, begin, figures):
    return {
        (area, f"{begin}{word}", LABELS[name]): spread[key]
        for name, spread in figures.items()
        for key, word in WORDS.items()
    }


def written(value):
    return "" if value is None else str(value).replace(".", ",")


class Tables(HTMLParser):
    """Every table by its caption: rows of cell texts."""

    def __init__(self, html):
        super().__init__()
        self.found, self.caption, self.inside = {}, "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = tag
        elif tag == "caption":
            self.caption, self.inside = "", tag

    def handle_endtag(self, tag):
        if tag in ("td", "th", "caption"):
            self.inside = ""
        elif tag == "table":
            self.found[self.caption.strip()] = [[" ".join(cell.split()) for cell in row] for row in self.rows[1:]]

    def handle_data(self, data):
        if self.inside == "caption":
            self.caption += data
        elif self.inside:
            self.rows[-1][-1] += data


def test_the_page_says_the_same(published_reviews, client):
    for review, wanted in published_reviews:
        tables = Tables(client.get(review.get_absolute_url()).content.decode()).found
        assert tables["Kennzahlen der eigenen Beiträge"] == [figure_line(name, wanted) for name in two_years.FIGURES]
        titles = ("Je Thema", "Je Zielgruppe", "Eigene Beiträge und Retweets")
        titles += ("Mit und ohne Bild", "Je Wochentag des Erscheinens")
        for title, group in zip(titles, wanted["groups"], strict=True):
            lines = [[row["name"], german(row["posts"]), *map(middle, chosen(row["figures"]))] for row in group["rows"]]
            assert tables[title] == lines
        for title, key in (("Beiträge je Thema", "topics"), ("Beiträge je Zielgruppe", "audiences")):
            assert tables[title] == [[one["name"], german(one["posts"])] for one in wanted[key]]
        counts = [[german_day(week["from"]), german(week["value"])] for week in wanted["followers"]["weeks"]]
        assert tables["Follower:innen, letzter Stand jeder Woche"] == counts
        assert [row[1] for row in tables["Beiträge je Monat"]] == [german(month["posts"]) for month in wanted["months"]]
        seen = [row[1] for row in tables["Impressionen nach Monat des Erscheinens"]]
        assert seen == [german(month["impressions"]) for month in wanted["months"]]


def chosen(figures):
    return [figures[name] for name in ("impressions", "retweets", "likes")]


def figure_line(name, wanted):
    now = wanted["totals"]["figures"][name]
    of = now["count"] + now["missing"]
    span = "–" if now["low"] is None else f"{german(now['low'])} bis {german(now['high'])}"
    line = [f"{LABELS[name]} aus {now['count']} von {of} Beiträgen", german(now["sum"]), german(now["median"]), span]
    for key in ("before", "year_before"):
        if wanted[key] is None:
            # The column of a year ago is there only where there was a year ago.
            line += ["kein Vergleich", "kein Vergleich"] if key == "before" else []
            continue
        then = wanted[key]["figures"][name]["sum"]
        both = None not in (now["sum"], then)
        line += [german(then), signed(now["sum"] - then) if both else "kein Vergleich"]
    return line


def middle(spread):
    if not spread["count"] + spread["missing"]:
        return "–"
    if spread["median"] is None or spread["low"] == spread["high"]:
        return german(spread["median"])
    return f"{german(spread['median'])} ({german(spread['low'])} bis {german(spread['high'])})"


def german(value):
    if value is None:
        return "nicht geliefert"
    whole, _, rest = str(value).partition(".")
    grouped = whole if len(whole) < 4 else f"{whole[:-3]}.{whole[-3:]}"
    return f"{grouped},{rest}" if rest else grouped


def signed(value):
    return ("+" if value > 0 else "−" if value < 0 else "") + german(abs(value))


def german_day(day):
    year, month, number = day.split("-")
    return f"{number}.{month}.{year}"
