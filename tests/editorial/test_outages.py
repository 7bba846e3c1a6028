import datetime as dt

import pytest

from editorial import outages, pulse
from editorial.models import Heartbeat

AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def beats(**minutes_ago):
    return {
        name: Heartbeat(name=name, at=AT - dt.timedelta(minutes=ago), good_at=AT - dt.timedelta(minutes=ago))
        for name, ago in minutes_ago.items()
    }


@pytest.mark.parametrize(("ago", "down"), [(0, []), (4.9, []), (5, []), (5.1, ["worker"]), (3000, ["worker"])])
def test_a_part_is_silent_after_five_minutes(ago, down):
    assert [outage.name for outage in outages.current(beats(worker=ago, tick=0), AT)] == down


def test_what_was_never_alive_has_not_fallen_silent():
    assert outages.current({}, AT) == []


def test_other_parts_are_not_watched():
    assert outages.current(beats(metrics=3000, backup=3000, timer=3000), AT) == []


def test_while_somebody_still_ticks_the_posts_go_out():
    [outage] = outages.current(beats(worker=10, tick=0), AT)
    assert outage.still_sending
    assert outage.sentence == (
        "Worker meldet sich seit 23.11.2026, 09:50 Uhr nicht. Fällige Beiträge gehen trotzdem hinaus, höchstens etwa "
        "eine Minute später. Die Administration muss den Worker auf dem Server neu starten und nachsehen, ob Redis "
        "läuft."
    )


def test_when_nobody_ticks_nothing_goes_out_and_that_comes_first():
    down = outages.current(beats(worker=10, beat=10, tick=10), AT)
    assert [outage.name for outage in down] == ["tick", "beat", "worker"]
    assert "Zurzeit geht kein Beitrag hinaus." in down[0].sentence


def test_a_part_that_reports_but_fails_is_down_as_well():
    heartbeat = Heartbeat(name=pulse.WORKER, at=AT, good_at=AT - dt.timedelta(hours=1))
    assert outages.is_silent(heartbeat, AT)
