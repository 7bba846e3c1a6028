"""How a text reads, aloud as well: hints only. A person decides."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from ..lint import inclusive, language, signs
from ..models import Post
from .base import Objection, Situation, hint, passage
from .house_lists import Term

MOST_HINTS = 3  # of one kind
MOST_WORDS = 20  # in a sentence
HARDEST_GRADE = 12
QUOTED_WORDS = 5
GAP = re.compile(r"\[[^\[\]\n]{1,60}\]")


def house_style(post: Post, situation: Situation) -> Iterator[Objection]:
    """The concept writes with a colon throughout (K-81)."""
    for start, end, instead in islice(inclusive.other_signs(post.text), MOST_HINTS):
        yield hint(
            "text.style",
            f"„{post.text[start:end]}“: Im Haus schreiben wir mit Doppelpunkt oder neutral, also „{instead}“.",
            "K-81",
            "text",
            passage(post.text, start, end),
        )


def words_are_for_everybody(post: Post, situation: Situation) -> Iterator[Objection]:
    """Words that name men only have a neutral one (K-81)."""
    for start, end, instead in islice(inclusive.men_only(post.text), MOST_HINTS):
        yield hint(
            "text.neutral",
            f"„{post.text[start:end]}“ meint dem Wort nach nur Männer. Vorschlag: {instead}.",
            "K-81",
            "text",
            passage(post.text, start, end),
        )


def hashtags_show_their_words(post: Post, situation: Situation) -> Iterator[Objection]:
    """A capital at each word lets screen readers read a hashtag word by word (G-11)."""
    if found := signs.plain_hashtag(post.text):
        (start, end), instead = found
        tag = post.text[start:end]
        advice = f"Besser: {instead}." if instead else "Besser jedes Wort groß, etwa #JobcenterBremen."
        words = f"„{tag}“ ist schwer vorzulesen. {advice}"
        yield hint("text.hashtag", words, "G-11", "text", passage(post.text, start, end))


def emoji_are_few(post: Post, situation: Situation) -> Iterator[Objection]:
    """Each emoji is read aloud by its name: few of them, at the end, and none as a bullet (G-11)."""
    found = signs.emoji(post.text)
    if run := signs.emoji_run(post.text, found):
        words = "Mehr als zwei Emoji hintereinander: Vorleseprogramme nennen jedes einzeln beim Namen."
        yield hint("text.emoji", words, "G-11", "text", passage(post.text, *run))
    elif len(found) > signs.MOST_EMOJI:
        words = f"{len(found)} Emoji sind viele. Vorleseprogramme nennen jedes beim Namen. Besser höchstens drei."
        yield hint("text.emoji", words, "G-11", "text", passage(post.text, *found[signs.MOST_EMOJI]))
    if bullet := signs.emoji_bullets(post.text, found):
        words = "Emoji als Aufzählungszeichen werden jedes Mal vorgelesen. Besser ein Spiegelstrich."
        yield hint("text.emoji", words, "G-11", "text", passage(post.text, *bullet))
    elif inside := signs.emoji_inside(post.text, found):
        words = "Ein Emoji mitten im Satz unterbricht das Vorlesen. Besser am Ende."
        yield hint("text.emoji", words, "G-11", "text", passage(post.text, *inside))


def sentences_are_short(post: Post, situation: Situation) -> Iterator[Objection]:
    """Everybody understands short sentences (K-10)."""
    long = (one for one in language.sentences(post.text) if len(one.words) > MOST_WORDS)
    for sentence in islice(long, MOST_HINTS):
        beginning, count = " ".join(sentence.words[:QUOTED_WORDS]), len(sentence.words)
        yield hint(
            "text.long_sentence",
            f"Der Satz „{beginning} …“ hat {count} Wörter. Leichter zu lesen sind höchstens {MOST_WORDS}.",
            "K-10",
            "text",
            passage(post.text, sentence.start, sentence.end),
        )


def text_is_easy_to_read(post: Post, situation: Situation) -> Iterator[Objection]:
    """The Wiener Sachtextformel tells the school year whose pupils read this with ease (K-10)."""
    grade = language.grade(post.text)
    if grade is not None and grade > HARDEST_GRADE:
        yield hint(
            "text.hard_to_read",
            f"Der Text liest sich schwer (Wiener Sachtextformel: Stufe {grade:.0f}, gut ist bis {HARDEST_GRADE}). "
            "Kürzere Sätze und kürzere Wörter helfen.",
            "K-10",
            "text",
        )


def gaps_are_filled(post: Post, situation: Situation) -> Iterator[Objection]:
    """A template's gaps stand in square brackets; whoever reads the post must never see one (K-16)."""
    for found in islice(GAP.finditer(post.text), MOST_HINTS):
        words = f"Hier ist noch etwas einzusetzen: {found.group()}."
        yield hint("text.gap", words, "K-16", "text", passage(post.text, *found.span()))


def abbreviations_are_explained(post: Post, situation: Situation) -> Iterator[Objection]:
    """People without any relation to the house understand each word (K-11)."""
    terms = situation.known.lists.terms
    for start, end in islice(_unclear(post.text, terms), MOST_HINTS):
        short = post.text[start:end]
        if short in terms:
            words = f"„{short}“ kennt nicht jede:r. Bitte beim ersten Mal ausschreiben: {terms[short].meaning}."
        else:
            words = f"„{short}“ steht nicht in der Liste der Abkürzungen. Bitte ausschreiben oder dort eintragen."
        yield hint("text.abbreviation", words, "K-11", "text", passage(post.text, start, end))


def _unclear(text: str, terms: Mapping[str, Term]) -> Iterator[tuple[int, int]]:
    for start, end in language.abbreviations(text):
        term = terms.get(text[start:end])
        if term is None or (term.spell_out and term.meaning.lower() not in text.lower()):
            yield start, end
