import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from editorial import audit
from editorial.models import AuditEntry, AuditHead
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_entries():
    by = person()
    for n in (1, 2, 3):
        audit.record("create", subject_type="post", subject_id=n, at=timezone.now(), by=by, note="Grund")
    return list(AuditEntry.objects.all())


def test_an_untouched_chain_is_whole(three_entries):
    assert list(audit.broken_entries()) == []
    call_command("verify_audit")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01T00:00Z"),
        ("actor", None),
        ("step", "approve"),
        ("subject_type", "delivery"),
        ("subject_id", 99),
        ("source", "draft"),
        ("target", "approved"),
        ("digest_sha256", "f" * 64),
        ("concept_stand", "1999-01"),
        ("note", "anders"),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_column_is_found(three_entries, column, value):
    AuditEntry.objects.filter(position=2).update(**{column: value})
    assert next(audit.broken_entries()) == "Eintrag 2 wurde verändert."


def test_a_missing_entry_is_found(three_entries):
    AuditEntry.objects.filter(position=2)._raw_delete("default")
    assert next(audit.broken_entries()) == "Eintrag 2 fehlt."


def test_a_cut_tail_is_found(three_entries, capsys):
    AuditEntry.objects.filter(position=3)._raw_delete("default")
    assert list(audit.broken_entries()) == ["Das Ende der Kette fehlt: erwartet war Eintrag 3."]
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit")
    assert stopped.value.code == 1


def test_an_entry_is_neither_changed_nor_deleted_through_the_model(three_entries):
    with pytest.raises(ValueError, match="never changed"):
        three_entries[0].save()
    with pytest.raises(ValueError, match="never deleted"):
        three_entries[0].delete()


def test_the_chain_holds_no_name(three_entries):
    row = AuditEntry.objects.values().first()
    assert "Probe" not in str(row)


def test_the_end_of_the_chain_moves_with_each_entry(three_entries):
    head = AuditHead.objects.get()
    assert (head.position, head.hash) == (3, three_entries[-1].hash)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_entry_outside_a_transaction_is_refused():
    assert not transaction.get_connection().in_atomic_block
    with pytest.raises(RuntimeError):
        audit.record("create", subject_type="post", subject_id=1, at=timezone.now())


def test_a_person_is_looked_up_once(django_assert_num_queries):
    by = person()
    first = audit.pseudonym_of(by)
    with django_assert_num_queries(0):
        assert audit.pseudonym_of(by) == first


def test_a_very_long_name_is_kept_as_far_as_it_fits():
    by = person(first_name="V" * 150, last_name="N" * 150)
    audit.record("create", subject_type="post", subject_id=1, at=timezone.now(), by=by)
    assert by.audit_actor.name == f"{'V' * 150} {'N' * 49}"
