"""Unsafe combinations of settings: they warn, and nothing stops."""

import datetime as dt
import io

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from jobcenter_social import checks
from jobcenter_social.tasks import LOGIN_TRACES_DAYS, housekeeping

UNSAFE = {
    "jobcenter.W001": {"PUBLISH_QUARANTINE_S": 120, "PUBLISH_TASK_LIMIT_S": 120},
    "jobcenter.W002": {"PUBLISH_TASK_LIMIT_S": 25, "PUBLISH_HTTP_TIMEOUT_S": 20},
    "jobcenter.W003": {"PUBLISH_TICK_S": 60, "PUBLISH_GRACE_MIN": 1},
    "jobcenter.W004": {"X_KEYS": {"consumer_key": "a", "consumer_secret": "", "access_token": ""}},
    "jobcenter.W005": {"ALLOWED_HOSTS": ["woanders.de"]},
}


def found() -> list[str]:
    return [message.id for message in checks.settings_fit_together(None)]


def test_the_defaults_fit_together():
    assert found() == []


@pytest.mark.parametrize("code", UNSAFE)
def test_an_unsafe_combination_warns_and_does_not_stop(code, settings):
    for name, value in UNSAFE[code].items():
        setattr(settings, name, value)
    assert found() == [code]
    call_command("check", stderr=io.StringIO())


@pytest.mark.django_db
def test_housekeeping_forgets_old_traces_of_log_ins_and_keeps_new_ones():
    old = timezone.now() - dt.timedelta(days=LOGIN_TRACES_DAYS + 1)
    for model in (AccessLog, AccessFailureLog):
        model.objects.create(username="alt", ip_address="192.0.2.1")
        model.objects.update(attempt_time=old)
        model.objects.create(username="neu", ip_address="192.0.2.1")
    Session.objects.create(session_key="alt", session_data="", expire_date=old)
    housekeeping()
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["neu"]
    assert list(AccessFailureLog.objects.values_list("username", flat=True)) == ["neu"]
    assert Session.objects.count() == 0
