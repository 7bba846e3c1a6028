import datetime as dt

import pytest
from django.utils import timezone

from editorial.models import SendPause
from editorial.rules.known import Known
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2026, 11, 25, 11, tzinfo=dt.UTC)


def test_a_page_asks_once_for_all_the_sites(django_assert_num_queries):
    known = Known()
    with django_assert_num_queries(1):
        assert known.is_own("https://www.jobcenter-bremen.de/a")
        assert known.is_trusted("https://iab.de/b")


def test_who_goes_out_in_an_hour_is_asked_once_for_several_hours(django_assert_num_queries):
    early, late = DeliveryFactory(slot=NOON), DeliveryFactory(slot=NOON + 2 * HOUR)
    DeliveryFactory(slot=NOON + 2 * HOUR - dt.timedelta(minutes=1))
    known = Known()
    with django_assert_num_queries(1):
        known.look_up_hours_of([NOON + dt.timedelta(minutes=59), NOON + 2 * HOUR, NOON + 9 * HOUR])
        assert known.posts_in_hour_of(NOON) == {early.post_id}
        assert known.posts_in_hour_of(NOON + 2 * HOUR) == {late.post_id}
        assert known.posts_in_hour_of(NOON + 9 * HOUR) == set()


def test_no_hour_at_all_needs_no_question(django_assert_num_queries):
    with django_assert_num_queries(0):
        Known().look_up_hours_of([])


def test_a_pause_is_seen_unless_the_page_has_told_it_already(django_assert_num_queries):
    SendPause.objects.create(started_at=timezone.now(), reason="Probe")
    with django_assert_num_queries(1):
        known = Known()
        assert known.is_paused(timezone.now())
        assert known.is_paused(timezone.now())
    with django_assert_num_queries(0):
        assert not Known(paused=False).is_paused(timezone.now())


def test_a_new_one_knows_nothing_of_before():
    assert not Known().is_paused(timezone.now())
    SendPause.objects.create(started_at=timezone.now(), reason="Probe")
    assert Known().is_paused(timezone.now())
