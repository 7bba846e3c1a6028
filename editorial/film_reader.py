"""Reads one video in a process of its own: what it is, whether the channel takes it, a clean copy, a first picture.

Run as ``python -m editorial.film_reader SOURCE COPY STILL``. Prints one JSON object: the facts, or ``{"refused": …}``
with a German sentence. Videos come from outside and are read by a large library in C: it gets little memory, little
time, and nothing of the house. Limits of the channel: x-api.md 2.3.
"""

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
from PIL import Image

from .film_limits import (
    LONGEST_S,
    LONGEST_SIDE_PX,
    MOST_CHANNELS,
    MOST_FRAMES_PER_S,
    SHORTER_SIDE_PX,
    SHORTEST_S,
    SMALLEST_PX,
    WIDEST_RATIO,
)

# Frames that lie this much closer together than others make the rate uneven.
UNEVEN = 1.5
MEMORY_BYTES, CPU_S, FILE_BYTES = 3 * 1024**3, 60, 200_000_000

NO_VIDEO = "Diese Datei ist kein Video im Format MP4. Bitte speichern Sie das Video als MP4 (H.264 und AAC)."
DAMAGED = "Das Video ist beschädigt oder unvollständig. Bitte speichern Sie es neu oder holen Sie es noch einmal."
AS_USUAL = "Bitte speichern Sie das Video als MP4 mit H.264, 8 Bit, 4:2:0 und AAC."


class Refused(Exception):
    """The channel would not take it; the text says why and what to do."""


@dataclass
class Film:
    width_px: int
    height_px: int
    duration_s: float
    frames_per_s: float
    has_sound: bool
    notes: list[str] = field(default_factory=list)


def read(source: str, copy: str, still: str) -> Film:
    """Raises Refused."""
    try:
        with av.open(source, format="mp4") as film:
            return _read(film, source, copy, still)
    except (av.error.InvalidDataError, av.error.EOFError, IndexError, StopIteration):
        raise Refused(DAMAGED if _says_mp4(source) else NO_VIDEO) from None
    except (av.error.FFmpegError, ValueError, MemoryError):
        raise Refused(DAMAGED) from None


def _read(film: Any, source: str, copy: str, still: str) -> Film:
    if not film.streams.video:
        raise Refused(NO_VIDEO)
    video = film.streams.video[0]
    sound = film.streams.audio[0] if film.streams.audio else None
    length_s = float((film.duration or 0) / av.time_base)
    if length_s > LONGEST_S:
        raise Refused(_too_long(length_s))
    _codecs_are_usual(video, sound)
    first = next(film.decode(video))
    _picture_is_usual(first, video)
    turned = int(first.rotation)
    width, height = (video.width, video.height) if turned % 180 == 0 else (video.height, video.width)
    _size_fits(width, height)
    film.seek(0)
    moments = _copy(film, video, sound, copy)
    if not moments or (video.frames and len(moments) < video.frames):
        raise Refused(DAMAGED)
    rate, notes = _rate(sorted(moments))
    duration_s = float(max(moments) - min(moments)) + 1 / rate
    if duration_s < SHORTEST_S:
        raise Refused(f"Das Video ist zu kurz. X verlangt mindestens {SHORTEST_S} Sekunden.".replace("0.", "0,"))
    _still(source, min(1.0, duration_s / 3), turned, still)
    return Film(width, height, round(duration_s, 2), round(rate, 2), sound is not None, notes)


def _says_mp4(source: str) -> bool:
    with open(source, "rb") as file:
        return file.read(8)[4:] == b"ftyp"


def _too_long(length_s: float) -> str:
    return f"Das Video dauert {length_s:.0f} Sekunden. Erlaubt sind {LONGEST_S}. Bitte kürzen Sie es."


def _codecs_are_usual(video: Any, sound: Any) -> None:
    codec = video.codec_context
    if (name := _codec_name(video)) != "H264":
        raise Refused(f"Das Bild im Video ist {_saved_as(name)} gespeichert. X nimmt nur H.264. {AS_USUAL}")
    if codec.pix_fmt not in ("yuv420p", "yuvj420p"):
        raise Refused(f"Das Video hat das Farbformat {codec.pix_fmt}. X nimmt nur yuv420p. {AS_USUAL}")
    ratio = video.sample_aspect_ratio
    if ratio not in (None, 0, 1):
        raise Refused(f"Die Bildpunkte des Videos sind nicht quadratisch ({ratio}). {AS_USUAL}")
    if sound is None:
        return
    if (name := _codec_name(sound)) != "AAC" or sound.codec_context.profile not in ("LC", None):
        raise Refused(f"Der Ton ist {_saved_as(name)} gespeichert. X nimmt nur AAC-LC. {AS_USUAL}")
    if sound.channels > MOST_CHANNELS:
        raise Refused(f"Der Ton hat {sound.channels} Kanäle. X nimmt nur Mono und Stereo. {AS_USUAL}")


def _codec_name(stream: Any) -> str:
    """Empty for a kind of which the library knows nothing."""
    return str(stream.codec_context.codec.canonical_name).upper() if stream.codec_context else ""


def _saved_as(name: str) -> str:
    return f"als {name}" if name else "in einem unbekannten Format"


def _picture_is_usual(frame: Any, video: Any) -> None:
    if frame.interlaced_frame:
        raise Refused(f"Das Video besteht aus Halbbildern. X nimmt nur Vollbilder. {AS_USUAL}")
    if (frame.width, frame.height) != (video.width, video.height):
        raise Refused(DAMAGED)


def _size_fits(width: int, height: int) -> None:
    longer, shorter = max(width, height), min(width, height)
    found = f"Das Video hat {width} × {height} Bildpunkte."
    if shorter < SMALLEST_PX:
        raise Refused(f"{found} X verlangt mindestens {SMALLEST_PX} × {SMALLEST_PX}.")
    if longer > LONGEST_SIDE_PX or shorter > SHORTER_SIDE_PX:
        limit = f"Erlaubt sind {LONGEST_SIDE_PX} × {SHORTER_SIDE_PX}, auch hochkant."
        raise Refused(f"{found} {limit} Bitte speichern Sie es kleiner, zum Beispiel mit 1280 × 720 (HD 720p).")
    if longer > WIDEST_RATIO * shorter:
        raise Refused(f"{found} Erlaubt sind Seitenverhältnisse von 1:3 bis 3:1. Bitte schneiden Sie es zu.")


def _copy(film: Any, video: Any, sound: Any, copy: str) -> list[Fraction]:
    """Picture and sound alone: no title, no place, no notes of the camera. Returns the moment of each frame."""
    moments: list[Fraction] = []
    with av.open(copy, "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as out:
        to_video = out.add_stream_from_template(video)
        to_sound = out.add_stream_from_template(sound) if sound else None
        # Notes inside the stream (SEI) can hold text and places as well.
        without_notes = av.bitstream.BitStreamFilterContext("filter_units=remove_types=6", video, to_video)
        last_key: int | None = None
        for packet in film.demux(*filter(None, (video, sound))):
            if packet.dts is None:
                continue
            if packet.stream is sound:
                packet.stream = to_sound
                out.mux(packet)
                continue
            last_key = _next_key(packet, last_key)
            moments.append(packet.pts * packet.time_base)
            if len(moments) > (LONGEST_S + 1) * MOST_FRAMES_PER_S:
                raise Refused(_too_many_frames(len(moments) / LONGEST_S))
            for cleaned in without_notes.filter(packet):
                cleaned.stream = to_video
                out.mux(cleaned)
    return moments


def _next_key(packet: Any, last_key: int | None) -> int | None:
    if packet.is_keyframe:
        return int(packet.pts)
    if last_key is None:
        raise Refused(DAMAGED)
    if packet.pts < last_key:
        raise Refused(f"Das Video ist mit „offener GOP“ gespeichert. X nimmt nur geschlossene. {AS_USUAL}")
    return last_key


def _too_many_frames(rate: float) -> str:
    return (
        f"Das Video hat {rate:.0f} Bilder in der Sekunde. Erlaubt sind {MOST_FRAMES_PER_S}. "
        "Bitte speichern Sie es mit 25 oder 30 Bildern in der Sekunde."
    )


def _rate(moments: list[Fraction]) -> tuple[float, list[str]]:
    """Frames per second on average, and what to know about them. Raises Refused for too many in any one second."""
    if len(moments) < 2:
        return 1.0, []
    length_s = moments[-1] - moments[0]
    if length_s > LONGEST_S:
        raise Refused(_too_long(float(length_s)))
    if (busiest := max(_within_a_second(moments))) > MOST_FRAMES_PER_S + 1:
        raise Refused(_too_many_frames(busiest))
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    shortest, longest = min(gaps), max(gaps)
    notes = []
    if shortest <= 0:
        raise Refused(DAMAGED)
    if longest > UNEVEN * shortest:
        notes.append(
            f"Die Bildrate des Videos schwankt zwischen {float(1 / longest):.0f} und {float(1 / shortest):.0f} Bildern "
            "in der Sekunde. X nimmt das an, kann aber ruckeln. Besser ist eine feste Bildrate, zum Beispiel 25."
        )
    return float((len(moments) - 1) / length_s), notes


def _within_a_second(moments: list[Fraction]) -> Iterator[int]:
    start = 0
    for place, moment in enumerate(moments):
        while moment - moments[start] >= 1:
            start += 1
        yield place - start + 1


def _still(source: str, at_s: float, turned: int, still: str) -> None:
    """The picture shown before the video plays, upright, as JPEG."""
    with av.open(source, format="mp4") as film:
        video = film.streams.video[0]
        found = None
        for found in film.decode(video):
            if found.time is not None and found.time >= at_s:
                break
        if found is None:
            raise Refused(DAMAGED)
        picture = found.to_image()
    if turned % 360:
        picture = picture.rotate(turned, expand=True)
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    clean.save(still, format="JPEG", quality=85)


def main(source: str, copy: str, still: str) -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    av.logging.set_level(av.logging.PANIC)
    try:
        answer = asdict(read(source, copy, still))
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
