"""How often one healthy send asks the database: issue 3 allows 15 statements, however many posts there are."""

import datetime as dt
from itertools import pairwise

import pytest
from django.db import connection

from editorial.actions import mirroring, publishing, sender_lock
from editorial.channels.dry_run import DryRun
from tests.factories import ConsentFactory, DeliveryFactory, MediumFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
LINKED = "Unser neuer Ratgeber: https://www.jobcenter-bremen.de/ratgeber"
# In SQLite the beginning of a transaction is a statement, and each write is one of its own; it needs no lock session.
ON_SQLITE = connection.vendor == "sqlite"
MOST = 19 if ON_SQLITE else 15
MOST_WITH_SOMEBODY = 27 if ON_SQLITE else 22  # the outcome asks once more whether they still consent


def due(number=1, **fields):
    media = fields.pop("media", [])
    consents = fields.pop("consents", [])
    for place in range(number):
        delivery = DeliveryFactory(slot=SLOT, post__message_text=f"{LINKED}?t=abc{place}", post__text=LINKED, **fields)
        for position, medium in enumerate(media):
            delivery.post.media_links.create(medium=medium, position=position)
        delivery.post.consents.set(consents)
        type(delivery.approval).objects.filter(pk=delivery.approval_id).update(digest=delivery.post.digest())


@pytest.fixture
def statements():
    """All that are made while the test runs, those of the lock's own session as well."""
    seen = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        if ON_SQLITE:
            yield seen
            return
        with sender_lock.holding(0):  # opens the session of the lock
            pass
        with sender_lock._mine.connection.execute_wrapper(note):
            seen.clear()
            yield seen
    sender_lock.let_go()


class Counting(DryRun):
    """Notes at each call how many statements there were so far."""

    def __init__(self, statements):
        super().__init__(clock=lambda: SLOT)
        self.statements, self.at_call = statements, []

    def send(self, message):
        self.at_call.append(len(self.statements))
        return super().send(message)


def test_a_healthy_send_takes_at_most_fifteen_statements_the_first_and_the_fiftieth(statements):
    channel = Counting(statements)
    due(1)
    publishing.send_due(channel, at=SLOT)  # what a process learns only once
    due(50)
    statements.clear()
    channel.at_call.clear()
    assert publishing.send_due(channel, at=SLOT) == 50
    each = [after - before for before, after in pairwise(channel.at_call)]
    assert max(each) <= MOST
    assert len(set(each[:30])) == 1  # what is due is asked for once in forty posts
    assert len(statements) / 50 <= MOST


@pytest.mark.parametrize(("name", "make"), [("media", MediumFactory), ("consents", ConsentFactory)])
def test_where_a_picture_or_somebody_is_shown_all_is_asked_once_more(statements, name, make):
    channel = Counting(statements)
    due(1)
    publishing.send_due(channel, at=SLOT)  # what a process learns only once a minute
    due(2, **{name: [make()]})
    statements.clear()
    assert publishing.send_due(channel, at=SLOT) == 2
    assert MOST < len(statements) / 2 <= MOST_WITH_SOMEBODY


def test_the_mirror_is_filled_with_a_few_statements_however_many_are_due(statements):
    due(2)
    statements.clear()
    assert mirroring.show_due(SLOT) == 2
    few = len(statements)
    due(20)
    statements.clear()
    assert mirroring.show_due(SLOT) == 20
    assert len(statements) - few <= (18 if ON_SQLITE else 0)
