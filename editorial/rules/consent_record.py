"""Asked before a step with the record of a consent itself; ``post`` is an empty one, no Beitrag is meant."""

import datetime as dt
from collections.abc import Iterator

from ..clock import berlin_day
from ..models import Consent, Post
from .base import Objection, Situation, hint

LONGEST_YEARS = 5


def something_is_permitted(post: Post, situation: Situation) -> Iterator[Objection]:
    consent = situation.consent
    if consent and not consent.scope:
        yield Objection(
            "consent.scope_empty", "Bitte kreuzen Sie an, was wo gezeigt werden darf.", "K-58", "use_first_name"
        )


def person_was_informed(post: Post, situation: Situation) -> Iterator[Objection]:
    """Before signing, about purpose, refusal, withdrawal, third countries (Art. 13 DSGVO, § 67b (2) SGB X)."""
    consent = situation.consent
    if consent and consent.informed_on is None:
        words = "Wann wurde die Person informiert? Ohne das gilt eine Einwilligung nicht."
        yield Objection("consent.not_informed", words, "K-58", "informed_on")
    elif consent and consent.signed_on and consent.informed_on and consent.signed_on < consent.informed_on:
        words = "Die Person hat unterschrieben, bevor sie informiert wurde. Bitte prüfen Sie die beiden Tage."
        yield Objection("consent.informed_late", words, "K-58", "informed_on")


def form_is_signed(post: Post, situation: Situation) -> Iterator[Objection]:
    """In writing, with the form at hand (§ 67b (2) SGB X)."""
    consent = situation.consent
    if consent is None:
        return
    if consent.signed_on is None:
        yield Objection("consent.not_signed", "Wann hat die Person unterschrieben?", "K-58", "signed_on")
    elif consent.signed_on > berlin_day(situation.at):
        yield Objection("consent.not_signed", "Dieser Tag liegt in der Zukunft.", "K-58", "signed_on")
    if not consent.scans.exists():
        words = "Das unterschriebene Formular fehlt. Bitte laden Sie es als PDF oder Foto hoch."
        yield Objection("consent.scan_missing", words, "K-58")


def guardians_have_signed(post: Post, situation: Situation) -> Iterator[Objection]:
    consent = situation.consent
    if consent and consent.is_minor and not consent.has_guardians:
        words = "Die Person ist noch nicht 18. Auch die Sorgeberechtigten müssen unterschreiben."
        yield Objection("consent.guardians_missing", words, "K-58", "has_guardians")


def period_lies_ahead(post: Post, situation: Situation) -> Iterator[Objection]:
    consent, today = situation.consent, berlin_day(situation.at)
    if consent and consent.valid_until < today:
        words = f"Die Einwilligung endete schon am {consent.valid_until:%d.%m.%Y}."
        yield Objection("consent.over", words, "K-58", "valid_until")


def anonymous_version_was_considered(post: Post, situation: Situation) -> Iterator[Objection]:
    """A photo is not needed where an anonymous version would do (OVG Lüneburg, 19.1.2021, 11 LA 16/20)."""
    consent = situation.consent
    if consent and not consent.is_anonymous_considered:
        words = "Haben Sie geprüft, ob eine anonyme Fassung genügt? Bitte haken Sie das an."
        yield Objection("consent.anonymous_open", words, "K-58", "is_anonymous_considered")


def preview_was_shown(post: Post, situation: Situation) -> Iterator[Objection]:
    consent = situation.consent
    if consent and consent.preview_shown_on is None:
        words = "Die Person sollte sehen, wie der Beitrag aussehen wird."
        yield hint("consent.preview_open", words, "K-58", "preview_shown_on")


def kept_long_enough(post: Post, situation: Situation) -> Iterator[Objection]:
    """The proof of what was permitted is kept for three years after the end (consent-and-law.md 2.4)."""
    consent = situation.consent
    if situation.by is None and consent and (until := keep_until(consent)) and berlin_day(situation.at) <= until:
        yield Objection("consent.kept", f"Der Nachweis wird bis {until:%d.%m.%Y} aufbewahrt.", "K-58")


def nothing_is_shown(post: Post, situation: Situation) -> Iterator[Objection]:
    """Who may still be seen somewhere keeps the record that carries out a withdrawal."""
    consent = situation.consent
    if consent and consent.removals.filter(done_at=None).exists():
        yield Objection("consent.removals_open", "Es ist noch nicht überall gelöscht. Bitte erledigen Sie das zuerst.")


def keep_until(consent: Consent) -> dt.date | None:
    """The end of the third year after the consent ended."""
    if consent.ended_at is None:
        return None
    return dt.date(berlin_day(consent.ended_at).year + 3, 12, 31)
