import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from editorial.actions import approval, drafting, scheduling
from editorial.clock import berlin_day
from editorial.enums import ApprovalKind, DeliveryState, PostState, Role
from editorial.models import Approval, AuditEntry, Channel, Delivery, Election, MirrorItem, Notice, Post
from editorial.workflow import StepForbidden, StepRefused
from tests.factories import ChannelAccessFactory, ConsentFactory, DeliveryFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db


def approved(**fields):
    post = approval.submit(PostFactory(**fields), by=person())
    return approval.approve(post, by=person(Role.GF), seen_digest=post.digest())


def codes(refusal):
    return refusal.value.codes


def test_a_complete_draft_goes_from_idea_to_a_scheduled_delivery():
    proe, gf = person(), person(Role.GF)
    content = {"text": "Unser Servicecenter berät Sie.", "is_demo": False}
    post = drafting.create(content, by=proe, as_idea=True)
    assert post.state == PostState.IDEA
    template = PostFactory()
    post = drafting.save(
        post,
        {
            "topic": template.topic,
            "audiences": list(template.audiences.all()),
            "twin_url": template.twin_url,
            "slot": template.slot,
        },
        by=proe,
    )
    assert post.state == PostState.DRAFT
    post = approval.submit(post, by=proe)
    post = approval.approve(post, by=gf, seen_digest=post.digest())
    delivery = post.deliveries.get()
    assert (post.state, delivery.state, delivery.slot) == (PostState.APPROVED, DeliveryState.SCHEDULED, post.slot)


def test_the_link_token_is_part_of_what_is_approved():
    post = PostFactory(text="Mehr dazu: https://www.jobcenter-bremen.de/start und https://example.org/x")
    post = approval.submit(post, by=person())
    assert post.message_text == (
        f"Mehr dazu: https://www.jobcenter-bremen.de/start?t={post.link_token} und https://example.org/x"
    )
    assert post.payload()["message_text"] == post.message_text


def test_an_approval_binds_to_what_was_on_the_screen():
    post = approval.submit(PostFactory(), by=person())
    seen = post.digest()
    drafting.save(post, {"text": "Etwas anderes."}, by=person())
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=person(Role.GF), seen_digest=seen)
    assert codes(refusal) == "approval.changed_since"


@pytest.mark.parametrize("change", ["text", "slot", "link", "picture", "alt_text"])
def test_any_later_edit_voids_the_approval_also_after_scheduling(change):
    medium = MediumFactory()
    post = approved(media=[medium])
    if change == "alt_text":
        medium.alt_text = "Ein ganz anderes Bild"
        medium.save()
        with pytest.raises(StepRefused) as refusal:
            scheduling.send_now(post, by=person())
        assert codes(refusal) == "approval.changed_since"
        return
    content = {
        "text": {"text": "Neuer Text."},
        "slot": {"slot": post.slot + dt.timedelta(hours=1)},
        "link": {"source_url": "https://www.jobcenter-bremen.de/neu"},
        "picture": {"media": []},
    }[change]
    saved = drafting.save(post, content, by=person())
    assert saved.state == PostState.DRAFT
    assert not saved.approvals.standing().exists()
    assert saved.deliveries.get().state == DeliveryState.CANCELLED


def test_saving_without_a_change_keeps_the_approval():
    post = approved()
    assert drafting.save(post, {"text": post.text}, by=person()).state == PostState.APPROVED


def test_nobody_approves_what_they_wrote():
    director = person(Role.GF)
    post = approval.submit(PostFactory(written_by=director), by=person())
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=director, seen_digest=post.digest())
    assert codes(refusal) == "approval.own_work"


def test_whoever_saved_a_version_since_the_last_approval_is_an_author():
    director = person(Role.GF)
    post = drafting.save(approved(), {"text": "Vom Direktor geändert."}, by=director)
    post = approval.submit(post, by=person())
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=director, seen_digest=post.digest())
    assert codes(refusal) == "approval.own_work"


def test_the_database_itself_refuses_an_approval_by_the_author():
    post, author = PostFactory(), person(Role.GF)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            post=post,
            digest=post.digest(),
            version_number=1,
            approved_at=timezone.now(),
            approved_by=author,
            last_author=author,
        )


def test_pr_staff_cannot_approve_the_regular_way():
    post = approval.submit(PostFactory(), by=person())
    with pytest.raises(StepForbidden):
        approval.approve(post, by=person(), seen_digest=post.digest())


def test_the_express_way_needs_the_other_person_and_a_reason_and_opens_a_post_check():
    author, other = person(), person()
    friday = dt.datetime(2027, 3, 25, 9, tzinfo=dt.UTC)  # Thursday before Easter: next working day is Tuesday
    post = approval.submit(PostFactory(written_by=author, slot=friday + dt.timedelta(hours=2)), by=author, at=friday)
    for by, reason, code in ((author, "eilig", "approval.own_work"), (other, " ", "reason.missing")):
        with pytest.raises(StepRefused) as refusal:
            approval.approve_express(post, by=by, seen_digest=post.digest(), reason=reason, at=friday)
        assert codes(refusal) == code
    post = approval.approve_express(post, by=other, seen_digest=post.digest(), reason="Unwetter", at=friday)
    standing = post.approvals.get()
    assert (standing.kind, standing.post_check_due_on) == (ApprovalKind.EXPRESS, dt.date(2027, 3, 30))
    assert not standing.post_check_overdue(dt.date(2027, 3, 30))
    assert standing.post_check_overdue(dt.date(2027, 3, 31))
    approval.post_check(post, by=person(Role.GF))
    assert Approval.objects.post_check_open().count() == 0


@pytest.fixture
def before_an_election():
    """A Beitrag in review whose slot lies in the quiet time."""
    today = berlin_day(timezone.now())
    Election.objects.create(name="Bürgerschaft", quiet_from=today, day=today + dt.timedelta(days=9))
    return approval.submit(PostFactory(), by=person())


def test_before_an_election_one_director_co_signs_and_another_one_approves(before_an_election):
    post, first, second = before_an_election, person(Role.GF), person(Role.GF)
    digest = post.digest()
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=first, seen_digest=digest)
    assert codes(refusal) == "approval.not_endorsed"
    approval.endorse(post, by=first, seen_digest=digest)
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=first, seen_digest=digest)
    assert codes(refusal) == "approval.endorsed_by_same"
    assert approval.approve(post, by=second, seen_digest=digest).state == PostState.APPROVED
    assert [
        entry.step for entry in AuditEntry.objects.filter(subject_type="post", step__in=["endorse", "approve"])
    ] == [
        "endorse",
        "approve",
    ]


def test_what_was_changed_since_is_co_signed_anew(before_an_election):
    post, first = before_an_election, person(Role.GF)
    approval.endorse(post, by=first, seen_digest=post.digest())
    with pytest.raises(StepRefused) as refusal:
        approval.endorse(post, by=person(Role.GF), seen_digest=post.digest())
    assert codes(refusal) == "endorsement.none"
    Post.objects.update(text="Ein anderer Text.")
    changed = Post.objects.get()
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=person(Role.GF), seen_digest=changed.digest())
    assert codes(refusal) == "approval.not_endorsed"
    approval.endorse(post, by=first, seen_digest=changed.digest())


def test_the_other_directors_are_told_that_a_second_one_is_wanted(before_an_election):
    first, second = person(Role.GF), person(Role.GF)
    approval.endorse(before_an_election, by=first, seen_digest=before_an_election.digest())
    told = Notice.objects.filter(words__contains="zweite Geschäftsführer:in")
    assert list(told.values_list("person", flat=True)) == [second.pk]


def test_two_directors_decide_about_special_categories_of_data_and_nobody_takes_the_express_way():
    consent = ConsentFactory(has_special_categories=True)
    post = approval.submit(PostFactory(consents=[consent]), by=person())
    first, second, digest = person(Role.GF), person(Role.GF), post.digest()
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=first, seen_digest=digest)
    assert codes(refusal) == "approval.not_endorsed"
    with pytest.raises(StepRefused) as refusal:
        approval.approve_express(post, by=person(), seen_digest=digest, reason="eilig")
    assert codes(refusal) == "approval.no_express"
    approval.endorse(post, by=first, seen_digest=digest)
    assert approval.approve(post, by=second, seen_digest=digest).state == PostState.APPROVED


def test_on_other_days_nobody_co_signs():
    post = approval.submit(PostFactory(), by=person())
    with pytest.raises(StepRefused) as refusal:
        approval.endorse(post, by=person(Role.GF), seen_digest=post.digest())
    assert codes(refusal) == "endorsement.none"


def test_a_slot_that_passed_is_refused_when_handed_in():
    post = PostFactory(slot=timezone.now() - dt.timedelta(minutes=1))
    with pytest.raises(StepRefused) as refusal:
        approval.submit(post, by=person())
    assert codes(refusal) == "slot.past"


@pytest.mark.parametrize(("minutes_late", "refused"), [(59, False), (61, True)])
def test_a_slot_that_passed_while_in_review_is_approved_within_grace_only(minutes_late, refused):
    post = PostFactory()
    post = approval.submit(post, by=person())
    late = post.slot + dt.timedelta(minutes=minutes_late)
    if refused:
        with pytest.raises(StepRefused) as refusal:
            approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=late)
        assert codes(refusal) == "slot.past"
    else:
        post = approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=late)
        assert post.deliveries.get().slot == post.slot


def test_changes_and_refusals_need_a_reason():
    post = approval.submit(PostFactory(), by=person())
    for act in (approval.request_changes, approval.reject):
        with pytest.raises(StepRefused) as refusal:
            act(post, "  ", by=person(Role.GF))
        assert codes(refusal) == "reason.missing"
    assert approval.request_changes(post, "Bitte kürzer.", by=person(Role.GF)).state == PostState.DRAFT


def test_a_beitrag_without_a_slot_is_approved_first_and_scheduled_later():
    post = approved(slot=None)
    assert post.deliveries.count() == 0
    slot = timezone.now() + dt.timedelta(days=1)
    scheduling.schedule(post, slot, by=person())
    assert Delivery.objects.get().slot == slot


def test_an_approval_for_one_moment_covers_no_other():
    post = approved()
    post = scheduling.hold(post, "Rückfrage", by=person())
    assert (post.state, post.deliveries.get().state) == (PostState.APPROVED, DeliveryState.CANCELLED)
    with pytest.raises(StepRefused) as refusal:
        scheduling.schedule(post, post.slot + dt.timedelta(days=1), by=person())
    assert codes(refusal) == "approval.changed_since"
    scheduling.schedule(post, post.slot, by=person())
    assert post.deliveries.filter(state=DeliveryState.SCHEDULED).count() == 1


def test_a_new_slot_needs_a_new_approval_and_the_old_one_stays_visible():
    post, mover = approved(), person()
    old = post.slot
    moved = scheduling.reschedule(post, old + dt.timedelta(days=1), by=mover)
    assert (moved.state, moved.deliveries.get().state, moved.deliveries.get().slot) == (
        PostState.IN_REVIEW,
        DeliveryState.CANCELLED,
        old,
    )
    assert moved.approvals.get().voided_at is not None


@pytest.mark.parametrize(("field", "step"), [("slot", scheduling.schedule), ("slot", scheduling.reschedule)])
def test_planning_asks_for_a_slot(field, step):
    post = approved(slot=None)
    with pytest.raises(StepRefused) as refusal:
        step(post, None, by=person())
    assert codes(refusal) == "slot.missing"


def test_a_director_sends_at_once_only_with_an_own_account():
    post, director = approved(), person(Role.GF)
    with pytest.raises(StepRefused) as refusal:
        scheduling.send_now(post, by=director)
    assert codes(refusal) == "access.no_own_account"
    ChannelAccessFactory(user=director)
    at = timezone.now()
    scheduling.send_now(post, by=director, at=at)
    assert post.deliveries.get().slot == at


def test_withdrawing_stops_what_is_planned_and_takes_down_what_is_online():
    delivery = DeliveryFactory(published=True, slot=timezone.now() - dt.timedelta(days=1))
    MirrorItem.objects.create(post=delivery.post, shown_from=delivery.slot, text="x", topic_name="y")
    post = approval.withdraw(delivery.post, by=person(), reason="Irrtum")
    assert (post.state, post.deliveries.get().state) == (PostState.WITHDRAWN, DeliveryState.TAKEDOWN_DUE)
    assert MirrorItem.objects.visible().count() == 0


def test_what_was_sent_is_not_edited_but_copied():
    delivery = DeliveryFactory(published=True, slot=timezone.now() - dt.timedelta(days=1))
    with pytest.raises(StepRefused) as refusal:
        drafting.save(delivery.post, {"text": "Neu"}, by=person())
    assert codes(refusal) == "post.already_sent"
    copied = drafting.copy(delivery.post, by=person())
    assert (copied.state, copied.text, copied.slot) == (PostState.DRAFT, delivery.post.text, None)


def test_a_consent_that_ends_before_the_slot_already_refuses_the_approval():
    story = PostFactory(consents=[ConsentFactory(valid_until=timezone.localdate())])
    with pytest.raises(StepRefused) as refusal:
        approval.submit(story, by=person())
    assert codes(refusal) == "consent.not_valid"


def test_where_no_channel_marks_its_links_the_text_goes_out_as_typed():
    Channel.objects.update(marks_links=False)
    text = "Neue Zeiten: https://www.jobcenter-bremen.de/zeiten"
    post = approval.submit(PostFactory(text=text), by=person())
    assert (post.link_token, post.message_text) == ("", text)
    saved = drafting.save(post, {"text": f"{text} und mehr"}, by=person())
    assert saved.message_text == f"{text} und mehr"
