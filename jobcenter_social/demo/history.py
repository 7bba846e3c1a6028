"""Fourteen months of an editorial office: a Beitrag on nearly every working day, and now and then something else."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from random import Random

from editorial.channels.protocol import ChannelUnreached
from editorial.clock import berlin_day, working_days

from . import texts
from .moments import AFTERNOON, LATE, MORNING, at, within, working_days_after, working_days_before
from .stage import Walk
from .texts import DemoPost
from .walks import Course, Move, Walks

DAYS_WITHOUT, DAYS_WITH_TWO = 9, 8
# Nothing special right after the start, and not in the weeks that the present fills.
QUIET_START, QUIET_END = 8, 15
SPARE = 22
EXPRESS_REASONS = (
    "Die Geschäftsführung ist ganztägig in der Trägerversammlung, der Beitrag soll heute noch hinaus.",
    "Der vorgesehene Beitrag ist kurzfristig ausgefallen, dieser springt ein.",
    "Die Geschäftsführung ist auf Dienstreise und heute nicht erreichbar.",
)
HOLD_REASON = "Die Seite dazu wird gerade überarbeitet. Bitte erst senden, wenn sie fertig ist."
PAUSE_REASON = "Störung im Stadtgebiet: Bis zur Klärung geht nichts hinaus."
REJECT_REASON = "Dazu gab es in dieser Woche schon einen Beitrag. Bitte im nächsten Quartal wieder aufgreifen."
TAKEDOWN_REASON = "Die Angaben haben sich kurzfristig geändert und stimmen so nicht mehr."
WITHDRAW_REASON = "Der Inhalt ist überholt."
LACKS_TAG = "Bitte ein Schlagwort ergänzen, damit der Beitrag gefunden wird."
SOUNDS_STERN = "„Wichtig:“ klingt wie eine Mahnung. Bitte ohne dieses Wort beginnen."

Way = Callable[[DemoPost, Course], Walk]


class History:
    """Which Beitrag goes which way, from ``start`` until before ``end``.

    ``to_come`` are texts for the days to plan, ``spare`` are own posts for whatever else happens.
    """

    def __init__(self, walks: Walks, rng: Random, start: dt.date, end: dt.date, days_to_plan: list[dt.date]) -> None:
        self.walks, self.cast, self.rng = walks, walks.ground.cast, rng
        days = self._days(start, end)
        arranged = texts.arranged([*days, *days_to_plan, *[days[-1]] * SPARE])
        self.arranged = arranged[: len(days)]
        self.to_come = [post for _, post in arranged[len(days) : -SPARE]]
        self.spare = [post for _, post in arranged[-SPARE:] if post.kind == "post" and not post.consents]

    def all_walks(self) -> Iterator[Walk]:
        special = self._special()
        yield from self._not_wanted()
        before = None
        for number, (day, post) in enumerate(self.arranged):
            course = self.course(number, day, AFTERNOON if day == before else MORNING + AFTERNOON)
            yield special.get(number, self.walks.straight)(post, course)
            before = day

    def _days(self, start: dt.date, end: dt.date) -> list[dt.date]:
        """One entry per Beitrag: most working days once, some not at all, some twice."""
        days = working_days(start, end)
        middle = days[QUIET_START:-QUIET_END]
        without = set(self.rng.sample(middle, DAYS_WITHOUT))
        twice = self.rng.sample([day for day in middle if day not in without], DAYS_WITH_TWO)
        return sorted([day for day in days if day not in without] + twice)

    def course(self, number: int, day: dt.date, times: tuple[tuple[int, int], ...] = MORNING) -> Course:
        """Written some days ahead, handed in at noon, agreed to in the afternoon, at the latest the day before."""
        written_on = working_days_before(day, self.rng.choice((3, 3, 4, 5)))
        return Course(
            author=self.cast.proe[number % len(self.cast.proe)],
            director=self.cast.directors[number % len(self.cast.directors)],
            created=within(self.rng, written_on, 9, 12),
            submitted=within(self.rng, written_on, 12, 14),
            approved=within(self.rng, working_days_before(day, self.rng.choice((1, 1, 1, 2))), 14, 17),
            slot=at(day, *self.rng.choice(times)),
        )

    def _special(self) -> dict[int, Way]:
        """The numbers of the Beiträge that do not go straight, and how they go."""
        ways: list[Way] = [
            *(self._corrected for _ in range(11)),
            *(partial(self._express, reason) for reason in EXPRESS_REASONS * 2),
            *(self._postponed for _ in range(5)),
            *(self._held for _ in range(3)),
            *(self._missed for _ in range(2)),
            *(self._taken_down for _ in range(3)),
            *(self._unreached for _ in range(2)),
            self._paused,
        ]
        days = [day for day, _ in self.arranged]
        fitting = [
            number
            for number, (day, post) in enumerate(self.arranged)
            if QUIET_START <= number < len(self.arranged) - QUIET_END and post.kind == "post" and days.count(day) == 1
        ]
        return dict(zip(self.rng.sample(fitting, len(ways)), ways, strict=True))

    # Ways

    def _corrected(self, post: DemoPost, course: Course) -> Walk:
        first, reason = _first_draft_of(post)
        day = _day_of(course)
        again = working_days_before(day, 2)
        steps = [
            within(self.rng, berlin_day(course.submitted), 14, 16),
            within(self.rng, again, 9, 11),
            within(self.rng, again, 11, 12),
        ]
        course = replace(course, approved=within(self.rng, working_days_before(day, 1), 14, 17))
        return self.walks.corrected(first, post, course, reason, steps)

    def _express(self, reason: str, post: DemoPost, course: Course) -> Walk:
        day = _day_of(course)
        check_at = within(self.rng, working_days_after(day, 1), 9, 11)
        return self.walks.express(post, express_course(course, day), reason, check_at)

    def _postponed(self, post: DemoPost, course: Course) -> Walk:
        return self.walks.postponed(post, course, self._move(_day_of(course), 8))

    def _held(self, post: DemoPost, course: Course) -> Walk:
        day = _day_of(course)
        return self.walks.held(post, course, HOLD_REASON, at(day, 8, 3), self._move(day, 12))

    def _missed(self, post: DemoPost, course: Course) -> Walk:
        return self.walks.missed(post, course, self._move(_day_of(course), 16, 40))

    def _paused(self, post: DemoPost, course: Course) -> Walk:
        day = _day_of(course)
        return self.walks.paused(post, replace(course, slot=at(day, 10)), PAUSE_REASON, self._move(day, 13))

    def _taken_down(self, post: DemoPost, course: Course) -> Walk:
        return self.walks.taken_down(post, course, TAKEDOWN_REASON, dt.timedelta(minutes=self.rng.randrange(20, 90)))

    def _unreached(self, post: DemoPost, course: Course) -> Walk:
        return self.walks.straight(post, course, ChannelUnreached())

    def _move(self, day: dt.date, hour: int, minute: int = 5) -> Move:
        """Decided on this day, agreed to and sent on the next one."""
        after = working_days_after(day, 1)
        return Move(at=at(day, hour, minute), to=at(after, *LATE), approved=within(self.rng, after, 9, 15))

    def _not_wanted(self) -> Iterator[Walk]:
        """Handed in, and then rejected by a director or withdrawn by its author."""
        for number in range(6):
            course = self.course(number, self.arranged[30 + 40 * number][0])
            step, reason = (("ablehnen", REJECT_REASON), ("zurueckziehen", WITHDRAW_REASON))[number % 2]
            yield self.walks.returned(self.spare.pop(0), course, step, reason)


def express_course(course: Course, day: dt.date) -> Course:
    """Everything on the same day, for the afternoon."""
    return replace(
        course, created=at(day, 8, 20), submitted=at(day, 8, 45), approved=at(day, 9, 30), slot=at(day, *AFTERNOON[2])
    )


def _day_of(course: Course) -> dt.date:
    assert course.slot is not None
    return berlin_day(course.slot)


def _first_draft_of(post: DemoPost) -> tuple[DemoPost, str]:
    """How the text read before a director asked for changes, and what was asked."""
    without_tags = re.sub(r"\s*#\w+", "", post.text)
    if without_tags != post.text:
        return replace(post, text=without_tags), LACKS_TAG
    return replace(post, text=f"Wichtig: {post.text}"), SOUNDS_STERN
