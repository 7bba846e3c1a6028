import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobcenter_social.demo.build import NotEmpty, build
from jobcenter_social.demo.simulator import NotFilled


class Command(BaseCommand):
    help = "Legt die Demonstration in eine leere Datenbank: Konten, vierzehn Monate, Plan, Kennzahlen, Auswertungen."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            built = build()
        except (NotEmpty, NotFilled) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Demonstration: {built.posts} Beiträge, davon {built.published} veröffentlicht, "
            f"{built.figures} Kennzahlen, {built.reviews} Auswertungen ({time.monotonic() - began:.1f} s)."
        )
