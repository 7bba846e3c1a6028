"""Who is told what, once, and how the mail of it goes out."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, connections

from editorial.actions import approval, notices, reporting, scheduling
from editorial.clock import BERLIN
from editorial.enums import MailWay, NoticeKind, Role
from editorial.models import Heartbeat, Notice
from tests.factories import MediumFactory, PostFactory, person
from tests.mailing import mail_server

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 10, tzinfo=BERLIN)
MINUTE = dt.timedelta(minutes=1)
PAGE = "/redaktion/freigaben/"


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def post_office(settings):
    with mail_server(settings) as catcher:
        yield catcher


def tell(*people, words="Etwas wartet.", key="", at=NOW):
    return notices.tell(NoticeKind.SUBMITTED, people, words=words, path=PAGE, key=key, at=at)


def told():
    return list(Notice.objects.order_by("pk").values_list("person__username", "kind"))


def test_the_same_key_tells_a_person_only_once():
    one, other = person(), person()
    assert [tell(one, key="a"), tell(one, other, key="a"), tell(one, key="b"), tell(one), tell(one)] == [1, 1, 1, 1, 1]
    assert Notice.objects.filter(person=one).count() == 4


def test_a_submitted_beitrag_is_told_to_the_directors_who_did_not_write_it():
    author, director, writing_director = person(), person(Role.GF), person(Role.GF)
    person(Role.GF, is_active=False), person(Role.FACH), person(Role.ADMIN)
    post = approval.submit(PostFactory(slot=NOW + 60 * MINUTE, written_by=writing_director), by=author, at=NOW)
    assert told() == [(director.username, "submitted")]
    words = f"Ein Beitrag zu „{post.topic.name}“ für den 24.11.2026, 11:00 Uhr wartet auf eine Freigabe."
    assert Notice.objects.get().words == words


def test_no_notice_holds_a_word_of_the_text():
    approval.submit(PostFactory(text="Frau Beispiel erzählt.", slot=NOW + 60 * MINUTE), by=person(), at=NOW)
    assert not any("Beispiel" in words for words in Notice.objects.values_list("words", flat=True))


def test_who_wrote_it_hears_of_the_freigabe_and_the_directors_need_not_look_any_more():
    author, first, second = person(), person(Role.GF), person(Role.GF)
    post = approval.submit(PostFactory(slot=NOW + 60 * MINUTE, written_by=author), by=author, at=NOW)
    approval.approve(post, by=first, seen_digest=post.digest(), at=NOW + MINUTE)
    assert [notices.unread(one).count() for one in (author, first, second)] == [1, 0, 0]
    assert notices.unread(author).get().kind == NoticeKind.APPROVED


@pytest.mark.parametrize("step", [approval.request_changes, approval.reject])
def test_who_wrote_it_hears_that_it_came_back(step):
    author, director = person(), person(Role.GF)
    post = approval.submit(PostFactory(slot=NOW + 60 * MINUTE, written_by=author), by=author, at=NOW)
    step(post, "Bitte kürzer.", by=director, at=NOW + MINUTE)
    assert notices.unread(author).get().kind == NoticeKind.RETURNED
    assert "kürzer" not in notices.unread(author).get().words


def test_handed_in_again_it_is_news_again():
    author, director = person(), person(Role.GF)
    post = approval.submit(PostFactory(slot=NOW + 60 * MINUTE, written_by=author), by=author, at=NOW)
    post = approval.request_changes(post, "Kürzer.", by=director, at=NOW + MINUTE)
    approval.submit(post, by=author, at=NOW + 2 * MINUTE)
    assert notices.unread(director).count() == 1


def test_what_was_rolled_back_is_told_to_nobody():
    person(Role.GF)
    post = PostFactory(slot=NOW - 60 * MINUTE)
    with pytest.raises(approval.workflow.StepRefused):
        approval.submit(post, by=person(), at=NOW)
    assert told() == []


def test_a_burst_becomes_one_mail_in_text_and_html(post_office):
    director = person(Role.GF)
    tell(director, words="Ein Beitrag wartet."), tell(director, words="Ein zweiter wartet.")
    assert notices.mail_due(NOW) == 0
    assert notices.mail_due(NOW + 2 * MINUTE) == 1
    (mail,) = post_office.mails
    assert (mail["To"], mail["Subject"]) == (director.email, "[Redaktion] 2 Mitteilungen für Sie")
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (text, html):
        assert "Ein zweiter wartet." in body
        assert "/redaktion/mitteilungen/" in body
    assert notices.mail_due(NOW + 3 * MINUTE) == 0


def test_once_a_day_means_half_past_seven_in_berlin(post_office):
    director = person(Role.GF, mail_way=MailWay.DAILY)
    tell(director)
    assert Notice.objects.get().mail_due_at == dt.datetime(2026, 11, 25, 7, 30, tzinfo=BERLIN)
    early = dt.datetime(2026, 11, 25, 6, tzinfo=BERLIN)
    assert (notices.mail_due(early), notices.mail_due(early + 90 * MINUTE)) == (0, 1)


def test_who_wants_no_mails_gets_none(post_office):
    tell(person(Role.GF, mail_way=MailWay.NEVER), person(Role.GF, email=""), person(Role.GF, is_active=False))
    assert notices.mail_due(NOW + 60 * 24 * MINUTE) == 0
    assert post_office.mails == []


def test_a_new_wish_holds_for_what_still_waits(post_office):
    director = person(Role.GF)
    tell(director)
    notices.choose_mails(director, MailWay.NEVER, at=NOW)
    assert notices.mail_due(NOW + 60 * MINUTE) == 0
    notices.choose_mails(director, MailWay.AT_ONCE, at=NOW)
    tell(director)
    assert notices.mail_due(NOW + 60 * MINUTE) == 1


def test_what_was_read_or_is_settled_needs_no_mail(post_office):
    one, other = person(Role.GF), person(Role.GF)
    tell(one, key="x-1"), tell(other, key="y-1")
    notices.mark_read(one, at=NOW)
    notices.settle("y-", NOW)
    assert notices.mail_due(NOW + 60 * MINUTE) == 0


def test_a_mail_server_that_refuses_is_tried_again_later_and_noted(post_office):
    tell(person(Role.GF))
    post_office.answer = "451 später"
    assert notices.mail_due(NOW + MINUTE) == 0
    assert Heartbeat.objects.get(name="mail").detail == "Der Mailserver nahm die letzte Mail nicht an."
    post_office.answer = "250 OK"
    assert notices.mail_due(NOW + 2 * MINUTE) == 0  # not at once again
    assert notices.mail_due(NOW + 4 * MINUTE) == 1
    assert len(post_office.mails) == 1


def test_what_somebody_who_died_had_in_hand_is_mailed_after_the_lease(post_office):
    tell(person(Role.GF))
    Notice.objects.update(claimed_until=NOW + 5 * MINUTE)
    assert notices.mail_due(NOW + 4 * MINUTE) == 0
    assert notices.mail_due(NOW + 6 * MINUTE) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_at_once_send_one_mail(post_office):
    tell(person(Role.GF))
    post_office.silent_s = 0.3

    def mail(_):
        try:
            return notices.mail_due(NOW + 2 * MINUTE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(mail, range(2)))
    assert (sorted(sent), len(post_office.mails)) == ([0, 1], 1)
    assert connection.alias == "default"


def test_old_ones_are_forgotten():
    tell(person(), at=NOW - dt.timedelta(days=91)), tell(person(), at=NOW - dt.timedelta(days=89))
    assert notices.forget_old(NOW) == 1
    assert Notice.objects.count() == 1


def test_prö_is_warned_once_of_picture_rights_that_end_soon():
    soon = MediumFactory(rights_until=dt.date(2026, 12, 1))
    somebody = person()
    PostFactory(media=[soon], written_by=somebody)
    PostFactory(media=[MediumFactory(rights_until=dt.date(2027, 3, 1))], written_by=somebody)
    MediumFactory(rights_until=dt.date(2026, 12, 1))  # nobody needs it
    assert [reporting.warn_of_rights(NOW), reporting.warn_of_rights(NOW + 60 * MINUTE)] == [1, 0]
    notice = notices.unread(somebody).get()
    assert notice.path == f"/redaktion/medien/{soon.pk}/"
    assert "bis 01.12.2026" in notice.words


def test_when_something_approved_is_moved_the_directors_are_told_the_old_and_the_new_moment_at_once():
    author, director, other = person(), person(Role.GF), person(Role.GF)
    post = approval.submit(PostFactory(slot=NOW + 60 * MINUTE, written_by=author), by=author, at=NOW)
    post = approval.approve(post, by=director, seen_digest=post.digest(), at=NOW)
    assert [notices.unread(one).count() for one in (director, other)] == [0, 0]
    scheduling.reschedule(post, NOW + 180 * MINUTE, by=author, at=NOW + MINUTE)
    for one in (director, other):
        told = notices.unread(one).get()
        assert (told.kind, told.path) == (NoticeKind.MOVED, f"{PAGE}{post.pk}/")
        assert told.words == (
            f"Ein Beitrag zu „{post.topic.name}“ war für den 24.11.2026, 11:00 Uhr freigegeben und ist jetzt für "
            "den 24.11.2026, 13:00 Uhr geplant. Er wartet auf eine neue Freigabe."
        )


def test_whoever_moves_it_is_not_told_and_the_new_freigabe_settles_it():
    director, other = person(Role.GF), person(Role.GF)
    post = approval.submit(PostFactory(slot=NOW + 60 * MINUTE), by=person(), at=NOW)
    post = approval.approve(post, by=director, seen_digest=post.digest(), at=NOW)
    post = scheduling.reschedule(post, NOW + 180 * MINUTE, by=director, at=NOW)
    assert [notices.unread(one).count() for one in (director, other)] == [0, 1]
    approval.approve(post, by=other, seen_digest=post.digest(), at=NOW)
    assert notices.unread(other).count() == 0


def test_moving_what_nobody_approved_yet_is_no_news_to_the_directors():
    director = person(Role.GF)
    post = approval.submit(PostFactory(slot=NOW + 60 * MINUTE), by=person(), at=NOW)
    scheduling.reschedule(post, NOW + 180 * MINUTE, by=person(), at=NOW)
    assert [notice.kind for notice in notices.unread(director)] == [NoticeKind.SUBMITTED]


def test_planned_without_an_approved_moment_the_moment_it_was_planned_for_is_the_old_one():
    director, author = person(Role.GF), person()
    post = approval.submit(PostFactory(slot=None, written_by=author), by=author, at=NOW)
    post = approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=NOW)
    post = scheduling.schedule(post, NOW + 60 * MINUTE, by=author, at=NOW)
    scheduling.reschedule(post, NOW + 180 * MINUTE, by=author, at=NOW)
    assert "war für den 24.11.2026, 11:00 Uhr freigegeben" in notices.unread(director).get().words
