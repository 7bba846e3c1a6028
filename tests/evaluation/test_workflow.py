import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from editorial import audit, queries
from editorial.enums import Role
from editorial.models import AuditEntry
from evaluation import workflow
from evaluation.models import Review, ReviewState
from evaluation.periods import NotABoundary
from evaluation.reports import NotYetOver
from evaluation.workflow import STEPS, StepForbidden, StepRefused
from tests.evaluation.conftest import AFTER, END, facts, published
from tests.factories import person

pytestmark = pytest.mark.django_db

WHO = {"rebuild": Role.PROE, "comment": Role.PROE, "publish": Role.GF, "correct": Role.GF}
CHANGES = {
    "publish": lambda by: {"published_at": AFTER, "published_by": by},
    "comment": lambda by: {"comment": "Neu."},
    "correct": lambda by: {"erratum": "Richtig ist 12."},
}


def in_state(review, state):
    if state == ReviewState.PUBLISHED:
        return workflow.publish(review, by=person(Role.GF), seen_digest=review.digest(), at=AFTER)
    return review


def attempt(name, review, by):
    changes = CHANGES.get(name, lambda by: {})(by)
    return workflow.take(name, review, by=by, at=AFTER, seen_digest=review.digest(), **changes)


@pytest.mark.parametrize("state", ReviewState)
@pytest.mark.parametrize("name", STEPS)
def test_every_step_from_every_state(review, name, state):
    review, by = in_state(review, state), person(WHO[name])
    entries = AuditEntry.objects.count()
    if state in STEPS[name].moves:
        assert attempt(name, review, by).state == STEPS[name].moves[state]
        assert AuditEntry.objects.count() == entries + 1
    else:
        with pytest.raises(StepRefused) as refusal:
            attempt(name, review, by)
        assert str(refusal.value) == "step.wrong_state"
        assert Review.objects.get() == review
        assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", STEPS)
def test_every_step_by_every_role(review, name, role):
    review, by = in_state(review, next(iter(STEPS[name].moves))), person(role)
    if role == WHO[name]:
        assert attempt(name, review, by).version == review.version + 1
    else:
        with pytest.raises(StepForbidden):
            attempt(name, review, by)


@pytest.mark.parametrize("name", STEPS)
def test_the_system_may_freeze_again_and_nothing_else(review, name):
    review = in_state(review, next(iter(STEPS[name].moves)))
    if name == "rebuild":
        assert workflow.take(name, review, at=AFTER).state == ReviewState.DRAFT
    else:
        with pytest.raises(StepForbidden):
            workflow.take(name, review, at=AFTER, seen_digest=review.digest())


def test_a_step_writes_who_did_what_to_which_digest(review):
    by = person(Role.GF)
    done = workflow.publish(review, by=by, seen_digest=review.digest(), at=AFTER)
    entry = AuditEntry.objects.last()
    assert (entry.step, entry.subject_type, entry.subject_id) == ("publish", "review", review.pk)
    assert (entry.source, entry.target, entry.digest_sha256) == ("draft", "published", review.digest())
    assert str(entry.actor) == audit.pseudonym_of(by)
    assert (done.published_at, done.published_by) == (AFTER, by)
    assert list(audit.broken_entries()) == []


@pytest.mark.parametrize("name", ["comment", "publish", "correct"])
def test_what_changed_since_it_was_seen_is_not_acted_upon(review, name):
    review = in_state(review, next(iter(STEPS[name].moves)))
    seen = review.digest()
    Review.objects.update(comment="Inzwischen geschrieben.", version=review.version + 1)
    with pytest.raises(StepRefused) as refusal:
        workflow.take(name, review, by=person(WHO[name]), at=AFTER, seen_digest=seen)
    assert str(refusal.value) == "review.changed_since"


def test_a_missing_comment_is_a_hint_and_no_obstacle(review):
    by = person(Role.GF)
    hints = workflow.objections("publish", review, by=by, seen_digest=review.digest())
    assert [(hint.code, hint.blocks) for hint in hints] == [("review.no_comment", False)]


def test_building_makes_one_draft_with_its_audit_entry(half_year):
    built = workflow.build(facts(), END, by=person(), at=AFTER)
    assert (built.slug, built.state, built.built_at) == ("halbjahr-2026-09", "draft", AFTER)
    assert (built.start, built.end) == (dt.date(2026, 3, 1), END)
    entry = AuditEntry.objects.last()
    assert (entry.step, entry.source, entry.target) == ("build", "", "draft")


def test_building_again_freezes_a_draft_anew_and_keeps_its_comment(review):
    workflow.take("comment", review, by=person(), at=AFTER, seen_digest=review.digest(), comment="Bleibt.")
    published("2026-06-01 09:00")
    later = AFTER + dt.timedelta(days=1)
    again = workflow.build(facts(), END, by=person(), at=later)
    assert (again.pk, again.comment, again.built_at) == (review.pk, "Bleibt.", later)
    assert (review.figures["totals"]["posts"], again.figures["totals"]["posts"]) == (3, 4)
    assert Review.objects.count() == 1


def test_building_twice_gives_the_same_digits(review):
    again = workflow.build(facts(), END, at=AFTER)
    assert (again.figures, again.sources, again.digest()) == (review.figures, review.sources, review.digest())


def test_a_published_review_is_never_frozen_again(published_review):
    with pytest.raises(StepRefused) as refusal:
        workflow.build(facts(), END, at=AFTER)
    assert str(refusal.value) == "step.wrong_state"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROE])
def test_only_proe_builds(half_year, role):
    with pytest.raises(StepForbidden):
        workflow.build(facts(), END, by=person(role), at=AFTER)
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    ("until", "refusal"), [(dt.date(2026, 8, 31), NotABoundary), (dt.date(2027, 3, 1), NotYetOver)]
)
def test_only_a_half_year_that_is_over_is_built(half_year, until, refusal):
    with pytest.raises(refusal):
        workflow.build(facts(), until, at=AFTER)
    assert Review.objects.count() == 0


def test_the_loser_of_a_race_changes_nothing(review):
    first, second = Review.objects.get(), Review.objects.get()
    publisher = person(Role.GF)
    workflow.publish(first, by=publisher, seen_digest=first.digest(), at=AFTER)
    with pytest.raises(StepRefused):
        workflow.publish(second, by=person(Role.GF), seen_digest=second.digest(), at=AFTER)
    assert Review.objects.get().published_by == publisher


def test_the_database_keeps_one_review_per_period_and_a_publisher_for_each_published_one(review):
    copy = Review.objects.get()
    copy.pk, copy.slug = None, "halbjahr-noch-einmal"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(state=ReviewState.PUBLISHED)


def test_a_second_channels_review_carries_its_name(review, channel):
    channel.pk, channel.slug, channel.name = None, "mastodon", "Mastodon"
    channel.save()
    built = workflow.build(queries.channel_facts(AFTER, "mastodon"), END, at=AFTER)
    assert built.slug == "halbjahr-2026-09-mastodon"
