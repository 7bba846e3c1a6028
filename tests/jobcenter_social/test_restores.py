import datetime as dt
import io
import tarfile

import pytest
from django.db import connection

from jobcenter_social import backups, restores
from jobcenter_social.backups import BackupError, Manifest
from jobcenter_social.dumping import Facts
from jobcenter_social.sealing import Sealer
from tests.factories import MediumFactory, PostFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 2, 30, tzinfo=dt.UTC)


def manifest(**facts):
    known = {"migrations": [], "audit_position": 0, "audit_hash": "0" * 64, "posts": 0, "media": 0}
    return Manifest(AT, connection.vendor, Facts(**known | facts))


def test_a_manifest_is_read_as_it_was_written():
    assert Manifest.from_json(manifest(posts=3).to_json()) == manifest(posts=3)


def test_a_backup_of_a_newer_version_is_refused():
    with pytest.raises(BackupError, match="neueren Version"):
        restores._check(manifest(migrations=[["editorial", "9999_from_the_future"]]))
    restores._check(manifest(migrations=[["editorial", "0001_initial"]]))


def test_the_reason_of_the_pause_names_the_backup_in_berlin_time():
    assert restores.reason_of(manifest()) == "Wiederherstellung aus der Sicherung vom 23.11.2026, 03:30 Uhr"


def test_what_is_missing_after_a_restore_is_said():
    assert restores.doubts(manifest()) == []
    PostFactory()
    medium = MediumFactory()
    medium.file.storage.delete(medium.file.name)
    found = restores.doubts(manifest(posts=2, audit_position=10**6))
    assert found == [
        "Das Protokoll ist kürzer als in der Sicherung.",
        "Es sind nicht alle Beiträge da.",
        "Bilder fehlen (1): Beiträge mit ihnen gehen nicht hinaus.",
    ]


@pytest.mark.parametrize("name", ["../böse", "/etc/passwd", "media/../../böse", "secret_key", "media"])
def test_nothing_is_unpacked_outside_its_place(name, settings, tmp_path):
    """Only who has the key can seal such a file; the check costs nothing."""
    settings.BACKUP_KEYS = ["A" * 43 + "="]
    path = tmp_path / "x.sicherung"
    key = backups.keys()[0]
    with open(path, "wb") as file, Sealer(file, key) as sealer, tarfile.open(fileobj=sealer, mode="w|") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    into = tmp_path / "hier" / "neu"
    into.mkdir(parents=True)
    with pytest.raises((BackupError, tarfile.FilterError)):
        backups.unpack(path, into)
    assert list(tmp_path.rglob("*böse*")) == []


def test_with_https_a_key_must_be_given(settings):
    settings.IS_HTTPS, settings.BACKUP_KEYS, settings.CONSENT_KEYS = True, [], []
    with pytest.raises(Exception, match="BACKUP_KEY"):
        backups.keys(for_writing=True)


def test_the_newest_key_seals_and_every_known_one_opens(settings):
    settings.BACKUP_KEYS, settings.CONSENT_KEYS = ["B" * 43 + "=", "A" * 43 + "="], ["C" * 43 + "="]
    assert len(backups.keys()) >= 3
    assert backups.keys(for_writing=True)[0] == backups.keys()[0] != backups.keys()[1]
