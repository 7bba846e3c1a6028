"""Simple pictures for the demonstration, drawn by ourselves: the same bytes in every run, nobody's rights touched."""

import io
import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFont

WIDTH_PX, HEIGHT_PX = 1200, 675
WORD = "DEMONSTRATION"
PURPOSE = "Macht auf einen Blick deutlich, worum es geht"
AUTHOR = "PRÖ (Demonstration)"
LICENCE = "Eigenes Bild, frei nutzbar"
# Drawn larger and scaled down, so that edges come out smooth.
SCALE = 2
_W, _H = WIDTH_PX * SCALE, HEIGHT_PX * SCALE
_BAND = 110 * SCALE

NAVY, BLUE, SKY, PALE = "#12355b", "#2a6f97", "#8ecae6", "#e8f4fa"
GREEN, LEAF, SAND, SUN = "#2d6a4f", "#74a57f", "#f4e9cd", "#f6bd39"
BRICK, ROSE, WHITE = "#b23a48", "#e5989b", "#ffffff"
COLOURS = (NAVY, BLUE, SKY, GREEN, LEAF, SUN, BRICK, ROSE)

Canvas = ImageDraw.ImageDraw


def draw(name: str) -> bytes:
    """The picture of this name (texts/pictures.json) as PNG, 1200 x 675. Raises KeyError for an unknown name."""
    paint, sky = PAINTERS[name]
    picture = Image.new("RGB", (_W, _H), sky)
    canvas = ImageDraw.Draw(picture)
    paint(canvas, Random(name))  # noqa: S311 - repeatable shapes, no secret
    _write_word(canvas)
    out = io.BytesIO()
    picture.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS).save(out, format="PNG", compress_level=1)
    return out.getvalue()


def signed_form() -> bytes:
    """A sheet of paper with lines and a squiggle, as PNG."""
    sheet = Image.new("L", (620, 877), 255)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(28)
    pen.text((60, 60), "Muster einer Einwilligung", fill=0, font=font)
    for row in range(14):
        pen.line((60, 150 + row * 40, 560, 150 + row * 40), fill=200, width=2)
    pen.arc((90, 740, 190, 800), 20, 320, fill=0, width=4)
    pen.arc((170, 730, 300, 800), 180, 360, fill=0, width=4)
    drawn = io.BytesIO()
    sheet.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _write_word(canvas: Canvas) -> None:
    canvas.rectangle((0, _H - _BAND, _W, _H), fill=NAVY)
    font = ImageFont.load_default(size=54 * SCALE)
    canvas.text((_W / 2, _H - _BAND / 2), WORD, font=font, fill=WHITE, anchor="mm")


def _disc(canvas: Canvas, x: float, y: float, radius: float, fill: str) -> None:
    canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _hill(canvas: Canvas, level: float, height: float, waves: float, shift: float, fill: str) -> None:
    """Everything below a sine line."""
    line = [(x, level - height * math.sin(shift + x / _W * waves * math.tau)) for x in range(0, _W + 1, 8)]
    canvas.polygon([*line, (_W, _H), (0, _H)], fill=fill)


def _waves(canvas: Canvas, rng: Random) -> None:
    for number, fill in enumerate((SKY, "#5fa8d3", BLUE, "#1f5578")):
        _hill(canvas, _H * (0.38 + 0.13 * number), _H * 0.06, 2 + number * 0.5, rng.uniform(0, math.tau), fill)


def _roofs(canvas: Canvas, rng: Random) -> None:
    left, ground = 0.0, _H - _BAND
    for number in range(8):
        width, height = _W / 8, _H * rng.uniform(0.3, 0.5)
        fill = (BRICK, BLUE, SUN, GREEN, ROSE, NAVY, LEAF, SKY)[number]
        top = ground - height
        eaves = [(left, top), (left + width / 2, top - width * 0.5), (left + width, top)]
        canvas.polygon([(left, ground), *eaves, (left + width, ground)], fill=fill)
        for row in range(2):
            for column in (0.28, 0.72):
                x, y, half = left + width * column, top + height * (0.2 + 0.3 * row), width * 0.1
                canvas.rectangle((x - half, y - half, x + half, y + half * 1.6), fill=PALE)
        left += width


def _sunrise(canvas: Canvas, rng: Random) -> None:
    _disc(canvas, _W * 0.62, _H * 0.47, _H * 0.27, SUN)
    _hill(canvas, _H * 0.55, _H * 0.09, 1.0, rng.uniform(0, math.tau), LEAF)
    _hill(canvas, _H * 0.7, _H * 0.07, 1.4, rng.uniform(0, math.tau), GREEN)


def _bridge(canvas: Canvas, rng: Random) -> None:
    water, deck = _H * 0.62, _H * 0.3
    canvas.rectangle((0, deck, _W, water), fill=BRICK)
    span = _W / 3
    for number in range(3):
        middle = span * (number + 0.5)
        canvas.ellipse((middle - span * 0.4, deck * 1.22, middle + span * 0.4, water * 2 - deck * 1.22), fill=PALE)
    canvas.rectangle((0, water, _W, _H), fill=SKY)
    for _ in range(14):
        x, y = rng.uniform(0, _W), rng.uniform(water + 20 * SCALE, _H - _BAND - 20 * SCALE)
        canvas.line((x, y, x + 90 * SCALE, y), fill=WHITE, width=4 * SCALE)


def _circles(canvas: Canvas, rng: Random) -> None:
    for number in range(26):
        radius = _H * (0.24 if number < 6 else 0.06) * rng.uniform(0.6, 1.2)
        fill = (BLUE, "#ee8434", LEAF, SKY, "#f7b267", GREEN)[number % 6]
        _disc(canvas, rng.uniform(0, _W), rng.uniform(0, _H - _BAND), radius, fill)


def _sails(canvas: Canvas, rng: Random) -> None:
    _disc(canvas, _W * 0.84, _H * 0.2, _H * 0.09, SUN)
    horizon = _H * 0.56
    canvas.rectangle((0, horizon, _W, _H), fill=NAVY)
    for share, size in ((0.2, 0.8), (0.47, 1.1), (0.74, 0.7)):
        x, foot, high = _W * share, horizon + _H * 0.03, _H * 0.42 * size
        canvas.polygon([(x, foot), (x, foot - high), (x + high * 0.55, foot)], fill=WHITE)
        canvas.polygon([(x - 8 * SCALE, foot), (x - 8 * SCALE, foot - high * 0.8), (x - high * 0.4, foot)], fill=PALE)
        hull = [(x - high * 0.45, foot + 8 * SCALE), (x + high * 0.6, foot + 8 * SCALE)]
        canvas.polygon([*hull, (x + high * 0.4, foot + 44 * SCALE), (x - high * 0.28, foot + 44 * SCALE)], fill=BRICK)
    for _ in range(12):
        x, y = rng.uniform(0, _W), rng.uniform(horizon + 70 * SCALE, _H - _BAND - 14 * SCALE)
        canvas.line((x, y, x + 70 * SCALE, y), fill=BLUE, width=4 * SCALE)


def _paths(canvas: Canvas, rng: Random) -> None:
    middle = (_W / 2, (_H - _BAND) / 2)
    for number in range(7):
        angle = math.tau * number / 7 + rng.uniform(-0.2, 0.2)
        far = (middle[0] + math.cos(angle) * _W, middle[1] + math.sin(angle) * _W)
        canvas.line((*middle, *far), fill=SAND, width=46 * SCALE)
    _disc(canvas, *middle, 96 * SCALE, SAND)
    _disc(canvas, *middle, 60 * SCALE, SUN)
    for _ in range(20):
        _disc(canvas, rng.uniform(0, _W), rng.uniform(0, _H - _BAND), rng.uniform(14, 34) * SCALE, GREEN)


def _mosaic(canvas: Canvas, rng: Random) -> None:
    side = _W / 16
    for row in range(9):
        for column in range(16):
            x, y, fill = column * side, row * side, rng.choice(COLOURS)
            canvas.rectangle((x, y, x + side, y + side), fill=fill)
            if rng.random() < 0.5:
                corner = rng.choice(((x, y), (x + side, y + side)))
                canvas.polygon([(x + side, y), (x, y + side), corner], fill=rng.choice((PALE, SAND, WHITE, SKY)))


PAINTERS: dict[str, tuple[Callable[[Canvas, Random], None], str]] = {
    "wellen": (_waves, PALE),
    "daecher": (_roofs, PALE),
    "sonne": (_sunrise, "#fdf3d8"),
    "bruecke": (_bridge, PALE),
    "kreise": (_circles, "#fbf7ef"),
    "segel": (_sails, SKY),
    "wege": (_paths, LEAF),
    "mosaik": (_mosaic, WHITE),
}
NAMES = tuple(PAINTERS)
