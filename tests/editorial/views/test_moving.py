import datetime as dt

import pytest
import time_machine

from editorial.clock import BERLIN
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import AuditEntry, Post
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

PLAN = "/redaktion/plan/"
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
WEDNESDAY = dt.datetime(2026, 11, 25, 9, tzinfo=BERLIN)
THURSDAY = "2026-11-26T14:30"


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def address(post):
    return f"/redaktion/beitraege/{post.pk}/verschieben/"


def wall(post):
    slot = Post.objects.get(pk=post.pk).slot
    return f"{slot.astimezone(BERLIN):%Y-%m-%dT%H:%M}" if slot else None


def test_a_draft_moves_at_once_and_the_plan_opens_on_its_new_day(login):
    draft, client = PostFactory(slot=WEDNESDAY), login()
    answer = client.post(address(draft), {"slot": THURSDAY, "zurueck": "/redaktion/plan/?ansicht=woche"})
    assert answer["Location"] == f"{PLAN}?ansicht=woche&datum=2026-11-26#beitrag-{draft.pk}"
    assert (wall(draft), Post.objects.get().state) == (THURSDAY, PostState.DRAFT)
    assert list(AuditEntry.objects.values_list("step", flat=True)) == ["edit"]
    html = client.get(answer["Location"]).content.decode()
    assert "Verschoben auf Do, 26. November 2026, 14:30 Uhr" in html
    assert "Rückgängig machen" in html


def test_what_is_approved_is_not_moved_before_somebody_read_what_that_ends(login):
    person(Role.GF, first_name="Gabi", last_name="Muster")
    planned, client = DeliveryFactory(slot=WEDNESDAY), login()
    answer = client.post(address(planned.post), {"slot": THURSDAY})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Die Freigabe endet." in html
    assert "Gabi Muster" in html
    assert f'value="{THURSDAY}"' in html
    assert Post.objects.get().state == PostState.APPROVED
    client.post(address(planned.post), {"slot": THURSDAY, "gelesen": "1"})
    planned.refresh_from_db()
    assert (Post.objects.get().state, planned.state) == (PostState.IN_REVIEW, DeliveryState.CANCELLED)
    assert wall(planned.post) == THURSDAY


def test_the_last_move_is_taken_back_once(login):
    draft, client = PostFactory(slot=WEDNESDAY), login()
    client.post(address(draft), {"slot": THURSDAY})
    html = client.post(f"{PLAN}zuruecknehmen/", follow=True).content.decode()
    assert (wall(draft), "Zurückgenommen." in html) == ("2026-11-25T09:00", True)
    html = client.post(f"{PLAN}zuruecknehmen/", follow=True).content.decode()
    assert "Es gibt nichts, was sich zurücknehmen lässt." in html


def test_nothing_is_taken_back_once_somebody_else_went_on(login):
    draft, client = PostFactory(slot=WEDNESDAY), login()
    client.post(address(draft), {"slot": THURSDAY})
    login(Role.GF).post(address(draft), {"slot": "2026-11-27T08:00"})
    html = client.post(f"{PLAN}zuruecknehmen/", follow=True).content.decode()
    assert "Der Beitrag wurde danach noch einmal geändert." in html
    assert wall(draft) == "2026-11-27T08:00"


def test_taking_back_does_not_bring_the_approval_back(login):
    planned, client = DeliveryFactory(slot=WEDNESDAY), login()
    client.post(address(planned.post), {"slot": THURSDAY, "gelesen": "1"})
    client.post(f"{PLAN}zuruecknehmen/")
    assert (wall(planned.post), Post.objects.get().state) == ("2026-11-25T09:00", PostState.IN_REVIEW)


def test_a_slot_is_looked_at_before_it_is_taken(login):
    draft, client = PostFactory(slot=WEDNESDAY), login()
    weekend = client.get(address(draft), {"slot": "2026-11-28T09:00"}).content.decode()
    assert "Der 28.11.2026 ist ein Wochenende." in weekend
    assert "Gegen diesen Termin spricht nichts." in client.get(address(draft), {"slot": THURSDAY}).content.decode()
    assert wall(draft) == "2026-11-25T09:00"


@pytest.mark.parametrize(
    ("slot", "status", "sentence"),
    [
        ("", 422, "Bitte wählen Sie einen Termin."),
        ("morgen", 422, "Bitte geben Sie Tag und Uhrzeit an"),
        ("2027-03-28T02:30", 422, "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ("2026-11-20T09:00", 409, "Der Termin 20.11.2026, 09:00 Uhr ist vorbei."),
    ],
)
def test_a_slot_that_cannot_be_is_refused_and_stays_in_the_field(login, slot, status, sentence):
    draft = PostFactory(slot=WEDNESDAY)
    answer = login().post(address(draft), {"slot": slot})
    assert (answer.status_code, wall(draft)) == (status, "2026-11-25T09:00")
    assert sentence in answer.content.decode()


def test_what_went_out_cannot_be_moved_and_the_page_says_so(login):
    sent = DeliveryFactory(published=True, slot=NOW - dt.timedelta(days=3))
    answer = login().get(address(sent.post))
    assert answer.status_code == 409
    assert "Verschieben geht jetzt nicht" in answer.content.decode()


@pytest.mark.parametrize("back", ["https://anderswo.example/", "//anderswo.example", "//[x", "/konto/", "x" * 3000])
def test_nobody_is_led_away_from_here(login, back):
    draft = PostFactory(slot=WEDNESDAY)
    answer = login().post(address(draft), {"slot": THURSDAY, "zurueck": back})
    assert answer["Location"] == f"{PLAN}?datum=2026-11-26#beitrag-{draft.pk}"


def test_the_way_back_is_the_page_one_came_from(login):
    draft = PostFactory(slot=WEDNESDAY)
    answer = login().get(address(draft), headers={"referer": "http://testserver/redaktion/plan/?ansicht=liste"})
    assert f'href="/redaktion/plan/?ansicht=liste#beitrag-{draft.pk}"' in answer.content.decode()
