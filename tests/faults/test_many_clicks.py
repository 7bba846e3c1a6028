"""Row 18, on either database: many clicks on "Jetzt senden" at once, and two senders after them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from editorial.actions import approval, publishing, sender_lock
from editorial.channels.dry_run import DryRun
from editorial.enums import Role
from editorial.models import Attempt, Delivery
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

CLICKS, AT_ONCE = 50, 5


def in_own_connection(job):
    def run(argument):
        try:
            return job(argument)
        finally:
            sender_lock.let_go()
            connection.close()

    return run


def test_row_18_fifty_clicks_and_two_senders_make_one_attempt():
    writer, director = person(), person(Role.GF)
    post = approval.submit(PostFactory(), by=writer)
    post = approval.approve(post, by=director, seen_digest=post.digest())
    clients = [Client() for _ in range(CLICKS)]
    clients[0].force_login(writer)
    for client in clients[1:]:
        client.cookies = clients[0].cookies
    address = f"/redaktion/beitraege/{post.pk}/schritt/jetzt-senden/"
    click = in_own_connection(lambda client: client.post(address, {"digest": post.digest()}).status_code)
    channel = DryRun(clock=timezone.now)
    send = in_own_connection(lambda _: publishing.send_due(channel))
    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = set(people.map(click, clients))
        list(people.map(send, range(2)))
    assert answers <= {302, 409}
    assert (len(channel.sent), Attempt.objects.count(), Delivery.objects.count()) == (1, 1, 1)
    assert Delivery.objects.get().state == "published"


READERS = 6


def test_reading_and_deciding_at_once_never_stand_in_each_others_way():
    writer, director = person(), person(Role.GF)
    posts = [approval.submit(PostFactory(), by=writer) for _ in range(12)]
    visitor = Client()
    visitor.force_login(director)

    def send(address, digest):
        client = Client(raise_request_exception=False)
        client.cookies = visitor.cookies
        return client.post(address, {"digest": digest}).status_code

    # The page says that it was read while the decision is on its way, and a second window says so as well.
    steps = ("gelesen", "gelesen", "freigeben", "gelesen")
    clicks = [(f"/redaktion/freigaben/{post.pk}/{step}/", post.digest()) for post in posts for step in steps]
    with ThreadPoolExecutor(READERS) as people:
        answers = list(people.map(in_own_connection(lambda click: send(*click)), clicks))
    assert set(answers) <= {204, 302, 409}
    assert Delivery.objects.count() == len(posts)
