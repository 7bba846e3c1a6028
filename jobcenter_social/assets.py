"""Builds the style sheet, the script of the staff pages and the trimmed font, from what npm installed and static/."""

import io
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

KERN = Path("@kern-ux/native/dist")
STATIC = Path(__file__).resolve().parent.parent / "static"
OWN_SHEETS = STATIC / "css"
STAFF_SCRIPTS = ("app.js", "plan.js", "drafts.js")  # in this order
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
    'src:url("vendor/kern/fonts/{name}") format("woff2")}}'
)
CHARSET = '@charset "UTF-8";'
# What follows this heading in KERN's sheet, grid and utility classes, is half of its bytes, and no page uses any of it.
UNUSED = re.compile(r"/\*\*\s+\* @file _grid\.scss.*", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def build(node_modules: Path, target: Path) -> list[Path]:
    """Write ``app.css`` with its fonts and ``redaktion.js`` below ``target`` and name the files written."""
    kern, fonts = node_modules / KERN, target / "vendor" / "kern" / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for name in CUTS:
        (fonts / name).write_bytes(trimmed((kern / "fonts/fira-sans" / name).read_bytes()))
    sheet = target / "app.css"
    own = [path.read_text(encoding="utf-8") for path in sorted(OWN_SHEETS.glob("*.css"))]
    sheet.write_text(bundle((kern / "kern.css").read_text(encoding="utf-8"), own), encoding="utf-8")
    script = target / "redaktion.js"
    parts = [(STATIC / "js" / name).read_text(encoding="utf-8") for name in STAFF_SCRIPTS]
    script.write_text("\n".join(parts), encoding="utf-8")
    return [sheet, script, *(fonts / name for name in CUTS)]


def bundle(kern_sheet: str, own: list[str]) -> str:
    """Faces, KERN and our own layer in one file: each further file would be one more request for every visitor."""
    used, cuts = UNUSED.subn("", kern_sheet.removeprefix("\ufeff").removeprefix(CHARSET))
    if cuts != 1:
        raise ValueError("KERN's style sheet is built differently than expected: please look at UNUSED.")
    faces = "".join(FACE.format(weight=weight, name=name) for name, weight in CUTS.items())
    return CHARSET + faces + small("".join([used, *own]))


def small(sheet: str) -> str:
    flat = re.sub(r"\s+", " ", COMMENT.sub("", sheet))
    return re.sub(r"\s*([{};])\s*", r"\1", flat).replace(";}", "}")


def trimmed(font_file: bytes) -> bytes:
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, notdef_outline=True)
    font = TTFont(io.BytesIO(font_file), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=UNICODES)
    subsetter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
