"""What the link check found earlier and what rules make of it; nobody is asked while they are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial.enums import LinkOpinion, LinkState
from editorial.models import Entry, LinkCheck
from editorial.rules import CONTENT_RULES, Situation, ask, linked
from editorial.rules.links import addresses_in
from editorial.rules.register import REGISTER
from tests.factories import MentionFactory, PostFactory

pytestmark = pytest.mark.django_db

SOURCE, TWIN = "https://zeitung.example/bericht", "https://www.jobcenter-bremen.de/seite"
PAGE = "https://www.iab.de/studie"


def found(url, state, **fields):
    return LinkCheck.objects.create(url=url, state=state, checked_at=timezone.now(), **fields)


def seen(link, opinion):
    link.opinion, link.opinion_of = opinion, link.state
    link.save()


def said(post):
    ours = ("source.not_free", "source.unreachable", "link.unreachable", "twin.missing", "retweet.not_free")
    at = timezone.now()
    codes = [*ours, "paywall.note_missing"]
    return [(o.code, o.blocks) for o in ask(CONTENT_RULES, post, Situation(at=at, slot=post.slot)) if o.code in codes]


def beitrag(**fields):
    return PostFactory(**{"source_url": SOURCE, "twin_url": TWIN} | fields)


@pytest.mark.parametrize(
    ("state", "objections"),
    [
        (LinkState.UNCHECKED, []),
        (LinkState.GOOD, []),
        (LinkState.UNREACHABLE, [("source.unreachable", False)]),
        (LinkState.REFUSED, [("source.unreachable", False)]),
        (LinkState.DEAD, [("source.unreachable", True)]),
        (LinkState.MARKED, [("source.not_free", False)]),
        (LinkState.LOG_IN, [("source.not_free", False)]),
        (LinkState.PAID, [("paywall.note_missing", True)]),
    ],
)
def test_what_is_said_of_a_source(state, objections):
    found(SOURCE, state)
    assert said(beitrag()) == objections


def test_a_paid_source_may_be_named_with_the_note():
    found(SOURCE, LinkState.PAID)
    assert said(beitrag(text="Lesenswert (Bezahlinhalt): die neue Studie.")) == []


def test_a_paid_page_is_not_retweeted_note_or_not():
    found(SOURCE, LinkState.PAID)
    post = beitrag(kind="retweet", text="Bezahlinhalt", retweet_url="https://x.com/a/status/1")
    assert said(post) == [("retweet.not_free", True)]


def test_a_page_behind_a_wall_is_no_twin():
    found(TWIN, LinkState.PAID)
    assert said(beitrag()) == [("twin.missing", True)]
    assert said(beitrag(twin_exception="Nur dort erschienen.")) == []


def test_a_twin_that_is_not_there_yet_is_a_hint():
    found(TWIN, LinkState.DEAD)
    assert said(beitrag()) == [("link.unreachable", False)]


def test_links_in_the_text_are_asked_about_as_well_also_without_scheme():
    found("https://zeitung.de/a", LinkState.PAID)
    found("https://weg.de/b", LinkState.DEAD)
    post = beitrag(text="Lesen Sie zeitung.de/a und https://weg.de/b")
    assert said(post) == [("paywall.note_missing", True), ("link.unreachable", False)]


@pytest.mark.parametrize("state", [LinkState.DEAD, LinkState.UNREACHABLE, LinkState.MARKED, LinkState.LOG_IN])
def test_a_person_who_could_read_it_is_believed(state):
    seen(found(SOURCE, state), LinkOpinion.FREE)
    assert said(beitrag()) == []


def test_a_person_who_met_a_wall_is_believed():
    seen(found(SOURCE, LinkState.GOOD), LinkOpinion.NOT_FREE)
    assert said(beitrag()) == [("paywall.note_missing", True)]


def test_what_the_page_says_itself_nobody_overrules():
    seen(found(SOURCE, LinkState.PAID), LinkOpinion.FREE)
    assert said(beitrag()) == [("paywall.note_missing", True)]


def test_a_persons_word_ends_when_the_machine_finds_something_else():
    link = found(SOURCE, LinkState.MARKED)
    seen(link, LinkOpinion.FREE)
    LinkCheck.objects.filter(pk=link.pk).update(state=LinkState.LOG_IN)
    assert said(beitrag()) == [("source.not_free", False)]


def test_a_reason_in_the_beitrag_stands_for_a_source_that_could_not_be_looked_at():
    found(SOURCE, LinkState.UNREACHABLE)
    assert said(beitrag(source_decision="free")) == [("source.unreachable", False)]
    assert said(beitrag(source_decision="free", source_reason="Ich habe sie gelesen.")) == []


def test_what_went_out_is_no_longer_the_rules_concern():
    found(SOURCE, LinkState.DEAD, is_ahead=False)
    assert said(beitrag()) == []


def test_the_findings_cost_no_query_of_their_own():
    post = beitrag(text="Siehe https://zeitung.de/a")
    at = timezone.now()

    def ask_all():
        return ask(CONTENT_RULES, post, Situation(at=at, slot=at + dt.timedelta(days=30)))

    with CaptureQueriesContext(connection) as without:
        ask_all()
    for number in range(20):
        found(f"https://zeitung.de/{number}", LinkState.DEAD)
    found("https://zeitung.de/a", LinkState.PAID)
    with CaptureQueriesContext(connection) as with_them:
        ask_all()
    assert len(with_them) <= len(without)


ORIGINAL = "https://x.com/zeitung/status/123456"


def retweet(**fields):
    return beitrag(**{"kind": "retweet", "source_url": "", "retweet_url": ORIGINAL} | fields)


def asked_of_original(post):
    return [o.code for o in ask([linked.original_was_looked_at], post, Situation(at=timezone.now()))]


def test_somebody_says_of_an_original_whether_its_report_is_free():
    link = found(ORIGINAL, LinkState.REFUSED)
    assert asked_of_original(retweet()) == ["retweet.not_looked_at"]
    assert asked_of_original(retweet(source_url=SOURCE)) == []
    seen(link, LinkOpinion.FREE)
    assert (asked_of_original(retweet()), said(retweet())) == ([], [])
    seen(link, LinkOpinion.NOT_FREE)
    assert said(retweet()) == [("retweet.not_free", True)]


def test_the_address_of_an_entry_is_asked_about_once():
    report = Entry.objects.get(pk=MentionFactory(url=PAGE, paywall="free").pk)
    link = found(PAGE, LinkState.PAID)
    assert said(beitrag(entry=report)) == [("paywall.note_missing", True)]
    assert said(beitrag(entry=report, source_url=PAGE)) == [("paywall.note_missing", True)]
    assert said(retweet(entry=report)) == [("retweet.not_free", True)]
    link.state = LinkState.DEAD
    link.save()
    assert said(beitrag(entry=report)) == [("link.unreachable", False)]


def test_free_access_cannot_be_switched_off():
    assert REGISTER["linked_pages_are_free"].fixed


def test_every_address_is_found_once_per_place():
    post = beitrag(source_url=PAGE, twin_url=PAGE, text=f"{PAGE} und {PAGE} und jobcenter-bremen.de")
    assert [(place.value, url) for place, url in addresses_in(post)] == [
        ("source", PAGE),
        ("twin", PAGE),
        ("text", PAGE),
        ("text", "https://jobcenter-bremen.de"),
    ]
