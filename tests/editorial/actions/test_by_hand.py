"""Hand-posting: a person sends at the slot, says where it stands, and everything else works as usual."""

import datetime as dt

import pytest
from django.core import mail

from editorial import invariants
from editorial.actions import approval, by_hand, publishing
from editorial.channels.addresses import moment_to_id
from editorial.channels.dry_run import DryRun
from editorial.enums import DeliveryState, Evidence, Role
from editorial.models import AuditEntry, Channel, Delivery, MirrorItem
from editorial.workflow import StepForbidden, StepRefused
from tests.factories import ChannelAccessFactory, PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "x")


def due(**fields):
    post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - 60 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)
    return post.deliveries.get()


def address(at=SLOT + MINUTE, sequence=0):
    return f"https://x.com/jobcenter/status/{moment_to_id(at, sequence)}"


def refused(delivery, where, by=None, at=SLOT + 5 * MINUTE):
    with pytest.raises(StepRefused) as caught:
        by_hand.confirm(delivery, where, by=by or person(), at=at)
    return [objection.code for objection in caught.value.objections]


def promises_broken():
    return [(found.name, rows) for found, rows in invariants.broken(SLOT + 10 * MINUTE)]


def test_without_keys_the_tick_shows_it_on_the_website_and_sends_nothing():
    delivery = due()
    publishing.tick(None, at=SLOT)
    assert MirrorItem.objects.visible().get().post_id == delivery.post_id
    assert [found.pk for found in by_hand.due(SLOT)] == [delivery.pk]
    assert Delivery.objects.get().state == DeliveryState.SCHEDULED


def test_a_channel_set_to_hand_posting_is_never_sent_to_although_there_are_keys(settings):
    settings.X_KEYS = KEYS
    delivery, channel = due(), DryRun(clock=lambda: SLOT)
    Channel.objects.update(posts_by_hand=True)
    publishing.tick(channel, at=SLOT)
    assert channel.sent == []
    assert [found.pk for found in by_hand.due(SLOT)] == [delivery.pk]
    Channel.objects.update(posts_by_hand=False)
    assert list(by_hand.due(SLOT)) == []


def test_the_person_says_where_it_stands_and_it_is_published():
    delivery, by = due(), person()
    publishing.tick(None, at=SLOT)
    done = by_hand.confirm(delivery, address(), by=by, at=SLOT + 5 * MINUTE)
    assert (done.state, done.evidence) == (DeliveryState.PUBLISHED, Evidence.PERSON)
    stored = Delivery.objects.get()
    assert (stored.published_at, stored.external_id) == (SLOT + MINUTE, moment_to_id(SLOT + MINUTE))
    assert stored.external_url == f"https://x.com/i/status/{stored.external_id}"
    assert AuditEntry.objects.filter(step="post_by_hand", subject_id=done.pk).count() == 1
    assert (list(by_hand.due(SLOT)), promises_broken()) == ([], [])


def test_without_a_tick_the_confirmation_itself_shows_it_on_the_website():
    delivery = due()
    by_hand.confirm(delivery, address(), by=person(), at=SLOT + 5 * MINUTE)
    assert MirrorItem.objects.visible().get().post_id == delivery.post_id


@pytest.mark.parametrize("where", ["", "Unsinn", "https://example.org/status/1234567890", "https://x.com/jobcenter"])
def test_what_is_no_address_of_a_post_is_refused(where):
    assert refused(due(), where) == ["address.invalid"]


def test_an_address_is_entered_once():
    by_hand.confirm(due(), address(), by=person(), at=SLOT + 5 * MINUTE)
    assert refused(due(), address()) == ["address.taken"]


def test_a_post_older_than_the_approval_is_not_this_one():
    assert refused(due(), address(SLOT - dt.timedelta(days=3))) == ["address.too_old"]


def test_a_post_of_tomorrow_cannot_be_there_yet():
    assert refused(due(), address(SLOT + dt.timedelta(days=1))) == ["address.invalid"]


def test_a_director_needs_an_own_account_in_the_register():
    delivery, director = due(), person(Role.GF)
    assert refused(delivery, address(), by=director) == ["access.no_own_account"]
    ChannelAccessFactory(user=director, handle_checked_on=SLOT.date())
    assert by_hand.confirm(delivery, address(), by=director, at=SLOT + 5 * MINUTE).state == DeliveryState.PUBLISHED


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
def test_nobody_else_confirms(role):
    with pytest.raises(StepForbidden):
        by_hand.confirm(due(), address(), by=person(role), at=SLOT + 5 * MINUTE)


def test_when_the_time_is_over_it_is_missed_and_may_still_be_confirmed():
    delivery = due()
    publishing.tick(None, at=SLOT + 61 * MINUTE)
    assert Delivery.objects.get().state == DeliveryState.MISSED
    assert [found.pk for found in by_hand.late()] == [delivery.pk]
    done = by_hand.confirm(Delivery.objects.get(), address(), by=person(), at=SLOT + 90 * MINUTE)
    assert (done.state, done.published_at) == (DeliveryState.PUBLISHED, SLOT + MINUTE)
    assert (list(by_hand.late()), promises_broken()) == ([], [])


def test_between_the_end_of_the_time_and_the_next_tick_it_may_be_confirmed_too():
    done = by_hand.confirm(due(), address(), by=person(), at=SLOT + 61 * MINUTE)
    assert done.state == DeliveryState.PUBLISHED


def test_a_channel_served_by_the_application_is_not_confirmed_by_hand(settings):
    settings.X_KEYS = KEYS
    assert refused(due(), address()) == ["channel.by_api"]


def test_a_retweet_stands_with_its_original():
    original = address(SLOT - dt.timedelta(days=9))
    done = by_hand.confirm(due(kind="retweet", retweet_url=original), "", by=person(), at=SLOT + MINUTE)
    assert (done.state, done.published_at) == (DeliveryState.PUBLISHED, SLOT + MINUTE)


def test_proe_gets_one_mail_when_the_time_has_come():
    proe, director = person(), person(Role.GF)
    delivery = due()
    assert by_hand.remind(SLOT - MINUTE) == 0
    assert (by_hand.remind(SLOT), by_hand.remind(SLOT + MINUTE)) == (1, 0)
    (told,) = mail.outbox
    assert told.subject == "[Redaktion] Jetzt von Hand senden"
    assert delivery.named in told.body
    assert "/redaktion/klaerung/von-hand/" in told.body
    assert (proe.email in told.to, director.email in told.to) == (True, False)


def test_a_mail_that_could_not_be_sent_is_tried_again(settings):
    due()
    settings.EMAIL_BACKEND = "tests.editorial.actions.test_by_hand.Down"
    assert by_hand.remind(SLOT) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert by_hand.remind(SLOT) == 1


class Down:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise OSError("no line")


def test_a_demonstration_is_never_asked_to_be_sent_for_real(settings):
    due()
    Delivery.objects.update(is_demo=True)
    assert list(by_hand.due(SLOT)) == []
    settings.X_SIMULATOR_IS_OURS = True
    assert by_hand.due(SLOT).count() == 1
