"""One encrypted file with everything that cannot be made anew: the database, the pictures, the encrypted scans.

No key is in it. The database is dumped first: pictures never change, so those it knows are there a moment later, too.
"""

import base64
import datetime as dt
import fcntl
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from jobcenter_social.dumping import Facts, dump
from jobcenter_social.environment import ConfigurationError, kept_secret, new_key
from jobcenter_social.sealing import PIECE_BYTES, Opener, Sealer

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database"
DAILY_NAME = "redaktion-{:%Y-%m-%d}.sicherung"
DAILY_PATTERN = "redaktion-????-??-??.sicherung"


class BackupError(Exception):
    """Nothing was written or changed; the sentence says why."""


@dataclass(frozen=True)
class Manifest:
    backup_at: dt.datetime
    engine: str
    facts: Facts

    def to_json(self) -> bytes:
        content = {**asdict(self), "backup_at": self.backup_at.isoformat(), "format": FORMAT}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        content: dict[str, Any] = json.loads(data)
        if content["format"] != FORMAT:
            raise BackupError("Diese Sicherung stammt aus einer neueren Version der Anwendung.")
        at = dt.datetime.fromisoformat(content["backup_at"])
        return cls(backup_at=at, engine=content["engine"], facts=Facts(**content["facts"]))


def folders() -> dict[str, Path]:
    """What is kept beside the database, by its name in the backup."""
    return {"media": Path(settings.MEDIA_ROOT), "scans": settings.VAR_DIR / "scans"}


def keys(*, for_writing: bool = False) -> list[bytes]:
    """Newest first. Only an installation without https may keep its key beside the data."""
    given = [*settings.BACKUP_KEYS, *settings.CONSENT_KEYS]
    kept = kept_key_file()
    if kept.exists() or (for_writing and not given and not settings.IS_HTTPS):
        given.append(kept_secret(kept, new_key))
    if for_writing and not given:
        raise ConfigurationError("BACKUP_KEY", "Der Wert fehlt. Bitte BACKUP_KEY oder BACKUP_KEY_FILE setzen.")
    return [base64.urlsafe_b64decode(key) for key in given]


def kept_key_file() -> Path:
    return Path(settings.VAR_DIR) / "backup_key"


def write(target: Path, *, at: dt.datetime) -> Path:
    """Write a backup and read it again; it takes its name only when it is whole. Returns that name."""
    if target.is_dir():
        target /= DAILY_NAME.format(at.astimezone(dt.UTC))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with workplace("backup-work") as work:
            facts = dump(work / DATABASE)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                with Sealer(file, keys(for_writing=True)[0]) as sealer:
                    _pack(sealer, work / DATABASE, Manifest(at, connection.vendor, facts))
                file.flush()
                os.fsync(file.fileno())
        read_through(draft)
        draft.replace(target)
        _settle_on_disk(target.parent)
    except OSError as error:
        raise BackupError(f"Die Sicherung ließ sich nicht schreiben: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def _pack(sealer: Sealer, database: Path, manifest: Manifest) -> None:
    with tarfile.open(fileobj=sealer, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]  # a stream only needs write()
        text = manifest.to_json()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
        tar.add(database, DATABASE, filter=_anonymous)
        for name, folder in folders().items():
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    tar.add(path, f"{name}/{path.relative_to(folder)}", filter=_anonymous)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who owns files on this machine is nobody's business elsewhere."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def read_through(path: Path) -> None:
    """Raise SealError when the file is not whole."""
    with open(path, "rb") as file:
        opener = Opener(file, keys())
        while opener.read(PIECE_BYTES):
            pass


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest daily backups; whatever has another name stays."""
    old = sorted(folder.glob(DAILY_PATTERN), reverse=True)[keep:]
    for path in old:
        path.unlink()
    return old


def unpack(source: Path, into: Path) -> Manifest:
    """Lay everything out in this folder, proved untouched to the last byte. Raises SealError or BackupError."""
    with open(source, "rb") as file:
        opener = Opener(file, keys())
        with tarfile.open(fileobj=opener, mode="r|") as tar:  # type: ignore[call-overload]  # a stream only needs read()
            for member in tar:
                _check_name(member)
                tar.extract(member, into, filter="data")
        while opener.read(PIECE_BYTES):  # the end proves that nothing was cut off
            pass
    if not (into / MANIFEST).exists() or not (into / DATABASE).exists():
        raise BackupError("In der Sicherung fehlt die Datenbank.")
    return Manifest.from_json((into / MANIFEST).read_bytes())


def _check_name(member: tarfile.TarInfo) -> None:
    first, _, rest = member.name.partition("/")
    known = member.name in (MANIFEST, DATABASE) or (first in folders() and rest)
    if not (known and member.isreg()):
        raise BackupError(f"In der Sicherung steht etwas Fremdes: {member.name[:80]}")


def exchange(staged: Path, work: Path) -> None:
    """Put the folders of the backup in the place of the present ones, whose content goes to ``work``."""
    for name, folder in folders().items():
        if folder.is_dir():
            _move_content(folder, work / f"old-{name}")
        if (staged / name).is_dir():
            _move_content(staged / name, folder)


def _move_content(source: Path, target: Path) -> None:
    """Child by child: the folder itself may be a mount point."""
    target.mkdir(parents=True, exist_ok=True)
    for child in list(source.iterdir()):
        shutil.move(child, target / child.name)


@contextmanager
def workplace(name: str) -> Iterator[Path]:
    """An empty folder for this process alone; what a killed one left behind in it is deleted first, ours at the end."""
    folder: Path = settings.VAR_DIR / name
    with open(settings.VAR_DIR / f"{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError("Das läuft gerade schon in einem anderen Prozess.") from error
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _settle_on_disk(folder: Path) -> None:
    """A rename is safe from a power cut only when its folder is written, too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def missing_files(names: Sequence[str]) -> list[str]:
    return [name for name in names if not (Path(settings.MEDIA_ROOT) / name).is_file()]
