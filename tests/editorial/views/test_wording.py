"""What the house has ready for a text, beside the composer."""

import pytest

from editorial.enums import BlockKind, Role
from editorial.models import TextBlock, Topic

pytestmark = pytest.mark.django_db

BLOCKS = "/redaktion/beitraege/bausteine/"
LIST = "/redaktion/einstellungen/listen/bausteine/"


@pytest.fixture
def own(db):
    TextBlock.objects.all().delete()
    reading, event = Topic.objects.get(slug="lesetipps"), Topic.objects.get(slug="veranstaltungen")
    TextBlock.objects.create(title="Überall", kind=BlockKind.HASHTAGS, text="#Bremen")
    TextBlock.objects.create(title="Lesen", kind=BlockKind.TEMPLATE, topic=reading, text="Lesetipp: [Titel]")
    TextBlock.objects.create(title="Kommen", kind=BlockKind.TEMPLATE, topic=event, text="Am [Datum]")


def test_a_topic_brings_its_messages_and_what_fits(login, own):
    page = login().get(BLOCKS, {"topic": "lesetipps"}, headers={"HX-Request": "true"}).content.decode()
    messages = Topic.objects.get(slug="lesetipps").core_messages.values_list("text", flat=True)
    assert messages
    assert all(message in page for message in messages)
    assert "Lesetipp: [Titel]" in page
    assert "#Bremen" in page
    assert "Am [Datum]" not in page
    assert "data-insert" in page
    assert "<html" not in page


@pytest.mark.parametrize("topic", ["", "gibt-es-nicht", "\x00"])
def test_without_a_topic_there_is_what_fits_everywhere(login, own, topic):
    page = login().get(BLOCKS, {"topic": topic}).content.decode()
    assert "#Bremen" in page
    assert "Lesetipp" not in page
    assert "Wählen Sie ein Thema" in page


def test_a_topic_without_a_message_says_so(login, own):
    Topic.objects.get(slug="lesetipps").core_messages.all().delete()
    assert "noch keine Kernbotschaft" in login().get(BLOCKS, {"topic": "lesetipps"}).content.decode()


def test_without_script_it_is_a_page_to_copy_from(login, own):
    page = login().get(BLOCKS, {"topic": "lesetipps"}).content.decode()
    assert "<html" in page
    assert "data-copy" in page
    assert "data-insert" not in page


def test_the_composer_leads_there(login):
    assert BLOCKS in login().get("/redaktion/beitraege/neu/").content.decode()


def test_the_number_of_questions_is_the_same_for_many(login, own, django_assert_max_num_queries):
    for number in range(10):
        TextBlock.objects.create(title=f"Satz {number}", kind=BlockKind.BLOCK, text="Satz")
    client = login()
    with django_assert_max_num_queries(8):
        client.get(BLOCKS, {"topic": "lesetipps"}, headers={"HX-Request": "true"})


def test_pr_keeps_the_blocks_others_read_them(login, own):
    client = login()
    client.post(LIST, {"title": "Neu", "kind": "baustein", "topic": "", "text": "Ein Satz."})
    assert TextBlock.objects.get(title="Neu").topic is None
    assert "Lesetipp: [Titel]" in client.get(LIST).content.decode()
    director = login(Role.GF)
    assert "Neuer Eintrag" not in director.get(LIST).content.decode()
    assert director.post(LIST, {"title": "X", "kind": "baustein", "text": "X"}).status_code == 403


def test_the_house_begins_with_templates_for_most_topics():
    topics = set(TextBlock.objects.filter(kind=BlockKind.TEMPLATE).values_list("topic__slug", flat=True))
    assert topics >= {"veranstaltungen", "serviceangebote", "dienstleistungen", "lesetipps", "vorzeigegeschichten"}
