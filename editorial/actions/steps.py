"""From a step's name in an address to the action that takes it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from ..models import Post, User
from . import approval, scheduling


@dataclass(frozen=True)
class Request:
    """What a person sent with a step: the digest they saw, a reason, a slot."""

    seen_digest: str = ""
    reason: str = ""
    slot: dt.datetime | None = None


Performer = Callable[[Post, User, Request], Post]

PERFORMERS: dict[str, Performer] = {
    "einreichen": lambda post, by, ask: approval.submit(post, by=by),
    "mitzeichnen": lambda post, by, ask: approval.endorse(post, by=by, seen_digest=ask.seen_digest),
    "freigeben": lambda post, by, ask: approval.approve(post, by=by, seen_digest=ask.seen_digest),
    "eilfreigeben": lambda post, by, ask: approval.approve_express(
        post, by=by, seen_digest=ask.seen_digest, reason=ask.reason
    ),
    "nachpruefen": lambda post, by, ask: approval.post_check(post, by=by),
    "aendern-lassen": lambda post, by, ask: approval.request_changes(
        post, ask.reason, by=by, seen_digest=ask.seen_digest
    ),
    "ablehnen": lambda post, by, ask: approval.reject(post, ask.reason, by=by),
    "zurueckziehen": lambda post, by, ask: approval.withdraw(post, by=by, reason=ask.reason),
    "einplanen": lambda post, by, ask: scheduling.schedule(post, ask.slot, by=by),
    "verschieben": lambda post, by, ask: scheduling.reschedule(post, ask.slot, by=by),
    "anhalten": lambda post, by, ask: scheduling.hold(post, ask.reason, by=by),
    "jetzt-senden": lambda post, by, ask: scheduling.send_now(post, by=by),
    "loeschen": lambda post, by, ask: scheduling.order_takedown(post, ask.reason, by=by),
}


def perform(slug: str, post: Post, *, by: User, asked: Request) -> Post:
    """Take the step of this name. Raises KeyError for an unknown one, StepRefused for one that may not be taken."""
    return PERFORMERS[slug](post, by, asked)
