import sys
from typing import Any

from django.core.management.base import BaseCommand

from editorial import invariants
from editorial.clock import database_now


class Command(BaseCommand):
    help = "Prüft, was beim Senden immer gelten muss. Exit 1 und die Zeilen, wenn etwas nicht stimmt."

    def handle(self, *args: Any, **options: Any) -> None:
        found = invariants.broken(database_now())
        for invariant, rows in found:
            for row in rows:
                self.stderr.write(f"{invariant.name}: {invariant.words} Nicht so: {row}")
        if found:
            sys.exit(1)
        self.stdout.write(f"{len(invariants.INVARIANTS)} Zusagen geprüft, alle gelten.")
