from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from editorial import audit
from editorial.models import AuditEntry, AuditHead, Channel
from editorial.prepared import Change, Given
from tests.factories import person

pytestmark = pytest.mark.django_db
guard = import_module("editorial.migrations.0026_audit_guard")


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


def forged(entry, **fields):
    """An entry that is sound in itself."""
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.hash = audit.hash_of(entry)
    return entry


def test_two_entries_that_changed_places_are_found(three_entries):
    second, third = three_entries[1:]
    AuditEntry.objects.filter(pk=second.pk).update(position=99)
    AuditEntry.objects.filter(pk=third.pk).update(position=2)
    AuditEntry.objects.filter(pk=second.pk).update(position=3)
    assert next(audit.broken_entries()) == "Eintrag 2 schließt nicht an seinen Vorgänger an."


def test_an_entry_pushed_in_between_is_found(three_entries):
    first, second, third = three_entries
    AuditEntry.objects.filter(pk=third.pk).update(position=4)
    AuditEntry.objects.filter(pk=second.pk).update(position=3)
    put_in = AuditEntry(at=first.at, step="approve", subject_type="post", subject_id=1)
    forged(put_in, position=2, previous_hash=first.hash).save()
    assert next(audit.broken_entries()) == "Eintrag 3 schließt nicht an seinen Vorgänger an."


def test_an_entry_put_behind_the_end_is_found(three_entries):
    last = three_entries[-1]
    put_in = AuditEntry(at=last.at, step="approve", subject_type="post", subject_id=1)
    forged(put_in, position=4, previous_hash=last.hash).save()
    assert list(audit.broken_entries()) == ["Das Ende der Kette fehlt: erwartet war Eintrag 3."]


def test_a_chain_written_anew_from_one_entry_on_has_another_end_than_was_mailed(three_entries):
    mailed = AuditHead.objects.get().hash
    before = three_entries[0]
    for entry in three_entries[1:]:
        forged(entry, note="anders", previous_hash=before.hash)
        AuditEntry.objects.filter(pk=entry.pk).update(
            note=entry.note, previous_hash=entry.previous_hash, hash=entry.hash
        )
        before = entry
    AuditHead.objects.update(hash=before.hash)
    assert list(audit.broken_entries()) == []  # whoever owns the database can do this; the mail still knows
    assert AuditHead.objects.get().hash != mailed


@pytest.fixture
def guarded():
    """The triggers as the program has them; other tests do without."""
    guard.run(connection, guard.OFF[connection.vendor])
    guard.run(connection, guard.ON_POSTGRESQL if connection.vendor == "postgresql" else guard.ON_SQLITE)
    yield
    guard.run(connection, guard.OFF[connection.vendor])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE editorial_auditentry SET note = 'anders' WHERE position = 2",
        "DELETE FROM editorial_auditentry WHERE position = 2",
        "TRUNCATE editorial_auditentry CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_is_written(three_entries, guarded, sql):
    if sql.startswith("TRUNCATE") and connection.vendor != "postgresql":
        sql = "DELETE FROM editorial_auditentry"  # the only way to empty a table there
    with pytest.raises(DatabaseError, match="nie verändert oder gelöscht"), transaction.atomic():
        connection.cursor().execute(sql)
    assert list(audit.broken_entries()) == []
    with transaction.atomic():
        audit.record("create", subject_type="post", subject_id=4, at=timezone.now())
    assert AuditHead.objects.get().position == 4


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_fifty_writers_at_once_make_one_chain():
    def write(number):
        try:
            with transaction.atomic():
                audit.record("create", subject_type="post", subject_id=number, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as writers:
        list(writers.map(write, range(50)))
    assert list(audit.broken_entries()) == []
    assert sorted(AuditEntry.objects.values_list("subject_id", flat=True)) == list(range(50))


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


def a_channel_write(name, *, slug="x"):
    rename = Change(lambda: Channel.objects.filter(slug=Given.like(Channel, "slug")), ["name"])
    return rename.statement(slug=slug, name=name)


def an_entry():
    audit.record("probe", subject_type="channel", subject_id=1, at=timezone.now())


def write_all(*writes):
    """An entry with these writes, of which somebody waits for each."""
    with transaction.atomic(), audit.chained():
        for write in writes:
            audit.along(write, otherwise=LookupError())
        an_entry()


def test_a_write_that_finds_its_row_is_made_with_the_entries():
    slug, before = Channel.objects.get().slug, AuditEntry.objects.count()
    write_all(a_channel_write("Neu", slug=slug))
    assert (Channel.objects.get().name, AuditEntry.objects.count()) == ("Neu", before + 1)


def test_a_write_that_finds_nothing_takes_the_entries_back():
    before = AuditEntry.objects.count()
    with pytest.raises(LookupError):
        write_all(a_channel_write("Neu", slug="gibt-es-nicht"))
    assert AuditEntry.objects.count() == before


def test_only_one_write_of_a_chain_can_be_waited_for():
    with pytest.raises(RuntimeError):
        write_all(a_channel_write("Eins"), a_channel_write("Zwei"))
