"""The ways a Beitrag can go. Each walks the real actions at given moments; nothing here changes a state itself."""

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Any

from editorial import workflow
from editorial.actions import approval, consents, consulting, drafting, overdue, pausing, publishing, scheduling
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelError
from editorial.clock import next_working_day, start_of_day
from editorial.enums import DeliveryState, Opinion, WithdrawalWay
from editorial.models import Consent, Delivery, Post, User
from editorial.models.consultation import digest_as_shown
from editorial.rules.timing import grace

from .ground import Ground
from .memory import Memory
from .stage import Stage, Walk
from .texts import DemoPost, DemoQuestion

# A part of a walk: yields moments like the whole, and hands the Beitrag on.
Stretch = Generator[dt.datetime, None, Post]

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
MINUTE, SOON = dt.timedelta(minutes=1), dt.timedelta(seconds=40)
MORNING = dt.timedelta(hours=8)


@dataclass(frozen=True)
class Course:
    """Who does what when. ``slot`` None: no date yet."""

    author: User
    director: User
    created: dt.datetime
    submitted: dt.datetime
    approved: dt.datetime
    slot: dt.datetime | None


@dataclass(frozen=True)
class Move:
    """At this moment somebody names a new slot, and later a director agrees."""

    at: dt.datetime
    to: dt.datetime
    approved: dt.datetime


class Walks:
    """``rng`` draws what otherwise chance would: the same day brings the same demonstration."""

    def __init__(self, stage: Stage, ground: Ground, memory: Memory, rng: Random) -> None:
        self.stage, self.ground, self.memory, self.rng = stage, ground, memory, rng
        self.channel = DryRun(clock=lambda: stage.now, handle="jobcenter_demo")

    # Stretches

    def written(self, post: DemoPost, course: Course, *, as_idea: bool = False) -> Stretch:
        yield course.created
        content = self.ground.content(post, course.slot, at=self.stage.now)
        made = drafting.create(content, by=course.author, at=self.stage.now, as_idea=as_idea)
        made.public_id = self._drawn(10)
        Post.objects.filter(pk=made.pk).update(public_id=made.public_id)
        self.memory.keep(made)
        return made

    def submitted(self, post: DemoPost, course: Course) -> Stretch:
        made = yield from self.written(post, course)
        return (yield from self.handed_in(made, course, course.submitted))

    def handed_in(self, post: Post, course: Course, at: dt.datetime) -> Stretch:
        yield at
        Post.objects.filter(pk=post.pk, link_token="").update(link_token=self._drawn(6))
        return approval.submit(post, by=course.author, at=self.stage.now)

    def approved(self, post: DemoPost, course: Course) -> Stretch:
        made = yield from self.submitted(post, course)
        return (yield from self.agreed_to(made, course, course.approved))

    def agreed_to(self, post: Post, course: Course, at: dt.datetime) -> Stretch:
        yield at
        seen_digest = self.memory.hand_to(post).digest()
        return approval.approve(post, by=course.director, seen_digest=seen_digest, at=self.stage.now)

    def sent(self, post: Post, *failures: ChannelError) -> Stretch:
        """On the mirror and on the channel, seconds after the slot; each failure costs one try."""
        delivery = scheduled(post)
        yield delivery.slot + dt.timedelta(milliseconds=self.rng.randrange(700, 4000))
        for failure in failures:
            self.channel.fail_next(failure)
            if publishing.send(delivery.pk, self.channel, at=self.stage.now) != DeliveryState.SCHEDULED:
                return post
            yield self.stage.now + SOON
        publishing.send(delivery.pk, self.channel, at=self.stage.now)
        return post

    def moved(self, post: Post, course: Course, move: Move) -> Stretch:
        """To a new slot, which needs a new Freigabe."""
        yield move.at
        post = scheduling.reschedule(post, move.to, by=course.author, at=self.stage.now)
        post = yield from self.agreed_to(post, course, move.approved)
        return (yield from self.sent(post))

    # Whole ways

    def straight(self, post: DemoPost, course: Course, *failures: ChannelError) -> Walk:
        made = yield from self.approved(post, course)
        if course.slot:
            yield from self.sent(made, *failures)

    def corrected(self, first: DemoPost, post: DemoPost, course: Course, reason: str, steps: list[dt.datetime]) -> Walk:
        """Sent back once: ``steps`` are the moments of refusing, writing anew and handing in again."""
        made = yield from self.submitted(first, course)
        yield from self.sent_back(made, course, reason, steps[0])
        yield steps[1]
        made = drafting.save(
            made, self.ground.content(post, course.slot, at=self.stage.now), by=course.author, at=self.stage.now
        )
        self.memory.keep_anew(made)
        made = yield from self.handed_in(made, course, steps[2])
        made = yield from self.agreed_to(made, course, course.approved)
        yield from self.sent(made)

    def sent_back(self, post: Post, course: Course, reason: str, at: dt.datetime) -> Stretch:
        yield at
        return approval.request_changes(post, reason, by=course.director, at=self.stage.now)

    def express(self, post: DemoPost, course: Course, reason: str, check_at: dt.datetime | None) -> Walk:
        """The other PRÖ person approves; a director looks again at ``check_at``, None: not yet."""
        made = yield from self.submitted(post, course)
        yield course.approved
        other = next(person for person in self.ground.cast.proe if person != course.author)
        made = approval.approve_express(made, by=other, seen_digest=made.digest(), reason=reason, at=self.stage.now)
        made = yield from self.sent(made)
        if check_at:
            yield check_at
            approval.post_check(made, by=course.director, at=self.stage.now)

    def postponed(self, post: DemoPost, course: Course, move: Move) -> Walk:
        made = yield from self.approved(post, course)
        yield from self.moved(made, course, move)

    def held(self, post: DemoPost, course: Course, reason: str, at: dt.datetime, move: Move | None = None) -> Walk:
        made = yield from self.approved(post, course)
        yield at
        made = scheduling.hold(made, reason, by=course.director, at=self.stage.now)
        if move:
            yield from self.moved(made, course, move)

    def missed(self, post: DemoPost, course: Course, move: Move | None = None) -> Walk:
        """Nobody was there to send it: no worker ran, neither at the slot nor within the grace after it."""
        made = yield from self.approved(post, course)
        yield scheduled(made).slot + grace() + MINUTE
        overdue.miss_what_is_over(self.stage.now)
        if move:
            yield from self.moved(made, course, move)

    def paused(self, post: DemoPost, course: Course, reason: str, move: Move) -> Walk:
        """It falls due in a Sendepause of two hours, goes to a person and out on another day."""
        made = yield from self.approved(post, course)
        slot = scheduled(made).slot
        yield slot - 20 * MINUTE
        pausing.switch_off(reason, by=self.ground.cast.admin, at=self.stage.now)
        yield slot + MINUTE
        overdue.block_what_fell_into_a_pause(self.stage.now)
        yield slot + 100 * MINUTE
        pausing.switch_on(by=self.ground.cast.admin, at=self.stage.now)
        yield from self.moved(made, course, move)

    def taken_down(self, post: DemoPost, course: Course, reason: str, after: dt.timedelta) -> Walk:
        made = yield from self.approved(post, course)
        yield from self.sent(made)
        yield self.stage.now + after
        scheduling.order_takedown(made, reason, by=course.author, at=self.stage.now)
        yield self.stage.now + dt.timedelta(seconds=3)
        # Not by the tick's own function: it leaves demonstration posts alone where the simulator is not ours.
        for delivery in made.deliveries.filter(state=DeliveryState.TAKEDOWN_DUE):
            self.channel.delete(delivery.external_id or "")
            workflow.take("confirm_takedown", delivery, at=self.stage.now, deleted_at=self.stage.now)

    def consulted(self, post: DemoPost, course: Course, question: DemoQuestion, due_at: dt.datetime) -> Walk:
        """The Fachberatung is asked about a draft: her department, or her alone where she has not answered yet."""
        made = yield from self.written(post, course)
        yield course.submitted
        cast = self.ground.cast
        to: dict[str, Any] = {"department": self.ground.department} if question.opinion else {"person": cast.expert}
        asked = consulting.ask(made, question.question, due_at=due_at, by=course.author, at=self.stage.now, **to)
        if question.opinion:
            yield course.approved
            words = {"reason": question.reason, "proposal": question.proposal}
            seen, opinion = digest_as_shown(self.memory.hand_to(made)), Opinion(question.opinion)
            consulting.answer(asked, opinion, by=cast.expert, seen_digest=seen, at=self.stage.now, **words)

    def returned(self, post: DemoPost, course: Course, step: str, reason: str) -> Walk:
        """Handed in and not approved; ``step`` says why it ended."""
        made = yield from self.submitted(post, course)
        yield course.approved
        if step == "aendern-lassen":
            approval.request_changes(made, reason, by=course.director, at=self.stage.now)
        elif step == "ablehnen":
            approval.reject(made, reason, by=course.director, at=self.stage.now)
        else:
            approval.withdraw(made, by=course.author, reason=reason, at=self.stage.now)

    def without_consent(self, post: DemoPost, course: Course, withdrawn: dt.datetime) -> Walk:
        """The person withdraws after the Freigabe: it does not go out, neither here nor there."""
        made = yield from self.approved(post, course)
        yield withdrawn
        for consent in Consent.objects.filter(post=made):
            consents.revoke(consent, WithdrawalWay.PHONE, by=course.author, at=self.stage.now)
        self.memory.keep_anew(made)

    def running_out(self, consent: Consent) -> Walk:
        yield start_of_day(consent.valid_until + dt.timedelta(days=1)) + MORNING
        consents.run_out(self.stage.now)
        yield start_of_day(next_working_day(consent.valid_until)) + 2 * MORNING
        for removal in consent.removals.filter(done_at=None):
            said = "Der Presse geschrieben, dass nichts mehr nachgedruckt werden darf."
            consents.settle_removal(removal, said, by=self.ground.cast.proe[0], at=self.stage.now)

    def _drawn(self, length: int) -> str:
        return "".join(self.rng.choices(_ALPHABET, k=length))


def scheduled(post: Post) -> Delivery:
    return post.deliveries.get(state=DeliveryState.SCHEDULED)
