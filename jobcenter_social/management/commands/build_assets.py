from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jobcenter_social.assets import build


class Command(BaseCommand):
    help = "Builds the front-end files in var/assets from node_modules."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        node_modules = settings.BASE_DIR / "node_modules"
        try:
            files = build(node_modules, settings.ASSETS_DIR)
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} fehlt. Bitte zuerst `npm ci` ausführen (./dev tut es).") from error
        for path in files:
            self.stdout.write(f"{path.relative_to(settings.ASSETS_DIR)} {path.stat().st_size} Bytes")
