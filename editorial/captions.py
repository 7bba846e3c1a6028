"""Captions of a video: WebVTT read strictly, so that every player shows the same, and written as SubRip for X."""

import datetime as dt
import re
from dataclasses import dataclass
from html import unescape

LONGEST_CHARACTERS = 100_000
STAMP = r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{STAMP}[ \t]+-->[ \t]+{STAMP}(?:[ \t]+\S.*)?", re.ASCII)
NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
TAG = re.compile(r"<[^<>]*>")
# Sounds may outlive the last picture by a breath.
TOLERANCE = dt.timedelta(seconds=1)


class UnusableCaptions(ValueError):
    """The text says in German what is wrong, and in which line."""


@dataclass(frozen=True)
class Cue:
    start: dt.timedelta
    end: dt.timedelta
    text: str


def normalised(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def read(text: str, duration_s: float | None = None) -> list[Cue]:
    """The cues in order. Raises UnusableCaptions. ``duration_s`` is the length of the video, when it is known."""
    if len(text) > LONGEST_CHARACTERS:
        raise UnusableCaptions(f"Die Untertitel haben mehr als {LONGEST_CHARACTERS // 1000} 000 Zeichen.")
    lines = normalised(text).split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise UnusableCaptions(
            "Das sind keine Untertitel im Format WebVTT: Die erste Zeile lautet „WEBVTT“. "
            "Die meisten Programme bieten das Format beim Speichern an (Endung .vtt)."
        )
    _nothing_is_lost(lines)
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if (cue := _cue(number, block)) is not None:
            if cues and cue.start < cues[-1].start:
                raise UnusableCaptions(
                    f"Zeile {number}: Dieser Untertitel beginnt vor dem vorigen. Bitte ordnen Sie sie."
                )
            cues.append(cue)
    if not cues:
        raise UnusableCaptions("Die Datei enthält keinen Untertitel.")
    if duration_s is not None and max(cue.end for cue in cues) > dt.timedelta(seconds=duration_s) + TOLERANCE:
        raise UnusableCaptions(
            f"Die Untertitel enden nach dem Video. Es dauert {duration_s:.0f} Sekunden. Gehören sie zu diesem Video?"
        )
    return cues


def as_srt(text: str) -> str:
    """The same cues as SubRip, without marks inside the text: the form X has always taken."""
    return "\n".join(
        f"{number}\n{_comma(cue.start)} --> {_comma(cue.end)}\n{_plain(cue.text)}\n"
        for number, cue in enumerate(read(text), 1)
    )


def spoken(text: str) -> str:
    """Only the words, for those who look for data of persons in them; empty when they cannot be read."""
    try:
        return "\n".join(_plain(cue.text) for cue in read(text)) if text else ""
    except UnusableCaptions:
        return text


def _nothing_is_lost(lines: list[str]) -> None:
    """Players begin a new cue at every time; one that stands elsewhere would be words on X and nothing on a page."""
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise UnusableCaptions(f"Zeile {number}: Hier steht ein unlesbares Zeichen. Bitte löschen Sie es.")
        if "-->" in line and not _may_begin_a_cue(lines[max(0, number - 3) : number - 1]):
            raise UnusableCaptions(
                f"Zeile {number}: „-->“ steht nur zwischen zwei Zeiten, und davor gehört eine leere Zeile."
            )


def _may_begin_a_cue(two_before: list[str]) -> bool:
    """After an empty line, or after the name of the cue that follows one."""
    *earlier, last = two_before or ["WEBVTT"]
    if not last.strip():
        return True
    return "-->" not in last and not NO_CUE.match(last) and bool(earlier) and not earlier[0].strip()


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Number of the first line, and the lines, of each block after the head."""
    blocks: list[tuple[int, list[str]]] = []
    is_open = True  # the head
    for number, line in enumerate(lines, 1):
        if not line.strip():
            is_open = False
        elif is_open:
            if blocks:
                blocks[-1][1].append(line)
        else:
            blocks.append((number, [line]))
            is_open = True
    return blocks


def _cue(number: int, block: list[str]) -> Cue | None:
    if "-->" not in block[0]:
        if NO_CUE.match(block[0]):
            return None
        number, block = number + 1, block[1:]  # the cue's own name
    timing = TIMING.fullmatch(block[0].strip()) if block else None
    if timing is None:
        raise UnusableCaptions(f"Zeile {number}: Hier wird eine Zeit erwartet, zum Beispiel „00:01.000 --> 00:04.000“.")
    start, end = _moment(timing.groups()[:4]), _moment(timing.groups()[4:])
    if end <= start:
        raise UnusableCaptions(f"Zeile {number}: Das Ende liegt nicht nach dem Anfang.")
    text = "\n".join(line.strip() for line in block[1:])
    if not _plain(text).strip():
        raise UnusableCaptions(f"Zeile {number}: Unter der Zeit steht kein Text.")
    return Cue(start, end, text)


def _moment(parts: tuple[str | None, ...]) -> dt.timedelta:
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts)
    return dt.timedelta(hours=min(hours, 99), minutes=minutes, seconds=seconds, milliseconds=milliseconds)


def _comma(moment: dt.timedelta) -> str:
    milliseconds = moment // dt.timedelta(milliseconds=1)
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}"


def _plain(text: str) -> str:
    return unescape(TAG.sub("", text))
