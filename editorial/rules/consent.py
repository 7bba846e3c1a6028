import datetime as dt
from collections.abc import Iterator

from ..clock import berlin_day
from ..enums import ConsentPlace, ConsentUse
from ..models import Consent, Post
from .base import Objection, Situation

# Where a Beitrag is shown: always on the own website, and on the channel.
PLACES = (ConsentPlace.WEBSITE, ConsentPlace.X)
IN_WORDS = (ConsentUse.QUOTE, ConsentUse.FIRST_NAME, ConsentUse.FULL_NAME, ConsentUse.WORKPLACE)


def everyone_shown_has_consented(post: Post, situation: Situation) -> Iterator[Objection]:
    """Each person shown has a consent that covers the day of sending. Source: K-58, § 22 KUG, Art. 7 DSGVO."""
    day = berlin_day(max(situation.slot or situation.at, situation.at))
    consents = list(post.consents.all())
    pictured = _pictured(post)
    if not consents and (pictured or (post.topic and post.topic.needs_consent)):
        yield Objection(
            "consent.missing",
            "Hier werden Menschen gezeigt. Bitte wählen Sie die Einwilligung jeder gezeigten Person.",
            "K-58",
            "consents",
        )
    said = [uses_of(consent, post) for consent in consents]
    if consents and all(said) and (nobody := pictured - set().union(*said)):
        kinds = " und ".join(f"„{use.label}“" for use in sorted(nobody))
        words = f"Auf einem Bild oder im Video sind Menschen zu sehen. Bitte kreuzen Sie bei der Person {kinds} an."
        yield Objection("consent.nobody_pictured", words, "K-58", "consents")
    for consent in consents:
        yield from what_stands_against(consent, post, day)


def what_stands_against(consent: Consent, post: Post, day: dt.date) -> Iterator[Objection]:
    """Why this consent does not carry this Beitrag on this day."""
    if not consent.covers(day):
        words = f"Die Einwilligung {consent.pseudonym} gilt am {day:%d.%m.%Y} nicht."
        yield Objection("consent.not_valid", words, "K-58", "consents")
    elif lacking := _lacking(consent, post):
        words = f"Die Einwilligung {consent.pseudonym} erlaubt nicht: {lacking}."
        yield Objection("consent.too_narrow", words, "K-58", "consents")


def _lacking(consent: Consent, post: Post) -> str:
    """What this Beitrag would show or tell beyond what the person permitted; empty where all is permitted."""
    pictured = _pictured(post)
    uses = uses_of(consent, post) or pictured
    lacks = [(use, place) for use in sorted(uses) for place in PLACES if not consent.permits(use, place)]
    if lacks:
        return ", ".join(f"{use.label} ({place.label})" for use, place in lacks)
    if uses:
        return ""
    silent = [place for place in PLACES if not any(consent.permits(use, place) for use in IN_WORDS)]
    return ", ".join(f"Zitat, Geschichte oder Name ({place.label})" for place in silent)


def uses_of(consent: Consent, post: Post) -> set[ConsentUse]:
    """What the author said this Beitrag shows of this person. Empty: nothing said, so what can be seen counts: the
    picture where there is one with people, else words."""
    pairs = (entry.partition(":") for entry in post.shows)
    return {ConsentUse(use) for key, _, use in pairs if key == str(consent.pk)}


def _pictured(post: Post) -> set[ConsentUse]:
    shown = [medium for medium in post.ordered_media() if medium.shows_people]
    return {ConsentUse.VIDEO if medium.is_video else ConsentUse.PHOTO for medium in shown}
