import datetime as dt
import threading

import pytest
from celery.signals import worker_shutting_down
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

import jobcenter_social.signs  # noqa: F401 - connects the workers' signals, as a worker does
from editorial import workflow
from editorial.actions import approval, pausing, publishing
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import (
    ChannelBusy,
    ChannelLocked,
    ChannelRefused,
    ChannelSilent,
    ChannelUnreached,
    Message,
)
from editorial.enums import AttemptOutcome, DeliveryState, Evidence, PostKind, PostState
from editorial.models import Attempt, AuditEntry, Channel, Delivery, MirrorItem, SendPause
from tests.factories import ConsentFactory, DeliveryFactory, MediumFactory, person

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)


def due(**fields):
    delivery = DeliveryFactory(slot=SLOT, **fields)
    post = delivery.post
    post.message_text = post.text
    post.save()
    type(delivery.approval).objects.filter(pk=delivery.approval_id).update(digest=post.digest())
    return delivery


def channel_at(moment):
    return DryRun(clock=lambda: moment)


def state(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


def test_what_is_due_goes_out_once_and_everyone_can_read_it():
    delivery, channel = due(), channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    publishing.tick(channel, at=SLOT + MINUTE)
    sent = Delivery.objects.get()
    assert [message.text for message in channel.sent] == [delivery.post.text]
    assert (sent.state, sent.published_at) == (DeliveryState.PUBLISHED, SLOT)
    assert sent.external_url.endswith(sent.external_id)
    assert MirrorItem.objects.visible().get().text == delivery.post.text


def test_a_worker_told_to_end_finishes_what_it_has_in_hand_and_takes_up_nothing_more(monkeypatch):
    first, second = due(), due()
    monkeypatch.setattr(publishing, "_stopping", threading.Event())

    class Ended(DryRun):
        def send(self, message: Message):
            if not self.sent:
                worker_shutting_down.send(sender=None)
            return super().send(message)

    channel = Ended(clock=lambda: SLOT)
    publishing.tick(channel, at=SLOT)
    assert {state(first), state(second)} == {DeliveryState.PUBLISHED, DeliveryState.SCHEDULED}
    publishing._stopping.clear()  # the next worker
    publishing.tick(channel, at=SLOT)
    assert {state(first), state(second)} == {DeliveryState.PUBLISHED}


def test_nothing_goes_out_before_its_slot():
    due()
    channel = channel_at(SLOT)
    publishing.tick(channel, at=SLOT - dt.timedelta(seconds=1))
    assert channel.sent == []
    assert MirrorItem.objects.count() == 0


def test_the_mirror_shows_it_whatever_the_state_of_the_channel():
    due()
    Channel.objects.update(locked_reason="no_credits")
    publishing.tick(channel_at(SLOT), at=SLOT)
    assert MirrorItem.objects.visible().get().shown_from == SLOT
    assert Attempt.objects.count() == 0


def test_the_attempt_is_stored_before_the_call():
    due()
    seen = []

    class Watching(DryRun):
        def send(self, message):
            seen.extend(Attempt.objects.values_list("outcome", "delivery__state"))
            return super().send(message)

    publishing.tick(Watching(clock=lambda: SLOT), at=SLOT)
    assert seen == [(AttemptOutcome.STARTED, DeliveryState.SENDING)]


def test_each_delivery_keeps_what_every_rule_said():
    due()
    publishing.tick(channel_at(SLOT), at=SLOT)
    results = Delivery.objects.get().rule_results
    assert set(results) == {rule.__name__ for rule in workflow.DELIVERY_STEPS["claim"].guards}
    assert results["text_fits"] == []


@pytest.mark.parametrize(
    ("error", "outcome", "expected"),
    [
        (ChannelUnreached(), AttemptOutcome.NOT_SENT, DeliveryState.SCHEDULED),
        (ChannelBusy(SLOT + 15 * MINUTE), AttemptOutcome.BUSY, DeliveryState.SCHEDULED),
        (ChannelLocked("no_credits", http_status=402), AttemptOutcome.LOCKED, DeliveryState.SCHEDULED),
        (ChannelRefused("forbidden", http_status=403), AttemptOutcome.REFUSED, DeliveryState.NEEDS_DECISION),
        (ChannelSilent("no_answer"), AttemptOutcome.UNKNOWN, DeliveryState.UNKNOWN),
        (ChannelSilent("duplicate", http_status=403), AttemptOutcome.UNKNOWN, DeliveryState.UNKNOWN),
    ],
)
def test_every_outcome_of_a_call_has_its_state(error, outcome, expected):
    delivery, channel = due(), channel_at(SLOT)
    channel.fail_next(error)
    publishing.tick(channel, at=SLOT)
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.code, state(delivery)) == (outcome, error.code, expected)


def test_an_unexpected_error_counts_as_unclear():
    class Broken(DryRun):
        def send(self, message):
            raise ZeroDivisionError

    delivery = due()
    publishing.tick(Broken(), at=SLOT)
    assert state(delivery) == DeliveryState.UNKNOWN


def test_an_unclear_outcome_is_never_sent_again():
    delivery, channel = due(), channel_at(SLOT)
    channel.fail_next(ChannelSilent(), after_going_out=True)
    for minute in range(0, 90, 5):
        publishing.tick(channel, at=SLOT + minute * MINUTE)
    assert len(channel.sent) == 1
    assert state(delivery) == DeliveryState.UNKNOWN


def test_what_provably_did_not_go_out_is_tried_again_after_a_pause():
    delivery, channel = due(), channel_at(SLOT)
    channel.fail_next(ChannelUnreached())
    publishing.tick(channel, at=SLOT)
    publishing.tick(channel, at=SLOT + dt.timedelta(seconds=29))
    assert channel.sent == []
    publishing.tick(channel, at=SLOT + dt.timedelta(seconds=31))
    assert state(delivery) == DeliveryState.PUBLISHED


def test_a_busy_channel_rests_until_its_own_reset():
    delivery, channel = due(), channel_at(SLOT)
    channel.fail_next(ChannelBusy(SLOT + 15 * MINUTE))
    publishing.tick(channel, at=SLOT)
    publishing.tick(channel, at=SLOT + 14 * MINUTE)
    assert Attempt.objects.count() == 1
    publishing.tick(channel, at=SLOT + 16 * MINUTE)
    assert state(delivery) == DeliveryState.PUBLISHED


def test_a_locked_channel_is_asked_once_and_waits_for_a_person():
    delivery, channel = due(), channel_at(SLOT)
    channel.fail_next(ChannelLocked("expired_token", http_status=401))
    for minute in range(5):
        publishing.tick(channel, at=SLOT + minute * MINUTE)
    assert Attempt.objects.count() == 1
    pausing.unlock(Channel.objects.get(), by=person(), at=SLOT + 5 * MINUTE)
    publishing.tick(channel, at=SLOT + 6 * MINUTE)
    assert state(delivery) == DeliveryState.PUBLISHED


def test_a_refused_post_that_is_online_all_the_same_counts_as_published():
    delivery, channel = due(), channel_at(SLOT)
    channel.fail_next(ChannelRefused("invalid_request", http_status=400), after_going_out=True)
    publishing.tick(channel, at=SLOT)
    assert state(delivery) == DeliveryState.PUBLISHED


def test_later_than_grace_is_missed_not_sent():
    delivery, channel = due(), channel_at(SLOT)
    publishing.tick(channel, at=SLOT + 61 * MINUTE)
    assert (state(delivery), channel.sent) == (DeliveryState.MISSED, [])


def test_a_consent_withdrawn_after_the_approval_blocks_the_sending():
    consent = ConsentFactory()
    delivery, channel = due(approval__post__consents=[consent]), channel_at(SLOT)
    type(consent).objects.update(withdrawn_at=SLOT)
    publishing.tick(channel, at=SLOT)
    assert (state(delivery), channel.sent) == (DeliveryState.BLOCKED, [])
    assert AuditEntry.objects.get(step="block").note == "consent.not_valid"
    assert Delivery.objects.get().rule_results["everyone_shown_has_consented"] == ["consent.not_valid"]
    assert MirrorItem.objects.count() == 0


def test_a_text_changed_behind_the_workflow_blocks_the_sending():
    delivery, channel = due(), channel_at(SLOT)
    type(delivery.post).objects.update(text="Nie freigegeben.", message_text="Nie freigegeben.")
    publishing.tick(channel, at=SLOT)
    assert (state(delivery), channel.sent) == (DeliveryState.BLOCKED, [])


def test_a_consent_withdrawn_between_claim_and_call_stops_the_call():
    consent = ConsentFactory()
    delivery = due(approval__post__consents=[consent])
    delivery, attempt = publishing.claim(delivery, at=SLOT)
    type(consent).objects.update(withdrawn_at=SLOT)
    assert not publishing._still_allowed(delivery, attempt, at=SLOT)


def test_a_sender_that_slept_past_its_deadline_gives_up():
    delivery, attempt = publishing.claim(due(), at=SLOT)
    assert publishing._still_allowed(delivery, attempt, at=SLOT + dt.timedelta(seconds=10))
    assert not publishing._still_allowed(delivery, attempt, at=SLOT + dt.timedelta(seconds=11))


def test_a_dead_sender_leaves_an_unknown_outcome_after_the_quarantine():
    delivery, _ = publishing.claim(due(), at=SLOT)
    channel = channel_at(SLOT)
    publishing.tick(channel, at=SLOT + dt.timedelta(seconds=179))
    assert state(delivery) == DeliveryState.SENDING
    publishing.tick(channel, at=SLOT + dt.timedelta(seconds=181))
    assert (state(delivery), Attempt.objects.get().outcome) == (DeliveryState.UNKNOWN, AttemptOutcome.UNKNOWN)
    assert channel.sent == []


def test_pictures_go_with_their_alt_text_or_not_at_all():
    medium = MediumFactory()
    delivery, channel = due(approval__post__media=[medium]), channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    assert [picture.alt_text for picture in channel.sent[0].pictures] == [medium.alt_text]
    assert state(delivery) == DeliveryState.PUBLISHED


def test_a_picture_that_is_gone_from_the_disk_leaves_the_decision_to_a_person():
    medium = MediumFactory()
    delivery, channel = due(approval__post__media=[medium]), channel_at(SLOT)
    medium.file.storage.delete(medium.file.name)
    publishing.tick(channel, at=SLOT)
    assert (state(delivery), channel.sent) == (DeliveryState.NEEDS_DECISION, [])


def test_a_retweet_repeats_the_original_and_sends_no_text():
    address = "https://x.com/konto/status/1234567890"
    delivery = due(approval__post__kind=PostKind.RETWEET, approval__post__retweet_url=address)
    channel = channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    assert (channel.retweeted, channel.sent, state(delivery)) == ([address], [], DeliveryState.PUBLISHED)


def test_the_kill_switch_stops_channel_and_mirror_and_nothing_goes_out_by_itself_afterwards():
    delivery, channel = due(), channel_at(SLOT)
    pausing.switch_off("Falschmeldung im Umlauf", at=SLOT - MINUTE)
    publishing.tick(channel, at=SLOT)
    pausing.switch_on(at=SLOT + MINUTE)
    publishing.tick(channel, at=SLOT + 2 * MINUTE)
    assert (state(delivery), channel.sent, MirrorItem.objects.count()) == (DeliveryState.BLOCKED, [], 0)


def test_what_fell_into_a_pause_while_no_worker_ran_goes_to_a_person_too():
    delivery, channel = due(), channel_at(SLOT)
    pausing.switch_off("Probe", at=SLOT - MINUTE)
    pausing.switch_on(at=SLOT + MINUTE)
    publishing.tick(channel, at=SLOT + 2 * MINUTE)
    assert (state(delivery), channel.sent) == (DeliveryState.BLOCKED, [])


def test_a_pause_with_an_end_ends_by_itself():
    delivery, channel = due(), channel_at(SLOT)
    pausing.switch_off("Wartung", until=SLOT - 2 * MINUTE * 60, at=SLOT - 3 * MINUTE * 60)
    publishing.tick(channel, at=SLOT)
    assert state(delivery) == DeliveryState.PUBLISHED


def test_the_kill_switch_from_the_command_line(capsys):
    call_command("publishing", "off", "--reason", "Probe")
    call_command("publishing", "status")
    call_command("publishing", "on")
    call_command("publishing", "status")
    said = capsys.readouterr().out
    assert "Sendepause seit" in said
    assert said.rstrip().endswith("Das Senden ist eingeschaltet.")
    assert SendPause.objects.get().ended_at is not None
    assert list(AuditEntry.objects.values_list("step", flat=True)) == ["publishing_off", "publishing_on"]


def test_withdrawing_a_published_beitrag_deletes_it_on_the_channel():
    delivery, channel = due(), channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    approval.withdraw(delivery.post, by=person(), at=SLOT + MINUTE)
    publishing.tick(channel, at=SLOT + 2 * MINUTE)
    assert channel.deleted == [Delivery.objects.get().external_id]
    assert (state(delivery), MirrorItem.objects.visible().count()) == (DeliveryState.DELETED, 0)


def test_a_failed_deletion_is_repeated():
    delivery = due(published=True)
    type(delivery).objects.update(state=DeliveryState.TAKEDOWN_DUE, evidence=Evidence.PERSON)
    channel = channel_at(SLOT)
    channel.fail_next(ChannelSilent())
    publishing.tick(channel, at=SLOT)
    assert state(delivery) == DeliveryState.TAKEDOWN_DUE
    publishing.tick(channel, at=SLOT + MINUTE)
    assert state(delivery) == DeliveryState.DELETED


def test_a_beitrag_withdrawn_while_it_was_being_sent_is_taken_down_after_the_outcome():
    delivery = due()

    class Slow(DryRun):
        def send(self, message: Message):
            approval.withdraw(delivery.post, by=person(), at=SLOT)
            return super().send(message)

    channel = Slow(clock=lambda: SLOT)
    publishing.tick(channel, at=SLOT)
    publishing.tick(channel, at=SLOT + MINUTE)
    assert (state(delivery), len(channel.deleted)) == (DeliveryState.DELETED, 1)
    assert delivery.post.__class__.objects.get().state == PostState.WITHDRAWN


def test_demonstration_posts_are_never_sent_to_a_service_from_outside(settings):
    delivery, channel = due(is_demo=True), channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    assert channel.sent == []
    settings.X_SIMULATOR_IS_OURS = True
    publishing.tick(channel, at=SLOT)
    assert state(delivery) == DeliveryState.PUBLISHED


def test_without_keys_the_mirror_still_works_and_nothing_is_sent(capsys):
    delivery = due()
    assert publishing.tick(None, at=SLOT).shown == 1
    assert state(delivery) == DeliveryState.SCHEDULED
    call_command("publish_due")
    assert "Website:" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_send_once():
    delivery = DeliveryFactory(slot=timezone.now() - MINUTE, post__message_text="Guten Tag.")
    delivery.approval.__class__.objects.update(digest=delivery.post.digest())
    channel, start = DryRun(), threading.Barrier(2)

    def work():
        start.wait()
        publishing.send(delivery.pk, channel)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(channel.sent) == 1
    assert state(delivery) == DeliveryState.PUBLISHED
