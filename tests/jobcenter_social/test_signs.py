import datetime as dt

import pytest
from celery.beat import SchedulingError
from celery.signals import task_failure
from django.db import DatabaseError

from editorial import pulse
from editorial.tasks import publish_tick
from jobcenter_social import signs
from jobcenter_social.celery import app
from jobcenter_social.tasks import sign_of_life

pytestmark = pytest.mark.django_db


def just_now(name):
    age = pulse.age(name)
    return age is not None and age < dt.timedelta(minutes=1)


def test_a_light_task_that_ended_proves_the_worker():
    sign_of_life.delay()
    assert just_now("worker")


def test_a_tick_that_ended_is_a_sign_of_its_own():
    publish_tick.delay()
    assert just_now("tick")


def test_a_tick_that_failed_is_no_good_sign():
    # Sent as the worker sends it: in eager mode Celery raises instead.
    task_failure.send(sender=publish_tick, exception=RuntimeError("broken"))
    assert pulse.every()["tick"].good_at is None
    assert pulse.every()["tick"].detail == "Ein Fehler trat auf (RuntimeError)."


def test_every_watched_task_exists():
    app.loader.import_default_modules()
    assert set(signs.PART_OF_TASK) <= set(app.tasks)


def test_the_beat_process_speaks_for_itself_and_for_the_broker(tmp_path):
    scheduler = signs.Scheduler(app=app, schedule_filename=str(tmp_path / "plan"), lazy=True)
    scheduler.setup_schedule()
    scheduler.tick()
    assert just_now("beat")
    scheduler._say_broker(False)
    assert pulse.every()["broker"].good_at is None
    scheduler._say_broker(True)
    assert just_now("broker")
    scheduler.close()


def test_a_broker_that_takes_nothing_is_noted_and_the_error_goes_on(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise SchedulingError("no")

    monkeypatch.setattr("celery.beat.Scheduler.apply_async", refuse)
    scheduler = signs.Scheduler(app=app, schedule_filename=str(tmp_path / "plan"), lazy=True)
    with pytest.raises(SchedulingError):
        scheduler.apply_async(None)
    assert pulse.every()["broker"].good_at is None


def test_a_sign_that_cannot_be_written_ends_nothing(monkeypatch, caplog):
    def gone(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(pulse, "beat", gone)
    signs.say("beat")
    assert "no sign of life from beat" in caplog.text
