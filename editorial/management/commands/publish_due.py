from typing import Any

from django.core.management.base import BaseCommand

from editorial.actions import publishing
from editorial.channels import current_channel


class Command(BaseCommand):
    help = "Ein Takt: zeigt und sendet, was fällig ist. Darf doppelt laufen, aus cron oder einem Systemtimer."

    def handle(self, *args: Any, **options: Any) -> None:
        tally = publishing.tick(current_channel())
        self.stdout.write(
            f"Website: {tally.shown} gezeigt · Kanal: {tally.sent} gesendet, {tally.deleted} gelöscht · "
            f"{tally.missed} verpasst, {tally.blocked} blockiert, {tally.unclear} unklar"
        )
