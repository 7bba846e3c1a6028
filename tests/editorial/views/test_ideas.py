import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial.clock import BERLIN
from editorial.enums import PostState, Role
from editorial.models import AuditEntry, Channel, Post
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db
IDEAS, PLAN = "/redaktion/ideen/", "/redaktion/plan/"
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("role", Role)
def test_everybody_drops_an_idea_and_sees_it(login, role):
    client = login(role)
    page = client.post(IDEAS, {"text": "Tag der offenen Tür", "tag": "2026-12-01"}, follow=True).content.decode()
    idea = Post.objects.get()
    assert (idea.state, idea.text, f"{idea.slot:%Y-%m-%d %H:%M}") == (
        PostState.IDEA,
        "Tag der offenen Tür",
        "2026-12-01 08:00",
    )
    assert "Danke." in page
    assert "Tag der offenen Tür" in page
    assert client.person.get_full_name() in page
    assert list(AuditEntry.objects.values_list("step", flat=True)) == ["create"]


def test_only_the_editors_see_the_ideas_of_others(login):
    PostFactory(state=PostState.IDEA, text="Von jemand anderem", written_by=person())
    seen = {role: "Von jemand anderem" in login(role).get(IDEAS).content.decode() for role in Role}
    assert seen == {role: role in (Role.PROE, Role.GF) for role in Role}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": " "}, "Bitte schreiben Sie, worum es geht."),
        ({"text": "x" * 2001}, "Die Idee ist zu lang."),
        ({"text": "Gut", "tag": "2026-11-22"}, "Dieser Tag ist vorbei."),
        ({"text": "Gut", "tag": "morgen"}, "ist kein Tag"),
        ({"text": "Gut", "topic": "999999"}, "Thema"),
    ],
)
def test_a_wrong_idea_is_refused_and_nothing_typed_is_lost(login, typed, sentence):
    answer = login(Role.FACH).post(IDEAS, typed)
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()
    assert typed["text"].strip() in answer.content.decode()


def test_a_gap_of_the_plan_is_offered_the_ideas_that_have_no_day(login):
    Channel.objects.update(started_on=dt.date(2025, 9, 1))
    idea = PostFactory(state=PostState.IDEA, text="Lesetipp zum Fachkräftemangel", slot=None)
    PostFactory(state=PostState.IDEA, text="Hat schon einen Tag", slot=NOW + dt.timedelta(days=60))
    html = login().get(PLAN, {"ansicht": "woche"}).content.decode()
    assert f'href="/redaktion/beitraege/{idea.pk}/verschieben/?slot=2026-11-23T11:00"' in html
    assert "Lesetipp zum Fachkräftemangel" in html
    assert "Hat schon einen Tag" not in html
    assert "Ideen für Mo" not in login(Role.FACH).get(PLAN, {"ansicht": "woche"}).content.decode()


def test_a_long_list_asks_no_more_than_a_short_one(login):
    client = login()
    counts = []
    for number in (1, 3):
        while Post.objects.count() < number:
            PostFactory(state=PostState.IDEA)
        client.get(IDEAS)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(IDEAS)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15
