import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from editorial import audit
from editorial.actions import texts
from editorial.models import AuditEntry, Channel, PublicPage
from tests.factories import person

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def page():
    return PublicPage.objects.get(slug="netiquette")


def save(page, body, **changes):
    wanted = {"is_draft": True, "seen_number": page.current.number, "by": person(), "at": AT, **changes}
    return texts.save_text(page, body, **wanted)


def channel_content(channel, **changes):
    return {name: getattr(channel, name) for name in texts.CHANNEL_FIELDS} | changes


def test_saving_keeps_a_new_version_and_the_old_one(page):
    before = page.current
    by = person()
    saved = save(page, "Neu.\r\n", by=by)
    assert (saved.number, saved.body, saved.saved_at, saved.saved_by) == (before.number + 1, "Neu.\n", AT, by)
    assert page.versions.get(number=before.number).body == before.body


def test_saving_leaves_an_entry_in_the_record(page):
    by = person()
    saved = save(page, "Neu.", by=by, is_draft=False)
    entry = AuditEntry.objects.latest("position")
    assert (entry.step, entry.subject_type, entry.subject_id) == ("save_text", "page", page.pk)
    assert (str(entry.actor), entry.at, entry.note) == (audit.pseudonym_of(by), AT, f"netiquette {saved.number} ready")
    assert entry.digest_sha256 == hashlib.sha256(b"Neu.").hexdigest()
    assert list(audit.broken_entries()) == []


def test_what_changes_nothing_is_no_new_version(page):
    before = page.current
    assert save(page, before.body + "\n\n").number == before.number
    assert AuditEntry.objects.count() == 0


def test_a_text_with_gaps_cannot_be_called_finished(page):
    with pytest.raises(texts.HasGaps):
        save(page, "Telefon: [[Bitte ergänzen: Nummer]]", is_draft=False)
    assert save(page, "Telefon: 0421 1", is_draft=False).is_draft is False


def test_nobody_overwrites_what_somebody_else_just_saved(page):
    seen = page.current.number
    first = save(page, "Von der einen.", seen_number=seen)
    with pytest.raises(texts.Overtaken) as refused:
        save(page, "Von der anderen.", seen_number=seen)
    assert refused.value.current == first
    assert page.current == first


def test_an_old_version_comes_back_as_a_new_draft(page):
    original = page.current
    save(page, "Neu.", is_draft=False)
    restored = texts.restore_text(page, original.number, by=person(), at=AT)
    assert (restored.number, restored.body, restored.is_draft) == (original.number + 2, original.body, True)
    assert AuditEntry.objects.latest("position").step == "restore_text"


def test_the_newest_version_of_each_text_comes_in_one_query(page, django_assert_num_queries):
    saved = save(page, "Neu.")
    with django_assert_num_queries(1):
        found = {version.page.slug: (version, version.saved_by) for version in texts.current_versions()}
    assert len(found) == PublicPage.objects.count()
    assert found["netiquette"] == (saved, saved.saved_by)


def test_changed_channel_data_is_stored_and_recorded_by_field_name():
    channel, by = Channel.objects.get(), person()
    changed = texts.change_channel(
        channel, channel_content(channel, handle="neu", unit="Stab"), started_on=None, by=by, at=AT
    )
    channel.refresh_from_db()
    assert (changed, channel.handle, channel.unit) == (["handle", "unit"], "neu", "Stab")
    entry = AuditEntry.objects.get()
    assert (entry.step, entry.subject_id, entry.note) == ("change_channel", channel.pk, "handle, unit")


def test_unchanged_channel_data_leaves_no_trace():
    channel = Channel.objects.get()
    assert texts.change_channel(channel, channel_content(channel), started_on=None, by=person(), at=AT) == []
    assert AuditEntry.objects.count() == 0


def test_the_start_of_a_channel_is_entered_once_and_then_locked():
    """K-65."""
    channel, day = Channel.objects.get(), dt.date(2021, 11, 2)
    texts.change_channel(channel, channel_content(channel), started_on=day, by=person(), at=AT)
    assert AuditEntry.objects.get().note == "started_on 2021-11-02"
    with pytest.raises(texts.StartIsLocked):
        texts.change_channel(
            channel, channel_content(channel, unit="Stab"), started_on=dt.date(2022, 1, 1), by=person(), at=AT
        )
    channel.refresh_from_db()
    assert (channel.started_on, channel.unit) == (day, "PRÖ")


def test_without_a_given_moment_the_database_tells_the_time(page):
    saved = texts.save_text(page, "Neu.", is_draft=True, seen_number=page.current.number, by=person())
    assert timezone.now() - saved.saved_at < dt.timedelta(seconds=10)
