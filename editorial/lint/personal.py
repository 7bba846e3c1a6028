"""Data about a person in a text: what is found, and where. Works in one pass per kind, whatever the text."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .ibans import iban_end
from .plain import Plain

OLDEST_YEARS = 115
YOUNGEST_YEARS = 10  # what is younger beside a name is rather the day of an event


class Kind(StrEnum):
    """The value is how the finding is called in a sentence."""

    CUSTOMER = "eine Kundennummer"
    COMMUNITY = "eine BG-Nummer"
    NUMBER = "eine Nummer, die zu einer Person gehört"
    INSURANCE = "eine Versicherungsnummer"
    IBAN = "eine Kontonummer (IBAN)"
    MAIL = "eine E-Mail-Adresse"
    BIRTH = "ein Geburtsdatum"
    CASE_FILE = "ein Aktenzeichen"
    PHONE = "eine Telefonnummer"


@dataclass(frozen=True)
class Finding:
    """``start`` and ``end`` count code points of the text as typed; ``words`` is what stands there."""

    kind: Kind
    start: int
    end: int
    words: str


Span = tuple[int, int]

_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/\S*", re.I)
_TAG = re.compile(r"#\w+")
_CUSTOMER = re.compile(r"(?<![^\W_])(?:\d{3}[A-Za-z]\d{6}|\d{3} [A-Z] ?\d{6}|\d{3}[A-Z] \d{6})(?![^\W_])")
_COMMUNITY = re.compile(r"(?<![\w/])[1-9]\d{4} ?(?://?|BG|bg|-) ?\d{7}(?![\w/])")
_INSURANCE = re.compile(
    r"(?<![^\W_])(?:\d{2} ?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2} ?[A-Z] ?\d{3}|[A-Z]\d{9})(?![^\W_])"
)
_ALMOST_IBAN = re.compile(r"(?<![A-Za-z0-9])DE ?\d{2}(?: ?\d){18}(?!\d)")  # somebody's all the same, typed wrongly
_OWNER = "Kunden|BG|Bedarfsgemeinschaft(?:s|en)?|Versicher(?:ten|ungs)|Sozialversicherungs|Rentenversicherungs"
_OWNER += "|Steuer(?:identifikations)?|Personalausweis|Ausweis|Pass|Vorgangs|Widerspruchs"
_NUMBER = re.compile(
    rf"\b(?:{_OWNER})[ -]?(?:nummer|nr\b\.?|ID\b)(?: (?:ist|lautet|war))?[: ]{{0,2}}"
    r"(?P<found>(?=(?:[^\W_]|[ /.-](?=\d)){4,25})(?:[A-Z]{0,3}[ -]?)?\d(?:[ /.-]{0,2}[A-Z]?\d){3,19}+)",
    re.I,
)
_MONTH = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_MONTHS = [name.lower() for name in _MONTH.split("|")]
_SHORT_MONTHS = {"jan": 1, "feb": 2, "mär": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10}
_SHORT_MONTHS |= {"sept": 9, "nov": 11, "dez": 12}
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<day>\d{1,2})(?:\. ?(?P<month>\d{1,2})\. ?|[/-](?P<other_month>\d{1,2})[/-]"
    rf"|\. ?(?P<name>{_MONTH}|{'|'.join(_SHORT_MONTHS)})\.? ?)(?P<year>\d{{4}}|\d{{2}})"
    r"|(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2}))(?!\d)",
    re.I,
)
_ANY_DAY = re.compile(rf"(?<![\d.])\d{{1,2}}\. ?(?:\d{{1,2}}\.|(?:{_MONTH})\b)", re.I)
_BORN_BEFORE = re.compile(r"\bgeb(?:\.|oren\w{0,2}\b|urtsdatum|urtstag|\.?-?dat\w{0,3})[^\d.!?]{0,20}\Z", re.I)
_BORN_AFTER = re.compile(r"[^\d.!?]{0,20}?\bgeb(?:oren|\.)", re.I)
_STAR_BEFORE = re.compile(r"(?<!\w)[*✶] ?\Z")
_NAME_BEFORE = re.compile(
    r"(?:\bHerrn?|\bFrau|\b[A-ZÄÖÜ][a-zäöüß]{2,15}) [A-ZÄÖÜ][a-zäöüß]{1,15}(?:-[A-ZÄÖÜ][a-zäöüß]{1,15})? ?[,(]? ?\Z"
)
_REGISTER = "AS|SO|AL|KR|AY|SF|SB|VE|VG|BL|EG|KA|BK|BA|Ca|Sa|Ta|Js|Ds|Cs|Ls|IN|IK|[RUPCOFKMLTSA]"
# The highest courts' judgments (B 7 AS 3/23 R, 1 BvL 7/16) are published without names and may be spoken of.
_CASE_FILE = re.compile(rf"(?<![\w/])(?:[A-Z]{{1,2}} ?)?\d{{1,3}} (?:{_REGISTER}) ?\d{{1,5}}/\d{{2,4}}(?![\d/])")
_HIGHEST_COURT = re.compile(r"B \d{1,2} ")
_CASE_LABEL = re.compile(
    r"\b(?:Aktenzeichen|Az\b|Geschäftszeichen|Gesch\.-?Z|Gz\b)\.?(?: (?:ist|lautet))?[: ]{0,3}"
    r"(?P<found>(?:[A-Z]{1,4}[ .-]{0,2}){0,2}\d(?:[ ./-]{0,3}[A-Z]{0,3}[ ./-]{0,3}\d){2,19}+)",
    re.I,
)
_PHONE = re.compile(
    r"(?<![\w.,:+])(?<!\d[/-])(?:(?:\+|00) ?[1-9]\d{0,2}|\(?(?:\+|00)[1-9]\d{0,2}\)|\(?0[1-9]\d{1,4}\)?)"
    r"(?:(?:[ /()-]{0,3}|\.)\d){4,13}+(?!\d)(?! ?Uhr)"
)
_PHONE_LABEL = re.compile(
    r"\b(?:Tel(?:efon(?:nummer)?)?|Fon|Mobil(?:nummer|telefon)?|Handy(?:nummer)?|Fax|Rufnummer|Durchwahl|Hotline"
    r"|WhatsApp|Signal)\b[.:]{0,2} {0,2}(?:(?:ist|lautet|unter|Nr\.?|Nummer):? )?"
    r"(?P<found>[(+]?\d(?:(?:[ /()-]{0,3}|\.)\d){4,14}+)(?!\d)",
    re.I,
)
_AT = re.compile(r"@| ?[(\[{] ?(?:at|ät) ?[)\]}] ?", re.I)
_LOCAL_BACKWARDS = re.compile(r"[\w.+-]{0,63}[\w-]")  # a name does not begin with a dot
_DOMAIN = re.compile(r"[^\W_](?:[\w-]{0,62})(?:(?:\.| ?[(\[{] ?(?:dot|punkt) ?[)\]}] ?)[^\W_][\w-]{0,62}){1,5}", re.I)


def find(typed: str, today: dt.date) -> list[Finding]:
    """Everything that looks like data about a person, in the order of the text; nothing is found twice.

    Links, hashtags and names with @ are left alone, and so are dates, prices and figures that belong to nobody.
    """
    read = Plain(typed)
    text = _TAG.sub(_blank, _LINK.sub(_blank, read.text))
    found: list[Finding] = []
    for kind, search in _searches(today):
        spans = list(search(text))
        for start, end in spans:
            begin, stop = read.span(start, end)
            found.append(Finding(kind, begin, stop, typed[begin:stop]))
        text = _without(text, spans)
    return sorted(found, key=lambda one: one.start)


def _searches(today: dt.date) -> Iterator[tuple[Kind, Callable[[str], Iterator[Span]]]]:
    """What is most certain comes first; what was found is no longer there for the next."""
    yield Kind.IBAN, _ibans
    yield Kind.NUMBER, _all(_ALMOST_IBAN)
    yield Kind.CUSTOMER, _all(_CUSTOMER)
    yield Kind.INSURANCE, _all(_INSURANCE)
    yield Kind.COMMUNITY, _all(_COMMUNITY)
    yield Kind.NUMBER, _all(_NUMBER)
    yield Kind.MAIL, _mail_addresses
    yield Kind.CASE_FILE, _case_files
    yield Kind.BIRTH, lambda text: _birth_dates(text, today)
    yield Kind.PHONE, _phones


def _blank(match: re.Match[str]) -> str:
    return "\n" * (match.end() - match.start())


def _without(text: str, spans: list[Span]) -> str:
    pieces, done = [], 0
    for start, end in sorted(spans):
        pieces += [text[done:start], "\n" * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])


def _all(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    group = "found" if "found" in pattern.groupindex else 0
    return lambda text: (match.span(group) for match in pattern.finditer(text))


def _ibans(text: str) -> Iterator[Span]:
    done = 0
    for start in re.finditer(r"(?<![A-Za-z0-9])[A-Za-z]{2} ?\d{2}", text):
        if start.start() >= done and (end := iban_end(text, start.start())):
            yield start.start(), end
            done = end


def _mail_addresses(text: str) -> Iterator[Span]:
    done, backwards = 0, text[::-1]
    for at in _AT.finditer(text):
        name = _LOCAL_BACKWARDS.match(backwards, len(text) - at.start())
        start = at.start() - len(name.group()) if name else 0
        # @name@server is a name in a network of the same kind as X, not an address for letters.
        if name is None or start < done or text[max(0, start - 1) : start] == "@":
            continue
        if (domain := _DOMAIN.match(text, at.end())) is None:
            continue
        if re.fullmatch(r"[^\W\d_]{2,}", re.split(r"[^\w-]", domain.group())[-1]):
            yield start, domain.end()
            done = domain.end()


def _case_files(text: str) -> Iterator[Span]:
    named = [match.span("found") for match in _CASE_LABEL.finditer(text)]
    named = [span for span in named if not _HIGHEST_COURT.match(text, span[0])]
    yield from named
    for match in _CASE_FILE.finditer(_without(text, named)):
        if not _HIGHEST_COURT.match(match.group()):
            yield match.span()


def _birth_dates(text: str, today: dt.date) -> Iterator[Span]:
    for match in _DATE.finditer(text):
        day = _day_of(match, today)
        if day is None or day > today:
            continue
        before, after = text[max(0, match.start() - 50) : match.start()], text[match.end() : match.end() + 30]
        is_old = YOUNGEST_YEARS <= today.year - day.year <= OLDEST_YEARS
        said = _says_born(before, after, is_old=is_old)
        if said or (is_old and _NAME_BEFORE.search(before[-45:])):
            yield match.span()


def _says_born(before: str, after: str, *, is_old: bool) -> bool:
    if "*" in before[-2:] or "✶" in before[-2:]:
        return _STAR_BEFORE.search(before) is not None
    if "geb" in before.lower() and (born := _BORN_BEFORE.search(before)):
        return is_old or "tag" not in born.group().lower()  # the house has birthdays, too
    return "geb" in after.lower() and _BORN_AFTER.match(after) is not None


def _day_of(match: re.Match[str], today: dt.date) -> dt.date | None:
    """The day a date means; two digits of a year mean the last such year. None for what no calendar has."""
    parts = match.groupdict()
    name = (parts["name"] or "").lower()
    named = _MONTHS.index(name) + 1 if name in _MONTHS else _SHORT_MONTHS.get(name, 0)
    month = named or int(parts["month"] or parts["other_month"] or parts["iso_month"])
    year = int(parts["year"] or parts["iso_year"])
    if len(parts["year"] or "0000") == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    try:
        return dt.date(year, month, int(parts["day"] or parts["iso_day"]))
    except ValueError:
        return None


def _phones(text: str) -> Iterator[Span]:
    text = _ANY_DAY.sub(_blank, _DATE.sub(_blank, text))
    labelled = [match.span("found") for match in _PHONE_LABEL.finditer(text)]
    yield from labelled
    for match in _PHONE.finditer(_without(text, labelled)):
        yield match.span()


def digits_of_phone(words: str) -> str:
    """A number as it is dialled in Germany: ``+49 (0)421 12-3`` is ``0421123``."""
    digits = re.sub(r"[^\d+]", "", Plain(words).text)
    for prefix in ("+490", "00490", "+49", "0049"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix)
    return digits
