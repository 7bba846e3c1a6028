from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from editorial import pulse
from editorial.clock import database_now
from jobcenter_social import backups
from jobcenter_social.dumping import DumpError
from jobcenter_social.environment import ConfigurationError
from jobcenter_social.sealing import SealError

KEEP = 14


class Command(BaseCommand):
    help = (
        "Sichert Datenbank, Bilder und verschlüsselte Scans in eine verschlüsselte Datei; Schlüssel sind nicht darin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="Datei, oder Ordner für eine Datei je Tag")
        parser.add_argument("--keep", type=int, default=KEEP, help=f"so viele Tage bleiben im Ordner (Vorgabe: {KEEP})")

    def handle(self, *args: Any, file: Path, keep: int, **options: Any) -> None:
        if keep < 1:
            raise CommandError("--keep: Mindestens eine Sicherung muss bleiben.")
        try:
            at = database_now()
            written = backups.write(file, at=at)
        except DatabaseError as error:
            raise CommandError("Die Datenbank antwortet nicht. Es wurde nichts gesichert.") from error
        except (backups.BackupError, DumpError, SealError, ConfigurationError) as error:
            pulse.beat(pulse.BACKUP, good=False, detail=str(error), at=at)
            raise CommandError(str(error)) from error
        size = f"{written.stat().st_size / 1_000_000:.1f} MB".replace(".", ",")
        pulse.beat(pulse.BACKUP, detail=size, at=at)
        self.stdout.write(f"Gesichert und geprüft: {written} ({size})")
        if file.is_dir():
            for old in backups.forget_old(file, keep):
                self.stdout.write(f"Gelöscht: {old.name}")
        if not (settings.BACKUP_KEYS or settings.CONSENT_KEYS):
            self.stdout.write(
                f"Der Schlüssel liegt in {backups.kept_key_file()}. "
                "Bewahren Sie eine Kopie davon getrennt auf: Ohne ihn ist die Sicherung nicht lesbar."
            )
