import datetime as dt

import pytest

from jobcenter_social.demo.stage import Stage

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def walk(diary, name, *moments):
    for moment in moments:
        yield moment
        diary.append((name, moment))


def test_walks_go_on_in_the_order_of_time_and_not_one_after_the_other():
    diary, stage = [], Stage(NOON)
    stage.enter(walk(diary, "first", NOON - 4 * HOUR, NOON - 2 * HOUR))
    stage.enter(walk(diary, "second", NOON - 3 * HOUR, NOON - HOUR))
    stage.play()
    assert [name for name, _ in diary] == ["first", "second", "first", "second"]


def test_what_lies_after_the_present_has_not_happened_yet():
    diary, stage = [], Stage(NOON)
    stage.enter(walk(diary, "planned", NOON - HOUR, NOON + HOUR, NOON + 2 * HOUR))
    stage.enter(walk(diary, "tomorrow", NOON + 24 * HOUR))
    stage.play()
    assert diary == [("planned", NOON - HOUR)]


def test_a_walk_that_goes_back_in_time_is_a_mistake():
    stage = Stage(NOON)
    stage.enter(walk([], "confused", NOON - HOUR, NOON - 2 * HOUR))
    with pytest.raises(ValueError, match="back in time"):
        stage.play()


def test_two_things_at_the_same_moment_keep_their_order():
    diary, stage = [], Stage(NOON)
    for name in "abc":
        stage.enter(walk(diary, name, NOON - HOUR))
    stage.play()
    assert [name for name, _ in diary] == ["a", "b", "c"]
