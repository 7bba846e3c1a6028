from collections.abc import Iterator

from ..clock import berlin_day
from ..models import Post
from .base import Objection, Situation


def everyone_shown_has_consented(post: Post, situation: Situation) -> Iterator[Objection]:
    """Each person shown has a consent that covers the day of sending. Source: K-58, § 22 KUG, Art. 7 DSGVO."""
    day = berlin_day(max(situation.slot or situation.at, situation.at))
    consents = list(post.consents.all())
    shows_people = any(medium.shows_people for medium in post.ordered_media())
    if not consents and (shows_people or (post.topic and post.topic.needs_consent)):
        yield Objection(
            "consent.missing",
            "Hier werden Menschen gezeigt. Bitte wählen Sie die Einwilligung jeder gezeigten Person.",
            "K-58",
            "consents",
        )
    for consent in consents:
        if not consent.covers(day):
            yield Objection(
                "consent.not_valid",
                f"Die Einwilligung {consent.pseudonym} gilt am {day:%d.%m.%Y} nicht.",
                "K-58",
                "consents",
            )
