import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from editorial import weighing
from editorial.channels.addresses import address_to_id
from editorial.enums import Role
from editorial.lint.figures import first_figure
from editorial.models import Audience, Consent, Medium, Partner, Post, Topic, User
from editorial.models.consent import EVERYTHING as CELLS
from editorial.rules import CONTENT_RULES, Situation, ask, blocking
from editorial.rules.language import emoji_are_few, hashtags_show_their_words, house_style, words_are_for_everybody
from editorial.rules.sketch import sketch
from editorial.rules.text import letters_are_letters
from jobcenter_social.demo import registers, texts
from jobcenter_social.demo.pictures import AUTHOR, LICENCE
from jobcenter_social.demo.texts import DemoPost
from tests.editorial.data.reading import rows

TOPICS = {topic["slug"]: topic for topic in rows("topics.json")}
AUDIENCES = {audience["slug"] for audience in rows("audiences.json")}
TRUSTED = {site["domain"] for site in rows("trusted_sites.json")}
NOON = dt.datetime(2026, 3, 4, 11, tzinfo=dt.UTC)
MOST = 360
HISTORY = texts.posts(MOST)
FOR_THE_WAY = [*HISTORY, *texts.planned()]
RETURNED = [back.post for back in texts.returned()]
EVERYTHING = [*FOR_THE_WAY, *RETURNED, *(draft.post for draft in texts.drafts())]
PLAIN = ("kind", "text", "source_url", "twin_url", "twin_exception", "retweet_url", "value_added", "other_ways")
STYLE = (house_style, words_are_for_everybody, hashtags_show_their_words, emoji_are_few, letters_are_letters)
GENDER_SIGNS = re.compile(r"[*_·]innen|/-?innen|[a-zäöü]Innen\b")
PERSONAL = re.compile(
    r"\b[A-Z]{2}\d{2}[ \d]{10,}"  # IBAN
    r"|\b0\d{2,5}[ /-]?\d{3,}|\+\d{2}"  # telephone
    r"|[\w.+-]+@[\w-]+\.\w+"  # mail
)


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def working_days(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def test_fourteen_months_of_working_days_get_a_text_each_and_none_twice():
    days = working_days(dt.date(2025, 9, 1), dt.date(2026, 11, 30))
    found = texts.arranged(days)
    assert [day for day, _ in found] == days
    assert len({post.text for _, post in found}) == len(days)
    assert [(day, post.text) for day, post in found if not post.fits(day)] == []


def test_in_any_month_of_beginning_there_are_enough_texts():
    for month in range(1, 13):
        first = dt.date(2025, month, 1)
        days = working_days(first, first + dt.timedelta(days=456))
        assert len(texts.arranged(days)) == len(days)


def test_the_texts_come_in_the_same_order_each_time():
    assert texts.posts(MOST) == HISTORY
    assert texts.posts(10) == HISTORY[:10]


def test_more_texts_than_there_are_is_said():
    with pytest.raises(ValueError, match="10000 are wanted"):
        texts.posts(10_000)


def test_at_least_120_texts_are_written_singly():
    files = [texts.FOLDER / f"{topic}.json" for topic in texts.TOPICS]
    assert sum(len(json.loads(file.read_text(encoding="utf-8"))["base"]) for file in files) >= 120


def test_no_two_texts_are_alike():
    written = [post.text for post in EVERYTHING if post.text]
    assert [text for text, count in Counter(written).items() if count > 1] == []
    openings = Counter(" ".join(text.split()[:6]) for text in written)
    assert [opening for opening, count in openings.items() if count > 6] == []


def test_the_first_three_hundred_fit_any_day_of_the_year():
    assert {post.months for post in HISTORY[:300]} == {()}


def test_all_ten_topics_and_all_target_groups_occur_from_the_beginning():
    assert {post.topic for post in HISTORY[:60]} == set(TOPICS)
    assert {audience for post in HISTORY[:60] for audience in post.audiences} == AUDIENCES


def test_a_text_is_short_enough_and_has_at_most_one_link():
    parsed = [(post.text, weighing.parse(post.text)) for post in FOR_THE_WAY]
    assert [text for text, found in parsed if not found.valid or found.mentions or len(found.urls) > 1] == []
    assert [text for text, _ in parsed if re.search(r"[{}]|\s\s|\s$", text)] == []


def lacks(post: DemoPost) -> Iterator[str]:
    """What the topic demands and the text does not bring, or the other way round."""
    topic = TOPICS[post.topic]
    if bool(post.value_added) != topic["needs_value_added"]:
        yield "value_added"
    if bool(post.consents) != topic["needs_consent"]:
        yield "consents"
    if bool(post.partner) != topic["needs_partner"]:
        yield "partner"
    if topic["needs_source"] and not post.source_url:
        yield "source_url"
    if not 1 <= len(post.audiences) <= 3 or not set(post.audiences) <= AUDIENCES:
        yield "audiences"


def test_a_text_brings_what_its_topic_demands():
    assert [(post.text, name) for post in (*FOR_THE_WAY, *RETURNED) for name in lacks(post)] == []


def test_a_text_has_a_free_page_with_the_same_content_or_a_reason():
    assert [post.text for post in FOR_THE_WAY if bool(post.twin_url) == bool(post.twin_exception)] == []
    assert {host(post.twin_url) for post in FOR_THE_WAY if post.twin_url} <= TRUSTED
    assert any(post.twin_exception for post in HISTORY)


def test_a_text_without_a_page_of_its_own_leads_to_none():
    assert [post.text for post in FOR_THE_WAY if post.twin_exception and texts.PAGES in post.text] == []


def test_a_text_keeps_the_house_style():
    sketches = [cast(Any, SimpleNamespace(text=post.text)) for post in EVERYTHING]
    hints = [hint.text for sketch in sketches for rule in STYLE for hint in rule(sketch, cast(Any, None))]
    assert hints == []
    assert [post.text for post in EVERYTHING if GENDER_SIGNS.search(post.text)] == []
    tags = [tag for post in EVERYTHING for tag in weighing.extract_hashtags(post.text)]
    assert [tag for tag in tags if not tag[0].isupper()] == []


def test_a_text_has_no_number_by_which_a_person_can_be_reached_or_found():
    written = [f"{post.text} {post.value_added} {post.other_ways}" for post in EVERYTHING]
    assert [text for text in written if PERSONAL.search(text)] == []


def test_a_figure_has_a_source():
    assert [post.text for post in FOR_THE_WAY if first_figure(post.text) and not post.source_url] == []


def test_a_text_has_a_figure_so_that_the_rule_is_seen():
    assert any(first_figure(post.text) for post in HISTORY)


def test_about_one_in_eight_is_a_retweet_with_an_address_of_its_own():
    retweets = [post for post in HISTORY if post.kind == "retweet"]
    assert 0.1 <= len(retweets) / len(HISTORY) <= 0.15
    addresses = [post.retweet_url for post in FOR_THE_WAY if post.kind == "retweet"]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        assert re.fullmatch(r"https://x\.com/Demo\w{1,11}/status/\d{19}", address)
        assert address_to_id(address)


def test_only_a_retweet_has_an_original_and_no_retweet_has_a_picture():
    assert [post.text for post in EVERYTHING if (post.kind == "retweet") != bool(post.retweet_url)] == []
    assert [post.text for post in EVERYTHING if post.kind == "retweet" and post.with_picture] == []


def test_about_a_third_of_the_own_posts_has_a_picture_with_alt_text():
    own = [post for post in HISTORY if post.kind == "post"]
    assert 0.3 <= sum(post.with_picture for post in own) / len(own) <= 0.4
    names = {picture.name for picture in texts.pictures()}
    assert {post.picture for post in EVERYTHING if post.picture} <= names
    assert [post.text for post in EVERYTHING if post.with_picture != bool(post.alt_text)] == []


def test_every_address_is_invented_or_a_public_authoritys():
    for post in EVERYTHING:
        for url in filter(None, (*weighing.extract_urls(post.text), post.source_url, post.twin_url)):
            assert url.startswith(texts.PAGES) or host(url).endswith(".example") or host(url) in TRUSTED, url


def test_partners_and_consents_that_are_named_exist():
    assert {post.partner for post in EVERYTHING if post.partner} == {partner.key for partner in texts.partners()}
    assert {name for post in EVERYTHING for name in post.consents} == set(texts.consents())


def test_partners_are_obviously_invented_and_named_in_their_texts():
    names = {partner.key: partner.name for partner in texts.partners()}
    assert [name for name in names.values() if not name.startswith("Demo-") and not name.endswith("(Demo)")] == []
    assert len(set(names.values())) == len(names)
    for post in FOR_THE_WAY:
        if post.partner:
            stem = names[post.partner].removeprefix("Demo-").removesuffix(" (Demo)")
            assert stem.split()[-1] in post.text, post.text


def test_the_demo_people_are_those_of_the_contract_with_invented_names():
    people = texts.people()
    roles = {person.username: person.role for person in people}
    assert roles == {
        "proe1": Role.PROE,
        "proe2": Role.PROE,
        "gf1": Role.GF,
        "gf2": Role.GF,
        "gf3": Role.GF,
        "fach1": Role.FACH,
        "admin1": Role.ADMIN,
        "dsb1": Role.DSB,
    }
    assert [person.username for person in people if not person.last_name.endswith("(Demo)")] == []
    assert [person.email for person in people] == [f"{person.username}@example.org" for person in people]


def test_the_plan_has_enough_for_four_weeks():
    plan = texts.planned()
    assert len(plan) >= 20
    assert {post.topic for post in plan} == set(TOPICS)


def test_drafts_are_twelve_with_ideas_and_gaps_among_them():
    drafts = texts.drafts()
    assert len(drafts) == 12
    assert sum(draft.is_idea for draft in drafts) >= 3
    assert any(not draft.post.topic for draft in drafts)
    assert any(not draft.post.audiences for draft in drafts)
    assert any(draft.post.text and not draft.post.twin_url for draft in drafts)
    assert any(first_figure(draft.post.text) and not draft.post.source_url for draft in drafts)
    assert {draft.post.topic for draft in drafts} - {""} <= set(TOPICS)


def test_what_came_back_was_sent_back_refused_or_withdrawn_with_a_reason():
    assert Counter(back.step for back in texts.returned()) == {
        "aendern-lassen": 3,
        "ablehnen": 2,
        "zurueckziehen": 2,
    }
    assert [back.post.text for back in texts.returned() if not back.reason] == []


def test_there_is_a_comment_for_the_published_and_one_for_the_open_review():
    assert [comment.key for comment in texts.comments()] == ["published", "open"]
    assert [comment.key for comment in texts.comments() if first_figure(comment.text)] == []


def as_typed(post: DemoPost) -> Post:
    """The Beitrag as the form would hand it to the rules; its picture is drawn and described."""
    content = {name: getattr(post, name) for name in PLAIN}
    content["topic"] = Topic.objects.get(slug=post.topic)
    content["audiences"] = list(Audience.objects.filter(slug__in=post.audiences))
    kinds = {partner.key: partner.kind for partner in texts.partners()}
    agreed_on = dt.date(2025, 1, 2)
    partner = Partner(name=post.partner, agreed_on=agreed_on, kind=kinds[post.partner]) if post.partner else None
    content |= {"partner": partner, "entry": registers.entry_of(post, partner, User(username="gf1"), NOON)}
    content["consents"] = [
        Consent(
            pseudonym=name,
            state="effective",
            scope=CELLS,
            valid_from=dt.date(2025, 1, 2),
            valid_until=dt.date(2026, 12, 31),
        )
        for name in post.consents
    ]
    if post.picture:
        picture = next(picture for picture in texts.pictures() if picture.name == post.picture)
        medium = Medium(title=picture.title, alt_text=picture.alt_text, author=AUTHOR, licence=LICENCE)
        content["media"] = [medium]
    return sketch(content)


@pytest.mark.django_db
def test_no_rule_of_the_house_blocks_a_text():
    blocked = [
        (objection.code, post.text)
        for post in (*FOR_THE_WAY, *RETURNED)
        for objection in blocking(ask(CONTENT_RULES, as_typed(post), Situation(at=NOON, slot=NOON)))
    ]
    assert blocked == []
