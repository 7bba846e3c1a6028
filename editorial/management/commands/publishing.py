import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from editorial.actions import pausing, restoring
from editorial.channels import current_channel
from editorial.clock import BERLIN, from_wall


class Command(BaseCommand):
    help = "Sendepause: off --reason TEXT [--until JJJJ-MM-TTTHH:MM], on, status"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["off", "on", "status"])
        parser.add_argument("--reason", default="")
        parser.add_argument("--until", default="", help="Berliner Zeit, zum Beispiel 2026-12-24T12:00")
        parser.add_argument(
            "--compared", default="", help="nach einer Wiederherstellung ohne Schlüssel: was von Hand verglichen wurde"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        match options["what"]:
            case "off":
                self._off(options["reason"], options["until"])
            case "on":
                self._on(options["compared"])
            case "status":
                pause = pausing.active_pause()
                since = f"{pause.started_at.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr" if pause else ""
                self.stdout.write(
                    f"Sendepause seit {since}: {pause.reason}" if pause else "Das Senden ist eingeschaltet."
                )

    def _on(self, compared: str) -> None:
        if compared:
            restoring.compared_by_hand(compared)
        look = restoring.try_to_reconcile(current_channel())
        if look.restored is not None:
            self.stdout.write(restoring.words_of(look))
        try:
            ended = pausing.switch_on()
        except pausing.NotCompared as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            "Die Sendepause ist beendet. Was inzwischen fällig war, wartet auf eine Entscheidung."
            if ended
            else "Es war keine Sendepause."
        )

    def _off(self, reason: str, until_text: str) -> None:
        try:
            until = from_wall(dt.datetime.fromisoformat(until_text)) if until_text else None
        except ValueError as error:
            raise CommandError(f"--until {until_text!r} ist kein gültiger Zeitpunkt.") from error
        try:
            pausing.switch_off(reason, until=until)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Sendepause: Ab sofort geht nichts mehr hinaus. Ende mit: publishing on")
