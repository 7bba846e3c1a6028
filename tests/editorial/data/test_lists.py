import re

import pytest

from editorial.models import Audience, Topic, TrustedSite
from editorial.rules.known import Known
from tests.editorial.data.reading import concept_blocks, rows

DUTIES = ("needs_value_added", "needs_partner", "needs_consent", "needs_source")
TOPIC_SLUGS = [
    "serviceangebote",
    "dienstleistungen",
    "veranstaltungen",
    "netzwerkprojekte",
    "unternehmen",
    "gf-termine",
    "vorzeigegeschichten",
    "lesetipps",
    "fachbeitraege",
    "erwaehnungen",
]
AUDIENCE_SLUGS = [
    "leistungsberechtigte",
    "arbeitgeber",
    "traegerversammlung-beirat",
    "potenzielle-leistungsberechtigte",
    "stadtgesellschaft",
    "journalisten",
]


def with_duty(name: str) -> list[str]:
    return [topic["slug"] for topic in rows("topics.json") if topic[name]]


def in_order(needle: list[str], hay: list[str]) -> bool:
    rest = iter(hay)
    return all(word in rest for word in needle)


def test_the_ten_topics_stand_in_the_order_of_the_concept():
    items = next(block["items"] for block in concept_blocks() if block["kind"] == "list")
    assert [topic["slug"] for topic in rows("topics.json")] == TOPIC_SLUGS
    assert [topic["concept_text"] for topic in rows("topics.json")] == [item["text"] for item in items]


def test_a_topic_names_the_clauses_of_its_item():
    items = next(block["items"] for block in concept_blocks() if block["kind"] == "list")
    named = [topic["clause"].split(", ") for topic in rows("topics.json")]
    assert named == [[clause for clause in item["clauses"] if clause != "K-81"] for item in items]


def test_a_topics_name_uses_the_concepts_words():
    for topic in rows("topics.json"):
        said = re.findall(r"[\w:]+", topic["concept_text"])
        assert in_order(re.findall(r"[\w:]+", topic["name"]), said), topic["name"]


def test_each_duty_belongs_to_the_topics_that_the_concept_gives_it_to():
    assert with_duty("needs_value_added") == ["gf-termine"]
    assert with_duty("needs_partner") == ["netzwerkprojekte", "unternehmen", "fachbeitraege"]
    assert with_duty("needs_consent") == ["vorzeigegeschichten"]
    assert with_duty("needs_source") == ["lesetipps", "fachbeitraege", "erwaehnungen"]


def test_a_duty_is_told_to_the_writer_and_nothing_else_is():
    for topic in rows("topics.json"):
        has_duty = any(topic[duty] for duty in DUTIES)
        assert bool(topic["duty_text"]) == has_duty, topic["slug"]


def test_every_topic_has_two_or_three_core_messages_of_its_own():
    messages = [topic["core_messages"] for topic in rows("topics.json")]
    assert {len(of_topic) for of_topic in messages} <= {2, 3}
    everything = [message for of_topic in messages for message in of_topic]
    assert len(everything) == len(set(everything))


def test_the_six_target_groups_have_slug_name_and_sentence():
    audiences = rows("audiences.json")
    assert [audience["slug"] for audience in audiences] == AUDIENCE_SLUGS
    assert [sorted(audience) for audience in audiences] == [["description", "name", "slug"]] * 6
    assert [audience for audience in audiences if not audience["description"].endswith(".")] == []


def test_only_the_authoritys_own_site_is_its_own():
    sites = rows("trusted_sites.json")
    assert [site["domain"] for site in sites if site["own"]] == ["www.jobcenter-bremen.de"]
    assert len({site["domain"] for site in sites}) == len(sites)


def test_every_trusted_site_has_a_name_and_a_reason():
    for site in rows("trusted_sites.json"):
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", site["domain"])
        assert site["name"]
        assert site["reason"].endswith(".")


@pytest.mark.parametrize("name", ["topics.json", "audiences.json"])
def test_the_data_write_with_a_colon(name):
    assert re.findall(r"\w+(?:\*|_|·|/-)innen\b|\w+[a-zäöü]Innen\b", str(rows(name))) == []


@pytest.mark.django_db
def test_the_database_holds_the_lists_after_the_migrations():
    assert list(Topic.objects.order_by("position").values_list("slug", flat=True)) == TOPIC_SLUGS
    assert list(Audience.objects.order_by("position").values_list("slug", flat=True)) == AUDIENCE_SLUGS
    assert TrustedSite.objects.count() == len(rows("trusted_sites.json"))


@pytest.mark.django_db
def test_pages_of_the_listed_sites_are_trusted_and_others_are_not():
    assert Known().is_own("https://www.jobcenter-bremen.de/seite")
    assert Known().is_trusted("https://iab.de/themen")
    assert not Known().is_own("https://iab.de/themen")
    assert not Known().is_trusted("https://iab.de.example/themen")
