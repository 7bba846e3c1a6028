import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobcenter_social.demo.aside import NotEmpty
from jobcenter_social.demo.build import build
from jobcenter_social.demo.simulator import NotFilled


class Command(BaseCommand):
    help = "Legt die Demonstration in eine leere Datenbank: Konten, vierzehn Monate, Plan, Kennzahlen, Auswertungen."
    requires_system_checks: list[str] = []  # whoever starts the program is warned there; this one has to be quick

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            with without_garbage_collection():
                built = build()
        except (NotEmpty, NotFilled) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Demonstration: {built.posts} Beiträge, davon {built.published} veröffentlicht, "
            f"{built.figures} Kennzahlen, {built.reviews} Auswertungen ({time.monotonic() - began:.1f} s)."
        )


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """The build leaves hardly any rings behind; looking for them would take a tenth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
