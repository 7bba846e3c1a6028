import sys
from typing import Any

from django.core.management.base import BaseCommand

from editorial import retention
from editorial.clock import database_now


class Command(BaseCommand):
    help = "Prüft, ob etwas länger aufbewahrt wird, als das Löschkonzept erlaubt. Exit 1 und die Tabellen, wenn ja."

    def handle(self, *args: Any, **options: Any) -> None:
        found = retention.overdue(database_now())
        for label, count in found.items():
            self.stderr.write(f"{label}: {count} Zeilen sind überfällig. {retention.CLASSES[label].until}.")
        if found:
            sys.exit(1)
        self.stdout.write("Nichts wird länger aufbewahrt, als das Löschkonzept erlaubt.")
