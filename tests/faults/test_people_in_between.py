"""Rows 22 and 23, on either database: somebody changes their mind before, during or after the call."""

import pytest

from editorial.actions import approval, consents, drafting, publishing
from editorial.enums import WithdrawalWay
from editorial.models import Consent, Delivery, Post
from editorial.workflow import StepRefused
from tests.factories import ConsentFactory
from tests.faults.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(simulator):
    return World(simulator, consents=[ConsentFactory()])


def in_the_call(world, deed):
    """This happens while the post is on its way: after the last look, before the answer."""
    send = world.channel.send

    def interrupted(message):
        receipt = send(message)
        deed()
        return receipt

    world.channel.send = interrupted


def after_the_claim(monkeypatch, deed):
    """This happens between the claim and the last look before the call."""
    claim = publishing.claim

    def interrupted(*args, **kwargs):
        claimed = claim(*args, **kwargs)
        deed()
        return claimed

    monkeypatch.setattr(publishing, "claim", interrupted)


def end_consent(world):
    consents.revoke(Consent.objects.get(), WithdrawalWay.PHONE, by=world.writer, at=world.now)


def withdraw(world):
    approval.withdraw(Post.objects.get(), by=world.writer, at=world.now)


def test_row_22_a_consent_withdrawn_before_the_claim_blocks(world):
    end_consent(world)
    world.send()
    assert (world.story, world.calls) == (("blocked", [], 0), 0)


def test_row_22_a_consent_withdrawn_after_the_claim_stops_the_call(world, monkeypatch):
    after_the_claim(monkeypatch, lambda: end_consent(world))
    world.send()
    assert (world.story, world.calls) == (("scheduled", ["not_sent"], 0), 0)
    monkeypatch.undo()
    world.pass_(31)
    world.send()
    assert (world.story, world.calls) == (("blocked", ["not_sent"], 0), 0)


def test_row_22_a_consent_withdrawn_while_the_outcome_is_unknown_is_no_reason_to_send_again(world):
    world.simulator.fault("status", method="POST", path_glob="/2/tweets")
    world.send()
    end_consent(world)
    world.prove_absent()
    world.send()
    assert (world.story, world.calls) == (("blocked", ["absent"], 0), 1)


WHAT_ENDS = [withdraw, end_consent]


@pytest.mark.parametrize("end", WHAT_ENDS)
@pytest.mark.parametrize("answer", ["at once", "lost"])
def test_row_22_withdrawn_during_the_call_it_comes_down_as_soon_as_it_is_known_to_be_up(world, answer, end):
    in_the_call(world, lambda: end(world))
    if answer == "lost":
        world.simulator.fault("accept_then_reset")
        world.channel.send = type(world.channel).send.__get__(world.channel)
        world.send()
        end(world)
        world.look(181)
    else:
        world.send()
    assert Delivery.objects.get().state == "takedown_due"
    world.pass_(5)
    world.send()
    assert (world.story, world.calls) == (("deleted", ["published"], 0), 1)


@pytest.mark.parametrize("end", WHAT_ENDS)
def test_row_22_withdrawn_after_the_call_it_comes_down(world, end):
    world.send()
    end(world)
    world.send()
    assert (world.story, world.calls) == (("deleted", ["published"], 0), 1)


def test_row_23_a_text_edited_before_the_claim_does_not_go_out(world):
    drafting.save(Post.objects.get(), {"text": "Anders"}, by=world.writer, at=world.now)
    world.send()
    assert (world.story, world.calls) == (("cancelled", [], 0), 0)


@pytest.mark.parametrize("deed", ["withdrawn", "edited behind the workflow", "approval ended"])
def test_row_23_what_changes_after_the_claim_stops_the_call(world, monkeypatch, deed):
    deeds = {
        "withdrawn": lambda: withdraw(world),
        "edited behind the workflow": lambda: Post.objects.update(text="Nie freigegeben", message_text="Nie"),
        "approval ended": lambda: world.post.approvals.update(voided_at=world.now),
    }
    after_the_claim(monkeypatch, deeds[deed])
    world.send()
    monkeypatch.undo()
    world.pass_(31)
    world.send()
    assert (world.calls, world.story[2]) == (0, 0)
    assert world.story[0] in ("blocked", "cancelled")


def test_row_23_nobody_edits_what_is_on_its_way(world):
    refused = []

    def edit():
        try:
            drafting.save(Post.objects.get(), {"text": "Anders"}, by=world.writer, at=world.now)
        except StepRefused as refusal:
            refused.append(refusal.codes)

    in_the_call(world, edit)
    world.send()
    assert (refused, world.story) == (["post.already_sent"], ("published", ["published"], 1))
