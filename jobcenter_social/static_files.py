from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder

# Installed apps bring along half a megabyte of scripts; only what a template of ours names is collected.
USED = ("django_htmx/htmx-2.min.js",)


class UsedAppFilesFinder(AppDirectoriesFinder):
    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        return ((path, storage) for path, storage in super().list(ignore_patterns) if path in USED)
