"""Short videos for tests, made on the spot: a moving grey field with a red left and a blue right half, and silence."""

import struct
import tempfile
from fractions import Fraction
from typing import Any

import av
from PIL import Image

TICKS_PER_S = 90_000
UPRIGHT = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
QUARTER_TURN = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)  # clockwise


def film(
    seconds: float = 1.0,
    *,
    fps: int = 25,
    size: tuple[int, int] = (320, 180),
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    sound: str | None = "aac",
    layout: str = "mono",
    gaps: tuple[int, ...] = (1,),
    notes: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    kind: str = "mp4",
    movflags: str = "",
) -> bytes:
    """``gaps``: how many usual distances to leave after each frame, in turn; anything but (1,) makes the rate vary."""
    out = tempfile.NamedTemporaryFile()  # noqa: SIM115 - read below, gone with its last reference
    with av.open(out.name, "w", format=kind, options={"movflags": movflags} if movflags else {}) as file:
        for name, words in (notes or {}).items():
            file.metadata[name] = words
        video: Any = file.add_stream(codec, rate=fps, options=options or {})
        (video.width, video.height), video.pix_fmt = size, pix_fmt
        video.codec_context.time_base = Fraction(1, TICKS_PER_S)
        if notes:
            video.metadata["handler_name"] = notes.get("title", "")
        audio: Any = file.add_stream(sound, rate=48_000, layout=layout) if sound else None
        picture, at = _halves(size), 0
        for number in range(int(seconds * fps)):
            picture.putpixel((number % size[0], 0), (255, 255, 255))
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = at, Fraction(1, TICKS_PER_S)
            at += TICKS_PER_S // fps * gaps[number % len(gaps)]
            file.mux(video.encode(frame))
        file.mux(video.encode())
        if audio:
            for frame in silence(seconds, layout):
                file.mux(audio.encode(frame))
            file.mux(audio.encode())
    return out.read()


def turned(data: bytes) -> bytes:
    """The same film, as a phone held upright writes it: to be shown with a quarter turn."""
    at = data.index(UPRIGHT, data.index(b"tkhd"))
    return data[:at] + QUARTER_TURN + data[at + len(QUARTER_TURN) :]


def _halves(size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, (220, 0, 0))
    picture.paste((0, 0, 220), (size[0] // 2, 0, *size))
    return picture


def silence(seconds: float, layout: str) -> Any:
    for at in range(0, int(seconds * 48_000), 1024):
        frame = av.AudioFrame(format="fltp", layout=layout, samples=1024)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.rate, frame.pts, frame.time_base = 48_000, at, Fraction(1, 48_000)
        yield frame
