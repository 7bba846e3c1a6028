"""The month's cap is never exceeded, also when several send at once."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from editorial.actions import approval, spending
from editorial.enums import CallKind, Payment, Role
from editorial.ledger import forget_prices, ledger, spendings_of
from editorial.models import Alarm, Attempt, AuditEntry, Budget, Channel, Price, Spending
from editorial.rules import Situation
from editorial.rules.budget import cost_of, month_has_money
from editorial.rules.known import Known
from tests.factories import MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_prices_of_another_test():
    forget_prices()
    yield
    forget_prices()


SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
LINKED = "Mehr dazu: https://www.jobcenter-bremen.de/neu"
KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "x")


def due(**fields):
    post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - dt.timedelta(hours=1))
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - dt.timedelta(minutes=50))
    return post.deliveries.get()


def cap(amount):
    return spending.set_cap(Channel.objects.get(), amount and Decimal(amount), by=person(), at=SLOT)


NO_CLAIM = pytest.mark.breaks("I5 Freigabe", "I8 Versuch")


def attempt_of(delivery):
    """One that no claim has made: what is asked is money alone."""
    return Attempt(delivery=delivery, number=1, started_at=SLOT, deadline_at=SLOT)


def said(delivery, at=SLOT):
    return [(o.code, o.blocks) for o in month_has_money(delivery.post, Situation(at=at, delivery=delivery))]


def take_money(delivery):
    """What the claim does: lock the channel, ask the rule, reserve."""
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).get(pk=delivery.channel_id)
        known = Known()
        situation = Situation(at=SLOT, delivery=delivery, known=known)
        if not list(month_has_money(delivery.post, situation)):
            spending.reserve(attempt_of(delivery), SLOT, known)


def test_a_post_with_a_link_costs_what_the_price_list_says():
    money, known = ledger(SLOT), Known()
    assert cost_of(PostFactory(text=LINKED), money.prices, known) == Decimal("0.200")
    assert cost_of(PostFactory(text="Ohne Link."), money.prices, known) == Decimal("0.015")
    assert cost_of(PostFactory(media=[MediumFactory()]), money.prices, known) == Decimal("0.020")
    assert cost_of(PostFactory(kind="retweet", text=LINKED), money.prices, known) == Decimal("0.015")


def test_a_new_price_holds_from_its_day_on():
    Price.objects.create(kind="post", valid_from=dt.date(2026, 12, 1), amount_usd=Decimal("0.020"), source="docs.x.com")
    before, after = ledger(SLOT), ledger(SLOT + dt.timedelta(days=7))
    assert (before.prices.of("post"), after.prices.of("post")) == (Decimal("0.015"), Decimal("0.020"))
    assert after.prices.as_of == dt.date(2026, 12, 1)


def test_without_a_cap_nothing_is_refused():
    assert said(due(text=LINKED)) == []


def test_the_claim_is_refused_when_the_rest_does_not_reach():
    cap("0.19")
    assert said(due(text=LINKED)) == [("budget.exceeded", True)]


def test_the_last_cent_may_be_spent():
    cap("0.20")
    assert said(due(text=LINKED)) == []


def test_while_a_post_is_written_the_missing_money_is_only_a_hint(settings):
    cap("0.19")
    post = PostFactory(text=LINKED, slot=SLOT)
    assert list(month_has_money(post, Situation(at=SLOT, slot=SLOT))) == []  # sent by hand: nothing is charged
    settings.X_KEYS = KEYS
    (hint,) = month_has_money(post, Situation(at=SLOT, slot=SLOT))
    assert (hint.code, hint.blocks) == ("budget.exceeded", False)
    assert hint.text == (
        "Das Geld für 11/2026 reicht nicht: 0,20 US-Dollar kostet dieser Beitrag, 0,19 von 0,19 sind noch da."
    )
    Budget.objects.update(valid_from=dt.date(2026, 12, 1))
    assert list(month_has_money(post, Situation(at=SLOT, slot=SLOT))) == []


@NO_CLAIM
def test_what_is_reserved_counts_until_it_is_given_back():
    delivery = due(text=LINKED)
    attempt = attempt_of(delivery)
    spending.reserve(attempt, SLOT)
    assert ledger(SLOT).spent_usd == Decimal("0.2")
    spending.release(attempt)
    assert ledger(SLOT).spent_usd == 0
    spending.settle(attempt, SLOT)  # it stood on the channel all the same
    assert ledger(SLOT).spent_usd == Decimal("0.2")


@NO_CLAIM
def test_what_went_out_stays_charged():
    attempt = attempt_of(due(text=LINKED))
    spending.reserve(attempt, SLOT)
    spending.settle(attempt, SLOT)
    spending.release(attempt)
    assert (Spending.objects.get().state, ledger(SLOT).spent_usd) == (Payment.SPENT, Decimal("0.2"))


@NO_CLAIM
def test_a_new_month_begins_with_the_whole_cap():
    cap("0.30")
    spending.reserve(attempt_of(due(text=LINKED)), SLOT)
    assert ledger(SLOT).rest_usd == Decimal("0.1")
    assert ledger(dt.datetime(2026, 11, 30, 23, tzinfo=dt.UTC)).rest_usd == Decimal("0.30")  # midnight in Berlin


@NO_CLAIM
def test_a_claim_asks_two_questions_and_writes_attempt_and_price(django_assert_num_queries):
    cap("5")
    delivery = due(text=LINKED)
    attempt, known = attempt_of(delivery), Known()
    # The claim has looked these up for its other rules.
    known.is_own(LINKED)
    prefetch_related_objects([delivery.post], "media_links")
    with django_assert_num_queries(3 if connection.vendor == "postgresql" else 4):
        assert list(month_has_money(delivery.post, Situation(at=SLOT, delivery=delivery, known=known))) == []
        spending.reserve(attempt, SLOT, known)


def test_reads_of_one_day_are_one_row():
    channel = Channel.objects.get()
    for n in (3, 4, 0):
        spending.count_reads(channel, CallKind.OWNED_READ, n, SLOT)
    spending.count_reads(channel, CallKind.USER_READ, 1, SLOT)
    spending.count_reads(channel, CallKind.OWNED_READ, 1, SLOT + dt.timedelta(days=1))
    rows = Spending.objects.order_by("at", "kind").values_list("kind", "count", "amount_usd")
    assert list(rows) == [
        ("owned_read", 7, Decimal("0.0070")),
        ("user_read", 1, Decimal("0.0100")),
        ("owned_read", 1, Decimal("0.0010")),
    ]
    assert [(row["kind"], row["number"]) for row in spendings_of(channel, dt.date(2026, 11, 1))] == [
        ("user_read", 1),
        ("owned_read", 8),
    ]


@NO_CLAIM
def test_four_fifths_of_the_money_set_off_one_alarm_and_more_money_ends_it():
    cap("0.25")
    spending.reserve(attempt_of(due(text=LINKED)), SLOT)
    spending.watch(SLOT)
    spending.watch(SLOT)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.closed_at) == ("budget", None)
    assert "0,20 von 0,25 US-Dollar" in alarm.words
    cap("10")
    alarm.refresh_from_db()
    assert alarm.closed_at == SLOT


def test_whoever_changes_the_cap_stands_in_the_record():
    assert cap("12.5") is True
    assert cap("12.50") is False
    assert cap(None) is True
    notes = AuditEntry.objects.filter(step="set_cap").order_by("position").values_list("note", flat=True)
    assert list(notes) == ["keine Grenze → 12,50 US-Dollar im Monat", "12,50 US-Dollar im Monat → keine Grenze"]


@NO_CLAIM
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_senders_at_once_never_exceed_the_cap():
    cap("0.65")
    deliveries = [due(text=f"{LINKED}-{number}") for number in range(8)]
    start, errors = threading.Barrier(8), []

    def run(delivery):
        try:
            start.wait(10)
            take_money(delivery)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(delivery,)) for delivery in deliveries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert (Spending.objects.count(), ledger(SLOT).spent_usd) == (3, Decimal("0.6"))
