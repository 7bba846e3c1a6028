"""People, clocks and a bad channel in any order: Hypothesis draws the story, the promises are asked after each step.

MODEL_EXAMPLES=1000 searches longer than the suite does; MODEL_SHRINK=1 makes a story that fails short.
"""

import datetime as dt
import os
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from editorial import invariants
from editorial.actions import approval, clearing, drafting, pausing, publishing, reconciling, scheduling
from editorial.channels.addresses import id_to_address
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelBusy, ChannelLocked, ChannelRefused, ChannelSilent, ChannelUnreached
from editorial.clock import wall_text
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import Channel, Consent, Delivery, Post, Resend, SendPause
from editorial.workflow import StepRefused
from tests.factories import ConsentFactory, PostFactory, person

pytestmark = pytest.mark.django_db

BEGIN = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
# The channel shows whatever it took within this: later than the quarantine, sooner than the third look after it.
SHOWS_WITHIN = 280
EXAMPLES, STEPS = int(os.environ.get("MODEL_EXAMPLES", "30")), 12
KINDS = ("none", "lost", "server error", "duplicate", "refused", "unreached", "busy", "locked", "killed")
MAY_HAVE_GONE_OUT = ("lost", "server error", "duplicate", "refused", "killed")


class Killed(BaseException):
    """Kill -9: nothing after it runs, nothing of it is caught."""


class Line(DryRun):
    """A channel that shows late, may not be read for a while, and looks at what is sent to it."""

    def __init__(self, world):
        super().__init__(clock=lambda: world.now)
        self.world = world
        self.late_s, self.is_readable = 0, True
        self.shown_from: dict[str, dt.datetime] = {}
        self.of_post: dict[str, int] = {}

    def send(self, message):
        self.world.check_what_is_sent(message)
        before = set(self._live)
        try:
            return super().send(message)
        finally:
            for external_id in set(self._live) - before:
                self.shown_from[external_id] = self.world.now + self.late_s * SECOND
                self.of_post[external_id] = Delivery.objects.get(pk=message.reference).post_id

    def forget_failures(self):
        self._failures.clear()

    def timeline(self, since_id=None, start_at=None):
        if not self.is_readable:
            raise ChannelSilent("server_error", http_status=503)
        seen = super().timeline(since_id, start_at)
        return [entry for entry in seen if self.shown_from[entry.external_id] <= self.world.now]

    def online(self, post_id):
        return [external_id for external_id in self._live if self.of_post[external_id] == post_id]


class House(RuleBasedStateMachine):
    """At most three Beiträge, people who do anything at any time, one moved clock."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = BEGIN
        self.line = Line(self)
        self.first, self.second, self.director = person(), person(), person(Role.GF)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def check_what_is_sent(self, message):
        delivery = Delivery.objects.get(pk=message.reference)
        assert not SendPause.objects.active(self.now).exists()
        assert delivery.approval.voided_at is None
        assert message.text == delivery.post.message_text
        assert delivery.post.digest() == delivery.approval.digest
        assert not delivery.post.consents.exclude(withdrawn_at=None).exists()
        assert delivery.slot <= self.now <= delivery.slot + 60 * MINUTE + 10 * SECOND

    # People

    @initialize(
        with_consent=st.booleans(),
        late_s=st.sampled_from([SHOWS_WITHIN, 0]),
        kind=st.sampled_from(KINDS),
        went_out=st.sampled_from([True, False]),
    )
    def begin(self, with_consent, late_s, kind, went_out):
        """Every story begins with a call that ends in some way."""
        self.line.late_s = late_s
        for minutes in (1, 20):
            self.write(with_consent=with_consent, minutes=minutes)
        self.the_next_one_falls_due(kind=kind, went_out=went_out)

    @precondition(lambda self: Post.objects.count() < 3)
    @rule(with_consent=st.booleans(), minutes=st.integers(1, 90))
    def write(self, with_consent, minutes):
        slot = self.now + minutes * MINUTE
        words = f"Beitrag {Post.objects.count()} https://www.jobcenter-bremen.de/probe"
        consents = [ConsentFactory()] if with_consent else []
        PostFactory(text=words, slot=slot, slot_wall=wall_text(slot), consents=consents)
        self.submit_and_approve(place=Post.objects.count() - 1)

    @rule(place=st.integers(0, 2))
    def submit_and_approve(self, place):
        for post in self.posts(place):
            with suppress(StepRefused):
                post = approval.submit(post, by=self.first, at=self.now)
            with suppress(StepRefused):
                approval.approve(post, by=self.director, seen_digest=post.digest(), at=self.now)

    @rule(place=st.integers(0, 2), word=st.sampled_from(["eins", "zwei"]))
    def edit(self, place, word):
        for post in self.posts(place):
            words = f"{post.text.split(' https')[0]} {word} https://www.jobcenter-bremen.de/probe"
            with suppress(StepRefused):
                drafting.save(post, {"text": words}, by=self.first, at=self.now)

    @rule(place=st.integers(0, 2), step=st.sampled_from(["withdraw", "hold", "send now", "plan", "move", "take down"]))
    def decide(self, place, step):
        for post in self.posts(place):
            with suppress(StepRefused):
                self.take(step, post, {"by": self.first, "at": self.now})

    def take(self, step, post, who):
        steps = {
            "withdraw": lambda: approval.withdraw(post, **who),
            "hold": lambda: scheduling.hold(post, "Rückfrage", **who),
            "send now": lambda: scheduling.send_now(post, **who),
            "plan": lambda: scheduling.schedule(post, post.slot, **who),
            "move": lambda: scheduling.reschedule(post, self.now + 5 * MINUTE, **who),
            "take down": lambda: scheduling.order_takedown(post, "Fehler", **who),
        }
        steps[step]()

    @rule(what=st.sampled_from(["consents end", "pause", "short pause", "pause ends", "channel is free again"]))
    def the_house_changes(self, what):
        changes = {
            "consents end": lambda: Consent.objects.filter(withdrawn_at=None).update(withdrawn_at=self.now),
            "pause": lambda: pausing.switch_off("Probe", at=self.now),
            "short pause": lambda: pausing.switch_off("Probe", until=self.now + 10 * MINUTE, at=self.now),
            "pause ends": lambda: pausing.switch_on(at=self.now),
            "channel is free again": lambda: pausing.unlock(Channel.objects.get(slug="x"), by=self.first, at=self.now),
        }
        changes[what]()

    @rule(step=st.sampled_from(["settle", "ask", "agree"]))
    def clear(self, step):
        """The person looks at the channel first, and waits as long as it may take to show something."""
        self.now += SHOWS_WITHIN * SECOND
        for delivery in Delivery.objects.exclude(state=DeliveryState.PUBLISHED):
            with suppress(StepRefused):
                if step == "settle" and (ids := self.line.online(delivery.post_id)):
                    clearing.declare_online(delivery, id_to_address(ids[0]), "gesehen", by=self.first, at=self.now)
                elif step == "settle":
                    clearing.discard(delivery, "erledigt", by=self.first, at=self.now)
                elif step == "ask":
                    clearing.ask_resend(delivery, "fehlt", by=self.first, at=self.now)
                else:
                    clearing.confirm_resend(delivery, by=self.second, channel=self.line, at=self.now)

    # Clocks and the channel

    @rule(seconds=st.sampled_from([5, 61, 600, 3000]))
    def time_passes(self, seconds):
        self.now += seconds * SECOND
        self.tick()

    @rule(kind=st.sampled_from(KINDS), went_out=st.booleans())
    def the_next_one_falls_due(self, kind, went_out):
        waiting = Delivery.objects.filter(state=DeliveryState.SCHEDULED).values_list("slot", "not_before")
        self.now = max(self.now, min((max(filter(None, row)) for row in waiting), default=self.now))
        self.line.forget_failures()
        if kind != "none":
            self.line.fail_next(self.error(kind), after_going_out=went_out and kind in MAY_HAVE_GONE_OUT)
        self.tick()

    def tick(self):
        with suppress(Killed):
            publishing.tick(self.line, at=self.now)
        clearing.tell(self.now)

    @rule(looks=st.sampled_from([3, 5]))
    def look(self, looks):
        for _ in range(looks):
            self.now += 61 * SECOND
            reconciling.tick(self.line, at=self.now)
        self.tick()

    def error(self, kind):
        return {
            "lost": ChannelSilent("no_answer"),
            "server error": ChannelSilent("server_error", http_status=503),
            "duplicate": ChannelSilent("duplicate", http_status=403),
            "refused": ChannelRefused("invalid_request", http_status=400),
            "unreached": ChannelUnreached(),
            "busy": ChannelBusy(self.now + 5 * MINUTE),
            "locked": ChannelLocked("expired_token", http_status=401),
            "killed": Killed(),
        }[kind]

    @rule(late_s=st.sampled_from([SHOWS_WITHIN, 0]), is_readable=st.booleans())
    def the_timeline_changes(self, late_s, is_readable):
        self.line.late_s, self.line.is_readable = late_s, is_readable

    # What must hold

    @invariant()
    def every_promise_holds(self):
        assert [(found.name, rows) for found, rows in invariants.broken(self.now)] == []

    @invariant()
    def nothing_is_twice_on_the_channel_and_published_means_it_was_there(self):
        for post_id in Post.objects.values_list("pk", flat=True):
            assert len(self.line.online(post_id)) <= 1
        for delivery in Delivery.objects.filter(state=DeliveryState.PUBLISHED):
            assert self.line.of_post[delivery.external_id] == delivery.post_id

    @invariant()
    def nobody_agrees_to_their_own_wish(self):
        assert not Resend.objects.filter(confirmed_by=self.first).exists()

    @invariant()
    def what_is_withdrawn_is_not_waiting_to_be_sent(self):
        withdrawn = Delivery.objects.filter(post__state=PostState.WITHDRAWN)
        assert not withdrawn.filter(state__in=[DeliveryState.SCHEDULED, DeliveryState.PUBLISHED]).exists()

    def posts(self, place):
        return list(Post.objects.order_by("pk")[place : place + 1])


def test_in_any_order_of_steps_and_failures_every_promise_holds():
    run_state_machine_as_test(
        House,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="MODEL_EXAMPLES" not in os.environ,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate] if not os.environ.get("MODEL_SHRINK") else list(Phase),
        ),
    )
