import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editorial.models import Post, SavedView
from editorial.searching import cleaned, with_words
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db
LIST, CSV, VIEWS = "/redaktion/beitraege/", "/redaktion/beitraege.csv", "/redaktion/beitraege/ansichten/"


def found(words):
    return sorted(with_words(Post.objects.all(), cleaned(words)).values_list("text", flat=True))


def test_every_word_counts_in_any_order_and_case_also_with_umlauts():
    PostFactory(text="Über 300 Stellen im BÜRO")
    PostFactory(text="Stellen auf dem Bau")
    assert found("büro STELLEN") == ["Über 300 Stellen im BÜRO"]
    assert found("über") == ["Über 300 Stellen im BÜRO"]
    assert len(found("stelle")) == 2
    assert found("stellen garten") == []


def test_a_number_finds_the_beitrag_of_that_number():
    post = PostFactory(text="Ohne Ziffern")
    assert found(str(post.pk)) == ["Ohne Ziffern"]


@pytest.mark.parametrize(
    "words",
    [
        "x" * 25_000,
        "' OR 1=1 --",
        '"',
        "& | ! <->",
        "a:* & (",
        "\\",
        "%_",
        "und",
        "🙂",
        "‮",
        "\x00",
        "9" * 40,
        "(((",
        "[a",
    ],
)
def test_hostile_words_find_nothing_or_something_but_never_fail(login, words):
    PostFactory()
    client = login()
    assert client.get(LIST, {"q": words, "thema": words, "von": words, "status": words}).status_code == 200
    assert client.get(CSV, {"q": words}).status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_words_break_the_search(words):
    assert len(found(words)) >= 0


def test_filters_narrow_the_list_and_each_can_be_taken_away(login):
    PostFactory(text="Eigener Beitrag")
    PostFactory(text="Ein Retweet", kind="retweet")
    html = login().get(LIST, {"art": "retweet", "thema": "dienstleistungen"}).content.decode()
    assert "Ein Retweet" in html
    assert "Eigener Beitrag</a>" not in html
    assert f'href="{LIST}?thema=dienstleistungen"' in html
    assert f'href="{LIST}?art=retweet"' in html


def test_the_table_holds_all_that_was_found(login):
    for number in range(35):
        PostFactory(text=f"=Treffer {number}")
    PostFactory(text="Etwas anderes")
    text = login().get(CSV, {"q": "treffer"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["Nummer", "Status", "Art", "Thema", "Termin", "Zuletzt geändert", "Text"]
    assert len(rows) == 36
    assert all(row[6].startswith("'=Treffer") for row in rows[1:])


def test_a_view_is_kept_for_one_person_and_forgotten(login):
    client = login()
    html = client.post(VIEWS, {"name": "Meine Auswahl", "q": "tipp", "art": "post"}, follow=True).content.decode()
    assert "Ansicht gemerkt: Meine Auswahl." in html
    assert f'href="{LIST}?art=post&amp;q=tipp"' in html
    assert "Meine Auswahl" not in login().get(LIST).content.decode()
    (view,) = SavedView.objects.all()
    login().post(VIEWS, {"vergessen": str(view.pk)})
    assert SavedView.objects.count() == 1
    client.post(VIEWS, {"vergessen": str(view.pk)})
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_view_without_a_usable_name_is_not_kept(login, name):
    html = login().post(VIEWS, {"name": name, "q": "tipp"}, follow=True).content.decode()
    assert SavedView.objects.count() == 0
    assert "Name" in html


def test_the_tabs_alone_are_asked_for_with_their_numbers_of_now(login):
    client = login()
    PostFactory.create_batch(2)
    answer = client.get(LIST, {"status": "ideen"}, headers={"HX-Request": "true", "HX-Target": "reiter"})
    assert answer.content.decode().lstrip().startswith("<nav")
    assert {tab["label"]: tab["count"] for tab in answer.context["tabs"]}["Entwürfe"] == 2
    assert "<html" in client.get(LIST, headers={"HX-Request": "true", "HX-Target": "anderes"}).content.decode()
