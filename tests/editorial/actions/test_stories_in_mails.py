"""A mail can be forwarded by anybody: no word of a Vorzeigegeschichte stands in one."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail

from editorial import workflow
from editorial.actions import alarms, by_hand, clearing, comparing, notices, reconciling, sender_lock, takedowns
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import Message
from editorial.enums import AttemptOutcome, DeliveryState, Role
from editorial.models import Channel, Delivery, Topic
from tests.editorial.open_cases import MINUTE, SLOT, case, tried
from tests.factories import ConsentFactory, DeliveryFactory, person

pytestmark = pytest.mark.django_db
D = DeliveryState
LINK = "https://www.jobcenter-bremen.de/quittenbaum"
TEXT = f"Mirabelle Quittenbaum repariert wieder Fahrräder. Danke, Walle! {LINK}"
WORDS = ("mirabelle", "quittenbaum", "repariert", "wieder", "fahrräder", "danke", "walle", "jobcenter-bremen.de")


@pytest.fixture(autouse=True)
def people():
    for role in Role:
        person(role, email=f"{role}@example.org")


@pytest.fixture(autouse=True)
def every_mail_names_it_without_its_words():
    yield
    assert mail.outbox
    for told in mail.outbox:
        parts = [told.subject, told.body, *(str(body) for body, _ in getattr(told, "alternatives", []))]
        assert [word for word in WORDS if word in " ".join(parts).lower()] == []
    wanted = f"Beitrag {Delivery.objects.get().post_id} zu „Vorzeigegeschichten“ für den 25.11.2026, 09:00 Uhr"
    assert wanted in mail.outbox[0].body


def story():
    return {
        "approval__post__text": TEXT,
        "approval__post__topic": Topic.objects.get(slug="vorzeigegeschichten"),
        "approval__post__consents": [ConsentFactory()],
        "approval__post__link_token": "abc234",
    }


@pytest.mark.parametrize("state", [D.NEEDS_DECISION, D.BLOCKED, D.MISSED, D.UNKNOWN])
def test_of_an_open_case(state):
    case(state, **story())
    assert clearing.tell(SLOT + 20 * MINUTE) == 1
    assert notices.mail_due(SLOT + 30 * MINUTE) > 0


def test_of_the_moment_to_send_by_hand():
    Channel.objects.update(posts_by_hand=True)
    DeliveryFactory(slot=SLOT, **story())
    assert by_hand.remind(SLOT) == 1


def test_of_a_deletion_that_takes_too_long():
    delivery = DeliveryFactory(published=True, slot=SLOT, **story())
    workflow.take("take_down", delivery, at=SLOT, note="withdraw")
    takedowns.sound_the_alarm(SLOT + 20 * MINUTE)
    assert alarms.mail_open(SLOT + 20 * MINUTE) == 1
    alarms.close_alarm(takedowns.LATE, str(delivery.pk), SLOT + 30 * MINUTE)
    assert alarms.mail_open(SLOT + 30 * MINUTE) == 1


def test_of_one_that_stands_there_twice():
    DeliveryFactory(published=True, slot=SLOT, **story())
    line = DryRun(clock=lambda: SLOT)
    receipt = line.send(Message(text=f"{TEXT}?t=abc234"))
    Delivery.objects.update(external_id=receipt.external_id)
    twin = dataclasses.replace(line._live[receipt.external_id], external_id=str(int(receipt.external_id) + 1))
    line._live[twin.external_id] = twin
    comparing.compare(line, at=SLOT + 60 * MINUTE)
    assert alarms.mail_open(SLOT + 60 * MINUTE) == 1


def test_of_one_that_hangs_while_it_is_sent():
    delivery = DeliveryFactory(state=D.SENDING, slot=SLOT, **story())
    tried(delivery, AttemptOutcome.STARTED, code="")
    with ThreadPoolExecutor(1) as elsewhere:
        held = sender_lock.holding(delivery.pk)
        elsewhere.submit(held.__enter__).result()
        reconciling.lose_sight_of_dead_senders(SLOT + 20 * MINUTE)
        elsewhere.submit(held.__exit__, None, None, None).result()
        elsewhere.submit(sender_lock.let_go).result()
        sender_lock.let_go()
    assert alarms.mail_open(SLOT + 20 * MINUTE) == 1
