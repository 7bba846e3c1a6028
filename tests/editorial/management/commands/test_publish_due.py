import datetime as dt

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from editorial import pulse
from editorial.actions import approval, notices, publishing
from editorial.enums import ConsultationState, NoticeKind, Role
from editorial.models import Post
from tests.factories import ConsultationFactory, PostFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_dead_worker():
    person(Role.ADMIN, email="admin@example.org")
    pulse.beat("worker", at=timezone.now() - dt.timedelta(minutes=10))


def test_a_tick_from_cron_is_a_sign_of_life_and_looks_after_the_others():
    call_command("publish_due")
    assert all(pulse.age(name) < dt.timedelta(minutes=1) for name in ("tick", "timer"))
    [told] = mail.outbox
    assert "Fällige Beiträge gehen trotzdem hinaus" in told.body


def test_a_tick_that_fails_is_no_sign_of_life_and_people_are_told_all_the_same(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(publishing, "tick", fail)
    with pytest.raises(RuntimeError, match="broken"):
        call_command("publish_due")
    assert pulse.age("tick") is None
    assert len(mail.outbox) == 1


def test_without_celery_people_are_still_reminded_of_what_waits_for_them():
    director, now = person(Role.GF), timezone.now()
    post = approval.submit(PostFactory(slot=now + dt.timedelta(minutes=20)), by=person(), at=now)
    Post.objects.filter(pk=post.pk).update(submitted_at=now - dt.timedelta(days=2))
    asked = ConsultationFactory(asked_at=now - dt.timedelta(days=3), due_at=now - dt.timedelta(minutes=1))
    call_command("publish_due")
    assert NoticeKind.URGENT in notices.unread(director).values_list("kind", flat=True)
    asked.refresh_from_db()
    assert asked.state == ConsultationState.LAPSED
