"""Draws one page of a signed form in a process of its own: the file comes from outside and a large library reads it.

Run as ``python -m editorial.scan_reader PAGE``: the file on standard input, the page as JPEG on standard output, the
number of pages as the first line before it. Nothing touches the disk. Ends with 2 for a file it cannot read.
"""

import io
import resource
import sys

import pypdfium2
from PIL import Image, ImageOps

MEMORY_BYTES, CPU_S = 2 * 1024**3, 20
LARGEST_PIXELS = 25_000_000
WIDTH_PX = 1200
PICTURES = ("JPEG", "PNG")
UNREADABLE = 2


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    try:
        count, picture = draw(sys.stdin.buffer.read(), int(sys.argv[1]))
    except (OSError, ValueError, MemoryError, Image.DecompressionBombError, pypdfium2.PdfiumError):
        sys.exit(UNREADABLE)
    drawn = io.BytesIO()
    picture.convert("RGB").save(drawn, "JPEG", quality=80)
    sys.stdout.buffer.write(b"%d\n" % count + drawn.getvalue())


def draw(data: bytes, page: int) -> tuple[int, Image.Image]:
    """How many pages there are and this one, counted from 0. Raises ValueError where there is no such page."""
    if data.startswith(b"%PDF-"):
        document = pypdfium2.PdfDocument(data)
        if not 0 <= page < len(document):
            raise ValueError(page)
        sheet = document[page]
        width, height = sheet.get_size()
        scale = min(WIDTH_PX / width, (LARGEST_PIXELS / (width * height)) ** 0.5)
        return len(document), sheet.render(scale=scale).to_pil()
    if page:
        raise ValueError(page)
    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    with Image.open(io.BytesIO(data), formats=PICTURES) as picture:
        if picture.width * picture.height > LARGEST_PIXELS:
            raise ValueError(picture.size)
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((WIDTH_PX, WIDTH_PX * 2))
        return 1, upright


if __name__ == "__main__":
    main()
