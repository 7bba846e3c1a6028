"""The end of the audit record is kept outside the house's database; names beside it end after twelve months."""

import datetime as dt

import pytest

from editorial import audit
from editorial.actions import anchoring
from editorial.enums import Role
from editorial.models import AuditActor, AuditHead
from tests.factories import person
from tests.mailing import mail_server

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def note(by=None, at=AT):
    audit.record("create", subject_type="post", subject_id=1, at=at, by=by)


def test_once_a_day_the_end_of_the_chain_is_mailed(settings):
    settings.AUDIT_HEAD_TO = ["a@example.org", "b@example.org"]
    note()
    with mail_server(settings) as office:
        assert [anchoring.mail_head(AT), anchoring.mail_head(AT), anchoring.mail_head(AT + DAY)] == [True, False, True]
    first = office.mails[0]
    assert first["To"] == "a@example.org, b@example.org"
    assert "bis Eintrag 1." in first.get_content()
    assert AuditHead.objects.get().hash in first.get_content()


def test_a_mail_that_nobody_takes_is_tried_again(settings):
    settings.AUDIT_HEAD_TO = ["a@example.org"]
    with mail_server(settings) as office:
        office.answer = "451 spaeter"
        assert anchoring.mail_head(AT) is False
        office.answer = "250 OK"
        assert anchoring.mail_head(AT) is True


def test_without_addresses_nothing_is_mailed(settings, mailoutbox):
    settings.AUDIT_HEAD_TO = []
    assert (anchoring.mail_head(AT), mailoutbox) == (False, [])


def test_who_took_no_step_for_twelve_months_is_a_pseudonym_only():
    gone, here = person(Role.GF), person()
    note(gone, AT - audit.NAMES_SHOWN - DAY)
    note(here, AT - audit.NAMES_SHOWN - DAY)
    note(here, AT)
    assert (anchoring.forget_names(AT), anchoring.forget_names(AT)) == (1, 0)
    assert list(AuditActor.objects.exclude(name="").values_list("user", flat=True)) == [here.pk]
    again = type(gone).objects.get(pk=gone.pk)
    note(again, AT + DAY)  # whoever comes back is a new pseudonym
    assert AuditActor.objects.filter(user=gone.pk).count() == 1
    assert list(audit.broken_entries()) == []
