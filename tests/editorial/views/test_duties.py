"""Writing about a topic with duties through the composer: refused for what is missing, in turn, accepted at the end."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.clock import wall_text
from editorial.enums import PostState
from editorial.models import Post
from tests.factories import ArticleFactory, EventFactory, MentionFactory, PartnerFactory, ReadingTipFactory

pytestmark = pytest.mark.django_db

NEW = "/redaktion/beitraege/neu/"
REFUSED = 409


def typed(topic, **fields):
    own = "https://www.jobcenter-bremen.de/thema"
    content = {"text": "Lesen Sie, was neu ist.", "topic": topic, "audiences": ["stadtgesellschaft"]}
    content |= {"source_url": own, "twin_url": own, "slot": wall_text(timezone.now() + dt.timedelta(days=3))}
    return content | fields | {"einreichen": "1"}


def codes(answer):
    return [objection.code for objection in answer.context["refused"] if objection.blocks]


def go_on(client, steps, topic):
    """Hand the same Beitrag in again and again, with one thing more each time; gives what was said each time."""
    said, page, content = [], NEW, typed(topic)
    for change in steps:
        content |= {name: value.pk if hasattr(value, "pk") else value for name, value in change().items()}
        answer = client.post(page, content)
        said.append(codes(answer) if answer.status_code == REFUSED else answer.status_code)
        page = f"/redaktion/beitraege/{Post.objects.get().pk}/bearbeiten/"
    return said


def changed(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return {}


def test_a_press_retweet(login):
    report = MentionFactory(paywall="unclear")
    steps = [
        lambda: {"kind": "retweet"},
        lambda: {"retweet_url": "https://x.com/zeitung/status/1234567890"},
        lambda: {"entry": report},
        lambda: changed(report, paywall="paid"),
        lambda: changed(report, paywall="free"),
    ]
    said = go_on(login(), steps, "erwaehnungen")
    not_free = ["retweet.not_free"]
    assert said == [["retweet.original_missing", "entry.missing"], ["entry.missing"], not_free, not_free, 302]
    assert Post.objects.get().state == PostState.IN_REVIEW


def test_a_reading_tip_that_one_has_to_pay_for(login):
    tip = ReadingTipFactory(paywall="paid")
    steps = [
        lambda: {"source_url": ""},
        lambda: {"source_url": "https://www.iab.de/studie"},
        lambda: {"entry": tip},
        lambda: {"text": "Lesen Sie, was neu ist (Bezahlinhalt)."},
    ]
    said = go_on(login(), steps, "lesetipps")
    assert said == [["source.missing", "entry.missing"], ["entry.missing"], ["paywall.note_missing"], 302]


def test_an_event(login):
    event = EventFactory(starts_at=timezone.now() - dt.timedelta(hours=1), place="", accessibility="")
    steps = [
        dict,
        lambda: {"entry": event},
        lambda: changed(event, starts_at=timezone.now() + dt.timedelta(days=9)),
        lambda: changed(event, place="Bürgerhaus"),
        lambda: changed(event, accessibility="stufenlos"),
    ]
    missing = ["event.place_missing", "event.accessibility_missing"]
    said = go_on(login(), steps, "veranstaltungen")
    assert said == [["entry.missing"], ["event.past", *missing], missing, missing[1:], 302]


def test_an_article_of_a_partner(login):
    partner = PartnerFactory(agreed_on=None)
    article = ArticleFactory(partner=partner, neutral_on=None)
    steps = [
        dict,
        lambda: {"partner": PartnerFactory()},
        lambda: {"entry": article},
        lambda: {"partner": partner},
        lambda: changed(partner, agreed_on=dt.date(2026, 11, 2)),
        lambda: changed(article, neutral_on=dt.date(2026, 11, 2)),
    ]
    said = go_on(login(), steps, "fachbeitraege")
    assert said == [
        ["partner.missing", "entry.missing"],
        ["entry.missing"],
        ["article.other_partner", "article.not_checked"],
        ["partner.not_agreed", "article.not_checked"],
        ["article.not_checked"],
        302,
    ]
