"""What the lists of the house change in the rules: abbreviations, published contacts, elections."""

import datetime as dt

import pytest

from editorial import models
from editorial.rules import Situation, ask, house_lists
from editorial.rules.approval import no_express_where_two_decide
from editorial.rules.known import Known
from editorial.rules.language import abbreviations_are_explained
from editorial.rules.personal import no_personal_data
from editorial.rules.timing import slot_is_in_no_quiet_time
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def found(rule, **content):
    post = PostFactory(**content)
    return ask([rule], post, Situation(at=NOW, slot=post.slot))


def test_all_lists_are_read_in_one_query(django_assert_num_queries):
    asked, director = person(), person()
    models.Election.objects.create(name="Landtag", quiet_from=NOW.date(), day=NOW.date() + 9 * DAY)
    models.PublishedContact.objects.create(value="0421123456", purpose="Messe")
    post = PostFactory()
    for change in ({"approved_at": NOW, "approved_by": director}, {}):
        rule = "figures_have_a_source" if change else "house_style"
        fields = {"rule": rule, "post": post, "blocks": False, "reason": "x", "asked_at": NOW, "asked_by": asked}
        models.RuleChange.objects.create(**fields, **change)
    with django_assert_num_queries(1):
        lists = house_lists.read()
    assert ("jobcenter-bremen.de", True) in lists.sites
    assert lists.terms["BuT"] == house_lists.Term("Bildung und Teilhabe", spell_out=True)
    assert not lists.terms["SGB"].spell_out
    assert lists.contacts == {"0421123456"}
    assert lists.quiet_times == (house_lists.QuietTime("Landtag", NOW.date(), NOW.date() + 9 * DAY),)
    assert lists.strengths == {("figures_have_a_source", post.pk): False}


def test_a_page_reads_them_once(django_assert_num_queries):
    known = Known()
    with django_assert_num_queries(1):
        assert known.lists is known.lists
        assert Known(like=known).lists is known.lists


def test_an_abbreviation_outsiders_do_not_know_is_a_hint():
    (objection,) = found(abbreviations_are_explained, text="Anträge auf BuT")
    assert (objection.code, objection.clause, objection.blocks) == ("text.abbreviation", "K-11", False)
    assert objection.text.endswith("ausschreiben: Bildung und Teilhabe.")


def test_an_abbreviation_nobody_has_listed_is_a_hint():
    (objection,) = found(abbreviations_are_explained, text="Der XYZQ kommt")
    assert "„XYZQ“ steht nicht in der Liste der Abkürzungen" in objection.text


@pytest.mark.parametrize(
    "text", ["Leistungen nach dem SGB II", "Bildung und Teilhabe: Wer BuT beantragt", "Die XYZQ (neu)"]
)
def test_a_known_or_explained_abbreviation_is_none(text):
    assert found(abbreviations_are_explained, text=text) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0421123456", "Rufen Sie an: +49 421 12 34 56"),
        ("messe@partner.example", "Schreiben Sie an Messe@partner.example"),
    ],
)
def test_what_stands_on_the_list_of_published_contacts_passes(value, text):
    assert [objection.code for objection in found(no_personal_data, text=text)] == ["text.personal_data"]
    models.PublishedContact.objects.create(value=value, purpose="Messe")
    assert found(no_personal_data, text=text) == []


@pytest.mark.parametrize(("days", "quiet"), [(-1, False), (0, True), (9, True), (10, False)])
def test_before_an_election_there_is_a_hint_and_no_express_way(days, quiet):
    models.Election.objects.create(name="Landtag", quiet_from=NOW.date(), day=NOW.date() + 9 * DAY)
    slot = NOW + days * DAY
    hints, stops = (found(rule, slot=slot) for rule in (slot_is_in_no_quiet_time, no_express_where_two_decide))
    assert [objection.blocks for objection in hints] == [False] * quiet
    assert [objection.code for objection in stops] == ["approval.no_express"] * quiet
