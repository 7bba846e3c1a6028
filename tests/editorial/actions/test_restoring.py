"""After a start from a backup: what the channel shows is what happened, whatever the old database thinks."""

import datetime as dt

import pytest

from editorial import invariants
from editorial.actions import pausing, publishing, restoring
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelSilent, Message
from editorial.enums import AttemptOutcome, DeliveryState, Evidence, PostState, Role
from editorial.models import Attempt, AuditEntry, Delivery, MirrorItem, Post, Restore
from tests.editorial.open_cases import recorded
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db
D = DeliveryState
AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
BACKUP_AT = AT - 6 * HOUR
PAGE = "https://www.jobcenter-bremen.de/probe"


class Clock:
    now = AT - 5 * HOUR

    def __call__(self):
        return self.now


@pytest.fixture
def channel(settings):
    settings.X_SIMULATOR_IS_OURS = False
    return DryRun(Clock())


@pytest.fixture
def restored():
    pausing.switch_off("Wiederherstellung", at=AT)
    return Restore.objects.create(restored_at=AT, backup_at=BACKUP_AT)


def planned(slot=AT - 5 * HOUR, token="abc234", **fields):
    delivery = DeliveryFactory(slot=slot, **fields)
    post = delivery.post
    Post.objects.filter(pk=post.pk).update(link_token=token, message_text=f"{post.text} {PAGE}?t={token}")
    return Delivery.objects.select_related("post").get(pk=delivery.pk)


def gone_out(channel, delivery, text=None):
    return channel.send(Message(text or delivery.post.message_text)).external_id


def state_of(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


def kinds():
    return [finding["kind"] for finding in Restore.objects.get().findings]


@pytest.mark.parametrize("state", [D.SCHEDULED, D.MISSED, D.BLOCKED])
def test_what_stands_on_the_channel_is_published_whatever_the_backup_says(channel, restored, state):
    delivery = planned(state=state)
    external_id = gone_out(channel, delivery)
    restoring.reconcile_since_backup(channel, AT)
    found = Delivery.objects.get(pk=delivery.pk)
    assert (found.state, found.external_id, found.evidence) == (D.PUBLISHED, external_id, Evidence.TIMELINE)
    assert found.published_at == channel.clock()
    assert kinds() == ["published"]


@pytest.mark.parametrize("state", [D.SENDING, D.UNKNOWN])
def test_a_send_that_the_backup_caught_half_way_is_closed(channel, restored, state):
    delivery = planned(state=state)
    open_end = AttemptOutcome.STARTED if state == D.SENDING else AttemptOutcome.UNKNOWN
    began = BACKUP_AT - dt.timedelta(seconds=5)
    done = {} if state == D.SENDING else {"finished_at": began}
    recorded(
        Attempt.objects.create(
            delivery=delivery, number=1, started_at=began, deadline_at=began, outcome=open_end, **done
        )
    )
    channel.clock.now = BACKUP_AT - dt.timedelta(seconds=2)
    gone_out(channel, delivery)
    restoring.reconcile_since_backup(channel, AT)
    assert state_of(delivery) == D.PUBLISHED
    assert Attempt.objects.get().outcome == AttemptOutcome.PUBLISHED


def test_without_a_link_the_text_tells(channel, restored):
    delivery = planned(token="")
    Post.objects.update(message_text="Heute ist Tag der offenen Tür.")
    gone_out(channel, delivery, "Heute ist  Tag der offenen Tür.")
    restoring.reconcile_since_backup(channel, AT)
    assert state_of(delivery) == D.PUBLISHED


def test_a_retweet_is_known_by_its_original(channel, restored):
    original = "https://x.com/i/status/1900000000000000001"
    delivery = DeliveryFactory(slot=AT - 5 * HOUR)
    Post.objects.update(kind="retweet", retweet_url=original)
    channel.retweet(original)
    restoring.reconcile_since_backup(channel, AT)
    assert state_of(delivery) == D.PUBLISHED


def test_what_is_public_on_the_channel_is_readable_on_the_website(channel, restored):
    delivery = planned()
    gone_out(channel, delivery)
    restoring.reconcile_since_backup(channel, AT)
    assert MirrorItem.objects.get().post_id == delivery.post_id


def test_what_was_withdrawn_in_the_backup_is_to_come_down(channel, restored):
    delivery = planned(state=D.BLOCKED)
    Post.objects.update(state=PostState.WITHDRAWN)
    gone_out(channel, delivery)
    restoring.reconcile_since_backup(channel, AT)
    assert state_of(delivery) == D.TAKEDOWN_DUE
    assert not MirrorItem.objects.visible().exists()


def test_what_did_not_go_out_stays_as_it_was(channel, restored):
    delivery = planned()
    restoring.reconcile_since_backup(channel, AT)
    assert (state_of(delivery), kinds()) == (D.SCHEDULED, [])


def test_what_the_backup_knows_already_is_no_news(channel, restored):
    known = planned(slot=BACKUP_AT - HOUR)
    channel.clock.now = BACKUP_AT - dt.timedelta(minutes=5)
    external_id = gone_out(channel, known)
    online = {"external_id": external_id, "published_at": channel.clock.now, "evidence": Evidence.PERSON}
    Delivery.objects.update(state=D.PUBLISHED, **online)
    restoring.reconcile_since_backup(channel, AT)
    assert kinds() == []


def test_the_same_words_planned_for_a_later_day_are_held_for_a_person(channel, restored):
    delivery = planned(slot=AT + 24 * HOUR, token="")
    Post.objects.update(message_text="Jeden Dienstag: offene Sprechstunde.")
    gone_out(channel, delivery, "Jeden Dienstag: offene Sprechstunde.")
    restoring.reconcile_since_backup(channel, AT)
    assert (state_of(delivery), kinds()) == (D.BLOCKED, ["to_check"])


def test_a_post_brought_forward_after_the_backup_is_known_by_its_link(channel, restored):
    delivery = planned(slot=AT + 24 * HOUR)
    gone_out(channel, delivery)
    restoring.reconcile_since_backup(channel, AT)
    assert state_of(delivery) == D.PUBLISHED


def test_what_nobody_here_knows_is_listed_for_a_person(channel, restored):
    channel.send(Message("Nach der Sicherung geschrieben."))
    restoring.reconcile_since_backup(channel, AT)
    [finding] = Restore.objects.get().findings
    assert (finding["kind"], finding["text"], finding["post"]) == ("stranger", "Nach der Sicherung geschrieben.", None)
    assert finding["url"].startswith("https://x.com/i/status/")


def test_a_draft_that_went_out_after_the_backup_is_listed_with_its_number(channel, restored):
    draft = PostFactory()
    Post.objects.update(link_token="xyz789")
    channel.send(Message(f"Ganz anders formuliert {PAGE}?t=xyz789"))
    restoring.reconcile_since_backup(channel, AT)
    [finding] = Restore.objects.get().findings
    assert (finding["kind"], finding["post"]) == ("stranger", draft.pk)


def test_two_of_the_same_on_the_channel_take_only_one_of_ours(channel, restored):
    delivery = planned()
    gone_out(channel, delivery)
    channel.clock.now += HOUR
    gone_out(channel, delivery)
    restoring.reconcile_since_backup(channel, AT)
    assert kinds() == ["published", "stranger"]


def test_a_channel_that_cannot_be_read_in_full_leaves_it_open(channel, restored, monkeypatch):
    def silent(*args):
        raise ChannelSilent("server_error")

    channel.timeline = silent
    look = restoring.try_to_reconcile(channel, AT)
    assert "steht noch aus" in restoring.words_of(look)
    assert Restore.objects.get().reconciled_at is None


def test_the_pause_cannot_end_before_the_channel_was_compared(channel, restored):
    with pytest.raises(pausing.NotCompared, match="verglichen"):
        pausing.switch_on(at=AT)
    restoring.reconcile_since_backup(channel, AT)
    assert pausing.switch_on(at=AT)


def test_five_posts_since_the_backup_do_not_go_out_again(channel, restored):
    """Row 26 of the fault matrix, in one process."""
    deliveries = [planned(slot=AT - 5 * HOUR + n * dt.timedelta(minutes=10), token=f"tok{n}ab") for n in range(5)]
    for delivery in deliveries:
        gone_out(channel, delivery)
    publishing.tick(channel, at=AT + dt.timedelta(minutes=1))
    restoring.reconcile_since_backup(channel, AT + dt.timedelta(minutes=2))
    pausing.switch_on(at=AT + dt.timedelta(minutes=3))
    for minute in range(4, 70, 5):
        publishing.tick(channel, at=AT + dt.timedelta(minutes=minute))
    assert len(channel.sent) == 5
    assert {state_of(delivery) for delivery in deliveries} == {D.PUBLISHED}


def test_comparing_twice_changes_nothing(channel, restored):
    delivery = planned()
    gone_out(channel, delivery)
    restoring.reconcile_since_backup(channel, AT)
    assert restoring.reconcile_since_backup(channel, AT + HOUR) is None
    assert AuditEntry.objects.filter(step="reconcile_backup").count() == 1


def test_without_keys_a_person_compares_and_says_what(restored):
    somebody = person(Role.ADMIN)
    assert "Ohne Schlüssel" in restoring.words_of(restoring.try_to_reconcile(None, AT))
    with pytest.raises(ValueError, match="verglichen"):
        restoring.compared_by_hand(" ", by=somebody, at=AT)
    assert restoring.compared_by_hand("Alle fünf Beiträge von heute stehen auf X.", by=somebody, at=AT)
    assert kinds() == ["by_hand"]
    assert AuditEntry.objects.get(step="reconcile_backup").actor is not None
    assert pausing.switch_on(at=AT)


def test_without_a_restore_there_is_nothing_to_compare(channel):
    assert restoring.reconcile_since_backup(channel, AT) is None
    assert not restoring.compared_by_hand("nichts", by=person(), at=AT)


def test_what_was_found_on_the_channel_is_no_broken_promise_for_want_of_an_attempt(channel, restored):
    gone_out(channel, planned())
    restoring.reconcile_since_backup(channel, AT)
    assert Delivery.objects.get().state == D.PUBLISHED
    assert "I3" not in {found.name for found, _ in invariants.broken(AT)}
