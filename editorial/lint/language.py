"""How hard a German text is to read: sentences, syllables, the Wiener Sachtextformel, abbreviations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LEAST_WORDS = 20  # below this a formula says nothing

_NOT_READ = re.compile(r"(?:https?://|www\.)\S+|[#@]\w+|(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/\S*", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:[:*·-][^\W\d_]+)*")
_SHORTENED = (
    "z|B|d|h|u|a|o|ä|i|e|R|S|bzw|ca|Dr|Prof|Nr|Str|St|Tel|inkl|ggf|usw|etc|vgl|Abs|Art|Hr|Fr|geb|max|min|Std|Jan|Feb|Apr"
    "|Jun|Jul|Aug|Sep|Sept|Okt|Nov|Dez|evtl|zzgl|sog|gem|Mio|Mrd|Bd|Hbf"
)
_STOP = re.compile(r"(?<!\b\d)(?<!\b\d\d)(?<!\w\.\w)[.!?…]+[\"“”)]?(?=\s|\Z)|\n+")
_AFTER_SHORT = re.compile(rf"\b(?:{_SHORTENED})\Z")
# Sounds of one syllable; "ien" and "ion" have two, so have "beenden" and "geehrt"; the u of "qu" is none.
_NUCLEUS = re.compile(
    r"(?<=\b[bg])e(?=e)|(?<!l)ie(?!n\b)|ie(?=[^\W\d_])(?!n\b)|aa|ee|oo|ei|ai|ey|ay|au|eu(?!m\b)|äu"
    r"|(?<!q)u|[aeioyäöüáàéèíóúâêô]",
    re.I,
)
# Names of paragraphs and rooms: Roman numbers are read as numbers.
_ROMAN = re.compile(r"[IVX]+")
_ABBREVIATION = re.compile(r"(?<![\w:*@#-])[A-ZÄÖÜa-zäöüß]{2,7}(?![\w:*])")
_SHOUTED = frozenset(
    [
        "ACHTUNG",
        "ALLE",
        "DANKE",
        "DAS",
        "DER",
        "DIE",
        "EIN",
        "HEUTE",
        "HIER",
        "IHR",
        "INFO",
        "JA",
        "JETZT",
        "JOB",
        "JOBS",
        "KEIN",
        "KEINE",
        "MEHR",
        "MIT",
        "NEIN",
        "NEU",
        "NEUE",
        "NICHT",
        "NUR",
        "OHNE",
        "SIE",
        "STOPP",
        "TIPP",
        "TIPPS",
        "UND",
        "UNS",
        "VIEL",
        "WICHTIG",
        "WIE",
        "WIR",
        "WO",
        "ZUM",
    ]
)


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    words: tuple[str, ...]


@lru_cache(maxsize=256)  # two rules read the same text
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences that have words, without links, hashtags and names."""
    read = _NOT_READ.sub(lambda match: " " * len(match.group()), text)
    found, start = [], 0
    for stop in _STOP.finditer(read):
        if stop.group().startswith(".") and _AFTER_SHORT.search(read[max(start, stop.start() - 6) : stop.start()]):
            continue
        found.append((start, stop.end()))
        start = stop.end()
    found.append((start, len(read)))
    return tuple(one for one in (_sentence(read, *span) for span in found) if one.words)


def _sentence(read: str, start: int, end: int) -> Sentence:
    part = read[start:end]
    start, end = start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
    return Sentence(start, end, tuple(match.group() for match in _WORD.finditer(part)))


def syllables(word: str) -> int:
    """Spoken syllables of a German word, by its vowels; at least one."""
    return max(1, sum(1 for _ in _NUCLEUS.finditer(word)))


def grade(text: str) -> float | None:
    """The first Wiener Sachtextformel: the school year (4 to 15) whose pupils read this with ease.

    None where the text is too short to tell.
    """
    read = sentences(text)
    words = [word for sentence in read for word in sentence.words]
    if len(words) < LEAST_WORDS:
        return None
    counts = [syllables(word) for word in words]
    many = 100 * sum(count >= 3 for count in counts) / len(words)
    long = 100 * sum(len(word) > 6 for word in words) / len(words)
    one = 100 * sum(count == 1 for count in counts) / len(words)
    return 0.1935 * many + 0.1672 * len(words) / len(read) + 0.1297 * long - 0.0327 * one - 0.875


def abbreviations(text: str) -> Iterator[tuple[int, int]]:
    """Where each abbreviation stands for the first time: "ALG", "BuT", "KdU". Explained ones are left away.

    Explained is what stands in brackets, or has its words in brackets behind it.
    """
    read = _NOT_READ.sub(lambda match: " " * len(match.group()), text)
    seen = set(_SHOUTED)
    for match in _ABBREVIATION.finditer(read):
        word = match.group()
        capitals = sum(sign.isupper() for sign in word)
        if word in seen or capitals < 2 or 2 * capitals < len(word) or _ROMAN.fullmatch(word):
            continue
        seen.add(word)
        if read[: match.start()].endswith("(") or read[match.end() : match.end() + 2] == " (":
            continue
        yield match.span()
