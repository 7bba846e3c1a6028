import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from editorial.forms.fields import SlotField, SlotInput


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-24T09:00", dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)),
        (" 2026-07-01T09:00:59.5 ", dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC)),
        ("2027-03-28T01:59", dt.datetime(2027, 3, 28, 0, 59, tzinfo=dt.UTC)),
        ("2027-03-28T03:00", dt.datetime(2027, 3, 28, 1, tzinfo=dt.UTC)),
        ("2026-10-25T01:59", dt.datetime(2026, 10, 24, 23, 59, tzinfo=dt.UTC)),
        ("2026-10-25T03:00", dt.datetime(2026, 10, 25, 2, tzinfo=dt.UTC)),
        ("2026-12-31T23:59", dt.datetime(2026, 12, 31, 22, 59, tzinfo=dt.UTC)),
        ("2028-02-29T00:00", dt.datetime(2028, 2, 28, 23, tzinfo=dt.UTC)),
        ("", None),
    ],
)
def test_a_moment_is_what_the_wall_clock_in_berlin_shows(typed, moment):
    assert SlotField(required=False).clean(typed) == moment


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2027-03-28T02:00", "slot.not_existing"),
        ("2027-03-28T02:30", "slot.not_existing"),
        ("2026-10-25T02:30", "slot.ambiguous"),
        ("2026-10-25T02:00", "slot.ambiguous"),
        ("2026-11-24T09:00Z", "slot.invalid"),
        ("2026-11-24T09:00+05:00", "slot.invalid"),
        ("2026-11-24", "slot.invalid"),
        ("2026-W47-2", "slot.invalid"),
        ("20261124T0900", "slot.invalid"),
        ("2026-02-29T09:00", "slot.invalid"),
        ("2026-11-24T24:00", "slot.invalid"),
        ("2026-11-24T09:00\x00", "slot.invalid"),
        ("٢٠٢٦-11-24T09:00", "slot.invalid"),
        ("0001-01-01T00:00", "slot.invalid"),
        ("9999-12-31T23:59", "slot.invalid"),
        ("morgen", "slot.invalid"),
        ("9" * 5000, "slot.invalid"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(typed, code):
    with pytest.raises(ValidationError) as refusal:
        SlotField(required=False).clean(typed)
    assert refusal.value.code == code
    assert refusal.value.message.startswith(("Bitte", "Diese Uhrzeit"))


def test_the_field_shows_a_moment_as_it_was_typed():
    moment = dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC)
    assert SlotInput().format_value(moment) == "2026-07-01T09:00"
    assert SlotInput().format_value("unsinn") == "unsinn"
    assert SlotInput().format_value(None) is None
