import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from editorial import health
from editorial.actions import watching
from editorial.clock import database_now
from jobcenter_social import probe

SIGNS = {health.SUCCESS: "gut", health.NEUTRAL: "–", health.WARNING: "ansehen", health.DANGER: "gestört"}


class Command(BaseCommand):
    help = "Sieht von außen nach, ob alles läuft, und meldet Störungen per Mail. Endet mit 1, wenn etwas gestört ist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--web-port", type=int, help="fragt auch die Website auf diesem Port dieses Rechners")

    def handle(self, *args: Any, web_port: int | None, **options: Any) -> None:
        try:
            at = database_now()
            watching.try_broker(at)
            if web_port:
                watching.note_website(probe.status(web_port, settings.PUBLIC_BASE_URL) == 200, at)
            watching.watch(at)
            known = health.facts_from_scratch(at, has_keys=all(settings.X_KEYS.values()))
        except DatabaseError as error:
            raise CommandError("Die Datenbank antwortet nicht. Es geht nichts hinaus, bis sie wieder läuft.") from error
        found = health.lights(known)
        for light in found:
            self.stdout.write(
                f"{SIGNS[light.tone]:<8} {light.label}: {light.word}{f' – {light.to_do}' if light.to_do else ''}"
            )
        if health.summary(found).tone == health.DANGER:
            sys.exit(1)
