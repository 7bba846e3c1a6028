import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import pulse
from editorial.models import Heartbeat

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_what_never_reported_has_no_age():
    assert pulse.age("worker", AT) is None


def test_a_sign_of_life_is_kept_once_per_part():
    pulse.beat("worker", at=AT)
    pulse.beat("worker", at=AT + MINUTE)
    assert Heartbeat.objects.count() == 1
    assert pulse.age("worker", AT + 3 * MINUTE) == 2 * MINUTE


def test_a_failure_is_a_sign_of_life_but_not_of_health():
    pulse.beat("mail", at=AT)
    pulse.beat("mail", good=False, detail="kein Anschluss", at=AT + MINUTE)
    heartbeat = pulse.every()["mail"]
    assert (heartbeat.at, heartbeat.good_at, heartbeat.detail) == (AT + MINUTE, AT, "kein Anschluss")


def test_a_part_that_never_worked_has_no_age_either():
    pulse.beat("mail", good=False, at=AT)
    assert pulse.age("mail", AT) is None


def test_a_long_detail_is_cut_and_not_refused():
    pulse.beat("mail", good=False, detail="x" * 1000, at=AT)
    assert len(pulse.every()["mail"].detail) == 300


def test_a_tick_costs_one_query():
    pulse.beat("tick", at=AT)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        pulse.beat("tick", at=AT + MINUTE)
    assert len(queries) == 1
