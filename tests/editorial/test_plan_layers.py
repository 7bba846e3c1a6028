import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import plan, plan_layers
from editorial.clock import BERLIN
from editorial.models import Election, FixedDate, RecurringSlot, Topic
from tests.factories import AppointmentFactory, EventFactory, PostFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=BERLIN)
WEEK = (MONDAY, MONDAY + dt.timedelta(days=7))


def day(number):
    return MONDAY + dt.timedelta(days=number)


def at(number, hour=9, minute=0):
    return dt.datetime.combine(day(number), dt.time(hour, minute), BERLIN)


def layers():
    return plan_layers.read(*WEEK, plan.words())


def days():
    return plan.days(*WEEK, plan.entries(*WEEK), plan.target(), now=NOW)


def test_own_days_elections_events_and_released_appointments_stand_at_their_days_for_one_question():
    FixedDate.objects.create(title="Aktionstag", day=dt.date(2019, 11, 24), is_yearly=True)
    FixedDate.objects.create(title="Nur damals", day=dt.date(2019, 11, 24))
    FixedDate.objects.create(title="Nur heuer", day=day(1))
    Election.objects.create(name="Landtag", quiet_from=day(2), day=day(4))
    EventFactory(title="Jobbörse", starts_at=at(2, 14, 30))
    AppointmentFactory(title="Grußwort", starts_at=at(3))
    AppointmentFactory(title="Geheim", starts_at=at(3), released_at=None)
    known = plan.words()
    with CaptureQueriesContext(connection) as asked:
        found = plan_layers.read(*WEEK, known).notes
    assert len(asked) == 1
    assert found == {
        day(1): ["Aktionstag", "Nur heuer"],
        day(2): ["Zurückhaltung vor der Wahl", "14:30 Jobbörse"],
        day(3): ["Zurückhaltung vor der Wahl", "09:00 Grußwort"],
        day(4): ["Landtag"],
    }


def test_the_last_day_of_february_comes_only_in_leap_years():
    FixedDate.objects.create(title="Schalttag", day=dt.date(2024, 2, 29), is_yearly=True)
    spans = [(dt.date(year, 2, 1), dt.date(year, 3, 2)) for year in (2027, 2028)]
    assert [list(plan_layers.read(*span, plan.words()).notes) for span in spans] == [[], [dt.date(2028, 2, 29)]]


def test_a_time_of_every_week_is_offered_until_something_stands_there():
    tips = Topic.objects.get(slug="lesetipps")
    RecurringSlot.objects.create(weekday=0, at=dt.time(7))  # over already
    RecurringSlot.objects.create(weekday=1, at=dt.time(9))
    RecurringSlot.objects.create(weekday=2, at=dt.time(9), topic=tips)
    RecurringSlot.objects.create(weekday=5, at=dt.time(9))  # a Saturday
    free = [[(f"{one.at:%H:%M}", one.slug) for one in layers().free_on(one_day)] for one_day in days()]
    assert free == [[], [("09:00", "")], [("09:00", "lesetipps")], [], [], [], []]
    PostFactory(slot=at(1, 9, 40))
    PostFactory(slot=at(2, 16), topic=tips)
    assert [layers().free_on(one) for one in days()] == [[]] * 7


def test_what_gets_in_each_others_way_is_named():
    PostFactory(slot=at(1, 9), text="Kommen Sie zur Jobbörse am Samstag!", topic=None)
    PostFactory(slot=at(1, 9, 45), text="Etwas ganz anderes")
    PostFactory(slot=at(1, 15), text="Noch etwas Neues dazu")
    PostFactory(slot=at(3, 9), text="Kommen Sie am Samstag zur JOBBÖRSE", topic=None)
    found = plan_layers.collisions(plan.entries(*WEEK), NOW, 20)
    assert sorted(one.why for one in found) == [
        "Am selben Tag zum selben Thema",
        "Fast derselbe Text",
        "In derselben Stunde",
    ]
    assert plan_layers.collisions(plan.entries(*WEEK), at(6), 20) == []
