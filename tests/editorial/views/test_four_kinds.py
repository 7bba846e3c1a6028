"""Four Beiträge with duties: complete they are handed in; with one duty missing, each in turn, refused for that one.

The same in a browser, with several duties missing at once: tests/browser/test_four_kinds.py.
"""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.enums import PostState
from editorial.models import Post
from tests.editorial.views.test_posts import NEW, codes_on, content
from tests.factories import (
    ConsentFactory,
    EventFactory,
    FilmFactory,
    MediumFactory,
    MentionFactory,
    OfferFactory,
    ReadingTipFactory,
)

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


def press_retweet():
    return content(
        kind="retweet",
        text="Die Zeitung berichtet über die Jobmesse.",
        topic="erwaehnungen",
        retweet_url="https://x.com/zeitung/status/1234567890",
        entry=MentionFactory(paywall="free"),
    )


def reading_tip():
    return content(
        text="Lesen Sie, was neu ist (Bezahlinhalt).",
        topic="lesetipps",
        source_url="https://www.iab.de/studie",
        entry=ReadingTipFactory(paywall="paid"),
        media=MediumFactory(),
    )


def event():
    return content(text="Kommen Sie zur Jobbörse.", topic="veranstaltungen", entry=EventFactory(), media=FilmFactory())


def success_story():
    return content(text="Sie hat eine Ausbildung gefunden.", topic="vorzeigegeschichten", consents=ConsentFactory())


def typed(**fields):
    return lambda form: form.update(fields)


def another(field, factory):
    return lambda form: form.update({field: factory()})


def kept(field, **values):
    """What stands in a register or in the library."""
    return lambda form: type(form[field]).objects.filter(pk=form[field].pk).update(**values)


ALWAYS = [
    ("text.empty", typed(text="")),
    ("topic.missing", typed(topic="")),
    ("audience.missing", typed(audiences=[])),
    ("twin.missing", typed(twin_url="")),
    ("slot.past", typed(slot=f"{YESTERDAY:%Y-%m-%d}T09:00")),
]
PICTURE = [
    ("media.alt_missing", kept("media", alt_text="")),
    ("media.rights_missing", kept("media", author="")),
    ("media.rights_missing", kept("media", licence="")),
    ("media.rights_missing", kept("media", rights_until=YESTERDAY)),
]
DUTIES = {
    press_retweet: [
        *ALWAYS,
        ("retweet.original_missing", typed(retweet_url="")),
        ("entry.missing", typed(entry="")),
        ("entry.wrong_register", another("entry", OfferFactory)),
        ("retweet.not_free", kept("entry", paywall="unclear")),
    ],
    reading_tip: [
        ("text.empty paywall.note_missing", typed(text="")),  # an empty text lacks the note as well
        *ALWAYS[1:],
        *PICTURE,
        ("source.missing", typed(source_url="")),
        ("entry.missing", typed(entry="")),
        ("entry.wrong_register", another("entry", OfferFactory)),
        ("paywall.note_missing", typed(text="Lesen Sie, was neu ist.")),
    ],
    event: [
        *ALWAYS,
        *PICTURE,
        ("media.captions_missing", kept("media", captions="")),
        ("media.transcript_missing", kept("media", transcript="")),
        ("entry.missing", typed(entry="")),
        ("entry.wrong_register", another("entry", OfferFactory)),
        ("event.past", kept("entry", starts_at=timezone.now() - dt.timedelta(days=1))),
        ("event.place_missing", kept("entry", place="")),
        ("event.accessibility_missing", kept("entry", accessibility="")),
    ],
    success_story: [
        *ALWAYS,
        ("consent.missing", typed(consents=[])),
        ("consent.not_valid", kept("consents", valid_until=YESTERDAY)),
        ("consent.not_valid", kept("consents", valid_from=timezone.localdate() + dt.timedelta(days=30))),
        ("consent.too_narrow", kept("consents", scope=[])),
    ],
}
ONE_BY_ONE = [
    pytest.param(kind, code, take_away, id=f"{kind.__name__}-{number}-{code}")
    for kind, duties in DUTIES.items()
    for number, (code, take_away) in enumerate(duties, 1)
]


def hand_in(client, form):
    fields = {name: getattr(value, "pk", value) for name, value in form.items()}
    return client.post(NEW, {**fields, "einreichen": "1"})


@pytest.mark.parametrize(("kind", "code", "take_away"), ONE_BY_ONE)
def test_with_one_duty_missing_it_is_refused_for_that_one(login, kind, code, take_away):
    form = kind()
    take_away(form)
    answer = hand_in(login(), form)
    assert (answer.status_code, codes_on(answer)) == (409, code.split())
    assert Post.objects.get().state == PostState.DRAFT


@pytest.mark.parametrize("kind", DUTIES)
def test_complete_it_is_handed_in(login, kind):
    assert hand_in(login(), kind()).status_code == 302
    assert Post.objects.get().state == PostState.IN_REVIEW
