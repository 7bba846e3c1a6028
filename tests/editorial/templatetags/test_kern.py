import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template

from editorial.clock import BERLIN
from editorial.enums import DeliveryState, PostState
from editorial.templatetags import kern

NINE_IN_BERLIN = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (NINE_IN_BERLIN, "Mi, 25. November 2026, 09:00 Uhr"),
        (NINE_IN_BERLIN.astimezone(BERLIN), "Mi, 25. November 2026, 09:00 Uhr"),
        (dt.datetime(2026, 11, 25, 9, 0), "Mi, 25. November 2026, 09:00 Uhr"),
        (dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC), "Do, 2. Juli 2026, 00:30 Uhr"),
        (dt.datetime(2026, 3, 1, 5, 5, tzinfo=dt.UTC), "So, 1. März 2026, 06:05 Uhr"),
        (None, ""),
    ],
)
def test_a_moment_is_written_in_berlin_time(moment, written):
    assert kern.berlin(moment) == written


def test_the_two_moments_of_a_repeated_hour_look_alike_but_differ_for_machines():
    first = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    second = first + dt.timedelta(hours=1)
    assert kern.berlin(first) == kern.berlin(second) == "So, 25. Oktober 2026, 02:30 Uhr"
    assert (str(kern.moment(first)), str(kern.moment(second))) == (
        '<time datetime="2026-10-25T02:30+02:00">So, 25. Oktober 2026, 02:30 Uhr</time>',
        '<time datetime="2026-10-25T02:30+01:00">So, 25. Oktober 2026, 02:30 Uhr</time>',
    )


def test_short_forms_of_a_moment_and_of_a_day():
    day = dt.date(2026, 11, 2)
    assert (kern.berlin_short(NINE_IN_BERLIN), kern.berlin_short(day)) == ("25.11.2026, 09:00 Uhr", "02.11.2026")
    assert (kern.berlin_day(NINE_IN_BERLIN), kern.berlin_day(day)) == ("Mi, 25. November 2026", "Mo, 2. November 2026")
    assert (kern.day_short(day), kern.weekday(day), kern.month(day)) == ("Mo, 02.11.", "Mo", "November 2026")
    assert (kern.berlin_time(NINE_IN_BERLIN), str(kern.moment(NINE_IN_BERLIN, "time"))) == (
        "09:00",
        '<time datetime="2026-11-25T09:00+01:00">09:00</time>',
    )


@pytest.mark.parametrize(
    "write",
    [kern.berlin, kern.berlin_day, kern.berlin_time, kern.berlin_short, kern.day_short, kern.weekday, kern.month],
)
def test_no_moment_is_no_words(write):
    assert write(None) == ""


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0, 0, "0"),
        (1234567, 0, "1.234.567"),
        (-1234, 0, "−1.234"),
        (12.35, 1, "12,4"),
        (Decimal("0.125"), 2, "0,13"),
        (-0.04, 1, "0,0"),
        (2.5, 0, "3"),
        (None, 0, "nicht geliefert"),
        ("", 0, "nicht geliefert"),
    ],
)
def test_a_number_has_german_separators_and_a_missing_one_says_so(value, digits, written):
    assert kern.number(value, digits) == written


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(212, 0, "+212"), (-3, 0, "−3"), (0, 0, "0"), (0.04, 1, "0,0"), (1.25, 1, "+1,3"), (None, 0, "kein Vergleich")],
)
def test_a_change_shows_its_direction(value, digits, written):
    assert kern.signed(value, digits) == written


@pytest.mark.parametrize("state", [*PostState, *DeliveryState])
def test_every_state_has_a_word_an_icon_and_a_tone(state):
    shown = Template('{% include "partials/_state.html" %}').render(Context({"state": state.value}))
    assert (state.label in shown, kern.state_icon(state) in shown, kern.state_tone(state) in shown) == (
        True,
        True,
        True,
    )


def test_no_two_states_share_icon_and_tone():
    looks = [(kern.state_icon(state), kern.state_tone(state)) for state in [*PostState, *DeliveryState]]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize(
    ("kind", "shown"), [("error", "danger"), ("debug", "info"), ("warning", "warning"), ("", "info"), ("x", "info")]
)
def test_djangos_levels_become_kerns_tones(kind, shown):
    assert (kern.feedback_kind(kind), kern.feedback_icon(kind)) == (shown, f"kern-icon--{shown}")
