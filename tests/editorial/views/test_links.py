import re

import pytest
from django.utils import timezone

from editorial.actions import links
from editorial.enums import LinkState, Role
from editorial.models import LinkCheck
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

SOURCE = "https://zeitung.example/bericht"
HTMX = {"HX-Request": "true"}


def the_link(state=LinkState.GOOD, url=SOURCE, **fields):
    checked = {"state": state, "checked_at": timezone.now(), "wanted_at": None} | fields
    return LinkCheck.objects.update_or_create(url=url, defaults=checked)[0]


def noted(**fields):
    post = PostFactory(**{"source_url": SOURCE, "twin_url": ""} | fields)
    links.note(post, at=timezone.now())
    return post


def plain(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LinkState.GOOD, "Erreichbar geprüft"),
        (LinkState.UNREACHABLE, "Nicht erreichbar geprüft"),
        (LinkState.PAID, "Hinter Bezahlschranke geprüft"),
        (LinkState.LOG_IN, "Verlangt Anmeldung geprüft"),
    ],
)
def test_the_page_of_a_beitrag_says_where_its_links_lead(login, state, words):
    post = noted()
    the_link(state)
    assert words in plain(login().get(f"/redaktion/beitraege/{post.pk}/"))


def test_what_was_never_looked_at_says_so_in_the_composer_too(login):
    post = PostFactory(source_url=SOURCE)
    client = login()
    assert "Noch nicht geprüft" in plain(client.get(f"/redaktion/beitraege/{post.pk}/"))
    assert "Noch nicht geprüft" in plain(client.get(f"/redaktion/beitraege/{post.pk}/bearbeiten/"))
    typed = client.post("/redaktion/beitraege/pruefen/", {"kind": "post", "text": "Siehe https://zeitung.de/a"})
    assert "zeitung.de/a Im Text Noch nicht geprüft" in plain(typed)


def test_asking_works_with_and_without_script(login):
    post, client = PostFactory(source_url=SOURCE, twin_url=""), login()
    answer = client.post(f"/redaktion/beitraege/{post.pk}/links/")
    assert (answer.status_code, answer["Location"]) == (302, f"/redaktion/beitraege/{post.pk}/#links")
    assert LinkCheck.objects.get(url=SOURCE).wanted_at is not None
    waiting = client.get(f"/redaktion/beitraege/{post.pk}/links/", headers=HTMX)
    assert "wird gerade geprüft" in plain(waiting)
    assert 'data-hx-trigger="every 3s"' in waiting.content.decode()
    the_link(LinkState.PAID)
    done = client.get(f"/redaktion/beitraege/{post.pk}/links/", headers=HTMX)
    assert "Hinter Bezahlschranke" in plain(done)
    assert "every 3s" not in done.content.decode()


def test_a_person_writes_down_what_they_see_with_a_reason(login):
    post, link, client = noted(), the_link(LinkState.UNREACHABLE, problem="too_slow"), login()
    where = f"/redaktion/links/{link.pk}/"
    page = client.get(where)
    assert "Die Seite antwortete nicht in angemessener Zeit." in plain(page)
    assert f"Beitrag {post.pk}:" in plain(page)
    refused = client.post(where, {"opinion": "free", "reason": " "})
    assert refused.status_code == 422
    assert "Bitte begründen Sie kurz, woran Sie das sehen." in plain(refused)
    assert client.post(where, {"opinion": "free", "reason": "Geht im Browser auf."}).status_code == 302
    said = plain(client.get(where))
    assert f"{client.person.display_name}" in said
    assert "Erreichbar und für alle frei lesbar. Geht im Browser auf." in said


def test_nobody_calls_free_what_the_page_itself_calls_paid(login):
    noted()
    link = the_link(LinkState.PAID)
    answer = login().post(f"/redaktion/links/{link.pk}/", {"opinion": "free", "reason": "Doch."})
    assert answer.status_code == 422
    assert "Die Seite sagt selbst, dass sie nicht frei zu lesen ist." in plain(answer)


def test_a_wrong_choice_is_said_at_the_field(login):
    noted()
    link = the_link()
    answer = login().post(f"/redaktion/links/{link.pk}/", {"opinion": "vielleicht"})
    assert "Bitte wählen Sie eine der beiden Möglichkeiten." in plain(answer)


def test_one_link_can_be_asked_for_and_one_of_the_demonstration_cannot(login):
    noted()
    link, client = the_link(checked_at=None), login()
    client.post(f"/redaktion/links/{link.pk}/pruefen/")
    link.refresh_from_db()
    assert link.wanted_at is not None
    LinkCheck.objects.update(is_demo=True, wanted_at=None)
    answer = client.post(f"/redaktion/links/{link.pk}/pruefen/", follow=True)
    assert "In der Demonstration wird nichts abgerufen." in plain(answer)
    link.refresh_from_db()
    assert link.wanted_at is None


def test_the_list_shows_what_is_broken_not_free_or_unchecked(login):
    client = login(Role.GF)
    for number, state in enumerate(LinkState):
        noted(source_url=f"https://zeitung.example/{number}-{state}")
        the_link(state, f"https://zeitung.example/{number}-{state}")
    noted(source_url="https://zeitung.example/weg", withdrawn=True)
    the_link(LinkState.DEAD, "https://zeitung.example/weg")

    def shown(stand):
        return set(re.findall(r"\d-(\w+)</a>", client.get(f"/redaktion/links/?stand={stand}").content.decode()))

    assert shown("") == {"dead", "unreachable"}
    assert shown("bezahlt") == {"paid", "marked", "log_in"}
    assert shown("ungeprueft") == {"unchecked", "refused"}
    assert shown("alle") == set(LinkState)
    assert shown("gibt-es-nicht") == {"dead", "unreachable"}
    assert "/weg" not in client.get("/redaktion/links/").content.decode()


def test_an_empty_list_says_what_will_stand_there(login):
    for stand in ("", "bezahlt", "ungeprueft", "alle"):
        assert "app-empty" in login().get(f"/redaktion/links/?stand={stand}").content.decode()


def test_the_list_asks_the_same_however_many_there_are(login, django_assert_max_num_queries):
    client, by = login(), person()
    for number in range(25):
        noted(source_url=f"https://zeitung.example/{number}")
        the_link(LinkState.DEAD, f"https://zeitung.example/{number}", opinion="free", opinion_of="dead", opinion_by=by)
    with django_assert_max_num_queries(9):
        page = client.get("/redaktion/links/")
    assert "Seite 1 von 2" in plain(page)
