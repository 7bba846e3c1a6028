"""What must hold. Form, checks panel, workflow and sending all call these same functions."""

from collections.abc import Iterable, Sequence

from ..models import Post
from .base import Objection, Rule, Situation, hint
from .register import CONTENT, REGISTER, with_strength

# Everything the concept demands of a Beitrag itself, in the order in which a person fills the form.
CONTENT_RULES: tuple[Rule, ...] = tuple(about.rule for about in CONTENT)
_OF_CONTENT = frozenset(CONTENT_RULES)


def ask(rules: Sequence[Rule], post: Post, situation: Situation) -> list[Objection]:
    return [objection for rule in rules for objection in answer(rule, post, situation)]


def answer(rule: Rule, post: Post, situation: Situation) -> list[Objection]:
    """What this rule says to this Beitrag, in the strength that holds now."""
    kept = situation.known.said
    if kept is None or rule not in _OF_CONTENT or situation.delivery:
        return with_strength(rule, post, situation, rule(post, situation))
    key = (rule, post.pk, situation.slot, situation.at)
    if key not in kept:
        kept[key] = with_strength(rule, post, situation, rule(post, situation))
    return kept[key]


def may_stop(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Those of the rules that can stop an Ausspielung: advice never does, whatever strength it has got since."""
    return tuple(rule for rule in rules if rule.__name__ not in REGISTER or REGISTER[rule.__name__].blocks)


def blocking(objections: Iterable[Objection]) -> list[Objection]:
    return [objection for objection in objections if objection.blocks]


__all__ = ["CONTENT_RULES", "Objection", "Rule", "Situation", "answer", "ask", "blocking", "hint", "may_stop"]
