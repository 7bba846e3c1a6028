import pytest

from editorial import cases
from editorial.actions import approval, clearing, publishing
from editorial.channels.addresses import moment_to_id
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelSilent, Message
from editorial.enums import AttemptOutcome, DeliveryState, Evidence, Payment, PostState, Reading, Role
from editorial.models import Attempt, AuditEntry, Channel, Delivery, MirrorItem, Post, Resend, SendPause, Spending
from editorial.workflow import StepForbidden, StepRefused
from tests.editorial.open_cases import MINUTE, NOW, SLOT, case, tried
from tests.factories import ConsentFactory, DeliveryFactory, person

pytestmark = pytest.mark.django_db
D = DeliveryState
STUCK = (D.NEEDS_DECISION, D.MISSED, D.BLOCKED)


def address(at=SLOT):
    return f"https://x.com/probe/status/{moment_to_id(at)}"


def refused(action, *args, **kwargs):
    with pytest.raises(StepRefused) as refusal:
        action(*args, **kwargs)
    return refusal.value.codes


@pytest.fixture(autouse=True)
def ours(settings):
    settings.X_SIMULATOR_IS_OURS = True


class Blind(DryRun):
    def timeline(self, since_id=None, start_at=None):
        raise ChannelSilent


class Untouched(DryRun):
    def timeline(self, since_id=None, start_at=None):
        raise AssertionError("nobody may look")


# --- It is online -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [D.UNKNOWN, *STUCK])
def test_what_a_person_saw_on_the_channel_is_published_with_its_address_and_their_word(state):
    delivery, by = case(state), person()
    clearing.declare_online(delivery, address(), "Ich habe den Beitrag auf X gesehen.", by=by, at=NOW)
    online = Delivery.objects.get()
    assert (online.state, online.evidence, online.published_at) == (D.PUBLISHED, Evidence.PERSON, SLOT)
    assert online.external_url == f"https://x.com/i/status/{moment_to_id(SLOT)}"
    entry = AuditEntry.objects.get(step="declare_online")
    assert (entry.source, entry.target, entry.note) == (state, "published", "Ich habe den Beitrag auf X gesehen.")


def test_an_attempt_whose_end_was_open_ends_with_it_and_is_paid_for():
    delivery = case(D.UNKNOWN)
    attempt = tried(delivery, AttemptOutcome.UNKNOWN, "no_answer")
    Spending.objects.create(
        channel=delivery.channel, attempt=attempt, month=SLOT.date(), at=SLOT, kind="post", amount_usd="0.01"
    )
    clearing.declare_online(delivery, address(), "Gesehen.", by=person(), at=NOW)
    assert Spending.objects.get().state == Payment.SPENT
    assert list(Attempt.objects.values_list("outcome", "external_id")) == [("published", moment_to_id(SLOT))]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "address.invalid"),
        ("Ja, steht da", "address.invalid"),
        ("https://example.org/probe/status/1", "address.invalid"),
        ("https://x.com/probe", "address.invalid"),
        (f"https://x.com/probe/status/{moment_to_id(NOW + 60 * MINUTE)}", "address.invalid"),
    ],
)
def test_what_is_no_address_of_a_post_changes_nothing(typed, code):
    delivery = case()
    assert refused(clearing.declare_online, delivery, typed, "Gesehen.", by=person(), at=NOW) == code
    assert Delivery.objects.get().state == D.NEEDS_DECISION


def test_an_address_belongs_to_one_ausspielung():
    DeliveryFactory(published=True, external_id=moment_to_id(SLOT))
    codes = refused(clearing.declare_online, case(), address(), "Gesehen.", by=person(), at=NOW)
    assert codes == "address.taken"


def test_everything_that_is_missing_is_said_at_once():
    assert refused(clearing.declare_online, case(), "", " ", by=person(), at=NOW) == "address.invalid, reason.missing"


def test_what_stands_on_the_channel_stands_on_the_website_too():
    delivery = case(D.MISSED)
    clearing.declare_online(delivery, address(), "Gesehen.", by=person(), at=NOW + 3 * 60 * MINUTE)
    assert MirrorItem.objects.visible().get().text == delivery.post.text


def test_without_a_valid_consent_it_is_not_put_on_the_website():
    delivery = case(D.BLOCKED)
    delivery.post.consents.add(ConsentFactory(withdrawn=True))
    clearing.declare_online(delivery, address(), "Gesehen.", by=person(), at=NOW)
    assert not MirrorItem.objects.visible().exists()


def test_what_was_withdrawn_meanwhile_is_to_come_down():
    delivery = case(D.UNKNOWN)
    Post.objects.update(state=PostState.WITHDRAWN)
    assert clearing.declare_online(delivery, address(), "Gesehen.", by=person(), at=NOW).state == D.TAKEDOWN_DUE


# --- Once more --------------------------------------------------------------------------------------------------------


def asked(by=None, **fields):
    delivery = case(**fields)
    tried(delivery, http_status=403)
    return clearing.ask_resend(delivery, "Er fehlt auf X.", by=by or person(), at=NOW)


def test_a_wish_to_send_again_is_kept_with_its_reason_and_sends_nothing():
    by = person()
    asked(by)
    wish = Resend.objects.get()
    assert (wish.reason, wish.asked_by, wish.asked_at, wish.ended_at) == ("Er fehlt auf X.", by, NOW, None)
    assert Delivery.objects.get().state == D.NEEDS_DECISION
    assert AuditEntry.objects.get(step="ask_resend").note == "Er fehlt auf X."


def test_there_is_one_wish_at_a_time():
    assert refused(clearing.ask_resend, asked(), "Noch einer.", by=person(), at=NOW) == "resend.open"
    assert Resend.objects.count() == 1


@pytest.mark.parametrize("state", [D.UNKNOWN, D.MISSED, D.BLOCKED])
def test_only_what_was_proved_or_refused_may_be_sent_again(state):
    assert refused(clearing.ask_resend, case(state), "Grund", by=person(), at=NOW) == "step.wrong_state"


def test_nobody_agrees_to_their_own_wish_and_nobody_looks_for_it():
    by = person()
    delivery = asked(by)
    assert refused(clearing.confirm_resend, delivery, by=by, channel=Untouched(), at=NOW) == "approval.own_work"


def test_a_second_person_sends_again_after_a_look_that_found_nothing():
    channel, second = DryRun(clock=lambda: NOW), person(Role.GF)
    assert clearing.confirm_resend(asked(), by=second, channel=channel, at=NOW) == Reading.ABSENT
    delivery, wish = Delivery.objects.get(), Resend.objects.get()
    assert (delivery.state, delivery.slot, delivery.not_before) == (D.SCHEDULED, NOW, None)
    assert (wish.confirmed_by, wish.confirmed_at, wish.ended_at) == (second, NOW, NOW)
    publishing.tick(channel, at=NOW)
    assert Delivery.objects.get().state == D.PUBLISHED
    assert len(channel.sent) == 1


def test_what_the_look_finds_is_published_and_not_sent_again():
    delivery = asked()
    channel = DryRun(clock=lambda: SLOT + MINUTE)
    channel.send(Message(delivery.post.message_text))
    assert clearing.confirm_resend(delivery, by=person(), channel=channel, at=NOW) == Reading.FOUND
    online = Delivery.objects.get()
    assert (online.state, online.evidence) == (D.PUBLISHED, Evidence.TIMELINE)
    assert Resend.objects.get().ended_at == NOW
    publishing.tick(channel, at=NOW)
    assert len(channel.sent) == 1


def test_without_a_look_nothing_is_sent_again():
    delivery = asked()
    for channel in (Blind(), None):
        assert refused(clearing.confirm_resend, delivery, by=person(), channel=channel, at=NOW) == "timeline.unreadable"
    assert Delivery.objects.get().state == D.NEEDS_DECISION
    assert Resend.objects.get().ended_at is None


def test_a_demonstration_post_is_never_looked_up_at_a_real_service(settings):
    settings.X_SIMULATOR_IS_OURS = False
    delivery = asked(is_demo=True)
    assert refused(clearing.confirm_resend, delivery, by=person(), channel=Untouched(), at=NOW) == "timeline.unreadable"


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (lambda: SendPause.objects.create(started_at=SLOT, reason="Probe"), "publishing.off"),
        (lambda: Channel.objects.update(locked_reason="no_credits"), "channel.locked"),
        (lambda: Channel.objects.update(paused_until=NOW + MINUTE), "channel.paused"),
        (lambda: Post.objects.update(text="Etwas anderes."), "approval.changed_since"),
    ],
)
def test_what_keeps_a_post_from_going_out_keeps_it_from_going_out_again(block, code):
    delivery = asked()
    block()
    delivery = Delivery.objects.get()
    assert refused(clearing.confirm_resend, delivery, by=person(), channel=Untouched(), at=NOW) == code


def test_a_wish_is_taken_back_with_a_reason_and_may_be_made_again():
    delivery = asked()
    assert refused(clearing.withdraw_resend, delivery, " ", by=person(), at=NOW) == "reason.missing"
    clearing.withdraw_resend(delivery, "Er ist doch da.", by=person(), at=NOW)
    assert AuditEntry.objects.get(step="withdraw_resend").note == "Er ist doch da."
    assert refused(clearing.withdraw_resend, delivery, "Noch einmal.", by=person(), at=NOW) == "resend.none"
    clearing.ask_resend(delivery, "Jetzt fehlt er wirklich.", by=person(), at=NOW)


# --- No more ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STUCK)
def test_what_is_given_up_goes_out_no_more_and_may_be_planned_anew(state):
    delivery = case(state)
    clearing.discard(delivery, "Das Thema ist vorbei.", by=person(), at=NOW)
    assert Delivery.objects.get().state == D.CANCELLED
    assert Post.objects.get().state == PostState.APPROVED
    assert AuditEntry.objects.get(step="discard").note == "Das Thema ist vorbei."


def test_giving_up_ends_the_wish_to_send_again():
    clearing.discard(asked(), "Vorbei.", by=person(), at=NOW)
    assert Resend.objects.get().ended_at == NOW


def test_a_withdrawn_beitrag_is_not_sent_again_and_its_case_waits_until_somebody_ends_it():
    delivery = asked()
    approval.withdraw(Post.objects.get(), by=person(), at=NOW)
    codes = refused(clearing.confirm_resend, delivery, by=person(), channel=Untouched(), at=NOW)
    assert codes == "approval.missing"
    assert cases.open_cases().count() == 1
    clearing.discard(delivery, "Zurückgezogen.", by=person(), at=NOW)
    assert cases.open_cases().count() == 0


def test_what_is_unclear_cannot_be_given_up():
    assert refused(clearing.discard, case(D.UNKNOWN), "Grund", by=person(), at=NOW) == "step.wrong_state"


# --- Who --------------------------------------------------------------------------------------------------------------

ACTIONS = {
    "declare_online": lambda delivery, by: clearing.declare_online(delivery, address(), "Grund", by=by, at=NOW),
    "ask_resend": lambda delivery, by: clearing.ask_resend(delivery, "Grund", by=by, at=NOW),
    "confirm_resend": lambda delivery, by: clearing.confirm_resend(delivery, by=by, channel=Untouched(), at=NOW),
    "withdraw_resend": lambda delivery, by: clearing.withdraw_resend(delivery, "Grund", by=by, at=NOW),
    "discard": lambda delivery, by: clearing.discard(delivery, "Grund", by=by, at=NOW),
}


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
@pytest.mark.parametrize("action", ACTIONS)
def test_others_decide_nothing_here(action, role):
    with pytest.raises(StepForbidden):
        ACTIONS[action](case(), person(role))


@pytest.mark.parametrize("state", [state for state in D if state not in (D.UNKNOWN, *STUCK)])
@pytest.mark.parametrize("action", ["declare_online", "ask_resend", "confirm_resend", "discard"])
def test_what_waits_for_nobody_is_decided_by_nobody(action, state):
    sent = {"external_id": "7"} if state in (D.PUBLISHED, D.TAKEDOWN_DUE, D.DELETED) else {}
    delivery = DeliveryFactory(state=state, slot=SLOT, **sent)
    assert refused(ACTIONS[action], delivery, person()) == "step.wrong_state"


def test_two_people_deciding_at_once_decide_once():
    delivery = case(D.MISSED)
    clearing.discard(delivery, "Vorbei.", by=person(), at=NOW)
    assert refused(clearing.discard, delivery, "Vorbei.", by=person(), at=NOW) == "step.wrong_state"
    assert AuditEntry.objects.filter(step="discard").count() == 1
