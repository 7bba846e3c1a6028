"""Rows 20 and 21, on either database: the nights of the clock change, and three days without a program.

That the form refuses 02:30 in both nights is shown in tests/editorial/forms.
"""

import datetime as dt
import itertools

import pytest
from django.core import mail

from editorial.actions import approval, clearing, notices, publishing
from editorial.channels.dry_run import DryRun
from editorial.clock import MomentDoesNotExist, MomentIsAmbiguous, from_wall
from editorial.enums import Role
from editorial.models import Delivery
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


class Clock:
    """A channel in memory at any moment; ``went_out`` says when each text did."""

    def __init__(self, now):
        self.now, self.went_out = now, {}
        self.channel = DryRun(clock=lambda: self.now)
        self.writer, self.director = person(), person(Role.GF)

    def plan(self, text, slot, at):
        post = approval.submit(PostFactory(text=text, slot=slot), by=self.writer, at=at)
        approval.approve(post, by=self.director, seen_digest=post.digest(), at=at)

    def tick_until(self, end, every):
        while self.now <= end:
            before = len(self.channel.sent)
            publishing.tick(self.channel, at=self.now)
            for message in self.channel.sent[before:]:
                assert message.text not in self.went_out
                self.went_out[message.text] = self.now
            self.now += every


@pytest.mark.parametrize("night", [dt.datetime(2026, 10, 25, tzinfo=dt.UTC), dt.datetime(2027, 3, 28, tzinfo=dt.UTC)])
def test_row_20_in_the_nights_of_the_clock_change_each_slot_fires_once_at_its_own_moment(night):
    clock = Clock(night - HOUR)
    slots = {f"Beitrag {n}": night + n * 30 * MINUTE for n in range(6)}  # 02:30 twice in autumn, never in spring
    for text, slot in slots.items():
        clock.plan(text, slot, at=night - 5 * HOUR)
    clock.tick_until(night + 5 * HOUR, every=5 * MINUTE)
    assert clock.went_out == slots


@pytest.mark.parametrize(
    ("wall", "refusal"),
    [(dt.datetime(2026, 10, 25, 2, 30), MomentIsAmbiguous), (dt.datetime(2027, 3, 28, 2, 30), MomentDoesNotExist)],
)
def test_row_20_half_past_two_is_no_moment_in_these_nights(wall, refusal):
    with pytest.raises(refusal):
        from_wall(wall)


def test_row_21_after_three_days_one_mail_tells_of_what_was_missed_and_the_rest_goes_out_paced():
    back = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
    clock = Clock(back)
    for number in range(12):
        clock.plan(f"Lange vorbei {number}", back - (3 * DAY - number * 5 * HOUR), at=back - 4 * DAY)
    in_time = {f"Noch in der Frist {number}": back - (50 - 10 * number) * MINUTE for number in range(4)}
    for text, slot in in_time.items():
        clock.plan(text, slot, at=back - 4 * DAY)
    clock.tick_until(back + 40 * MINUTE, every=MINUTE)
    assert list(clock.went_out) == list(in_time)
    moments = list(clock.went_out.values())
    assert moments[0] == back
    assert all(later - earlier >= 10 * MINUTE for earlier, later in itertools.pairwise(moments))
    assert Delivery.objects.filter(state="missed").count() == 12
    assert clearing.tell(clock.now) == 12
    notices.mail_due(clock.now)
    mails = [told.body.count("Status: Verpasst.") for told in mail.outbox]
    assert mails
    assert set(mails) == {12}
    assert clearing.tell(clock.now + HOUR) == 0
