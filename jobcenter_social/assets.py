"""Builds the front-end files that a page loads from what npm installed: KERN's style sheet and a trimmed font."""

import io
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

KERN = Path("@kern-ux/native/dist")
# One cut is 130 kB for every script on earth. German and its neighbours' names need about a fifth of that.
UNICODES = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    0x1E9E,
    *range(0x2010, 0x2028),
    *(0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212),
]
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum"]
CUTS = {"FiraSans-Regular.woff2": 400, "FiraSans-SemiBold.woff2": 600}
FACE = (
    '@font-face{{font-family:"Fira Sans";font-style:normal;font-weight:{weight};font-display:swap;'
    'src:url("fonts/{name}") format("woff2")}}'
)
CHARSET = '@charset "UTF-8";'


def build(node_modules: Path, target: Path) -> list[Path]:
    """Write ``vendor/kern/`` below ``target`` and name the files written."""
    kern, built = node_modules / KERN, target / "vendor" / "kern"
    fonts = built / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for name in CUTS:
        (fonts / name).write_bytes(trimmed((kern / "fonts/fira-sans" / name).read_bytes()))
    sheet = built / "kern.min.css"
    sheet.write_text(with_faces((kern / "kern.min.css").read_text(encoding="utf-8")), encoding="utf-8")
    return [sheet, *(fonts / name for name in CUTS)]


def with_faces(sheet: str) -> str:
    """The faces go into the same file: a style sheet of their own would be one more request for every visitor."""
    faces = "".join(FACE.format(weight=weight, name=name) for name, weight in CUTS.items())
    return CHARSET + faces + sheet.removeprefix("\ufeff").removeprefix(CHARSET)


def trimmed(font_file: bytes) -> bytes:
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, notdef_outline=True)
    font = TTFont(io.BytesIO(font_file))
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=UNICODES)
    subsetter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
