from typing import Any

from django.core.management.base import BaseCommand

from editorial import pulse
from editorial.actions import (
    by_hand,
    clearing,
    consents,
    consulting,
    notices,
    publishing,
    reconciling,
    reminding,
    watching,
)
from editorial.channels import current_channel


class Command(BaseCommand):
    help = "Ein Takt: zeigt und sendet, was fällig ist. Darf doppelt laufen, aus cron oder einem Systemtimer."

    # A warning that cannot be written, because the disk with the log is full, must not stop the sending.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        channel = current_channel()
        try:
            tally, looked_up = publishing.tick(channel), reconciling.tick(channel)
            for name in (pulse.TICK, pulse.TIMER):
                pulse.beat(name)
        finally:
            # From here, because a worker cannot say that it is dead; after the sending, because mails take their time.
            consents.watch()
            by_hand.remind()
            clearing.tell()
            notices.mail_due()
            watching.watch()
            consulting.watch()
            reminding.watch()
        self.stdout.write(
            f"Website: {tally.shown} gezeigt · Kanal: {tally.sent} gesendet, {tally.deleted} gelöscht · "
            f"{tally.missed} verpasst, {tally.blocked} blockiert, {tally.unclear + looked_up.unclear} unklar · "
            f"Nachgesehen: {looked_up.found} gefunden, {looked_up.again} noch einmal, "
            f"{looked_up.handed_over} zur Entscheidung"
        )
