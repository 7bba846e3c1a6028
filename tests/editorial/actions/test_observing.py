"""What was seen becomes an idea, and is forgotten after 90 days."""

import datetime as dt

import pytest

from editorial import audit, tasks
from editorial.actions import approval, drafting, observing
from editorial.enums import PostState, Role
from editorial.models import AuditEntry, Observation, Post, Topic
from tests.factories import ObservationFactory, PostFactory, person

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
LAST_DAY_KEPT = dt.date(2026, 8, 25)


def last_entry():
    return AuditEntry.objects.latest("position")


def test_a_trend_becomes_an_idea_and_the_idea_a_beitrag():
    seen = ObservationFactory(subject="#Ausbildung", link="https://x.com/search?q=a", is_trend=True)
    idea = observing.take_up(seen, by=person(), at=NOW)
    assert (idea.state, idea.text) == (PostState.IDEA, "#Ausbildung: Viele fragen nach Praktika.")
    assert idea.source_url == "https://x.com/search?q=a"
    assert (last_entry().step, last_entry().note) == ("take_up", f"post {idea.public_id}")
    complete = PostFactory(slot=NOW + dt.timedelta(days=3))
    content = {name: getattr(complete, name) for name in drafting.PLAIN_FIELDS}
    content |= {"audiences": list(complete.audiences.all()), "topic": Topic.objects.get(slug="dienstleistungen")}
    author = person()
    post = approval.submit(drafting.save(idea, content, by=author, at=NOW), by=author, at=NOW)
    post = approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=NOW)
    seen.refresh_from_db()
    assert (seen.idea, post.observation, seen.idea.state) == (post, seen, PostState.APPROVED)


def test_taken_up_twice_is_one_idea():
    seen = ObservationFactory()
    assert observing.take_up(seen, by=person()) == observing.take_up(seen, by=person())
    assert Post.objects.count() == 1


def test_after_ninety_days_it_is_forgotten_and_the_beitrag_stays():
    kept = ObservationFactory(noted_on=LAST_DAY_KEPT)
    old = ObservationFactory(noted_on=LAST_DAY_KEPT - dt.timedelta(days=1), is_trend=True, subject="#Geheim")
    idea = observing.take_up(old, by=person(), at=NOW)
    assert observing.forget_old(NOW) == 1
    assert list(Observation.objects.all()) == [kept]
    assert Post.objects.filter(pk=idea.pk).exists()
    entry = last_entry()
    assert (entry.step, entry.subject_id, entry.note, entry.actor) == ("forget", old.pk, "trend used", None)
    assert not AuditEntry.objects.filter(note__contains="Geheim").exists()
    assert list(audit.broken_entries()) == []


def test_how_long_is_a_setting(settings):
    settings.OBSERVATIONS_KEPT_DAYS = 10
    ObservationFactory(noted_on=NOW.date() - dt.timedelta(days=11))
    assert observing.forget_old(NOW) == 1


def test_the_clock_forgets_by_itself():
    ObservationFactory(noted_on=dt.date(2020, 1, 1))
    tasks.look_after()
    assert not Observation.objects.exists()
