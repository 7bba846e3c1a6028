from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from editorial.actions import restoring
from editorial.channels import current_channel
from jobcenter_social import restores
from jobcenter_social.backups import BackupError
from jobcenter_social.dumping import DumpError
from jobcenter_social.sealing import SealError


class Command(BaseCommand):
    help = "Spielt eine Sicherung ein. Danach ist Sendepause, bis der Kanal verglichen ist und eine Person freigibt."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--replace-everything", action="store_true", help="ersetzt alle vorhandenen Konten, Beiträge und Bilder"
        )
        parser.add_argument(
            "--ended-consents",
            metavar="FILE",
            type=Path,
            help="die Datei ended_consents.jsonl der früheren Maschine: Diese Einwilligungen enden noch einmal",
        )

    def handle(
        self, *args: Any, file: Path, replace_everything: bool, ended_consents: Path | None = None, **options: Any
    ) -> None:
        try:
            # Not the database's clock: there may be no database yet, and it is about to be replaced.
            manifest = restores.restore(file, replace=replace_everything, at=timezone.now(), ended=ended_consents)
        except (BackupError, DumpError, SealError) as error:
            raise CommandError(f"{error} Es wurde nichts geändert.") from error
        self.stdout.write(f"Wiederhergestellt: der Stand vom {restores.spoken(manifest.backup_at)}.")
        for doubt in restores.doubts(manifest):
            self.stdout.write(f"Achtung: {doubt}")
        self.stdout.write("Es ist Sendepause: Nichts geht hinaus, bis eine Person sie beendet.")
        self.stdout.write(restoring.words_of(restoring.try_to_reconcile(current_channel())))
