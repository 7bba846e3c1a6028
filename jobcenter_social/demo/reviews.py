"""Two half-years: the first one published, the second one frozen and commented, waiting for the Geschäftsführung."""

import datetime as dt

from editorial import queries
from evaluation import periods, workflow

from . import texts
from .figures import Figures
from .ground import Cast
from .moments import at, last_day_over, working_days_after, working_days_before
from .stage import Stage, Walk


def all_walks(stage: Stage, cast: Cast, figures: Figures) -> list[Walk]:
    comments = {comment.key: comment.text for comment in texts.comments()}
    first, second = (periods.boundary(figures.started_on, number) for number in (1, 2))
    last = last_day_over(stage.present)
    then = [at(working_days_after(first, days), 10, 20) for days in (2, 4, 8)]
    lately = [at(working_days_before(last, days), 11, 40) for days in (7, 2)]
    return [
        _walk(stage, cast, figures, first, comments["published"], then),
        _walk(stage, cast, figures, second, comments["open"], lately),
    ]


def _walk(stage: Stage, cast: Cast, figures: Figures, until: dt.date, comment: str, moments: list[dt.datetime]) -> Walk:
    """Build, comment, and publish where there is a third moment."""
    yield moments[0]
    figures.write_until(stage.now)
    channel = queries.channel_facts(stage.now, figures.channel.slug)
    assert channel is not None
    review = workflow.build(channel, until, by=cast.proe[0], at=stage.now)
    yield moments[1]
    review = workflow.take(
        "comment", review, by=cast.proe[0], at=stage.now, seen_digest=review.digest(), comment=comment
    )
    for moment in moments[2:]:
        yield moment
        workflow.publish(review, by=cast.directors[0], seen_digest=review.digest(), at=stage.now)
