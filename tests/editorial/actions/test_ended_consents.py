"""Whose consent ended stays without consent when an older backup comes back."""

import datetime as dt
import stat

import pytest

from editorial.actions import consents, ended_consents
from editorial.enums import ConsentState as C
from editorial.enums import DeliveryState, WithdrawalWay
from editorial.models import Consent
from tests.editorial.actions.test_races import due
from tests.factories import ConsentFactory, person

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def made(**fields):
    return ConsentFactory(created_at=NOW - dt.timedelta(days=30), **fields)


def as_in_the_backup(**fields):
    """The row as it was before it ended."""
    Consent.objects.update(withdrawn_at=None, ended_at=None, withdrawn_way="", **{"state": C.EFFECTIVE} | fields)


def revoke(consent, cells=(), capture=None):
    with capture(execute=True):
        consents.revoke(consent, WithdrawalWay.PHONE, cells, by=person(), at=NOW)


def test_what_was_withdrawn_since_the_backup_is_withdrawn_again(django_capture_on_commit_callbacks):
    consent = made()
    revoke(consent, capture=django_capture_on_commit_callbacks)
    as_in_the_backup()
    assert ended_consents.take_up_again(ended_consents.in_file(), NOW) == 1
    again = Consent.objects.get()
    assert (again.state, again.withdrawn_at) == (C.REVOKED, NOW)
    assert ended_consents.take_up_again(ended_consents.in_file(), NOW) == 0


def test_what_the_backup_had_planned_on_it_is_blocked(django_capture_on_commit_callbacks):
    consent = made()
    delivery = due(consents=[consent])
    [line] = [{**ended_consents.line_of(consent), "state": "revoked"}]
    ended_consents.take_up_again([line], NOW)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BLOCKED


def test_a_part_that_was_taken_back_is_taken_back_again(django_capture_on_commit_callbacks):
    consent = made()
    gone, *left = consent.scope
    revoke(consent, [gone], capture=django_capture_on_commit_callbacks)
    as_in_the_backup(scope=[gone, *left])
    assert ended_consents.take_up_again(ended_consents.in_file(), NOW) == 1
    again = Consent.objects.get()
    assert (again.state, again.scope) == (C.RESTRICTED, left)


@pytest.mark.parametrize("state", [C.EFFECTIVE, C.REVOKED, C.PREPARED, C.EXPIRED])
def test_who_was_erased_is_erased_again_whatever_the_backup_says(state):
    consent = made(sealed=b"x", wrapped_key=b"y", key_id="z", state=state)
    line = {**ended_consents.line_of(consent), "state": "erased"}
    assert ended_consents.take_up_again([line], NOW) == 1
    again = Consent.objects.get()
    assert (again.state, bytes(again.sealed), bytes(again.wrapped_key)) == (C.ERASED, b"", b"")


def test_another_person_with_the_same_number_is_left_alone():
    line = {**ended_consents.line_of(made()), "made_at": "2020-01-01T00:00:00+00:00", "state": "revoked"}
    assert ended_consents.take_up_again([line], NOW) == 0


def test_the_list_holds_no_name_is_its_owners_alone_and_fills_its_gaps(django_capture_on_commit_callbacks):
    consent = made()
    revoke(consent, capture=django_capture_on_commit_callbacks)
    assert oct(stat.S_IMODE(ended_consents.path().stat().st_mode)) == "0o600"
    assert set(ended_consents.in_file()[0]) == {"pseudonym", "made_at", "state", "scope", "ended_at"}
    assert ended_consents.complete() == 0
    ended_consents.path().unlink()
    assert (ended_consents.complete(), len(ended_consents.in_file())) == (1, 1)


def test_a_line_that_was_cut_off_is_passed_over():
    ended_consents.path().write_text('{"pseudonym": "VG-1"}\n{"pseu', encoding="utf-8")
    assert ended_consents.in_file() == []


def test_a_full_disk_does_not_keep_anybody_from_withdrawing(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.VAR_DIR = tmp_path / "gibt-es-nicht"
    consent = made()
    revoke(consent, capture=django_capture_on_commit_callbacks)
    assert Consent.objects.get().state == C.REVOKED
