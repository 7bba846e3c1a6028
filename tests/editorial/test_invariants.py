"""Each promise, broken on purpose: the question must notice."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from editorial import invariants
from editorial.actions import approval, publishing
from editorial.channels.dry_run import DryRun
from editorial.enums import AttemptOutcome, DeliveryState, Evidence, Role
from editorial.models import Alarm, Approval, Attempt, AuditEntry, Channel, Delivery, Post, Resend, SendPause, Spending
from tests.factories import ConsentFactory, DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def sent(**fields):
    """A Beitrag that went the whole way."""
    post = approval.submit(PostFactory(slot=SLOT, slot_wall="2026-11-25T09:00", **fields), by=person(), at=SLOT - HOUR)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - HOUR)
    publishing.tick(DryRun(clock=lambda: SLOT), at=SLOT)
    return Delivery.objects.get(post=post)


def names(at=SLOT):
    return {found.name for found, rows in invariants.broken(at)}


def test_what_went_the_right_way_breaks_nothing():
    assert sent().state == DeliveryState.PUBLISHED
    assert names() == set()


def test_twice_published():
    delivery = sent()
    with connection.cursor() as cursor:  # the database itself forbids it
        cursor.execute("DROP INDEX one_live_delivery")
    twin = DeliveryFactory(post=delivery.post, channel=delivery.channel, state="published", external_id="7", slot=SLOT)
    assert twin.post_id == delivery.post_id
    assert "I1" in names()


def test_two_open_attempts():
    delivery = sent()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_unresolved_attempt")
    Attempt.objects.update(outcome=AttemptOutcome.UNKNOWN)
    Attempt.objects.create(delivery=delivery, number=2, started_at=SLOT, deadline_at=SLOT)
    assert "I2" in names()


def test_published_without_an_attempt():
    sent()
    Spending.objects.all().delete()
    Attempt.objects.all().delete()
    assert names() == {"I3"}
    Delivery.objects.update(evidence=Evidence.PERSON)
    assert names() == set()


@pytest.mark.parametrize(
    "outcome",
    [AttemptOutcome.UNKNOWN, AttemptOutcome.ABSENT, AttemptOutcome.PUBLISHED, AttemptOutcome.REFUSED],
)
def test_sent_again_without_proof(outcome):
    delivery = sent()
    Attempt.objects.update(outcome=outcome)
    Attempt.objects.create(delivery=delivery, number=2, started_at=SLOT, deadline_at=SLOT, outcome="published")
    assert "I4" in names()
    if outcome in (AttemptOutcome.ABSENT, AttemptOutcome.REFUSED):
        asked, agreed = person(), person(Role.GF)
        Resend.objects.create(
            delivery=delivery, reason="-", asked_by=asked, asked_at=SLOT, confirmed_by=agreed, confirmed_at=SLOT
        )
        assert "I4" not in names()


def test_sent_in_a_pause():
    sent()
    pause = SendPause.objects.create(started_at=SLOT - MINUTE, reason="Probe")
    assert names() == {"I5 Sendepause"}
    SendPause.objects.filter(pk=pause.pk).update(ended_at=SLOT - dt.timedelta(seconds=30))
    assert names() == set()


def test_sent_while_the_channel_was_locked_or_let_nobody_in():
    delivery = sent()
    lock = Alarm.objects.create(kind="channel_locked", key="x", words="-", opened_at=SLOT - MINUTE)
    assert names() == {"I5 Kanal"}
    Alarm.objects.filter(pk=lock.pk).update(closed_at=SLOT - dt.timedelta(seconds=30))
    assert names() == set()
    Channel.objects.update(paused_until=SLOT + HOUR)
    assert names() == set()  # it rests since this attempt or a later one
    Attempt.objects.update(number=2)
    Attempt.objects.create(
        delivery=delivery,
        number=1,
        started_at=SLOT - MINUTE,
        finished_at=SLOT - MINUTE,
        deadline_at=SLOT,
        outcome=AttemptOutcome.BUSY,
    )
    assert "I5 Kanal" in names()
    Channel.objects.update(paused_until=SLOT - dt.timedelta(seconds=30))
    assert "I5 Kanal" not in names()


def test_sent_though_the_approval_had_ended_or_was_of_something_else():
    sent()
    Approval.objects.update(voided_at=SLOT - MINUTE)
    assert names() == {"I5 Freigabe"}
    Approval.objects.update(voided_at=None, digest="0" * 64)
    assert names() == {"I5 Freigabe"}


def test_sent_though_the_consent_was_withdrawn():
    delivery = sent()
    consent = ConsentFactory()
    delivery.post.consents.add(consent)
    assert names() == set()
    type(consent).objects.filter(pk=consent.pk).update(withdrawn_at=SLOT - MINUTE)
    assert names() == {"I5 Einwilligung"}


def test_sent_after_the_grace():
    sent()
    Attempt.objects.update(started_at=SLOT + HOUR + MINUTE)
    assert names() == {"I5 Nachfrist", "I8 Versuch"}


def test_published_without_evidence():
    sent()
    Delivery.objects.update(evidence="")
    assert names() == {"I6"}


@pytest.mark.parametrize("state", ["scheduled", "sending"])
def test_left_behind_in_silence(state):
    DeliveryFactory(slot=SLOT, state=state)
    assert names(SLOT + HOUR + 15 * MINUTE) == set()
    assert names(SLOT + HOUR + 16 * MINUTE) == {"I7"}


def test_a_case_nobody_was_told_of():
    delivery = DeliveryFactory(slot=SLOT, state="needs_decision")
    assert names(SLOT + 2 * HOUR) == {"I7"}
    Delivery.objects.update(told_version=delivery.version)
    assert names(SLOT + 2 * HOUR) == set()


def test_a_change_that_is_not_in_the_record():
    delivery = sent()
    Delivery.objects.update(version=delivery.version + 1)
    assert names() == {"I8"}
    Delivery.objects.update(version=delivery.version, state=DeliveryState.CANCELLED)
    assert names() == {"I8"}


def test_a_beitrag_whose_state_is_not_in_the_record():
    sent()
    Post.objects.update(state="withdrawn")
    assert names() == {"I8 Beitrag"}


def test_a_beitrag_that_has_changed_and_stands_nowhere_in_the_record():
    PostFactory()
    assert names() == set()
    Post.objects.update(version=1)
    assert names() == {"I8 Beitrag"}


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": AttemptOutcome.ABSENT},
        {"outcome": AttemptOutcome.REFUSED},
        {"outcome": AttemptOutcome.STARTED},
        {"started_at": SLOT - MINUTE},
        {"finished_at": SLOT + MINUTE},
        {"finished_at": None},
    ],
)
def test_an_attempt_that_was_changed_afterwards(change):
    sent()
    Attempt.objects.update(**change)
    assert names() == {"I8 Versuch"}


def test_an_attempt_is_neither_changed_nor_deleted_through_the_model():
    sent()
    with pytest.raises(ValueError, match="never changed"):
        Attempt.objects.get().save()
    with pytest.raises(ValueError, match="never deleted"):
        Attempt.objects.get().delete()


def test_a_late_takedown_without_an_alarm():
    delivery = sent()
    approval.withdraw(Post.objects.get(), by=person(), at=SLOT + MINUTE)
    assert names(SLOT + 10 * MINUTE) == set()
    assert names(SLOT + 20 * MINUTE) == {"I9"}
    Alarm.objects.create(kind="takedown_late", key=str(delivery.pk), words="-", opened_at=SLOT)
    assert names(SLOT + 20 * MINUTE) == set()


def test_a_slot_that_is_not_what_was_typed():
    sent()
    Post.objects.update(slot_wall="2026-11-25T08:00")
    assert names() == {"I10"}


def test_the_command_says_that_all_holds_and_names_what_does_not():
    out, err = StringIO(), StringIO()
    call_command("check_invariants", stdout=out)
    assert "alle gelten" in out.getvalue()
    delivery = sent()
    AuditEntry.objects.filter(step="claim").update(digest_sha256="")
    with pytest.raises(SystemExit) as stop:
        call_command("check_invariants", stderr=err)
    assert stop.value.code == 1
    assert f"Ausspielung {delivery.pk}, Versuch 1" in err.getvalue()
