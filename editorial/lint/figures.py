"""Figures that somebody counted or measured: shares, numbers of people and cases, changes. They need a source (K-26).

Years, dates, times, prices, addresses, phone numbers and paragraphs of law are no figures in this sense.
"""

import re

from .plain import Plain

_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/\S*", re.I)
_TAG = re.compile(r"[#@]\w+")
_CLAUSE_SIGN = re.compile(r"§§?\s?\d+\w{0,3}(?:\s(?:Abs\.|Absatz|Satz|Nr\.)\s?\d+){0,4}", re.I)
_MONTH = (
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|Jan|Feb|Apr|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
)
# People, cases and what else is counted in the reports of a Jobcenter; each may go on (Menschen, Kund:innen, Anträgen).
_COUNTED = (
    "Mensch|Person|Leute|Kund|Bürger|Einwohner|Bremer:|Frauen|Männer|Kinder|Jugendliche|Familien|Alleinerziehende|"
    "Haushalte|Bedarfsgemeinschaft|Leistungsberechtigt|Leistungsbezieh|Langzeitarbeitslos|Arbeitslos|Arbeitsuchend|"
    "Erwerbslos|Erwerbstätig|Beschäftigt|Mitarbeit|Geflüchtet|Zugewandert|Teilnehm|Bewerb|Besuch|Gäste|Schüler|"
    "Studierend|Azubi|Auszubildend|Betroffen|Aufstock|Stellen|Jobs|Arbeitspl[aä]tz|Ausbildungspl[aä]tz|Praktikum|Praktika|"
    "Betrieb|Unternehmen|Firmen|Arbeitgeber|Fäll|Anträg|Bescheid|Widerspr[uü]ch|Klagen|Gespräch|Beratung|Vermittlung|"
    "Kurs|Förderung|Sanktion|Leistungsminderung|Follower|Abschlüss|Integration"
)
_NUMBER = r"\d{1,3}(?:[. \u202f]\d{3}){1,4}(?:,\d{1,3})?|\d{1,12}(?:[.,]\d{1,3})?"
_COUNT = re.compile(rf"(?P<found>(?<![\w,.])(?:{_NUMBER}))(?P<words>(?:[ -][a-zäöüß]{{2,20}}){{0,3}}) (?:{_COUNTED})")
_PLACES_TO_SIT = re.compile(
    r"(?:\b(?:Platz für|maximal|höchstens|begrenzt auf|Gruppen? (?:von|bis|mit)|bis zu) ?)\Z", re.I
)
_NUMBER_WORD = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig"
)
_NUMBER_WORD += "|achtzig|neunzig|hundert"
_SHARE = re.compile(
    rf"(?P<found>(?:{_NUMBER}|\b(?:ein|{_NUMBER_WORD})) ?(?:%|‰|Prozent|Promille|v\. ?H\.))"
    rf"|(?P<large>(?:{_NUMBER}|\b(?:eine|{_NUMBER_WORD})) ?(?:Mio\b|Mrd\b|Million|Milliarde|Tausend\b|tausend\b))",
    re.I,
)
# What is written with thousands, or with five digits and more, was counted by somebody.
_LARGE = re.compile(r"(?<![\w,./:-])(?:\d{1,3}(?:\.\d{3}){1,4}|\d{5,12})(?![\w/]|[.,:]\d)")
_DATE = re.compile(
    rf"\b\d{{1,2}}\.\s?\d{{1,2}}\.(?:\s?\d{{2,4}})?|\b\d{{1,2}}\.\s?{_MONTH}\b\.?(?:\s\d{{4}})?|\b{_MONTH}\.?\s\d{{4}}\b"
    rf"|\b(?:19|20)\d{{2}}(?:/\d{{2,4}})?\b(?! ?(?:%|Prozent)| (?:{_COUNTED}))",
    re.I,
)
_TIME = re.compile(
    r"\b\d{1,2}(?:[:.]\d{2})?(?:\s?(?:-|–|bis)\s?\d{1,2}(?:[:.]\d{2})?)?\s?Uhr\b|\b\d{1,2}:\d{2}\b", re.I
)
_POSTCODE = re.compile(r"(?:\b2[78]|(?<=, )\d\d)\d{3}\s(?=[A-ZÄÖÜ])")
_PRICE = re.compile(r"(?<![\d.])\d{1,4}(?:,\d{2})? ?(?:€|Euro|EUR|Cent)(?!\w)", re.I)
_SAID_OF_PRICE = re.compile(r"(?<![\d.])\d\.\d{3}(?:,\d{2})? ?(?:€|Euro|EUR)(?!\w)", re.I)
_PHONE = re.compile(r"(?<!\w)(?:\+|\(?0)\d(?:[ /()-]{0,3}\d){5,14}+")
_AGE = re.compile(r"\b(?:ab|bis|unter|über|von|mit) \d{1,3}(?: (?:bis|und) \d{1,3})? Jahren?\b", re.I)
_MASKED = (_LINK, _TAG, _CLAUSE_SIGN, _DATE, _TIME, _POSTCODE, _PRICE, _SAID_OF_PRICE, _PHONE, _AGE)
_STATISTICS = re.compile(
    r"\b(?:gestiegen|gesunken|gefallen|stieg|sank|steigt|sinkt|zugenommen|abgenommen|gewachsen|wächst|zurückgegangen"
    r"|erhöht|verringert|verdoppelt|halbiert|Anstieg|Rückgang|Zuwachs|Durchschnitt|durchschnittlich|Statistik"
    r"|\w{0,30}quote|\w{0,30}anteil|\w{0,30}zahl(?:en)?|mal so (?:viel|oft|hoch))\b",
    re.I,
)
_DIGITS = re.compile(r"(?<![\w/-])\d{1,12}(?:[.,]\d{1,3})?(?![\w/-]|\.(?:[ \n]|\Z))")
_SENTENCE = re.compile(r"[^.!?\n]{1,600}(?:[.,]\d[^.!?\n]{0,600}){0,20}")


def first_figure(typed: str) -> tuple[int, int] | None:
    """Where the first figure stands, in code points of the text as typed."""
    read = Plain(typed)
    text = read.text
    for pattern in _MASKED:
        text = pattern.sub(lambda match: "\n" * len(match.group()), text)
    found = [span for span in (_share(text), _count(text), _large(text), _change(text)) if span]
    return read.span(*min(found)) if found else None


def _share(text: str) -> tuple[int, int] | None:
    found = _SHARE.search(text)
    return found.span() if found else None


def _count(text: str) -> tuple[int, int] | None:
    for match in _COUNT.finditer(text):
        if not _PLACES_TO_SIT.search(text[max(0, match.start() - 20) : match.start()]):
            return match.span("found")
    return None


def _large(text: str) -> tuple[int, int] | None:
    found = _LARGE.search(text)
    return found.span() if found else None


def _change(text: str) -> tuple[int, int] | None:
    """A number in a sentence about more or less: "um 5 gestiegen"."""
    for sentence in _SENTENCE.finditer(text):
        if _STATISTICS.search(sentence.group()) and (number := _DIGITS.search(text, *sentence.span())):
            return number.span()
    return None
