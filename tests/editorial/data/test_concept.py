import hashlib
import re

from tests.editorial.data.reading import DATA, STAND, concept_blocks, rows, text_of, units

# Of the paper as it was handed over: a changed byte is a changed concept.
PAPER_SHA256 = "70f05c1e1f9e32b318a810e534b5fa7e1a61d17f19e7d81ef852809edfb02100"


def words(text: str) -> list[str]:
    return text.split()


def test_the_text_of_the_paper_is_kept_byte_by_byte():
    assert hashlib.sha256((DATA / f"nutzungskonzept-{STAND}.txt").read_bytes()).hexdigest() == PAPER_SHA256


def test_the_structure_has_all_words_of_the_paper_in_order_and_no_others():
    without_bullets = re.sub(r"^- ", "", text_of(f"nutzungskonzept-{STAND}.txt"), flags=re.MULTILINE)
    assert [word for unit in units(concept_blocks()) for word in words(unit["text"])] == words(without_bullets)


def test_a_bullet_of_the_paper_is_an_item_of_the_list():
    bullets = re.findall(r"^- (.+)$", text_of(f"nutzungskonzept-{STAND}.txt"), flags=re.MULTILINE)
    lists = [block for block in concept_blocks() if block["kind"] == "list"]
    assert [[item["text"] for item in block["items"]] for block in lists] == [bullets]


def test_headings_stand_in_the_order_of_the_paper():
    assert [block["text"] for block in concept_blocks() if block["kind"] == "heading"] == [
        "Präambel",
        "Ziele/Gründe für die Entscheidung",
        "Verantwortlichkeiten/Regeln",
        "Charakter des Accounts",
        "Themen der Tweets/Retweets:",
        "Evaluation",
        "Transparenz",
    ]


def test_a_sentence_that_ran_over_a_page_break_is_one_paragraph():
    paragraphs = [block["text"] for block in concept_blocks() if block["kind"] == "paragraph"]
    assert sum("Informationen bereit zu stellen, Twitter zu beobachten," in text for text in paragraphs) == 1
    assert sum("lokale Medien aufgrund unserer Tweets Themen aufgreifen" in text for text in paragraphs) == 1
    assert [text for text in paragraphs if not text.endswith(".")] == []


def test_the_structure_begins_with_title_and_stand():
    concept = rows(f"nutzungskonzept-{STAND}.json")
    first, second = concept["blocks"][:2]
    assert (concept["stand"], first["kind"], second["kind"]) == (STAND, "title", "stand")
    assert first["text"] == concept["title"]


def test_every_clause_from_1_to_81_stands_at_exactly_one_place():
    found = [clause for unit in units(concept_blocks()) for clause in unit["clauses"]]
    assert sorted(found) == [f"K-{number:02}" for number in range(1, 82)]


def test_clauses_follow_the_text():
    # K-81 is about the word Follower:innen, which the paper uses for the first time in the sixth topic.
    found = [clause for unit in units(concept_blocks()) for clause in unit["clauses"] if clause != "K-81"]
    assert found == sorted(found)
    assert next(unit for unit in units(concept_blocks()) if "K-81" in unit["clauses"])["text"].endswith(
        "unsere Follower:innen."
    )
