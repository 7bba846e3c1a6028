"""What a director has read is kept once per content; the diff starts from there."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.actions import approval, drafting, looking
from editorial.enums import Role
from editorial.models import AuditEntry, Look
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def waiting(**fields):
    return approval.submit(PostFactory(**fields), by=person())


def looks():
    return list(Look.objects.order_by("seen_at").values_list("digest", flat=True))


def test_the_same_content_is_kept_once_with_one_entry_in_the_record():
    post, gf = waiting(), person(Role.GF)
    assert [looking.note(post, by=gf) for _ in range(3)] == [None, None, None]
    assert looks() == [post.digest()]
    entry = AuditEntry.objects.get(step="look")
    assert (entry.subject_id, entry.digest_sha256, entry.note) == (post.pk, post.digest(), "Fassung 1")


def test_what_was_seen_before_is_what_the_next_version_is_compared_with_however_often_it_is_opened():
    post, gf = waiting(text="Alt"), person(Role.GF)
    looking.note(post, by=gf)
    changed = drafting.save(post, {"text": "Neu"}, by=person())
    for _ in range(2):
        seen = looking.note(changed, by=gf)
        assert (seen.payload["text"], seen.version_number) == ("Alt", 1)


def test_changed_back_it_is_compared_with_what_stood_there_meanwhile():
    post, gf, now = waiting(text="Alt"), person(Role.GF), timezone.now()
    looking.note(post, by=gf, at=now)
    changed = drafting.save(post, {"text": "Neu"}, by=person())
    looking.note(changed, by=gf, at=now + HOUR)
    back = drafting.save(changed, {"text": "Alt"}, by=person())
    assert looking.note(back, by=gf, at=now + 2 * HOUR).payload["text"] == "Neu"
    assert looks() == [changed.digest(), back.digest()]


def test_everybody_has_seen_their_own_version():
    post, first, second = waiting(text="Alt"), person(Role.GF), person(Role.GF)
    looking.note(post, by=first)
    changed = drafting.save(post, {"text": "Neu"}, by=person())
    assert looking.note(changed, by=second) is None
    assert looking.note(changed, by=first).payload["text"] == "Alt"


def test_whoever_decides_has_seen_it():
    gf = person(Role.GF)
    sent_back = waiting(text="Zurück")
    approval.request_changes(sent_back, "Bitte kürzer.", by=gf, seen_digest=sent_back.digest())
    approved = waiting(text="Frei")
    approval.approve(approved, by=gf, seen_digest=approved.digest())
    assert {look.payload["text"] for look in Look.objects.filter(person=gf)} == {"Zurück", "Frei"}


def test_sending_back_another_version_than_the_one_read_does_not_count_as_having_read_it():
    post, gf = waiting(), person(Role.GF)
    seen = post.digest()
    changed = drafting.save(post, {"text": "Inzwischen anders."}, by=person())
    approval.request_changes(changed, "Bitte kürzer.", by=gf, seen_digest=seen)
    assert looks() == []
