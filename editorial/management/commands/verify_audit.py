import sys
from typing import Any

from django.core.management.base import BaseCommand

from editorial import audit


class Command(BaseCommand):
    help = "Prüft die Kette des Protokolls. Exit 1 und der erste gebrochene Eintrag, wenn sie nicht stimmt."

    def handle(self, *args: Any, **options: Any) -> None:
        first = next(audit.broken_entries(), None)
        if first:
            self.stderr.write(first)
            sys.exit(1)
        self.stdout.write("Das Protokoll ist unverändert.")
