"""The present day: what waits, what went wrong lately, and the plan of the next four weeks with its two gaps."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from editorial.channels.protocol import ChannelRefused, ChannelSilent
from editorial.clock import berlin_day, working_days

from . import texts
from .ground import ENDED_CONSENT, WITHDRAWN_CONSENT
from .history import EXPRESS_REASONS, HOLD_REASON, TAKEDOWN_REASON, History, express_course
from .moments import DAYS_OF_PLAN, LATE, MORNING, at, last_day_over, within, working_days_after, working_days_before
from .stage import Walk
from .texts import DemoPost
from .walks import Course, Walks

ONE_DAY = dt.timedelta(days=1)
# Working days to come, counted from 1, on which nothing is planned.
GAPS = (4, 11)
# Of the planned Beiträge, counted from 1: what waits for a director, and what is still being written.
IN_REVIEW = (1, 2, 4, 8)
DRAFTED = (10, 13, 15)
# The texts for the plan are about this time of the year; at others the history's go on.
END_OF_YEAR = (11, 12)
HELD = 7
ANSWER_WITHIN = 3
STORIES = "vorzeigegeschichten"


def days_to_plan(tomorrow: dt.date) -> list[dt.date]:
    """The working days of the next weeks without the gaps."""
    days = working_days(tomorrow, tomorrow + ONE_DAY * DAYS_OF_PLAN)
    return [day for number, day in enumerate(days, 1) if number not in GAPS]


class Present:
    def __init__(self, walks: Walks, history: History, rng: Random) -> None:
        self.walks, self.history, self.rng = walks, history, rng
        self.today = berlin_day(walks.stage.present)
        self.last = last_day_over(walks.stage.present)

    def all_walks(self) -> Iterator[Walk]:
        yield from self._plan()
        yield from self._went_wrong()
        yield from self._went_otherwise()
        yield from self._returned()
        yield from self._begun()

    def _ago(self, working_days: int) -> dt.date:
        """0 is the last working day that is over."""
        return working_days_before(self.last, working_days)

    def _prepared(self, number: int, slot: dt.datetime | None, *, ago: int = 1) -> Course:
        """A course whose steps are done already, the last one so many working days ago."""
        written_on = self._ago(ago + 1 + number % 3)
        course = self.history.course(number, self.last)
        return replace(
            course,
            created=within(self.rng, written_on, 9, 12),
            submitted=within(self.rng, written_on, 12, 14),
            approved=within(self.rng, self._ago(ago), 14, 17),
            slot=slot,
        )

    def _plan(self) -> Iterator[Walk]:
        posts = texts.planned() if self.today.month in END_OF_YEAR else self.history.to_come
        days = days_to_plan(self.today + ONE_DAY)
        for number, (day, post) in enumerate(zip(days, posts, strict=False), 1):
            course = self._prepared(number, at(day, *self.rng.choice(MORNING)))
            if number in DRAFTED:
                yield self.walks.written(post, course)
            elif number in IN_REVIEW:
                yield self.walks.submitted(post, course)
            else:
                yield self.walks.straight(post, course)

    def _went_wrong(self) -> Iterator[Walk]:
        """One of each state in which somebody has to look."""
        yield self.walks.straight(self._next(), self._for(0, LATE), ChannelSilent())
        refused = ChannelRefused("forbidden", http_status=403)
        yield self.walks.straight(self._next(), self._for(1, LATE), refused)
        yield self.walks.missed(self._next(), self._for(2, (16, 30)))
        story = next(draft.post for draft in texts.drafts() if draft.post.topic == STORIES)
        story = replace(story, consents=(WITHDRAWN_CONSENT,))
        yield self.walks.without_consent(story, self._for(3, LATE), at(self._ago(3), 8, 10))
        yield self.walks.running_out(self.walks.ground.consents[ENDED_CONSENT])

    def _went_otherwise(self) -> Iterator[Walk]:
        """Taken down, held, without a date, and two Eilfreigaben nobody has looked at again."""
        yield self.walks.taken_down(self._next(), self._for(4, (13, 0)), TAKEDOWN_REASON, dt.timedelta(minutes=35))
        held = self._prepared(1, at(working_days_after(self.today, HELD), *LATE), ago=2)
        yield self.walks.held(self._next(), held, HOLD_REASON, at(self._ago(0), 11, 20))
        yield self.walks.straight(self._next(), self._prepared(2, None))
        for reason, ago in zip(EXPRESS_REASONS, (2, 0), strict=False):
            course = express_course(self.history.course(ago, self._ago(ago)), self._ago(ago))
            yield self.walks.express(self._next(), course, reason, None)

    def _returned(self) -> Iterator[Walk]:
        for number, returned in enumerate(texts.returned()):
            course = self._prepared(number, None, ago=number % 4)
            yield self.walks.returned(returned.post, course, returned.step, returned.reason)

    def _begun(self) -> Iterator[Walk]:
        drafts = [draft for draft in texts.drafts() if draft.post.topic != STORIES]
        questions = {question.twin_url: question for question in texts.questions()}
        for number, draft in enumerate(drafts):
            if question := questions.get(draft.post.twin_url):
                due_at = at(working_days_after(self.today, ANSWER_WITHIN), 12)
                yield self.walks.consulted(draft.post, self._prepared(number, None), question, due_at)
                continue
            yield self.walks.written(draft.post, self._prepared(number, None), as_idea=draft.is_idea)

    def _next(self) -> DemoPost:
        return self.history.spare.pop(0)

    def _for(self, ago: int, time: tuple[int, int]) -> Course:
        """For a slot so many working days ago."""
        day = self._ago(ago)
        return replace(self.history.course(ago, day), slot=at(day, *time))
