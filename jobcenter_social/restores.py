"""From a backup back to a running house: first everything is proved and laid out, then exchanged, then looked through.

Nothing goes out afterwards until somebody has compared the channel with the plan: what was sent since the backup, the
restored database does not know.
"""

import datetime as dt
import json
import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from editorial import audit
from editorial.actions import ended_consents
from editorial.clock import BERLIN
from editorial.models import AuditHead, Heartbeat, Medium, Post, Restore, SendPause, User
from jobcenter_social import backups
from jobcenter_social.backups import BackupError, Manifest
from jobcenter_social.dumping import Mark, load

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def restore(source: Path, *, replace: bool, at: dt.datetime, ended: Path | None = None) -> Manifest:
    """Raises BackupError, DumpError or SealError, and then nothing has changed. Without ``replace`` only into an
    empty house. ``ended``: the list of ended consents that another machine kept (ended_consents.py).
    """
    if not source.is_file():
        raise BackupError(f"Diese Datei gibt es nicht: {source}")
    if is_running():
        raise BackupError("Die Anwendung läuft noch. Bitte beenden Sie zuerst ./dev run.")
    if not replace and not is_empty():
        raise BackupError(
            "Hier gibt es schon Konten oder Beiträge. Sie gehen verloren, wenn Sie die Sicherung einspielen. "
            "Wenn Sie das wollen, hängen Sie --replace-everything an."
        )
    with backups.workplace("restore-work") as work:
        try:
            manifest = backups.unpack(source, work / "new")
        except OSError as error:
            raise BackupError(f"Die Sicherung ließ sich nicht auspacken: {error}") from error
        _check(manifest)
        over = _ended_consents(ended)
        load(work / "new" / backups.DATABASE, Mark(at, manifest.backup_at, reason_of(manifest)))
        backups.exchange(work / "new", work)
    call_command("migrate", interactive=False, verbosity=0)
    _write_down(at)
    ended_consents.take_up_again(over, at)
    ended_consents.complete(over)
    return manifest


def _ended_consents(source: Path | None) -> list[ended_consents.Line]:
    try:
        known = {json.dumps(line, sort_keys=True): line for line in ended_consents.everyone(source)}
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"Die Liste der beendeten Einwilligungen ließ sich nicht lesen: {error}") from error
    return list(known.values())


def reason_of(manifest: Manifest) -> str:
    return f"Wiederherstellung aus der Sicherung vom {spoken(manifest.backup_at)}"


def spoken(moment: dt.datetime) -> str:
    return f"{moment.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"


def doubts(manifest: Manifest) -> list[str]:
    """What is not as it was when the backup was made; one sentence each."""
    found = [next(audit.broken_entries(), "")]
    if AuditHead.objects.get().position < manifest.facts.audit_position:
        found.append("Das Protokoll ist kürzer als in der Sicherung.")
    if Post.objects.count() != manifest.facts.posts:
        found.append("Es sind nicht alle Beiträge da.")
    missing = backups.missing_files(list(Medium.objects.values_list("file", flat=True)))
    if missing:
        found.append(f"Bilder fehlen ({len(missing)}): Beiträge mit ihnen gehen nicht hinaus.")
    return [sentence for sentence in found if sentence]


def is_running() -> bool:
    """Whether ``./dev run`` serves this folder at the moment."""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((settings.VAR_DIR / "running.json").read_text(encoding="utf-8"))
        os.kill(int(note["pid"]), 0)
        return True
    return False


def is_empty() -> bool:
    tables = connection.introspection.table_names()
    return not any(model._meta.db_table in tables and model.objects.exists() for model in (User, Post))


def _check(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        theirs, ours = NAMES.get(manifest.engine, manifest.engine), NAMES[connection.vendor]
        raise BackupError(f"Die Sicherung stammt aus {theirs}, hier läuft {ours}. Bitte DATABASE_URL anpassen.")
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    if any((app, name) not in known for app, name in manifest.facts.migrations):
        raise BackupError("Diese Sicherung stammt aus einer neueren Version der Anwendung. Bitte spielen Sie die ein.")


def _write_down(at: dt.datetime) -> None:
    """Into the chain; and nobody who was alive at the time of the backup counts as alive now."""
    with transaction.atomic():
        pause, restored = SendPause.objects.filter(started_at=at).latest("pk"), Restore.objects.latest("pk")
        for step, subject in (("restore", restored), ("publishing_off", pause)):
            name = subject._meta.model_name or ""
            audit.record(step, subject_type=name, subject_id=subject.pk, at=at, note=pause.reason)
        Heartbeat.objects.exclude(name="backup").delete()
