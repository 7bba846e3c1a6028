"""While somebody writes: the panel, saving by itself, several writers at once."""

import re

import pytest
from django.utils import timezone

from editorial.enums import PostState
from editorial.models import Post
from tests.editorial.views.test_posts import NEW, content
from tests.factories import ApprovalFactory, ConsentFactory

pytestmark = pytest.mark.django_db


def test_the_checks_panel_says_while_typing_what_the_submit_would_say(login):
    answer = login().post("/redaktion/beitraege/pruefen/", content(topic="", text="x" * 300))
    assert [o.code for o in answer.context["objections"]] == ["text.too_long", "topic.missing"]
    assert answer.context["length"]["weighted"] == 300
    assert Post.objects.count() == 0


def test_autosave_answers_with_the_time_and_where_the_draft_lives_now(login):
    answer = login().post(NEW, content(), headers={"X-Autosave": "1"})
    post = Post.objects.get()
    assert answer.status_code == 200
    assert answer.json()["url"] == f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    assert answer.json()["saved_at"] == f"{timezone.localtime(post.updated_at):%H:%M}"


def test_what_is_shown_of_whom_is_ticked_kept_and_read_by_those_who_decide(login):
    client, chosen, other = login(), ConsentFactory(pseudonym="VG-2026-007"), ConsentFactory()
    shows = [f"{chosen.pk}:quote", f"{chosen.pk}:first_name", f"{other.pk}:photo"]
    client.post(NEW, content(consents=[chosen.pk], shows=shows))
    post = Post.objects.get()
    assert post.shows == [f"{chosen.pk}:first_name", f"{chosen.pk}:quote"], "of nobody who is not chosen"
    page = client.get(f"/redaktion/beitraege/{post.pk}/bearbeiten/").text
    assert re.findall(r'name="shows" value="([^"]+)" checked', page) == post.shows
    read = client.get(f"/redaktion/beitraege/{post.pk}/").text
    assert "VG-2026-007 (Vorname, Zitat oder Geschichte)" in read


def test_what_nobody_can_show_is_refused_and_the_rest_of_the_form_stays(login):
    chosen = ConsentFactory()
    answer = login().post(NEW, content(text="Mein Text", consents=[chosen.pk], shows=[f"{chosen.pk}:blood"]))
    assert (Post.objects.count(), "Mein Text" in answer.text) == (0, True)
    assert [objection.field for objection in answer.context["objections"]] == ["shows"]


def test_typing_on_is_one_version_a_second_person_makes_a_new_one(login):
    client = login()
    client.post(NEW, content())
    post = Post.objects.get()
    client.post(f"/redaktion/beitraege/{post.pk}/bearbeiten/", content(text="Erste Fassung, weiter getippt."))
    assert post.versions.count() == 1
    login().post(f"/redaktion/beitraege/{post.pk}/bearbeiten/", content(text="Von jemand anderem."))
    assert post.versions.count() == 2


def test_two_editors_at_once_both_keep_their_text(login):
    one, two = login(), login()
    one.post(NEW, content())
    post = Post.objects.get()
    edit = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    seen = post.digest()
    one.post(edit, content(text="Text von eins.", seen_digest=seen))
    answer = two.post(edit, content(text="Text von zwei.", seen_digest=seen))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Text von eins." in page
    assert "Text von zwei." in page
    assert one.person.display_name in page
    assert two.post(edit, content(text="Text von zwei.", seen_digest=seen, **decided(answer))).status_code == 302
    assert texts_of(post) == ["Text von eins.", "Text von zwei."]


def decided(answer):
    """The button "Meine Fassung speichern" of the page that showed both texts."""
    return {"trotzdem": re.search(r'name="trotzdem" value="(\w{64})"', answer.content.decode())[1]}


def texts_of(post):
    return sorted(version.payload["text"] for version in post.versions.all())


def test_saving_by_itself_brings_both_texts_and_what_else_differs(login):
    one, two = login(), login()
    one.post(NEW, content())
    post = Post.objects.get()
    edit = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    seen = post.digest()
    one.post(edit, content(text="Text von <eins>.", seen_digest=seen))
    typed = content(kind="post", text="Text von zwei.", topic="lesetipps", seen_digest=seen)
    answer = two.post(edit, typed, headers={"X-Autosave": "1"})
    told = answer.json()
    assert answer.status_code == 409
    assert told["message"].startswith(f"{one.person.display_name} hat diesen Beitrag inzwischen gespeichert.")
    assert "Text von &lt;eins&gt;." in told["conflict"]
    assert "Text von zwei." in told["conflict"]
    assert "Anders ist auch: Thema." in told["conflict"]


def test_who_decided_a_conflict_writes_over_nothing_but_what_they_saw(login):
    one, two = login(), login()
    one.post(NEW, content())
    post = Post.objects.get()
    edit = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    seen = post.digest()
    one.post(edit, content(text="Text von eins.", seen_digest=seen))
    button = decided(two.post(edit, content(text="Text von zwei.", seen_digest=seen)))
    one.post(edit, content(text="Noch einmal eins.", seen_digest=Post.objects.get().digest()))
    again = two.post(edit, content(text="Text von zwei.", seen_digest=seen, **button))
    assert (again.status_code, Post.objects.get().text) == (409, "Noch einmal eins.")
    assert "Noch einmal eins." in again.content.decode()


def test_two_windows_of_one_person_are_two_writers(login):
    client = login()
    client.post(NEW, content())
    post = Post.objects.get()
    edit = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    seen = post.digest()
    client.post(edit, content(text="Fenster eins.", seen_digest=seen))
    answer = client.post(edit, content(text="Fenster zwei.", seen_digest=seen))
    assert (answer.status_code, Post.objects.get().text) == (409, "Fenster eins.")
    assert "Sie haben in einem anderen Fenster inzwischen gespeichert" in answer.content.decode()
    by_itself = client.post(edit, content(text="Fenster zwei.", seen_digest=seen), headers={"X-Autosave": "1"})
    assert (by_itself.status_code, Post.objects.get().text) == (409, "Fenster eins.")
    client.post(edit, content(text="Fenster zwei.", seen_digest=seen, **decided(answer)))
    assert texts_of(post) == ["Fenster eins.", "Fenster zwei."]


def test_a_step_taken_meanwhile_is_no_other_text(login):
    client = login()
    client.post(NEW, content())
    post = Post.objects.get()
    seen = post.digest()
    client.post(f"/redaktion/beitraege/{post.pk}/bearbeiten/", content(idee="1", seen_digest=seen))
    answer = client.post(f"/redaktion/beitraege/{post.pk}/bearbeiten/", content(text="Weiter.", seen_digest=seen))
    assert (answer.status_code, Post.objects.get().text) == (302, "Weiter.")


def test_autosave_never_ends_an_approval(login):
    post = ApprovalFactory().post
    edit = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    answer = login().post(edit, content(text="anders"), headers={"X-Autosave": "1"})
    assert answer.status_code == 409
    assert Post.objects.get().state == PostState.APPROVED


def test_an_expired_log_in_while_typing_is_told_without_losing_the_page(client):
    answer = client.post("/redaktion/beitraege/pruefen/", content(), headers={"HX-Request": "true"})
    assert (answer.status_code, "abgelaufen" in answer.content.decode()) == (401, True)
