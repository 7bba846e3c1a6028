import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial.clock import BERLIN
from editorial.enums import PostState
from editorial.models import AuditEntry, Post
from tests.factories import DeliveryFactory, PostFactory

pytestmark = pytest.mark.django_db
BULK, PLAN = "/redaktion/plan/verschieben/", "/redaktion/plan/"
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
WEDNESDAY = dt.datetime(2026, 11, 25, 9, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def walls():
    slots = Post.objects.order_by("pk").values_list("slot", flat=True)
    return [f"{slot.astimezone(BERLIN):%m-%dT%H:%M}" if slot else "" for slot in slots]


def test_the_preview_says_what_would_happen_and_moves_nothing(login):
    draft, planned = PostFactory(slot=WEDNESDAY), DeliveryFactory(slot=WEDNESDAY).post
    sent = DeliveryFactory(published=True, slot=NOW - dt.timedelta(days=3)).post
    chosen = [draft.pk, planned.pk, sent.pk]
    html = login().post(BULK, {"beitrag": chosen, "tage": "7"}).content.decode()
    assert html.count("25.11.2026, 09:00 Uhr → 02.12.2026, 09:00 Uhr") == 2
    assert "1 Beitrag braucht danach eine neue Freigabe" in html
    assert "bleibt, wo er ist." in html
    assert "2 Beiträge verschieben" in html
    assert walls() == ["11-25T09:00", "11-25T09:00", "11-20T10:00"]


def test_each_is_moved_in_a_step_of_its_own_and_all_are_taken_back(login):
    PostFactory(slot=WEDNESDAY), DeliveryFactory(slot=WEDNESDAY), PostFactory(slot=None)
    client = login()
    chosen = list(Post.objects.values_list("pk", flat=True))
    html = client.post(BULK, {"beitrag": chosen, "wochentag": "4", "gelesen": "1"}, follow=True).content.decode()
    assert walls() == ["11-27T09:00", "11-27T09:00", ""]
    assert "Verschoben: 2 Beiträge. 1 davon braucht eine neue Freigabe." in html
    assert "Der Beitrag hat noch keinen Termin." in html
    steps = list(AuditEntry.objects.order_by("position").values_list("step", flat=True))
    assert steps == ["edit", "reschedule", "cancel"]
    client.post(f"{PLAN}zuruecknehmen/")
    assert walls() == ["11-25T09:00", "11-25T09:00", ""]
    assert Post.objects.filter(state=PostState.APPROVED).count() == 0


def test_what_would_lie_in_the_past_stays_and_the_reason_is_said(login):
    draft = PostFactory(slot=WEDNESDAY)
    chosen = {"beitrag": [draft.pk], "tage": "-7", "gelesen": "1"}
    html = login().post(BULK, chosen, follow=True).content.decode()
    assert walls() == ["11-25T09:00"]
    assert "Der Termin 18.11.2026, 09:00 Uhr ist vorbei." in html


def test_the_hour_stays_over_the_clock_change_and_a_missing_one_is_said(login):
    summer = dt.datetime(2027, 3, 27, 2, 30, tzinfo=BERLIN)
    PostFactory(slot=summer), PostFactory(slot=summer.replace(hour=9))
    chosen = list(Post.objects.values_list("pk", flat=True))
    login().post(BULK, {"beitrag": chosen, "tage": "1", "gelesen": "1"})
    assert walls() == ["03-27T02:30", "03-28T09:30"]


@pytest.mark.parametrize("typed", [{}, {"tage": "0"}, {"tage": "1", "wochentag": "2"}, {"tage": "9999"}, {"tage": "x"}])
def test_an_unclear_wish_is_refused_and_the_choice_stays(login, typed):
    draft = PostFactory(slot=WEDNESDAY)
    answer = login().post(BULK, {"beitrag": [draft.pk], "gelesen": "1", **typed})
    assert (answer.status_code, walls()) == (422, ["11-25T09:00"])
    assert f'name="beitrag" value="{draft.pk}"' in answer.content.decode()


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 40], ["\x00"], ["-1"]])
def test_nothing_chosen_leads_back_to_the_list(login, chosen):
    answer = login().get(BULK, {"beitrag": chosen})
    assert answer.status_code == 200
    assert "Nichts ausgewählt" in answer.content.decode()


def test_a_long_preview_asks_no_more_than_a_short_one(login):
    client = login()
    counts = []
    for number in (1, 4):
        while Post.objects.count() < number:
            DeliveryFactory(slot=WEDNESDAY + dt.timedelta(hours=Post.objects.count()))
        chosen = {"beitrag": list(Post.objects.values_list("pk", flat=True)), "tage": "7"}
        client.post(BULK, chosen)
        with CaptureQueriesContext(connection) as asked:
            client.post(BULK, chosen)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_the_list_of_the_plan_offers_only_what_can_be_moved(login):
    draft = PostFactory(slot=WEDNESDAY)
    sent = DeliveryFactory(published=True, slot=NOW - dt.timedelta(days=3)).post
    html = login().get(PLAN, {"ansicht": "liste"}).content.decode()
    assert f'name="beitrag" value="{draft.pk}" form="sammeln"' in html
    assert f'value="{sent.pk}" form="sammeln"' not in html
