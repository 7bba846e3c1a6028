from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobcenter_social.static_files import build_if_changed


class Command(BaseCommand):
    help = "Builds the front-end files in var/assets from node_modules, if package-lock.json has changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = build_if_changed()
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} fehlt. Bitte zuerst `npm ci` ausführen (./dev tut es).") from error
        self.stdout.write("gebaut" if built else "unverändert")
