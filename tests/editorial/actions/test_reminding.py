"""By the clock: directors are reminded once, then everybody is told, and nobody of the same thing twice."""

import datetime as dt

import pytest

from editorial.actions import approval, drafting, notices, reminding
from editorial.clock import BERLIN
from editorial.enums import MailWay, NoticeKind, PostState, Role
from editorial.models import Approval, Notice, Post
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

# Thursday; eight hours of office time before it is Wednesday, 10 o'clock.
SLOT = dt.datetime(2026, 11, 26, 10, tzinfo=BERLIN)
HANDED_IN = dt.datetime(2026, 11, 23, 9, tzinfo=BERLIN)
REMINDED_AT = dt.datetime(2026, 11, 25, 10, tzinfo=BERLIN)
URGENT_AT = dt.datetime(2026, 11, 26, 8, tzinfo=BERLIN)
MINUTE = dt.timedelta(minutes=1)


def waiting(slot=SLOT, at=HANDED_IN, **fields):
    return approval.submit(PostFactory(slot=slot, **fields), by=person(), at=at)


def told(*kinds):
    """Who was told what by the clock."""
    kinds = kinds or (NoticeKind.REMINDED, NoticeKind.URGENT)
    found = Notice.objects.filter(kind__in=kinds).order_by("pk")
    return [(notice.person, notice.kind) for notice in found.select_related("person")]


def test_directors_are_reminded_a_working_day_before_and_only_once():
    gf, post = person(Role.GF), waiting()
    reminding.watch(REMINDED_AT - MINUTE)
    assert told() == []
    assert [reminding.watch(REMINDED_AT + n * MINUTE) for n in range(3)] == [1, 0, 0]
    assert told() == [(gf, NoticeKind.REMINDED)]
    notice = Notice.objects.get(kind=NoticeKind.REMINDED)
    assert notice.path == f"/redaktion/freigaben/{post.pk}/"
    assert notice.words.endswith("wartet noch auf eine Freigabe.")
    assert post.text not in notice.words


def test_an_author_is_not_reminded_of_their_own_work():
    author, other = person(Role.GF), person(Role.GF)
    waiting(written_by=author)
    reminding.watch(REMINDED_AT)
    assert told() == [(other, NoticeKind.REMINDED)]


def test_shortly_before_everybody_who_can_help_is_told_once():
    author, gf = person(), person(Role.GF)
    person(Role.FACH)
    post = approval.submit(PostFactory(slot=SLOT, written_by=author), by=author, at=HANDED_IN)
    reminding.watch(URGENT_AT - MINUTE)
    assert told(NoticeKind.URGENT) == []
    assert [reminding.watch(URGENT_AT + n * MINUTE) for n in range(3)] == [2, 0, 0]
    assert {who for who, _ in told(NoticeKind.URGENT)} == {author, gf}
    assert Post.objects.get() == post


def test_times_are_settings(settings):
    settings.APPROVAL_REMIND_H, settings.APPROVAL_URGENT_MIN = 1, 30
    person(Role.GF)
    waiting()
    assert reminding.watch(SLOT - 61 * MINUTE) == 0
    reminding.watch(SLOT - 60 * MINUTE)
    assert [kind for _, kind in told()] == [NoticeKind.REMINDED]
    reminding.watch(SLOT - 30 * MINUTE)
    assert {kind for _, kind in told()} == {NoticeKind.REMINDED, NoticeKind.URGENT}


def test_whoever_was_told_just_now_is_not_reminded_at_once():
    person(Role.GF)
    handed_in = SLOT - 60 * MINUTE
    waiting(at=handed_in)
    assert reminding.watch(handed_in + 29 * MINUTE) == 0
    assert reminding.watch(handed_in + 30 * MINUTE) > 0


@pytest.mark.parametrize("decision", ["approve", "return", "lapse"])
def test_what_was_decided_or_is_over_reminds_nobody(decision):
    gf, post = person(Role.GF), waiting()
    at = REMINDED_AT
    if decision == "approve":
        approval.approve(post, by=gf, seen_digest=post.digest(), at=HANDED_IN)
    elif decision == "return":
        approval.request_changes(post, "Kürzer.", by=gf, at=HANDED_IN)
    else:
        at = SLOT + dt.timedelta(hours=2)
    assert reminding.watch(at) == 0


def test_a_decision_settles_what_reminded_of_it():
    gf, post = person(Role.GF), waiting()
    reminding.watch(REMINDED_AT)
    assert notices.unread(gf).filter(kind=NoticeKind.REMINDED).count() == 1
    approval.approve(post, by=gf, seen_digest=post.digest(), at=REMINDED_AT)
    assert notices.unread(gf).count() == 0


def test_handed_in_anew_it_is_a_new_matter():
    gf, post = person(Role.GF), waiting()
    reminding.watch(REMINDED_AT)
    approval.request_changes(post, "Kürzer.", by=gf, at=REMINDED_AT)
    changed = drafting.save(post, {"text": "Kürzer."}, by=person(), at=REMINDED_AT)
    approval.submit(changed, by=person(), at=REMINDED_AT + MINUTE)
    assert reminding.watch(SLOT - 3 * 60 * MINUTE) == 1


def test_without_a_moment_one_reminder_comes_after_a_working_day():
    person(Role.GF)
    friday = dt.datetime(2026, 11, 20, 12, tzinfo=BERLIN)
    waiting(slot=None, at=friday)
    monday_noon = dt.datetime(2026, 11, 23, 12, tzinfo=BERLIN)
    assert reminding.watch(monday_noon - MINUTE) == 0
    assert [reminding.watch(monday_noon + n * MINUTE) for n in range(2)] == [1, 0]


def test_a_later_look_is_reminded_of_on_its_day_and_when_it_is_overdue_until_it_is_taken():
    gf, post = person(Role.GF), waiting()
    approval.approve_express(post, by=person(), seen_digest=post.digest(), reason="Unwetter", at=HANDED_IN)
    due = Approval.objects.get().post_check_due_on
    morning = dt.datetime.combine(due, dt.time(8), BERLIN)
    assert reminding.watch(morning - MINUTE) == 0
    assert [reminding.watch(morning + n * MINUTE) for n in range(2)] == [1, 0]
    assert [reminding.watch(morning + dt.timedelta(days=n)) for n in (1, 2)] == [1, 0]
    assert told() == [(gf, NoticeKind.REMINDED), (gf, NoticeKind.URGENT)]
    approval.post_check(post, by=gf, at=morning + dt.timedelta(days=3))
    assert notices.unread(gf).count() == 0
    assert Post.objects.get().state == PostState.APPROVED


@pytest.mark.parametrize(("way", "is_mailed"), [(MailWay.AT_ONCE, True), (MailWay.DAILY, True), (MailWay.NEVER, False)])
def test_what_is_urgent_does_not_wait_for_the_daily_mail(way, is_mailed):
    gf = person(Role.GF, mail_way=way)
    waiting()
    reminding.watch(URGENT_AT)
    due = Notice.objects.get(person=gf, kind=NoticeKind.URGENT).mail_due_at
    assert (due is not None and due < URGENT_AT + 5 * MINUTE) == is_mailed
