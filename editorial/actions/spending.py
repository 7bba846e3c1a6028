"""Money: reserved with the claim, spent or given back with the outcome, never beyond the month's cap.

Whoever reserves holds the lock on the channel's row (the claim does; SQLite has one writer), so two senders at once
never reserve the same rest.
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import BigIntegerField, F, Value

from .. import audit
from ..clock import berlin_day, database_now
from ..enums import CallKind, ChannelStatus, Payment
from ..ledger import Ledger, ledger_of, month_of, price_on, with_money
from ..models import Attempt, Budget, Channel, Spending, User
from ..prepared import Change, Given, Moment, insert_with, run
from ..rules.budget import call_kind, cost_of
from ..rules.known import Known
from . import alarms

BUDGET = "budget"


def reserve(attempt: Attempt, at: dt.datetime, known: Known | None = None) -> Attempt:
    """Store this attempt and count it as paid, in the transaction of its claim; whether there is money, the claim's
    rule has said.

    ``known``: the one the claim was asked with, so that the money is not looked up twice.
    """
    delivery, known = attempt.delivery, known or Known()
    money = known.money(at, delivery.channel_id)
    reserved = Spending(
        channel_id=delivery.channel_id,
        month=money.month,
        at=at,
        kind=call_kind(delivery.post, known),
        amount_usd=cost_of(delivery.post, money.prices, known),
    )
    attempt.pk = insert_with(attempt, reserved, "attempt")
    return attempt


# It went out, so it is charged, also where we thought that it had not: to be made together with what the attempt has
# come to.
SETTLED = Change(
    lambda: Spending.objects.filter(attempt=Given("attempt", BigIntegerField())).exclude(state=Payment.SPENT),
    state=Value(Payment.SPENT),
    at=Moment(),
)


def settle(attempt: Attempt, at: dt.datetime) -> None:
    run(SETTLED.statement(attempt=attempt.pk, at=at))


def release(attempt: Attempt) -> None:
    """Nothing went out, and what failed is not charged."""
    Spending.objects.filter(attempt=attempt.pk, state=Payment.RESERVED).update(state=Payment.RELEASED)


def count_reads(channel: Channel, kind: CallKind, n: int, at: dt.datetime) -> None:
    """Objects read on the channel, or another call without an Ausspielung: one row per kind and UTC day.

    X charges an object once per UTC day; here every reading counts, so the sum is never too low.
    """
    if n < 1:
        return
    day = at.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).only("pk").get(pk=channel.pk)
        cost = price_on(berlin_day(at), kind) * n
        row = Spending.objects.filter(channel=channel, attempt=None, kind=kind, at=day, state=Payment.SPENT)
        if not row.update(count=F("count") + n, amount_usd=F("amount_usd") + cost):
            Spending.objects.create(
                channel=channel,
                month=month_of(day.date()),
                at=day,
                kind=kind,
                count=n,
                amount_usd=cost,
                state=Payment.SPENT,
            )


def set_cap(channel: Channel, cap_usd: Decimal | None, *, by: User, at: dt.datetime | None = None) -> bool:
    """The most a month may cost, from the running one on; None: no limit. False when nothing changed."""
    at = at or database_now()
    month = month_of(berlin_day(at))
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).only("pk").get(pk=channel.pk)
        before = _cap(channel, month)
        if before == cap_usd:
            return False
        Budget.objects.update_or_create(channel=channel, valid_from=month, defaults={"cap_usd": cap_usd})
        audit.record(
            "set_cap",
            subject_type="channel",
            subject_id=channel.pk,
            at=at,
            by=by,
            note=f"{_words_of(before)} → {_words_of(cap_usd)}",
        )
    watch(at)
    return True


def watch(at: dt.datetime | None = None) -> None:
    """One alarm when four fifths of a month's money are gone; it ends with the month, or when there is more."""
    at = at or database_now()
    for channel in with_money(Channel.objects.filter(status=ChannelStatus.ACTIVE), at):
        money = ledger_of(channel, at)
        if money.is_nearly_spent:
            alarms.open_alarm(BUDGET, channel.slug, _alarm(channel, money), at)
        else:
            alarms.close_alarm(BUDGET, channel.slug, at)


def _cap(channel: Channel, month: dt.date) -> Decimal | None:
    rows = Budget.objects.filter(channel=channel, valid_from__lte=month).order_by("-valid_from")
    return rows.values_list("cap_usd", flat=True).first()


def _words_of(cap_usd: Decimal | None) -> str:
    return "keine Grenze" if cap_usd is None else f"{_usd(cap_usd)} US-Dollar im Monat"


def _usd(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _alarm(channel: Channel, money: Ledger) -> str:
    return (
        f"Das Geld für {channel.name} geht zur Neige\n\n"
        f"Was ist geschehen? In diesem Monat sind {_usd(money.spent_usd)} von {_usd(money.cap_usd or Decimal(0))} "
        "US-Dollar verbraucht oder vorgemerkt.\n"
        "Was bedeutet das? Ist die Grenze erreicht, geht auf den Kanal nichts mehr hinaus, bis der nächste Monat "
        "beginnt. Solche Beiträge stehen dann unter „Klärung“. Auf der Website erscheinen sie wie geplant.\n"
        "Was ist zu tun? Erhöhen Sie unter „Einstellungen“ die Grenze, oder senden Sie den Rest des Monats von Hand."
    )
