"""Nothing is kept without a class, nothing longer than its class says, and the document says the same."""

import datetime as dt
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from editorial import retention, tasks
from editorial.models import Notice
from jobcenter_social.tasks import housekeeping
from tests.factories import ConsentFactory, ObservationFactory, person

ROOT = Path(__file__).resolve().parents[2]


def test_every_model_says_how_long_it_keeps_its_rows():
    assert {model._meta.label for model in apps.get_models()} == set(retention.CLASSES)


@pytest.mark.parametrize("by", sorted({kept.by for kept in retention.CLASSES.values() if kept.by}))
def test_what_is_said_to_delete_is_there(by):
    *where, name = by.split(".")
    while where:
        try:
            found = import_module(".".join(where))
        except ModuleNotFoundError:
            name = f"{where.pop()}.{name}"
            continue
        for part in name.split("."):
            found = getattr(found, part)
        assert callable(found)
        return
    raise AssertionError(by)


def test_the_document_says_the_same():
    text = (ROOT / "docs/loeschkonzept.md").read_text(encoding="utf-8")
    assert text.partition("<!-- table -->\n\n")[2].strip() == retention.as_markdown()


@pytest.mark.django_db
def test_what_is_overdue_is_counted_and_deleted_by_itself(capsys):
    now = timezone.now()
    long_ago = now - dt.timedelta(days=2000)
    Notice.objects.create(person=person(), kind="case", words="x", path="/", made_at=now - dt.timedelta(days=99))
    ObservationFactory(noted_on=long_ago.date())
    ConsentFactory(state="revoked", withdrawn_at=long_ago, ended_at=long_ago)
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=now - dt.timedelta(days=9))
    found = {"editorial.Notice": 1, "editorial.Observation": 1, "editorial.Consent": 1, "sessions.Session": 1}
    assert retention.overdue(now) == found
    with pytest.raises(SystemExit):
        call_command("check_retention")
    assert "editorial.Consent: 1 Zeilen sind überfällig." in capsys.readouterr().err
    tasks.look_after()
    housekeeping()
    assert retention.overdue(now) == {}
    call_command("check_retention")
