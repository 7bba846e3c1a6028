"""Takes the pictures of the documentation from the running program: python -m docs.bilder.machen"""

import io
import os
import shutil
import tempfile
from pathlib import Path

import django
from PIL import Image

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_social.settings")
django.setup()

from tests.browsing import chromium, log_in, visitor  # noqa: E402 - needs the settings above
from tests.stack import stack  # noqa: E402 - needs the settings above

HERE = Path(__file__).resolve().parent
PICTURES = {"plan": ("proe1", "/redaktion/plan/")}


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        stack(Path(folder)) as running,
        chromium(os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium") as browser,
    ):
        for name, (who, path) in PICTURES.items():
            context = visitor(browser, running.url)
            page = context.new_page()
            page.set_viewport_size({"width": 1440, "height": 900})
            log_in(page, who, "redaktion-demo")
            page.goto(path)
            keep(page.screenshot(), HERE / f"{name}.png")
            context.close()


def keep(data: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(128)
    picture.save(path, optimize=True)


if __name__ == "__main__":
    main()
