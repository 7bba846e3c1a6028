"""Which files a page may load, and when they have to be built and collected anew."""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, get_finders
from django.core.management import call_command

# Installed apps bring along half a megabyte of scripts; only what a template of ours names is collected.
USED = (
    "account/js/onload.js",
    "mfa/js/webauthn-json.js",
    "mfa/js/webauthn.js",
    "django_htmx/htmx-2.min.js",
)
BUILD_INPUTS = ("package-lock.json", "jobcenter_social/assets.py")


class UsedAppFilesFinder(AppDirectoriesFinder):
    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        return ((path, storage) for path, storage in super().list(ignore_patterns) if path in USED)


def build_if_changed() -> bool:
    own = sorted(path for kind in ("css", "js") for path in (settings.BASE_DIR / "static" / kind).glob(f"*.{kind}"))
    inputs = [path.read_bytes() for path in (*(settings.BASE_DIR / name for name in BUILD_INPUTS), *own)]
    if not _changed(settings.ASSETS_DIR.with_suffix(".fingerprint"), *inputs):
        return False
    from jobcenter_social.assets import build  # its font tools take half a second to import

    build(settings.BASE_DIR / "node_modules", settings.ASSETS_DIR)
    _remember(settings.ASSETS_DIR.with_suffix(".fingerprint"), *inputs)
    return True


def collect_if_changed() -> bool:
    found = (
        f"{path} {stat.st_size} {stat.st_mtime_ns}".encode()
        for finder in get_finders()
        for path, storage in finder.list(None)
        if (stat := Path(storage.path(path)).stat())
    )
    inputs = [version("whitenoise").encode(), str(settings.DEBUG).encode(), *sorted(found)]
    mark = Path(settings.STATIC_ROOT).with_suffix(".fingerprint")
    if not _changed(mark, *inputs):
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    _remember(mark, *inputs)
    return True


def _fingerprint(inputs: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in inputs:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _changed(mark: Path, *inputs: bytes) -> bool:
    folder = mark.with_suffix("")
    return not (any(folder.glob("*")) and mark.exists() and mark.read_text() == _fingerprint(inputs))


def _remember(mark: Path, *inputs: bytes) -> None:
    mark.write_text(_fingerprint(inputs))
