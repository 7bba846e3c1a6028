from collections.abc import Iterator

from ..models import Post
from .base import Objection, Situation


def topic_is_chosen(post: Post, situation: Situation) -> Iterator[Objection]:
    """Each Beitrag has one of the ten topics of the concept (K-50)."""
    if post.topic is None:
        yield Objection("topic.missing", "Bitte wählen Sie ein Thema.", "K-50", "topic")


def audience_is_chosen(post: Post, situation: Situation) -> Iterator[Objection]:
    """Each Beitrag addresses at least one of the six target groups (K-22)."""
    if not post.audiences.all():
        yield Objection("audience.missing", "Bitte wählen Sie mindestens eine Zielgruppe.", "K-22", "audiences")


def duties_of_the_topic_are_met(post: Post, situation: Situation) -> Iterator[Objection]:
    """What the topic demands: Mehrwert (K-57), partner and their OK (K-54, K-55, K-63), source (K-59, K-63, K-64)."""
    topic = post.topic
    if topic is None:
        return
    if topic.needs_value_added and not post.value_added.strip():
        yield Objection(
            "value_added.missing",
            "Bitte sagen Sie in einem Satz, was die Leser:innen davon haben.",
            "K-57",
            "value_added",
        )
    if topic.needs_partner and post.partner is None:
        yield Objection("partner.missing", "Bitte wählen Sie die beteiligte Organisation.", topic.clause, "partner")
    elif topic.needs_partner and post.partner and post.partner.agreed_on is None:
        yield Objection(
            "partner.not_agreed",
            f"Für {post.partner.name} ist noch kein Einverständnis eingetragen.",
            topic.clause,
            "partner",
        )
    if topic.needs_source and not post.source_url:
        yield Objection("source.missing", "Bitte geben Sie die Quelle an.", topic.clause, "source_url")
