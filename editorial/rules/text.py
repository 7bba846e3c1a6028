import re
import unicodedata
from collections.abc import Iterator

from .. import weighing
from ..enums import PostKind
from ..models import Post
from .base import Objection, Situation, hint
from .links import message_for

_URL = re.compile(r"https?://\S+|\bwww\.\S+", re.I)
_TAG = re.compile(r"[#@]\w+")
_CLAUSE_SIGN = re.compile(r"§§?\s*\d+\w*(\s*(Abs\.|Absatz|Satz|Nr\.)\s*\d+)*", re.I)
_MONTH = (
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|Jan|Feb|Apr|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}\.\s?\d{{1,2}}\.(?:\s?\d{{2,4}})?|\b\d{{1,2}}\.\s?{_MONTH}\b\.?(?:\s\d{{4}})?|\b{_MONTH}\.?\s\d{{4}}\b"
    r"|\b(?:19|20)\d{2}(?:/\d{2,4})?\b(?!\s?(?:%|Prozent|Euro|€|Menschen|Personen))",
    re.I,
)
_TIME = re.compile(r"\b\d{1,2}(?:[:.]\d{2})?(?:\s?(?:-|–|bis)\s?\d{1,2}(?:[:.]\d{2})?)?\s?Uhr\b", re.I)
_POSTCODE = re.compile(r"\b28\d{3}\s+Bremen\b")
_STYLE = re.compile(r"\w+(?:\*|_|·)innen\b|\w+[a-zäöü]Innen\b")
_LOWER_TAG = re.compile(r"#[a-zäöüß]{12,}\b")
# Letters that only look like bold or italic type: screen readers spell them out or fall silent.
_LETTERING = re.compile(r"[\U0001D400-\U0001D7FF\u24B6-\u24E9\uFF21-\uFF3A\uFF41-\uFF5A\U0001F130-\U0001F189]")


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
    """Figures come with their source (K-26). Dates, times, addresses and paragraphs of law are no figures."""
    if post.source_url:
        return
    if found := first_figure(post.text):
        yield Objection(
            "text.figure_without_source",
            f"Der Text nennt eine Zahl („{found}“). Bitte geben Sie die Quelle an.",
            "K-26",
            "source_url",
        )


def first_figure(text: str) -> str | None:
    for pattern in (_URL, _TAG, _CLAUSE_SIGN, _DATE, _TIME, _POSTCODE):
        text = pattern.sub(" ", text)
    found = re.search(r"\d[\d.,]*\d|\d", text)
    return found.group() if found else None


def letters_are_letters(post: Post, situation: Situation) -> Iterator[Objection]:
    """No pseudo-bold or circled letters: they cannot be read aloud (G-11)."""
    if found := _LETTERING.search(unicodedata.normalize("NFC", post.text)):
        yield Objection(
            "text.lettering",
            f"Das Zeichen „{found.group()}“ sieht nur aus wie ein Buchstabe. "
            "Vorleseprogramme können es nicht lesen. Bitte schreiben Sie normale Buchstaben.",
            "G-11",
            "text",
        )


def house_style(post: Post, situation: Situation) -> Iterator[Objection]:
    """The concept writes with a colon throughout (K-81); long hashtags are read word by word in CamelCase (G-11)."""
    if found := _STYLE.search(post.text):
        yield hint(
            "text.style", f"„{found.group()}“: Im Haus schreiben wir mit Doppelpunkt oder neutral.", "K-81", "text"
        )
    if found := _LOWER_TAG.search(post.text):
        yield hint(
            "text.hashtag",
            f"„{found.group()}“ ist schwer vorzulesen. Besser jedes Wort groß, etwa #JobcenterBremen.",
            "G-11",
            "text",
        )
