"""For whom a text is: words that only members of a network can follow, that speak to one person, that take sides."""

import re
from urllib.parse import urlsplit

Span = tuple[int, int]

# Networks that show their pages in full to members only.
MEMBERS_ONLY = (
    *("x.com", "twitter.com", "facebook.com", "fb.com", "instagram.com", "linkedin.com", "tiktok.com"),
    *("threads.net", "threads.com", "xing.com", "snapchat.com", "wa.me", "whatsapp.com"),
)
_LINK = re.compile(r"(?:https?://|(?<![\w@.])(?:www\.)?(?=[a-z]{1,9}\.[a-z]{2,3}/))[^\s<>\"]+", re.I)
_ONLY_THERE = re.compile(
    r"\bLink (?:in|im|in der|in unserer) (?:Bio|Profil|Story)\b|\bin unserer Story\b|\b(?:siehe|im|unser) Thread\b|🧵"
    r"|\bangepinnt\w{0,3} (?:Tweet|Beitrag|Post)\b|\bin den Kommentaren\b|\bTwitter[- ]?Space\b",
    re.I,
)
_PRIVATE = re.compile(
    r"\b(?:per|via|eine|als|unsere|in den|eine private) (?:DMs?|PN|Direktnachricht(?:en)?|Privatnachricht(?:en)?"
    r"|Nachricht hier)\b|\bDirektnachricht(?:en)?\b|\bDMs? (?:sind )?(?:offen|schreiben|schicken)\b",
    re.I,
)
_REPLY = re.compile(r"\s{0,20}@\w{1,30}")
_ONE_CASE = re.compile(
    r"\b(?:in Ihrem (?:Einzelfall|Fall)|Ihr (?:Bescheid|Widerspruch) (?:ist|wurde|wird|liegt)"
    r"|Ihr Antrag (?:ist|wurde|wird|liegt)|Ihre Unterlagen (?:sind|wurden|liegen|fehlen))\b"
)
_NAME = re.compile(
    r"\b(?:Herrn?|Frau|Hr\.|Fr\.) (?:(?:Dr|Prof)\. ?){0,2}[A-ZÄÖÜ][a-zäöüß]{1,24}(?:-[A-ZÄÖÜ][a-zäöüß]{1,24})?\b"
)
_PARTY = re.compile(
    r"(?<![\w#@])(?:CDU|CSU|SPD|FDP|AfD|BSW|GRÜNEN?|LINKEN?|Bündnis 90|[Dd]ie Linke|Bürger in Wut"
    r"|Bündnis Deutschland|[Dd](?:ie|en|er) Grünen)(?!\w)"
)
_ADVERTISING = re.compile(
    r"\b(?:jetzt (?:kaufen|bestellen|zugreifen)|Rabatt\w{0,10}|Gutscheincode|Schnäppchen|Sonderangebot\w{0,2}"
    r"|(?:das|der|die) (?:Beste|beste|günstigste|Nummer 1)|unschlagbar\w{0,2}|nur solange der Vorrat reicht)\b",
    re.I,
)
_PICTURE_OF = re.compile(
    r"\s{0,9}(?:(?:ein|das|dieses) )?(?:Bild|Foto|Grafik|Abbildung|Screenshot)(?: von| zeigt|:)", re.I
)


def member_link(text: str) -> Span | None:
    """The first link to a page that only members of a network read in full."""
    return next((link.span() for link in _LINK.finditer(text) if is_members_only(link.group())), None)


def is_members_only(url: str) -> bool:
    try:
        host = (urlsplit(url if "://" in url else f"https://{url}").hostname or "").lower()
    except ValueError:
        return False
    return any(host == name or host.endswith("." + name) for name in MEMBERS_ONLY)


def only_there(text: str) -> Span | None:
    return _span(_ONLY_THERE.search(text))


def private_message(text: str) -> Span | None:
    return _span(_PRIVATE.search(text))


def reply(text: str) -> Span | None:
    """The name at the beginning that makes a text an answer to somebody."""
    return _span(_REPLY.match(text))


def one_case(text: str) -> Span | None:
    return _span(_ONE_CASE.search(text))


def person_named(text: str) -> Span | None:
    return _span(_NAME.search(text))


def party(text: str) -> Span | None:
    return _span(_PARTY.search(text))


def advertising(text: str) -> Span | None:
    return _span(_ADVERTISING.search(text))


def says_picture_of(alternative_text: str) -> bool:
    return _PICTURE_OF.match(alternative_text) is not None


def _span(match: re.Match[str] | None) -> Span | None:
    return match.span() if match else None
