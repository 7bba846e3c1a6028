from collections.abc import Iterator

from .. import weighing
from ..enums import PostKind
from ..lint.figures import first_figure
from ..lint.signs import lettering
from ..models import Post
from .base import Objection, Situation, hint, passage
from .links import message_for


def text_is_written(post: Post, situation: Situation) -> Iterator[Objection]:
    """A post has a text; a retweet has an own summary for the mirror (K-47)."""
    if not post.text.strip():
        words = "Bitte schreiben Sie einen Text."
        if post.kind == PostKind.RETWEET:
            words = "Bitte fassen Sie das Original in eigenen Worten zusammen. Das steht dann auf unserer Website."
        yield Objection("text.empty", words, "K-47", "text")


def text_fits(post: Post, situation: Situation) -> Iterator[Objection]:
    """The channel takes 280 weighted characters (K-16). A retweet's summary is not sent and has no such limit."""
    if post.kind == PostKind.RETWEET or not post.text.strip():
        return
    weighed = weighing.weigh(message_for(post, situation.known))
    if weighed.weighted > weighing.LIMIT:
        over = weighed.weighted - weighing.LIMIT
        yield Objection(
            "text.too_long",
            f"Der Text ist um {over} Zeichen zu lang. Erlaubt sind {weighing.LIMIT}, ein Link zählt immer 23.",
            "K-16",
            "text",
        )
    elif not weighed.valid:
        yield Objection("text.not_sendable", "Der Text enthält ein Zeichen, das der Kanal ablehnt.", "K-16", "text")


def figures_have_a_source(post: Post, situation: Situation) -> Iterator[Objection]:
    """Figures come with their source (K-26); what counts as one: lint.figures."""
    if post.source_url:
        return
    if span := first_figure(post.text):
        found = passage(post.text, *span)
        yield Objection(
            "text.figure_without_source",
            f"Der Text nennt eine Zahl („{found.words}“). Bitte geben Sie die Quelle an.",
            "K-26",
            "source_url",
            passage=found,
        )


def machine_text_has_an_editor(post: Post, situation: Situation) -> Iterator[Objection]:
    """A person has gone over what a machine wrote and answers for it; who, the versions tell (G-15)."""
    if post.ai_text and not post.ai_edited:
        words = "Der Text ist mit KI entstanden. Bitte überarbeiten Sie ihn und kreuzen Sie an, dass Sie für ihn "
        words += "einstehen."
        yield Objection("text.ai_unedited", words, "G-15", "ai_edited")


def text_says_something_new(post: Post, situation: Situation) -> Iterator[Objection]:
    """Each day something else (K-44). Found when it was saved; not asked when it goes out."""
    if post.similar_to_id and not situation.delivery:
        words = f"Beitrag {post.similar_to_id} sagt fast dasselbe. Soll es noch einmal gesagt werden? "
        words += "Verglichen wird, wenn Sie speichern."
        yield hint("text.similar", words, "K-44", "text")


def letters_are_letters(post: Post, situation: Situation) -> Iterator[Objection]:
    """No pseudo-bold or circled letters: they cannot be read aloud (G-11)."""
    if span := lettering(post.text):
        found = passage(post.text, *span)
        yield Objection(
            "text.lettering",
            f"„{found.words}“ sieht nur aus wie Buchstaben. "
            "Vorleseprogramme können es nicht lesen. Bitte schreiben Sie normale Buchstaben.",
            "G-11",
            "text",
            passage=found,
        )
