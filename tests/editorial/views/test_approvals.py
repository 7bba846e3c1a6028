"""The queue of the Geschäftsführung: what comes first, what it costs, who may decide."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial.actions import approval, drafting
from editorial.enums import Role
from editorial.models import Approval, Post
from tests.factories import ConsentFactory, ConsultationFactory, MediumFactory, PartnerFactory, PostFactory, person

pytestmark = pytest.mark.django_db

QUEUE = "/redaktion/freigaben/"
QUEUE_QUERIES = 14
READING_QUERIES = 15
HOUR = dt.timedelta(hours=1)


def waiting(**fields):
    return approval.submit(PostFactory(**fields), by=person())


def rich(**fields):
    """A Beitrag with everything that hangs on one, approved once and edited by a second author since."""
    medium, consent = MediumFactory(), ConsentFactory()
    post = waiting(media=[medium, MediumFactory()], consents=[consent], partner=PartnerFactory(), **fields)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    for _ in range(2):
        post = drafting.save(post, {"text": post.text + " Neu."}, by=person())
    return approval.submit(post, by=person())


def titles(page):
    return [item["post"].pk for item in page.context["items"]]


def test_what_is_to_appear_first_stands_first_and_what_has_no_date_last(login):
    now = timezone.now()
    undated, late, soon = (waiting(slot=slot) for slot in (None, now + 30 * HOUR, now + 3 * HOUR))
    page = login(Role.GF).get(QUEUE)
    assert titles(page) == [soon.pk, late.pk, undated.pk]
    assert [(item["is_soon"], item["is_past"]) for item in page.context["items"]] == [
        (True, False),
        (False, False),
        (False, False),
    ]


def test_only_what_waits_stands_in_the_queue(login):
    PostFactory()
    PostFactory(approved=True)
    post = waiting()
    assert titles(login(Role.GF).get(QUEUE)) == [post.pk]


def test_a_slot_that_has_come_is_marked_and_can_still_be_decided(login):
    post = waiting()
    Post.objects.update(slot=timezone.now() - dt.timedelta(minutes=5))
    page = login(Role.GF).get(QUEUE)
    assert page.context["items"][0]["is_past"]
    assert "geht sofort hinaus" in page.content.decode()
    assert f'action="/redaktion/beitraege/{post.pk}/schritt/freigeben/"' in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_asks_the_same_number_of_questions_for_one_and_for_three(login, rows, django_assert_num_queries):
    for _ in range(rows):
        rich()
    client = login(Role.GF)
    client.get(QUEUE)
    with django_assert_num_queries(QUEUE_QUERIES):
        assert len(titles(client.get(QUEUE))) == rows


@pytest.mark.parametrize("times", [1, 3])
def test_the_reading_page_asks_the_same_number_of_questions_however_long_its_history(
    login, times, django_assert_num_queries
):
    post = rich()
    for _ in range(times):
        approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
        post = approval.submit(drafting.save(post, {"text": post.text + " x"}, by=person()), by=person())
    client = login(Role.GF)
    path = f"/redaktion/beitraege/{post.pk}/"
    client.get(path)
    with django_assert_num_queries(READING_QUERIES):
        client.get(path)


def test_from_the_queue_a_director_decides_about_exactly_what_is_shown(login):
    post, gf = waiting(), login(Role.GF)
    page = gf.get(QUEUE).content.decode()
    assert f'name="digest" value="{post.digest()}"' in page
    for slug in ("freigeben", "aendern-lassen", "ablehnen"):
        assert f'action="/redaktion/beitraege/{post.pk}/schritt/{slug}/"' in page
    drafting.save(post, {"text": "Inzwischen anders."}, by=person())
    answer = gf.post(f"/redaktion/beitraege/{post.pk}/schritt/freigeben/", {"digest": post.digest()})
    assert (answer.status_code, [o.code for o in answer.context["refused"]]) == (409, ["approval.changed_since"])


def test_ones_own_work_is_shown_but_cannot_be_approved(login):
    gf = login(Role.GF)
    post = waiting(written_by=gf.person)
    page = gf.get(QUEUE).content.decode()
    assert f'action="/redaktion/beitraege/{post.pk}/schritt/freigeben/"' not in page
    assert "Sie haben an diesem Beitrag geschrieben." in page
    assert f"von {gf.person.display_name}" in page


def test_a_second_pr_person_finds_the_express_way_only_and_the_author_not_even_that(login):
    author, other = login(), login()
    post = waiting(written_by=author.person)
    forms = [f"/redaktion/beitraege/{post.pk}/schritt/{slug}/" for slug in ("eilfreigeben", "freigeben", "ablehnen")]
    for client, shown in ((other, [True, False, False]), (author, [False, False, False])):
        page = client.get(QUEUE).content.decode()
        assert [f'action="{form}"' in page for form in forms] == shown


@pytest.mark.parametrize(
    ("role", "status"), [(Role.GF, 200), (Role.PROE, 200), (Role.FACH, 403), (Role.ADMIN, 403), (Role.DSB, 403)]
)
def test_the_queue_is_open_to_those_who_write_and_decide(login, role, status):
    assert login(role).get(QUEUE).status_code == status


def test_without_a_log_in_the_queue_leads_to_the_log_in_page(client):
    answer = client.get(QUEUE)
    assert (answer.status_code, answer["Location"]) == (302, f"/konto/anmelden/?next={QUEUE}")


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (1, True)])
def test_a_post_check_stands_below_the_queue_and_says_when_it_is_overdue(login, days, overdue):
    post = waiting()
    approval.approve_express(post, by=person(), seen_digest=post.digest(), reason="Unwetter")
    Approval.objects.update(post_check_due_on=timezone.localdate() - dt.timedelta(days=days))
    gf = login(Role.GF)
    page = gf.get(QUEUE)
    assert [late for _, late in page.context["post_checks"]] == [overdue]
    assert ("überfällig" in page.content.decode()) == overdue
    assert "Nichts zu entscheiden" not in page.content.decode()
    assert gf.post(f"/redaktion/beitraege/{post.pk}/schritt/nachpruefen/").status_code == 302
    assert gf.get(QUEUE).context["post_checks"] == []


def test_an_empty_queue_says_so(login):
    assert "Nichts zu entscheiden" in login(Role.GF).get(QUEUE).content.decode()


def test_the_queue_is_paged(login):
    for _ in range(9):
        waiting()
    client = login(Role.GF)
    assert [len(titles(client.get(QUEUE, {"seite": page}))) for page in ("1", "2", "99", "x")] == [3, 3, 3, 3]


def test_questions_to_the_fachberatung_cost_one_query_however_many(login, django_assert_num_queries):
    posts, client = PostFactory.create_batch(3, in_review=True), login(Role.GF)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as before:
        client.get(QUEUE)
    for post in posts:
        ConsultationFactory.create_batch(2, post=post)
    with django_assert_num_queries(len(before) + 1):
        client.get(QUEUE)


# --- The other places -------------------------------------------------------------------------------------------------


def tabs(page):
    return {tab["label"]: tab["count"] for tab in page.context["tabs"]}


def rows(page):
    return [(row["post"].pk, row["next"]["label"], row["next"]["url"]) for row in page.context["rows"]]


def test_each_tab_says_how_many_stand_in_it(login):
    proe, gf = login(), login(Role.GF)
    waiting(written_by=proe.person)
    approval.request_changes(waiting(), "Kürzer.", by=gf.person)
    lapsed = waiting()
    approval.approve(lapsed, by=gf.person, seen_digest=lapsed.digest())
    drafting.save(lapsed, {"text": "Anders."}, by=person())
    assert tabs(gf.get(QUEUE)) == {"Ich bin dran": 1, "Von mir": 0, "Zurück": 1, "Verfallen": 1}
    assert tabs(proe.get(QUEUE)) == {"Wartet": 1, "Von mir": 1, "Zurück": 1, "Verfallen": 1}


def test_the_tabs_alone_are_asked_for_with_their_numbers_of_now(login, django_assert_max_num_queries):
    gf = login(Role.GF)
    as_script = {"headers": {"HX-Request": "true", "HX-Target": "reiter"}}
    gf.get(QUEUE)
    waiting(), waiting()
    with django_assert_max_num_queries(4):
        answer = gf.get(QUEUE, {"reiter": "zurueck"}, **as_script)
    page = answer.content.decode()
    assert tabs(answer) == {"Ich bin dran": 2, "Von mir": 0, "Zurück": 0, "Verfallen": 0}
    assert page.lstrip().startswith("<nav")
    assert 'id="reiter-3" aria-current="page"' in page


def test_what_came_back_stands_with_its_reason_and_the_way_to_work_on_it(login):
    proe, gf = login(), person(Role.GF)
    post = waiting(written_by=proe.person)
    approval.request_changes(post, "Bitte die Telefonnummer nennen.", by=gf)
    page = proe.get(QUEUE, {"reiter": "zurueck"})
    assert rows(page) == [(post.pk, "Überarbeiten", f"/redaktion/beitraege/{post.pk}/bearbeiten/")]
    assert "Bitte die Telefonnummer nennen." in page.content.decode()
    assert gf.display_name in page.content.decode()


def test_what_a_change_ended_is_handed_in_again_with_one_button(login):
    proe, post = login(), waiting()
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    drafting.save(post, {"text": "Anders."}, by=proe.person)
    page = proe.get(QUEUE, {"reiter": "verfallen"})
    ((pk, label, url),) = rows(page)
    assert (pk, label) == (post.pk, "Neu zur Freigabe geben")
    assert "Freigegeben war Fassung 1." in page.content.decode()
    assert proe.post(url).status_code == 302
    assert titles(proe.get(QUEUE)) == [post.pk]


def test_what_nobody_decided_in_time_asks_for_another_moment(login):
    proe, post = login(), waiting()
    Post.objects.update(slot=timezone.now() - 2 * HOUR)
    assert titles(proe.get(QUEUE)) == []
    page = proe.get(QUEUE, {"reiter": "verfallen"})
    assert rows(page) == [(post.pk, "Neuen Termin wählen", f"/redaktion/beitraege/{post.pk}/verschieben/")]
    assert proe.get(rows(page)[0][2]).status_code == 200


@pytest.mark.parametrize(
    ("tab", "words"),
    [("von-mir", "Von Ihnen wartet nichts"), ("zurueck", "Nichts kam zurück"), ("verfallen", "Nichts ist verfallen")],
)
def test_an_empty_place_says_so(login, tab, words):
    assert words in login().get(QUEUE, {"reiter": tab}).content.decode()


@pytest.mark.parametrize("tab", ["von-mir", "zurueck", "verfallen"])
def test_each_place_asks_the_same_number_of_questions_however_long(login, tab, django_assert_num_queries):
    proe, gf = login(), person(Role.GF)

    def fill():
        waiting(written_by=proe.person)
        approval.request_changes(waiting(), "Kürzer.", by=gf)
        lapsed = waiting()
        approval.approve(lapsed, by=gf, seen_digest=lapsed.digest())
        drafting.save(lapsed, {"text": "Anders."}, by=person())

    fill()
    proe.get(QUEUE, {"reiter": tab})
    with CaptureQueriesContext(connection) as one:
        proe.get(QUEUE, {"reiter": tab})
    assert len(one) <= QUEUE_QUERIES
    for _ in range(2):
        fill()
    with django_assert_num_queries(len(one)):
        assert len(rows(proe.get(QUEUE, {"reiter": tab}))) == 3


@pytest.mark.parametrize("page", ["x", "-1", "99"])
def test_a_page_that_does_not_exist_is_the_nearest_one(login, page):
    assert login().get(QUEUE, {"reiter": "zurueck", "seite": page}).status_code == 200
