"""What must hold. Form, checks panel, workflow and sending all call these same functions."""

from collections.abc import Iterable, Sequence

from ..models import Post
from .base import Objection, Rule, Situation, hint
from .consent import everyone_shown_has_consented
from .language import (
    abbreviations_are_explained,
    emoji_are_few,
    gaps_are_filled,
    hashtags_show_their_words,
    house_style,
    sentences_are_short,
    text_is_easy_to_read,
    words_are_for_everybody,
)
from .links import has_twin, retweet_has_original, source_is_trusted
from .media import not_too_many_pictures, picture_rights_are_clear, pictures_are_described
from .personal import no_personal_data
from .readers import (
    alternative_texts_tell_something,
    names_need_a_consent,
    nobody_is_answered_here,
    nobody_takes_sides,
    nothing_needs_an_account,
    pictures_come_now_and_then,
    private_matters_stay_away,
)
from .register import with_strength
from .text import figures_have_a_source, letters_are_letters, text_fits, text_is_written
from .timing import slot_is_in_no_quiet_time, slot_is_usual
from .topic import audience_is_chosen, duties_of_the_topic_are_met, topic_is_chosen

# Everything the concept demands of a Beitrag itself, in the order in which a person fills the form.
CONTENT_RULES: tuple[Rule, ...] = (
    text_is_written,
    gaps_are_filled,
    text_fits,
    letters_are_letters,
    no_personal_data,
    names_need_a_consent,
    private_matters_stay_away,
    nobody_is_answered_here,
    nobody_takes_sides,
    house_style,
    words_are_for_everybody,
    hashtags_show_their_words,
    emoji_are_few,
    abbreviations_are_explained,
    sentences_are_short,
    text_is_easy_to_read,
    retweet_has_original,
    topic_is_chosen,
    audience_is_chosen,
    duties_of_the_topic_are_met,
    figures_have_a_source,
    source_is_trusted,
    has_twin,
    nothing_needs_an_account,
    pictures_are_described,
    alternative_texts_tell_something,
    pictures_come_now_and_then,
    picture_rights_are_clear,
    not_too_many_pictures,
    everyone_shown_has_consented,
    slot_is_usual,
    slot_is_in_no_quiet_time,
)


def ask(rules: Sequence[Rule], post: Post, situation: Situation) -> list[Objection]:
    return [objection for rule in rules for objection in answer(rule, post, situation)]


def answer(rule: Rule, post: Post, situation: Situation) -> list[Objection]:
    """What this rule says to this Beitrag, in the strength that holds now."""
    return with_strength(rule, post, situation, rule(post, situation))


def blocking(objections: Iterable[Objection]) -> list[Objection]:
    return [objection for objection in objections if objection.blocks]


__all__ = ["CONTENT_RULES", "Objection", "Rule", "Situation", "answer", "ask", "blocking", "hint"]
