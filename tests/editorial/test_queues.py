"""Which Beitrag stands in which place of the Freigaben, and whether the numbers say the same as the lists."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial import queues
from editorial.actions import approval, drafting, overdue, scheduling
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import Delivery, Post
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
PLACES = ("waiting", "mine", "returned", "lapsed")


def waiting(by=None, **fields):
    return approval.submit(PostFactory(**fields), by=by or person())


def places(who, at=None):
    """The keys in each place; the numbers must agree."""
    at = at or timezone.now()
    ended = queues.ended_before(at)
    found = (queues.waiting(ended), queues.from_person(who, ended), queues.returned(), queues.lapsed(ended))
    keys = {name: sorted(posts.values_list("pk", flat=True)) for name, posts in zip(PLACES, found, strict=True)}
    counted = queues.count(who, at)
    assert {name: len(keys[name]) for name in PLACES} == {name: getattr(counted, name) for name in PLACES}
    return {name: found for name, found in keys.items() if found}


def test_what_waits_stands_with_everybody_and_with_whoever_wrote_or_handed_it_in():
    author, submitter, other = person(), person(), person()
    post = waiting(by=submitter, written_by=author)
    PostFactory()
    assert places(other) == {"waiting": [post.pk]}
    for who in (author, submitter):
        assert places(who) == {"waiting": [post.pk], "mine": [post.pk]}


def test_what_a_director_sent_back_is_returned_until_it_is_handed_in_again():
    gf, post = person(Role.GF), waiting()
    approval.request_changes(post, "Bitte kürzer.", by=gf)
    assert places(gf) == {"returned": [post.pk]}
    (found,) = queues.with_name_of_actor(queues.returned())
    assert (found.note, found.sent_back_by) == ("Bitte kürzer.", gf.display_name)
    approval.submit(drafting.save(post, {"text": "Kürzer."}, by=person()), by=person())
    assert places(gf) == {"waiting": [post.pk]}


def test_a_freigabe_that_a_change_ended_has_lapsed_until_it_is_handed_in_again():
    gf, post = person(Role.GF), waiting()
    approval.approve(post, by=gf, seen_digest=post.digest())
    post = drafting.save(post, {"text": "Doch anders."}, by=person())
    assert places(gf) == {"lapsed": [post.pk]}
    approval.submit(post, by=person())
    assert places(gf) == {"waiting": [post.pk]}


def test_what_lapsed_and_was_then_sent_back_stands_in_one_place_only():
    gf, post = person(Role.GF), waiting()
    approval.approve(post, by=gf, seen_digest=post.digest())
    post = approval.submit(drafting.save(post, {"text": "Doch anders."}, by=person()), by=person())
    approval.request_changes(post, "So nicht.", by=gf)
    assert places(gf) == {"returned": [post.pk]}


def test_what_nobody_decided_in_time_no_longer_waits():
    gf, post = person(Role.GF), waiting()
    end = post.slot + queues.grace()
    assert places(gf, at=end) == {"waiting": [post.pk]}
    assert places(gf, at=end + dt.timedelta(minutes=1)) == {"lapsed": [post.pk]}


def test_an_approved_one_that_missed_its_moment_has_lapsed_and_one_that_went_out_has_not():
    gf = person(Role.GF)
    missed, sent = DeliveryFactory(), DeliveryFactory(published=True)
    after = max(missed.slot, sent.slot) + 2 * HOUR
    Post.objects.update(slot=after - 2 * HOUR)
    assert places(gf, at=after) == {}
    assert overdue.miss_what_is_over(after) == 1
    assert places(gf, at=after) == {"lapsed": [missed.post_id]}


def test_one_that_was_held_and_planned_anew_has_not_lapsed():
    gf, post = person(Role.GF), waiting()
    post = approval.approve(post, by=gf, seen_digest=post.digest())
    scheduling.hold(post, "Warten.", by=gf)
    scheduling.schedule(post, post.slot, by=gf)
    assert places(gf, at=post.slot + 2 * HOUR) == {}
    Delivery.objects.filter(state=DeliveryState.SCHEDULED).delete()
    assert places(gf, at=post.slot + 2 * HOUR) == {"lapsed": [post.pk]}


def test_what_was_withdrawn_stands_nowhere():
    gf, post = person(Role.GF), waiting()
    approval.reject(post, "Passt nicht.", by=gf)
    assert Post.objects.get().state == PostState.WITHDRAWN
    assert places(gf, at=post.slot + 2 * HOUR) == {}


def test_ones_own_work_waits_for_other_eyes_until_a_freigabe_and_an_edit_by_somebody_else():
    gf, other = person(Role.GF), person(Role.GF)
    post = waiting(written_by=gf)

    def for_gf():
        return list(queues.for_others_eyes(queues.waiting(timezone.now()), gf))

    assert for_gf() == []
    approval.approve(post, by=other, seen_digest=post.digest())
    approval.submit(drafting.save(post, {"text": "Von jemand anderem."}, by=person()), by=person())
    assert for_gf() == [post]
