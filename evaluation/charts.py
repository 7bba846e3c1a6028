"""The geometry of the charts. Templates draw it as SVG; every axis begins at zero, every chart has its table.

All coordinates are whole numbers: templates write fractions the German way, which SVG does not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .wording import NOT_DELIVERED, german

# On narrow screens the picture shrinks and its letters grow to 21: every label has room for that.
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 640, 80, 24, 16, 32
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - RIGHT, 224
ROW_HEIGHT, BAR_TOP, BAR_HEIGHT, VALUE_WIDTH = 56, 26, 16, 130
BARS_WIDTH = WIDTH - VALUE_WIDTH
TICKS = 4
STEPS = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Table:
    """``rows`` are (head, cells); all texts as people read them."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Tick:
    at: int
    label: str


@dataclass(frozen=True)
class Dot:
    x: int
    y: int


@dataclass(frozen=True)
class Gap:
    """A stretch without values."""

    x: int
    width: int


@dataclass(frozen=True)
class Bar:
    """``width`` None: there is no value, which is not a bar of no length."""

    y: int
    label: str
    width: int | None
    value: str

    @property
    def label_y(self) -> int:
        return self.y + BAR_TOP - 6

    @property
    def bar_y(self) -> int:
        return self.y + BAR_TOP

    @property
    def value_x(self) -> int:
        return (self.width or 0) + 10

    @property
    def value_y(self) -> int:
        return self.y + BAR_TOP + 13


@dataclass(frozen=True)
class LineChart:
    uid: str
    title: str
    description: str
    table: Table
    scale: tuple[Tick, ...]
    moments: tuple[Tick, ...]
    runs: tuple[str, ...]
    dots: tuple[Dot, ...]
    gaps: tuple[Gap, ...]
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = TOP + PLOT_HEIGHT
    label_x: int = LEFT - 8
    label_y: int = TOP + PLOT_HEIGHT + 22
    plot_height: int = PLOT_HEIGHT
    width: int = WIDTH
    height: int = TOP + PLOT_HEIGHT + BOTTOM
    is_line: bool = True


@dataclass(frozen=True)
class BarChart:
    uid: str
    title: str
    description: str
    table: Table
    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    bar_height: int = BAR_HEIGHT
    missing_width: int = BARS_WIDTH
    is_line: bool = False


def line_chart(
    uid: str,
    title: str,
    points: Sequence[tuple[str, int | None]],
    *,
    moments: Sequence[tuple[int, str]],
    head: tuple[str, str],
    unit: str,
) -> LineChart:
    """``points`` are (label, value), evenly spaced; None leaves a gap. ``moments`` name some of them on the axis."""
    known = [value for _, value in points if value is not None]
    top = ceiling(max(known, default=0))
    places = [LEFT + round(index * PLOT_WIDTH / max(len(points) - 1, 1)) for index in range(len(points))]
    heights = [None if value is None else _height(value, top) for _, value in points]
    return LineChart(
        uid=uid,
        title=title,
        description=_line_words([value for _, value in points], unit),
        table=Table(head, tuple((label, (words(value),)) for label, value in points)),
        scale=tuple(Tick(_height(value, top), german(value)) for value in scale(top)),
        moments=tuple(Tick(places[index], label) for index, label in moments),
        runs=tuple(
            " ".join(f"{places[index]},{heights[index]}" for index in run) for run in _runs(heights) if len(run) > 1
        ),
        dots=tuple(Dot(x, y) for x, y in zip(places, heights, strict=True) if y is not None),
        gaps=tuple(_gap(run, places) for run in _runs([1 if y is None else None for y in heights])),
    )


def bar_chart(uid: str, title: str, bars: Sequence[tuple[str, int | None]], *, head: tuple[str, str]) -> BarChart:
    """Horizontal bars in the order given, each with its value in words."""
    known = [value for _, value in bars if value is not None]
    most = max(known, default=0)
    drawn = tuple(
        Bar(
            y=index * ROW_HEIGHT,
            label=label,
            width=None if value is None else round(value * (BARS_WIDTH) / max(most, 1)),
            value=words(value),
        )
        for index, (label, value) in enumerate(bars)
    )
    return BarChart(
        uid=uid,
        title=title,
        description="Balken ab null: " + "; ".join(f"{label}: {words(value)}" for label, value in bars) + ".",
        table=Table(head, tuple((label, (words(value),)) for label, value in bars)),
        bars=drawn,
        height=len(bars) * ROW_HEIGHT,
    )


def words(value: int | None) -> str:
    return NOT_DELIVERED if value is None else german(value)


def ceiling(most: int) -> int:
    """A round number at or above the highest value, in as many equal whole steps as there are ticks."""
    needed = max(-(-most // TICKS), 1)
    power = 10 ** (len(str(needed)) - 1)
    return next(step * power for step in STEPS if step * power >= needed) * TICKS


def scale(top: int) -> list[int]:
    """The values written at the axis, from zero on."""
    return list(range(0, top + 1, top // TICKS))


def _height(value: int, top: int) -> int:
    return TOP + PLOT_HEIGHT - round(value * PLOT_HEIGHT / top)


def _runs(marks: Sequence[int | None]) -> list[list[int]]:
    """The places of neighbouring values, cut where one is missing."""
    found: list[list[int]] = [[]]
    for index, mark in enumerate(marks):
        if mark is None:
            found.append([])
        else:
            found[-1].append(index)
    return [run for run in found if run]


def _gap(run: Sequence[int], places: Sequence[int]) -> Gap:
    """From the value before the gap to the one after it."""
    start, end = places[max(run[0] - 1, 0)], places[min(run[-1] + 1, len(places) - 1)]
    return Gap(start, max(end - start, 2))


def _line_words(values: Sequence[int | None], unit: str) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return f"Kein Wert liegt vor ({unit})."
    text = (
        f"Linie ab null, {unit}: erster Wert {german(known[0])}, letzter Wert {german(known[-1])}, "
        f"niedrigster {german(min(known))}, höchster {german(max(known))}."
    )
    missing = len(values) - len(known)
    return text if not missing else f"{text} Lücken: {missing} von {len(values)} Werten fehlen."
