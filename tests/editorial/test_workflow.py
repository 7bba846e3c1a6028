"""Every step × every state, and what a step leaves behind."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial import audit, workflow
from editorial.enums import ConsultationState, DeliveryState, PostState, Role
from editorial.models import AuditEntry, Post
from editorial.models.consultation import digest_as_shown
from editorial.rules import Situation
from tests.factories import ApprovalFactory, ConsultationFactory, DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

# What the concept's workflow allows, written down a second time: the table in the code must equal it.
ALLOWED = {
    "edit": {"idea": "draft", "draft": "draft", "in_review": "in_review", "approved": "draft"},
    "set_aside": {"draft": "idea"},
    "submit": {"draft": "in_review"},
    "endorse": {"in_review": "in_review"},
    "approve": {"in_review": "approved"},
    "approve_express": {"in_review": "approved"},
    "post_check": {"approved": "approved", "draft": "draft", "in_review": "in_review", "withdrawn": "withdrawn"},
    "request_changes": {"in_review": "draft"},
    "reject": {"in_review": "withdrawn"},
    "withdraw": {"idea": "withdrawn", "draft": "withdrawn", "in_review": "withdrawn", "approved": "withdrawn"},
    "schedule": {"approved": "approved"},
    "reschedule": {"approved": "in_review", "in_review": "in_review"},
    "hold": {"approved": "approved"},
    "send_now": {"approved": "approved"},
    "order_takedown": {"approved": "approved", "withdrawn": "withdrawn"},
}
DELIVERY_ALLOWED = {
    "claim": {"scheduled": "sending"},
    "confirm": dict.fromkeys(("sending", "unknown", "needs_decision", "scheduled"), "published"),
    "release": {"sending": "scheduled"},
    "retry": {"unknown": "scheduled"},
    "lose_sight": {"sending": "unknown"},
    "hand_over": {"sending": "needs_decision", "unknown": "needs_decision"},
    "block": {"scheduled": "blocked"},
    "miss": {"scheduled": "missed"},
    "cancel": {
        "scheduled": "cancelled",
        "blocked": "cancelled",
        "missed": "cancelled",
        "needs_decision": "cancelled",
    },
    "bring_forward": {"scheduled": "scheduled"},
    "take_down": {"published": "takedown_due"},
    "confirm_takedown": {"takedown_due": "deleted"},
    "notice": {"published": "published"},
    "declare_online": {
        "unknown": "published",
        "needs_decision": "published",
        "missed": "published",
        "blocked": "published",
    },
    "ask_resend": {"needs_decision": "needs_decision"},
    "confirm_resend": {"needs_decision": "scheduled"},
    "discard": {"needs_decision": "cancelled", "missed": "cancelled", "blocked": "cancelled"},
    "post_by_hand": {"scheduled": "published", "missed": "published", "blocked": "published"},
}
CONSULTATION_ALLOWED = {
    "answer": {"asked": "answered", "lapsed": "answered", "gone_on": "answered"},
    "lapse": {"asked": "lapsed"},
    "go_on": {"asked": "gone_on", "lapsed": "gone_on"},
    "withdraw_question": {"asked": "withdrawn", "lapsed": "withdrawn"},
    "take_over": {"answered": "answered"},
}
CONSULTATION_ROLES = {
    "answer": {"fach"},
    "go_on": {"proe", "gf"},
    "withdraw_question": {"proe"},
    "take_over": {"proe", "gf"},
}
ROLES = {
    "edit": {"proe", "gf"},
    "set_aside": {"proe", "gf"},
    "submit": {"proe", "gf"},
    "endorse": {"gf"},
    "approve": {"gf"},
    "approve_express": {"proe"},
    "post_check": {"gf"},
    "request_changes": {"gf"},
    "reject": {"gf"},
    "withdraw": {"proe"},
    "schedule": {"proe", "gf"},
    "reschedule": {"proe", "gf"},
    "hold": {"proe", "gf"},
    "send_now": {"proe", "gf"},
    "order_takedown": {"proe", "gf"},
}
DELIVERY_ROLES = {
    name: {"proe", "gf"} for name in ("declare_online", "ask_resend", "confirm_resend", "discard", "post_by_hand")
}


def test_the_tables_hold_just_the_moves_that_are_allowed():
    assert {name: dict(step.moves) for name, step in workflow.POST_STEPS.items()} == ALLOWED
    assert {name: dict(step.moves) for name, step in workflow.DELIVERY_STEPS.items()} == DELIVERY_ALLOWED
    assert {name: dict(step.moves) for name, step in workflow.CONSULTATION_STEPS.items()} == CONSULTATION_ALLOWED


@pytest.mark.parametrize("state", ConsultationState)
@pytest.mark.parametrize("step", CONSULTATION_ALLOWED)
def test_each_step_of_a_question_is_taken_from_its_states_and_refused_from_all_others(step, state):
    asked = ConsultationFactory(state=state, opinion="fine", proposal="Anders.", late=True)
    by = None if step == "lapse" else asked.person if step == "answer" else person()
    seen = digest_as_shown(asked.post)
    if state.value in CONSULTATION_ALLOWED[step]:
        taken = workflow.take(step, asked, by=by, note="Grund", seen_digest=seen)
        assert taken.state == CONSULTATION_ALLOWED[step][state.value]
        entry = AuditEntry.objects.get()
        assert (entry.step, entry.source, entry.target) == (step, state, taken.state)
        return
    with pytest.raises(workflow.StepRefused) as refusal:
        workflow.take(step, asked, by=by, note="Grund", seen_digest=seen)
    assert refusal.value.codes == "step.wrong_state"
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", CONSULTATION_ROLES)
def test_each_step_of_a_question_is_open_to_its_roles_only(step, role):
    asked = ConsultationFactory(state=next(iter(CONSULTATION_ALLOWED[step])), opinion="fine", late=True)
    found = workflow.objections(step, asked, Situation(at=timezone.now(), by=person(role), consultation=asked))
    assert ("step.forbidden" in [o.code for o in found]) == (role.value not in CONSULTATION_ROLES[step])


@pytest.mark.parametrize("state", PostState)
@pytest.mark.parametrize("step", ALLOWED)
def test_each_step_is_taken_from_its_states_and_refused_from_all_others(step, state):
    post = PostFactory(state=state)
    by = person(Role(sorted(ROLES[step])[0]))
    found = workflow.objections(step, post, Situation(at=timezone.now(), by=by, slot=post.slot, note="Grund"))
    refused_by_state = [o.code for o in found] == ["step.wrong_state"]
    assert refused_by_state == (state.value not in ALLOWED[step])


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("step", DELIVERY_ALLOWED)
def test_each_delivery_step_is_taken_from_its_states_and_refused_from_all_others(step, state):
    sent = {"external_id": "7"} if state in ("published", "takedown_due", "deleted") else {}
    delivery = DeliveryFactory(state=state, **sent)
    if state.value not in DELIVERY_ALLOWED[step]:
        with pytest.raises(workflow.StepRefused) as refusal:
            workflow.take(step, delivery)
        assert refusal.value.codes == "step.wrong_state"
    elif not (step in DELIVERY_ROLES and workflow.step_named(step, delivery).guards):  # these are tried in the box
        changes = {"external_id": "7"} if DELIVERY_ALLOWED[step][state.value] == "published" else {}
        assert workflow.take(step, delivery, note="Grund", **changes).state == DELIVERY_ALLOWED[step][state.value]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", DELIVERY_ALLOWED)
def test_each_step_of_an_ausspielung_is_open_to_its_roles_only(step, role):
    delivery = DeliveryFactory(state=next(iter(DELIVERY_ALLOWED[step])), external_id="7")
    found = workflow.objections(step, delivery, Situation(at=timezone.now(), by=person(role), note="-"))
    # A step of the system is taken on behalf of whoever took the Beitrag's step: nobody is refused.
    forbidden = step in DELIVERY_ROLES and role.value not in DELIVERY_ROLES[step]
    assert ("step.forbidden" in [o.code for o in found]) == forbidden


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", ALLOWED)
def test_each_step_is_open_to_its_roles_only(step, role):
    source = next(iter(ALLOWED[step]))
    post = PostFactory(state=source)
    found = workflow.objections(step, post, Situation(at=timezone.now(), by=person(role), slot=post.slot, note="-"))
    assert ("step.forbidden" in [o.code for o in found]) == (role.value not in ROLES[step])


def test_a_step_writes_its_entry_with_who_when_and_what():
    post, by, at = PostFactory(), person(Role.PROE), timezone.now()
    taken = workflow.take("submit", post, by=by, at=at)
    entry = AuditEntry.objects.get(step="submit")
    assert (entry.subject_type, entry.subject_id, entry.at) == ("post", post.pk, at)
    assert (entry.source, entry.target, entry.digest_sha256) == ("draft", "in_review", taken.digest())
    assert str(entry.actor) == audit.pseudonym_of(by)
    assert entry.concept_stand == "2021-09"


def test_a_step_hands_back_the_row_as_it_is_now():
    online = DeliveryFactory(state=DeliveryState.PUBLISHED, external_id="1")
    post = workflow.take("order_takedown", online.post, by=person(), note="Grund")
    delivery = workflow.take("take_down", online, not_before=timezone.now())
    assert delivery.post.version == post.version
    for subject in (post, delivery):
        stored = type(subject).objects.filter(pk=subject.pk).values().get()
        assert {name: getattr(subject, name) for name in stored} == stored


def test_a_refused_step_changes_nothing_and_writes_nothing():
    post = PostFactory(topic=None)
    with pytest.raises(workflow.StepRefused) as refusal:
        workflow.take("submit", post, by=person())
    assert refusal.value.codes == "topic.missing"
    assert Post.objects.get().state == PostState.DRAFT
    assert AuditEntry.objects.count() == 0


def test_two_people_cannot_take_the_same_step_at_once():
    delivery = DeliveryFactory()
    workflow.take("cancel", delivery)
    with pytest.raises(workflow.StepRefused):
        workflow.take("cancel", delivery)
    assert AuditEntry.objects.filter(step="cancel").count() == 1


def test_what_a_role_may_never_do_is_not_offered_and_what_stands_against_a_step_is_said():
    author = person(Role.GF)
    post = PostFactory(in_review=True, written_by=author)
    offered = {offer.name: offer for offer in workflow.offers(post, author)}
    assert "approve_express" not in offered
    assert [o.code for o in offered["approve"].objections] == ["approval.own_work"]
    assert not offered["approve"].possible


def test_a_slot_still_to_be_typed_is_no_objection_to_the_button():
    post = ApprovalFactory(post__slot=timezone.now() - dt.timedelta(days=2)).post
    offered = {offer.name: offer for offer in workflow.offers(post, person())}
    assert offered["reschedule"].possible
