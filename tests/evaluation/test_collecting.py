import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelLocked, ChannelSilent
from editorial.clock import BERLIN
from editorial.enums import DeliveryState
from editorial.models import Budget, Channel, Price, Spending
from evaluation import collecting
from evaluation.models import FigureRow, Missing
from tests.evaluation.conftest import facts, moment, published

pytestmark = pytest.mark.django_db

APPEARED = moment("2026-03-02 09:00")
AFTER = {name: APPEARED + after for name, after in collecting.FIRST_POINTS.items()}
FOUR_WEEKS = ["0h", "1h", "1d", "7d", "14d", "21d", "28d"]
KNOWN = {"impressions": 120, "retweets": 3, "likes": 7, "replies": 0, "quotes": 1, "bookmarks": 2, "link_clicks": 4}


class Closed:
    """A channel that answers nothing."""

    def __init__(self, error):
        self.error = error

    def account(self):
        raise self.error

    def figures(self, external_ids):
        raise self.error


def put_out(reader, at=APPEARED, **fields):
    """A Beitrag that appeared on this channel at this moment."""
    now, reader.clock = reader.clock, lambda: at
    receipt = reader.retweet("https://x.com/a/status/17") if "retweet" in fields.values() else reader.send("Text")
    reader.clock = now
    reader.measured.setdefault(receipt.external_id, dict(KNOWN))
    return published(f"{at.astimezone(BERLIN):%Y-%m-%d %H:%M}", external_id=receipt.external_id, **fields)


class Message(str):
    text = property(str)
    pictures = ()


@pytest.fixture
def reader(channel):
    reader = DryRun(followers=1200)
    reader.send = lambda text, send=reader.send: send(Message(text))
    return reader


def stored(delivery):
    rows = FigureRow.objects.filter(delivery=delivery)
    return {(row.point, row.figure): row.value if row.value is not None else row.missing_reason for row in rows}


def points(delivery):
    return list(FigureRow.objects.filter(delivery=delivery, figure="likes").values_list("point", flat=True))


def test_a_post_is_read_at_once_and_all_its_figures_are_kept_as_rows(reader):
    delivery = put_out(reader)
    tally = collecting.collect(reader, at=APPEARED)
    assert (tally.followers_stored, tally.posts_stored, tally.error) == (True, 1, None)
    assert stored(delivery) == {("0h", figure): value for figure, value in KNOWN.items()}
    row = FigureRow.objects.get(delivery=delivery, figure="likes")
    assert (row.source, row.unit, row.taken_at, row.channel.slug) == ("api", "times", APPEARED, "x")


def test_the_schedule_follows_the_age_and_reads_each_point_once(reader):
    delivery = put_out(reader)
    moments = [APPEARED + dt.timedelta(minutes=minutes) for minutes in (0, 15, 59, 60, 75)]
    moments += [AFTER["1d"], AFTER["7d"], APPEARED + dt.timedelta(days=13)]
    moments += [APPEARED + dt.timedelta(days=days) for days in (14, 20, 21, 28, 34, 35, 42)]
    for at in moments:
        collecting.collect(reader, at=at)
    assert points(delivery) == [*FOUR_WEEKS, "35d", "42d"]


def test_points_slept_through_stay_a_gap(reader):
    delivery = put_out(reader)
    collecting.collect(reader, at=AFTER["7d"] + dt.timedelta(hours=5))
    assert points(delivery) == ["7d"]


def test_after_thirty_days_the_readings_end_with_the_half_year(reader):
    """The channel started on 1 September 2025: the half-year of this post ends on 1 March 2026."""
    delivery = put_out(reader, moment("2025-12-15 09:00"))
    for days in (28, 35, 70, 75, 77, 120):
        collecting.collect(reader, at=moment("2025-12-15 09:00") + dt.timedelta(days=days))
    assert points(delivery) == ["28d", "35d", "70d"]


def test_a_post_of_the_last_day_is_still_read_for_thirty_days(reader):
    at = moment("2026-02-28 09:00")
    delivery = put_out(reader, at)
    for after in (*collecting.FIRST_POINTS.values(), *(dt.timedelta(days=days) for days in (14, 21, 28, 35, 60))):
        collecting.collect(reader, at=at + after)
    assert points(delivery) == FOUR_WEEKS


@given(st.timedeltas(dt.timedelta(0), dt.timedelta(days=400)))
def test_the_newest_point_never_lies_ahead_and_never_a_step_behind(age):
    name = collecting.newest_point(APPEARED, APPEARED + age, None)
    reached = collecting.FIRST_POINTS.get(name)
    reached = dt.timedelta(days=int(name[:-1])) if reached is None else reached
    assert dt.timedelta(0) <= age - reached < dt.timedelta(days=7)


def test_followers_are_read_once_a_day_in_berlin(reader):
    for at in ("2026-03-02 00:00", "2026-03-02 12:00", "2026-03-02 23:59", "2026-03-03 00:00"):
        collecting.collect(reader, at=moment(at))
    rows = FigureRow.objects.filter(figure="followers")
    assert list(rows.values_list("point", "value", "unit")) == [
        ("2026-03-02", 1200, "accounts"),
        ("2026-03-03", 1200, "accounts"),
    ]


def test_what_was_not_delivered_is_missing_and_never_zero(reader):
    delivery = put_out(reader)
    reader.followers = None
    del reader.measured[delivery.external_id]["impressions"]
    collecting.collect(reader, at=APPEARED)
    assert stored(delivery) == {
        **{("0h", figure): value for figure, value in KNOWN.items()},
        ("0h", "impressions"): "not_delivered",
    }
    assert stored(delivery)["0h", "replies"] == 0
    row = FigureRow.objects.get(figure="followers")
    assert (row.value, row.missing_reason) == (None, Missing.NOT_DELIVERED)


def test_a_post_gone_from_the_channel_is_marked_and_not_asked_for_again(reader):
    delivery = put_out(reader)
    collecting.collect(reader, at=APPEARED)
    reader.delete(delivery.external_id)
    for name in ("1h", "1d", "7d"):
        collecting.collect(reader, at=AFTER[name])
    assert points(delivery) == ["0h", "1h"]
    assert stored(delivery)["1h", "likes"] == "gone"
    assert stored(delivery)["0h", "likes"] == 7


def test_a_post_we_deleted_is_marked_without_asking(reader):
    delivery = put_out(reader, state=DeliveryState.DELETED, deleted_at=APPEARED + dt.timedelta(hours=2))
    collecting.collect(reader, at=AFTER["1h"])
    reader.figures = Closed(ChannelSilent()).figures
    assert collecting.collect(reader, at=AFTER["1d"]).error is None
    assert stored(delivery)["1h", "likes"] == 7
    assert stored(delivery)["1d", "likes"] == "gone"


def test_the_figures_of_a_retweet_belong_to_the_original(reader):
    delivery = put_out(reader, approval__post__kind="retweet")
    reader.figures = Closed(ChannelSilent()).figures
    for name in ("0h", "1h", "1d"):
        assert collecting.collect(reader, at=AFTER[name]).error is None
    assert stored(delivery) == {("0h", figure): "of_the_original" for figure in KNOWN}


@pytest.mark.parametrize("error", [ChannelSilent(), ChannelLocked("no_credits", http_status=402)])
def test_a_channel_that_fails_leaves_nothing_behind_and_is_asked_again(reader, error):
    delivery = put_out(reader)
    tally = collecting.collect(Closed(error), at=APPEARED)
    assert tally.error is error
    assert FigureRow.objects.count() == 0
    collecting.collect(reader, at=APPEARED + dt.timedelta(minutes=15))
    assert points(delivery) == ["0h"]


def test_what_was_read_before_the_failure_stays(reader):
    for minutes in range(101):
        put_out(reader, APPEARED - dt.timedelta(minutes=minutes))
    answers = [reader.figures]

    def figures(ids):
        if not answers:
            raise ChannelSilent
        return answers.pop()(ids)

    reader.figures = figures
    tally = collecting.collect(reader, at=APPEARED)
    assert (tally.followers_stored, tally.posts_stored) == (True, 100)
    assert FigureRow.objects.filter(figure="likes").count() == 100


def test_two_ticks_at_once_store_one_row(reader):
    delivery = put_out(reader)

    class Overtaken:
        """Between the question and the answer another tick does the whole work."""

        def account(self):
            collecting.collect(reader, at=APPEARED)
            return reader.account()

        def figures(self, ids):
            return reader.figures(ids)

        def link_clicks(self, ids):
            return reader.link_clicks(ids)

    collecting.collect(Overtaken(), at=APPEARED)
    assert FigureRow.objects.filter(figure="followers").count() == 1
    assert points(delivery) == ["0h"]


def test_two_readings_at_once_of_the_same_point_store_one_row(reader):
    delivery = put_out(reader)
    twice = collecting.due_readings(facts(APPEARED), APPEARED)
    for _ in range(2):
        collecting._collect_posts(reader, facts(APPEARED), twice, APPEARED)
    assert points(delivery) == ["0h"]


def test_a_reading_asked_for_by_hand_comes_on_top_of_the_schedule(reader):
    delivery, old = put_out(reader), put_out(reader, APPEARED - dt.timedelta(days=40))
    at = APPEARED + dt.timedelta(minutes=10)
    collecting.collect(reader, at=at)
    for _ in range(2):
        collecting.collect(reader, at=at, extra=True)
    assert points(delivery) == ["0h", "2026-03-02T08:10Z"]
    assert points(old) == ["35d"]
    assert FigureRow.objects.filter(figure="followers").count() == 2


def test_private_figures_are_asked_for_within_thirty_days_and_their_refusal_costs_nothing_else(reader):
    young, old = put_out(reader), put_out(reader, APPEARED - dt.timedelta(days=31))
    collecting.collect(reader, at=APPEARED)
    assert stored(young)["0h", "link_clicks"] == 4
    assert stored(old)["28d", "link_clicks"] == "not_delivered"
    reader.link_clicks = Closed(ChannelSilent()).figures
    collecting.collect(reader, at=AFTER["1h"])
    assert (stored(young)["1h", "link_clicks"], stored(young)["1h", "likes"]) == ("not_delivered", 7)


def test_the_youngest_is_read_first(reader):
    old, young = put_out(reader, APPEARED - dt.timedelta(days=8)), put_out(reader)
    due = collecting.due_readings(facts(APPEARED), APPEARED)
    assert [reading.delivery.pk for reading in due] == [young.pk, old.pk]


def test_a_hundred_posts_are_one_call(reader):
    for minutes in range(101):
        put_out(reader, APPEARED - dt.timedelta(minutes=minutes))
    calls = []
    reader.figures = lambda ids, figures=reader.figures: calls.append(len(ids)) or figures(ids)
    collecting.collect(reader, at=APPEARED)
    assert calls == [100, 1]


@pytest.mark.parametrize(("ours", "expected"), [(True, ["0h"]), (False, [])])
def test_demonstration_posts_are_measured_on_our_own_simulator_only(reader, settings, ours, expected):
    settings.X_SIMULATOR_IS_OURS = ours
    delivery = put_out(reader, is_demo=True)
    collecting.collect(reader, at=APPEARED)
    assert points(delivery) == expected


def test_without_keys_nothing_is_read(channel):
    published("2026-03-02 09:00")
    assert collecting.collect(None, at=APPEARED) == collecting.Tally()
    assert FigureRow.objects.count() == 0


@pytest.mark.parametrize("state", [{"locked_reason": "suspended"}, {"paused_until": AFTER["1h"]}])
def test_a_channel_that_takes_nothing_is_left_alone(reader, state):
    Channel.objects.filter(slug="x").update(**state)
    collecting.collect(reader, at=APPEARED)
    assert FigureRow.objects.count() == 0


def test_the_number_of_queries_does_not_grow_with_the_posts(reader, django_assert_num_queries):
    for minutes in (0, 5, 10):
        put_out(reader, APPEARED - dt.timedelta(minutes=minutes))
    # channel, followers of today, storing them, deliveries, readings so far, storing the new ones; for each of the two
    # calls whether the month pays for it (2) and counting it (6)
    with django_assert_num_queries(6 + 2 * 8, connection=None):
        collecting.collect(reader, at=APPEARED)


def test_a_value_and_a_reason_exclude_each_other(channel):
    row = {"channel": channel, "figure": "followers", "unit": "accounts", "source": "hand", "taken_at": APPEARED}
    for wrong in ({"value": 1, "missing_reason": "gone"}, {"value": None, "missing_reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FigureRow.objects.create(**row, **wrong)


def test_a_correction_keeps_the_old_row_and_stands_in_its_place(channel):
    row = {"channel": channel, "figure": "followers", "unit": "accounts", "taken_at": APPEARED}
    wrong = FigureRow.objects.create(**row, source="api", value=12, point="2026-03-02")
    right = FigureRow.objects.create(**row, source="hand", value=1200, replaces=wrong)
    assert list(FigureRow.objects.standing()) == [right]
    assert FigureRow.objects.count() == 2


# --- What reading costs -----------------------------------------------------------------------------------------------


@pytest.fixture
def prices():
    """In force since before this evaluation began."""
    rows = {"user_read": "0.010", "read": "0.005"}
    return {
        kind: Price.objects.create(kind=kind, amount_usd=Decimal(amount), valid_from=dt.date(2026, 1, 1)).amount_usd
        for kind, amount in rows.items()
    }


def spent():
    return {row.kind: (row.count, row.amount_usd) for row in Spending.objects.filter(state="spent")}


def test_what_was_read_is_counted_against_the_month(reader, prices):
    put_out(reader)
    put_out(reader)
    collecting.collect(reader, at=AFTER["0h"])
    assert spent() == {"user_read": (1, prices["user_read"]), "read": (2, 2 * prices["read"])}


def test_the_same_post_is_paid_once_a_day(reader, prices):
    put_out(reader)
    for name in ("0h", "1h", "1d"):
        collecting.collect(reader, at=AFTER[name])
    assert spent()["read"] == (1, prices["read"])  # of the last day, the first one has its own row
    assert sum(row.count for row in Spending.objects.filter(kind="read")) == 2


def test_what_the_channel_refuses_to_give_costs_nothing(reader, prices):
    put_out(reader)
    collecting.collect(Closed(ChannelSilent("timeout")), at=AFTER["0h"])
    assert spent() == {}


def test_beyond_the_cap_nothing_is_read_and_the_gap_can_still_be_filled(reader, channel, prices):
    delivery = put_out(reader)
    Budget.objects.create(channel_id=channel.pk, valid_from=APPEARED.date().replace(day=1), cap_usd="0.001")
    tally = collecting.collect(reader, at=AFTER["0h"])
    assert (tally.is_budget_spent, stored(delivery), spent()) == (True, {}, {})
    Budget.objects.update(cap_usd="5")
    tally = collecting.collect(reader, at=AFTER["0h"])
    assert (tally.is_budget_spent, tally.posts_stored) == (False, 1)
