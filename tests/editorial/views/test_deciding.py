"""The page for one decision: what it shows, where it leads, what it never loses."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.actions import approval, drafting
from editorial.clock import berlin_day
from editorial.enums import PostState, Role
from editorial.models import Approval, Election, Look, Post
from tests.factories import MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

QUEUE = "/redaktion/freigaben/"
QUERIES_AT_MOST = 15
HOUR = dt.timedelta(hours=1)


def waiting(**fields):
    return approval.submit(PostFactory(**fields), by=person())


def path(post, step=""):
    return f"{QUEUE}{post.pk}/" + (f"{step}/" if step else "")


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_everything_needed_to_decide_stands_there_with_two_forms_and_no_more(login):
    post = waiting(
        text="Wir beraten Sie.", media=[MediumFactory(alt_text="Ein Beratungsgespräch")], source_url="https://iab.de/x"
    )
    page = login(Role.GF).get(path(post)).content.decode()
    for shown in ("Wir beraten Sie.", "Ein Beratungsgespräch", "https://iab.de/x", f"{post.digest()}"):
        assert shown in page
    assert f'action="{path(post, "freigeben")}"' in page
    assert f'action="{path(post, "aendern-lassen")}"' in page
    assert page.count('<form class="app-step__form"') == 2


def test_a_decision_leads_to_the_next_one_and_says_how_many_are_left(login):
    now = timezone.now()
    first, second, third = (waiting(slot=now + hours * HOUR) for hours in (30, 60, 90))
    gf = login(Role.GF)
    answer = gf.post(path(first, "freigeben"), {"digest": first.digest()}, follow=True)
    assert answer.redirect_chain == [(path(second), 302)]
    assert said(answer) == ["Freigegeben. Es warten noch 2 Beiträge auf Sie. Hier ist der nächste."]
    answer = gf.post(path(second, "aendern-lassen"), {"digest": second.digest(), "reason": "Kürzer."}, follow=True)
    assert answer.redirect_chain == [(path(third), 302)]
    assert said(answer) == [
        "Der Beitrag ging zurück an die Redaktion. Es wartet noch ein Beitrag auf Sie. Hier ist der nächste."
    ]
    answer = gf.post(path(third, "freigeben"), {"digest": third.digest()}, follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert said(answer) == ["Freigegeben. Es wartet nichts mehr auf Sie."]
    states = Post.objects.order_by("slot").values_list("state", flat=True)
    assert list(states) == [PostState.APPROVED, PostState.DRAFT, PostState.APPROVED]


def test_the_next_one_is_never_ones_own_work_and_never_one_whose_moment_has_passed(login):
    gf = login(Role.GF)
    post, own, late = waiting(), waiting(written_by=gf.person), waiting()
    Post.objects.filter(pk=late.pk).update(slot=timezone.now() - 3 * HOUR)
    assert gf.post(path(post, "freigeben"), {"digest": post.digest()})["Location"] == QUEUE
    page = gf.get(path(own)).content.decode()
    assert "Sie haben an diesem Beitrag geschrieben." in page
    assert f'action="{path(own, "freigeben")}"' not in page


def test_one_can_go_on_without_deciding_and_comes_round_again(login):
    now = timezone.now()
    first, second = (waiting(slot=now + hours * HOUR) for hours in (30, 60))
    gf = login(Role.GF)
    assert gf.get(path(first)).context["place"] == {"rest": 1, "next_url": path(second)}
    assert gf.get(path(second)).context["place"] == {"rest": 1, "next_url": path(first)}


def test_without_a_reason_nothing_goes_back_and_what_was_typed_stays(login):
    post, gf = waiting(), login(Role.GF)
    answer = gf.post(path(post, "aendern-lassen"), {"digest": post.digest(), "reason": "  "})
    assert (answer.status_code, [o.code for o in answer.context["refused"]]) == (409, ["reason.missing"])
    assert '<details class="app-step" open>' in answer.content.decode()
    assert answer.context["left_over"] == ""
    Post.objects.update(state=PostState.DRAFT)
    answer = gf.post(path(post, "aendern-lassen"), {"digest": post.digest(), "reason": "Bitte kürzer."})
    assert (answer.status_code, Post.objects.get().state) == (409, PostState.DRAFT)
    assert "Das hatten Sie geschrieben: „Bitte kürzer.“" in answer.content.decode()


def test_two_directors_at_once_the_second_reads_who_was_first_and_goes_on(login):
    post, other = waiting(), waiting()
    first, second = login(Role.GF), login(Role.GF)
    pages = [client.get(path(post)) for client in (first, second)]
    digests = {page.context["item"]["digest"] for page in pages}
    assert digests == {post.digest()}
    assert first.post(path(post, "freigeben"), {"digest": post.digest()}).status_code == 302
    answer = second.post(path(post, "freigeben"), {"digest": post.digest()})
    page = answer.content.decode()
    assert (answer.status_code, Approval.objects.count()) == (409, 1)
    assert f"Fassung 1 ist freigegeben von {first.person.display_name}" in page
    assert f'href="{path(other)}"' in page
    assert '<form class="app-step__form"' not in page


def test_what_changed_meanwhile_is_not_approved_and_the_change_is_shown(login):
    post, gf = waiting(text="Wir beraten Sie gern."), login(Role.GF)
    gf.get(path(post))
    drafting.save(post, {"text": "Wir beraten Sie sofort."}, by=person())
    answer = gf.post(path(post, "freigeben"), {"digest": post.digest()})
    assert (answer.status_code, [o.code for o in answer.context["refused"]]) == (409, ["approval.changed_since"])
    (change,) = answer.context["item"]["since"].texts
    assert [(one.kind, one.text) for one in change.segments if one.kind != "same"] == [
        ("removed", "gern."),
        ("added", "sofort."),
    ]
    assert "Geändert, seit Sie Fassung 1 gelesen haben" in answer.content.decode()
    changed = Post.objects.get()
    assert gf.post(path(post, "freigeben"), {"digest": changed.digest()}).status_code == 302
    assert Approval.objects.get().version_number == 2


def test_a_moved_moment_and_another_picture_are_changes_too(login):
    post, gf = waiting(media=[MediumFactory(alt_text="Ein Haus")]), login(Role.GF)
    gf.get(path(post))
    drafting.save(post, {"slot": post.slot + HOUR, "media": [MediumFactory(alt_text="Ein Tor")]}, by=person())
    changes = gf.get(path(post)).context["item"]["since"].texts
    assert {change.label for change in changes} >= {"Termin"}
    assert any("Tor" in segment.text for change in changes for segment in change.segments if segment.kind == "added")


def test_opening_is_kept_once_and_the_list_keeps_nothing(login):
    post, gf = waiting(), login(Role.GF)
    gf.get(QUEUE)
    assert Look.objects.count() == 0
    assert [gf.get(QUEUE).context["items"][0]["was_seen"]] == [False]
    for _ in range(2):
        gf.get(path(post))
    assert Look.objects.get().person == gf.person
    assert gf.get(QUEUE).context["items"][0]["was_seen"]


def test_the_list_shows_what_changed_since_it_was_opened(login):
    post, gf = waiting(text="Alt."), login(Role.GF)
    gf.get(path(post))
    assert gf.get(QUEUE).context["items"][0]["since"] is None
    drafting.save(post, {"text": "Neu."}, by=person())
    page = gf.get(QUEUE)
    assert page.context["items"][0]["since"].texts
    assert "geändert, seit Sie ihn gelesen haben" in page.content.decode()


def test_an_author_who_looks_has_not_read_it_to_decide(login):
    author = login()
    author.get(path(waiting(written_by=author.person)))
    assert Look.objects.count() == 0


def test_the_other_directors_who_can_decide_are_named_and_authors_are_not(login):
    gf, other, author = login(Role.GF), person(Role.GF, last_name="Vertretung"), person(Role.GF, last_name="Autorin")
    post = waiting(written_by=author)
    assert gf.get(path(post)).context["others"] == [other.display_name]


def test_the_other_pr_person_finds_the_express_way_there_and_its_reason_is_needed(login):
    post, proe = waiting(), login()
    page = proe.get(path(post)).content.decode()
    assert f'action="{path(post, "eilfreigeben")}"' in page
    assert f'action="{path(post, "freigeben")}"' not in page
    assert proe.post(path(post, "freigeben"), {"digest": post.digest()}).status_code == 403
    assert proe.post(path(post, "eilfreigeben"), {"digest": post.digest()}).status_code == 409
    answer = proe.post(path(post, "eilfreigeben"), {"digest": post.digest(), "reason": "Unwetter"})
    assert (answer.status_code, Post.objects.get().state) == (302, PostState.APPROVED)


def test_before_an_election_the_page_asks_the_first_director_to_co_sign_and_the_second_one_to_decide(login):
    today = berlin_day(timezone.now())
    Election.objects.create(name="Bürgerschaft", quiet_from=today, day=today + dt.timedelta(days=9))
    post, first, second = waiting(), login(Role.GF), login(Role.GF)
    page = first.get(path(post)).content.decode()
    assert f'action="{path(post, "mitzeichnen")}"' in page
    assert f'action="{path(post, "freigeben")}"' not in page
    assert "zwei Geschäftsführer:innen" in page
    first.post(path(post, "mitzeichnen"), {"digest": post.digest()})
    assert "Sie haben schon mitgezeichnet" in first.get(path(post)).content.decode()
    page = second.get(path(post)).content.decode()
    assert f'action="{path(post, "mitzeichnen")}"' not in page
    second.post(path(post, "freigeben"), {"digest": post.digest()})
    assert Post.objects.get().state == PostState.APPROVED


def test_the_later_look_after_the_express_way_is_taken_here_as_well(login):
    post, gf = waiting(), login(Role.GF)
    approval.approve_express(post, by=person(), seen_digest=post.digest(), reason="Unwetter")
    page = gf.get(path(post)).content.decode()
    assert "Grund: Unwetter" in page
    assert f'action="{path(post, "nachpruefen")}"' in page
    gf.post(path(post, "nachpruefen"))
    assert Approval.objects.get().post_checked_by == gf.person
    assert "Schon entschieden" in gf.get(path(post)).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.GF, 200), (Role.PROE, 200), (Role.FACH, 403), (Role.ADMIN, 403), (Role.DSB, 403)]
)
def test_the_page_is_open_to_those_who_write_and_decide(login, role, status):
    post = waiting()
    client = login(role)
    assert client.get(path(post)).status_code == status
    if status == 403:
        assert client.post(path(post, "freigeben"), {"digest": post.digest()}).status_code == 403


def test_a_link_alone_approves_nothing(client, login):
    post = waiting()
    assert client.post(path(post, "freigeben"), {"digest": post.digest()}).status_code == 302
    assert login(Role.GF).get(path(post, "freigeben")).status_code == 405
    assert Post.objects.get().state == PostState.IN_REVIEW


def test_only_decisions_are_taken_here(login):
    post = waiting()
    assert login(Role.GF).post(path(post, "jetzt-senden")).status_code == 404


def test_the_page_asks_the_same_number_of_questions_however_much_waits(login, django_assert_max_num_queries):
    for _ in range(4):
        post = waiting()
    gf = login(Role.GF)
    gf.get(path(post))
    with django_assert_max_num_queries(QUERIES_AT_MOST):
        gf.get(path(post))


# --- Read in the queue ------------------------------------------------------------------------------------------------


def read_in_queue(client, post, digest=None):
    return client.post(path(post, "gelesen"), {"digest": digest or post.digest()}).status_code


def test_a_row_unfolded_in_the_queue_counts_as_read_once(login):
    post, gf = waiting(), login(Role.GF)
    assert "Sie haben diese Fassung gelesen." not in gf.get(QUEUE).content.decode()
    assert Look.objects.count() == 0
    assert [read_in_queue(gf, post) for _ in range(3)] == [204, 204, 204]
    look = Look.objects.get()
    assert (look.person, look.digest) == (gf.person, post.digest())
    assert "Sie haben diese Fassung gelesen." in gf.get(QUEUE).content.decode()


def counts_as_read(client, post):
    return path(post, "gelesen") in client.get(f"/redaktion/beitraege/{post.pk}/").content.decode()


def test_the_reading_page_counts_as_read_for_whoever_decides(login):
    author, gf, fach = login(), login(Role.GF), login(Role.FACH)
    post = approval.submit(PostFactory(), by=author.person)
    post = drafting.save(post, {"text": "Von dieser Person geschrieben."}, by=author.person)
    assert [counts_as_read(one, post) for one in (gf, login(), author, fach)] == [True, True, False, False]
    decided = waiting()
    approval.approve(decided, by=person(Role.GF), seen_digest=decided.digest())
    assert [counts_as_read(gf, one) for one in (PostFactory(), decided)] == [False, False]


def test_what_was_new_in_the_version_just_read_stays_to_be_seen(login):
    post, gf = waiting(text="Alt ist es."), login(Role.GF)
    read_in_queue(gf, post)
    post = drafting.save(post, {"text": "Neu ist es."}, by=person())
    assert "geändert, seit Sie ihn gelesen haben" in gf.get(QUEUE).content.decode()
    read_in_queue(gf, post)
    page = gf.get(QUEUE)
    assert "Sie haben diese Fassung gelesen." in page.content.decode()
    assert [change.label for change in page.context["items"][0]["since"].texts] == ["Text"]


def test_another_version_than_the_one_on_the_screen_is_not_counted_as_read(login):
    post, gf = waiting(), login(Role.GF)
    seen = post.digest()
    drafting.save(post, {"text": "Inzwischen anders."}, by=person())
    assert read_in_queue(gf, post, seen) == 409
    assert Look.objects.count() == 0


def test_who_wrote_it_or_comes_after_the_decision_reads_nothing_to_decide(login):
    gf = login(Role.GF)
    own, decided = waiting(written_by=gf.person), waiting()
    approval.approve(decided, by=person(Role.GF), seen_digest=decided.digest())
    assert [read_in_queue(gf, post) for post in (own, decided)] == [409, 409]
    assert not Look.objects.filter(person=gf.person).exists()
    assert f'data-hx-post="{path(own, "gelesen")}"' not in gf.get(QUEUE).content.decode()
    assert login(Role.FACH).post(path(own, "gelesen")).status_code == 403
