"""Backup and restore as an operator does it, on both databases, with real processes and a real channel's double."""

import json
import os
import re
import subprocess
import sys
import time

import pytest

from tests.houses import KEYS, House, new_house, simulator, texts_on

pytestmark = pytest.mark.services
NOWHERE = "http://127.0.0.1:9"
PICTURE = os.urandom(2_500_000)
ENGINES = ["sqlite", "postgresql"]
POSTS = "from editorial.models import Post; print(Post.objects.count())"


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def original(engine, tmp_path_factory, postgres_url):
    """With people, one planned Beitrag, a picture, and a backup of it, sealed with the key the installation keeps."""
    folder = tmp_path_factory.mktemp("original")
    found = new_house(engine, folder / "haus", postgres_url, X_API_BASE_URL=NOWHERE).with_people()
    found.plan(1, within_s=3600)
    picture = found.var_dir / "media" / "bilder" / "a.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(PICTURE)
    (found.var_dir / "scans").mkdir()
    (found.var_dir / "scans" / "b.enc").write_bytes(b"already encrypted")
    found.manage("backup", str(folder / "haus.sicherung"))
    return found


@pytest.fixture(scope="module")
def path(original):
    return original.var_dir.parent / "haus.sicherung"


@pytest.fixture
def house(original, tmp_path):
    return original.copy(tmp_path / "haus")


@pytest.fixture
def other(engine, original, tmp_path, postgres_url):
    """Another machine, which was handed the key."""
    key = str(original.var_dir / "backup_key")
    return new_house(engine, tmp_path / "neu", postgres_url, X_API_BASE_URL=NOWHERE, BACKUP_KEY_FILE=key)


def said(done):
    assert done.returncode == 1, done.stdout
    return done.stderr.strip()


def test_everything_is_there_again_on_another_machine_and_nothing_goes_out(path, other):
    done = other.manage("restore", str(path))
    assert "Es ist Sendepause" in done.stdout
    assert "Achtung" not in done.stdout
    assert other.shell(POSTS) == "1"
    assert (other.var_dir / "media" / "bilder" / "a.png").read_bytes() == PICTURE
    assert (other.var_dir / "scans" / "b.enc").read_bytes() == b"already encrypted"
    assert "Wiederherstellung aus der Sicherung vom" in other.manage("publishing", "status").stdout
    assert other.manage("verify_audit").returncode == 0
    steps = "from editorial.models import AuditEntry as A; print([e.step for e in A.objects.order_by('-position')[:2]])"
    assert other.shell(steps) == "['publishing_off', 'restore']"
    assert not list(other.var_dir.glob("restore-work/*"))


def test_neither_texts_nor_keys_can_be_read_in_the_file(original, path):
    content = path.read_bytes()
    for secret in (b"Probe Nummer", b"proe1@example.org", PICTURE[1000:1100], b"SQLite format", b"PGDMP"):
        assert secret not in content
    assert (original.var_dir / "backup_key").read_bytes().strip() not in content
    assert not list(original.var_dir.glob("backup-work/*"))


def test_the_file_is_for_its_owner_alone(path):
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_a_wrong_key_changes_nothing(path, other):
    other.env.pop("BACKUP_KEY_FILE")
    assert said(other.manage("restore", str(path), check=False)) == (
        "CommandError: Der Schlüssel passt nicht zu dieser Sicherung. Es wurde nichts geändert."
    )
    assert not (other.var_dir / "media").exists()


def test_a_damaged_file_changes_nothing(house, path, tmp_path):
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    damaged = tmp_path / "kaputt.sicherung"
    damaged.write_bytes(content)
    house.shell("from editorial.models import Post; Post.objects.update(text='Neuer Stand')")
    done = house.manage("restore", str(damaged), "--replace-everything", check=False)
    assert said(done) == ("CommandError: Die Sicherung ist beschädigt oder wurde verändert. Es wurde nichts geändert.")
    assert house.shell("from editorial.models import Post; print(Post.objects.get().text)") == "Neuer Stand"
    assert "eingeschaltet" in house.manage("publishing", "status").stdout


def test_a_house_that_is_in_use_is_not_overwritten_by_mistake(house, path):
    house.plan(1, within_s=3600)
    assert "Hier gibt es schon Konten oder Beiträge." in said(house.manage("restore", str(path), check=False))
    assert house.shell(POSTS) == "2"
    house.manage("restore", str(path), "--replace-everything")
    assert house.shell(POSTS) == "1"


def test_pictures_of_later_are_gone_after_a_restore_and_log_ins_end(house, path):
    later = house.var_dir / "media" / "bilder" / "spaeter.png"
    later.write_bytes(b"x")
    house.manage("restore", str(path), "--replace-everything")
    assert not later.exists()
    assert (house.var_dir / "media" / "bilder" / "a.png").exists()
    assert house.shell("from django.contrib.sessions.models import Session as S; print(S.objects.count())") == "0"


def test_the_other_kind_of_database_is_refused_in_plain_words(original, path, engine, tmp_path, postgres_url):
    key = str(original.var_dir / "backup_key")
    foreign = new_house(
        ENGINES[engine == "sqlite"], tmp_path / "andere", postgres_url, X_API_BASE_URL=NOWHERE, BACKUP_KEY_FILE=key
    )
    assert "Bitte DATABASE_URL anpassen." in said(foreign.manage("restore", str(path), check=False))


def test_a_folder_keeps_one_file_a_day_and_the_newest_of_them(house, tmp_path):
    folder = tmp_path / "sicherungen"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"redaktion-2026-01-0{day}.sicherung").write_bytes(b"alt")
    (folder / "notiz.txt").write_text("bleibt")
    house.manage("backup", str(folder), "--keep", "3")
    house.manage("backup", str(folder), "--keep", "3")
    names = sorted(path.name for path in folder.iterdir())
    assert names[:3] == ["notiz.txt", "redaktion-2026-01-04.sicherung", "redaktion-2026-01-05.sicherung"]
    assert len(names) == 4


def test_a_backup_that_cannot_be_written_says_so_and_shows_on_the_light(house):
    done = house.manage("backup", str(house.var_dir / "gibt-es-nicht" / "x"), check=False)
    assert "ließ sich nicht schreiben" in said(done)
    light = "from editorial import pulse; h = pulse.every()['backup']; print(h.good_at < h.at, h.detail[:30])"
    assert house.shell(light).startswith("True Die Sicherung ließ sich nicht")


def test_a_database_that_is_being_used_is_waited_for_and_then_left_alone(house, path):
    """Somebody holds a lock for longer than the restore waits; here the wait is made short."""
    hold = (
        "import time; from django.db import transaction; from editorial.models import Post\n"
        "with transaction.atomic():\n"
        "    Post.objects.update(text='in Arbeit')\n"
        "    print('held', flush=True)\n"
        "    time.sleep(25)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", hold], env=house.env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline().strip() == "held"
        short = (
            "from jobcenter_social import dumping; dumping.LOCK_WAIT_S = 2\n"
            "from django.core.management import call_command\n"
            f"call_command('restore', '{path}', '--replace-everything')"
        )
        done = house.manage("shell", "-v0", "-c", short, check=False)
        assert "Die Datenbank wird noch benutzt." in done.stderr
    finally:
        holder.kill()
        holder.wait()
    assert house.shell(POSTS) == "1"
    assert "eingeschaltet" in house.manage("publishing", "status").stdout


def test_while_the_application_runs_nothing_is_restored(house, path):
    (house.var_dir / "running.json").write_text(json.dumps({"pid": os.getpid(), "env": {}}))
    done = house.manage("restore", str(path), "--replace-everything", check=False)
    assert "Die Anwendung läuft noch." in said(done)


def test_a_file_that_is_not_there_or_no_backup_is_refused(house, tmp_path):
    (tmp_path / "foto.jpg").write_bytes(PICTURE)
    for name, sentence in (("nichts", "Diese Datei gibt es nicht"), ("foto.jpg", "Das ist keine Sicherung")):
        assert sentence in said(house.manage("restore", str(tmp_path / name), "--replace-everything", check=False))


# --- row 26 of the fault matrix ---------------------------------------------------------------------------------------


def test_five_posts_sent_after_the_backup_are_not_sent_again(engine, tmp_path, postgres_url):
    with simulator() as x:
        house = new_house(engine, tmp_path / "haus", postgres_url, X_API_BASE_URL=x, **KEYS).with_people()
        house.plan(5, within_s=8)
        path = tmp_path / "nacht.sicherung"
        house.manage("backup", str(path))
        assert texts_on(x) == []
        send_all_five(house, x)
        done = house.manage("restore", str(path), "--replace-everything", X_API_BASE_URL=NOWHERE)
        assert "steht noch aus" in done.stdout
        refused = house.manage("publishing", "on", check=False, X_API_BASE_URL=NOWHERE)
        assert "Erst muss der Kanal" in said(refused)
        house.manage("publish_due")  # a tick while nothing is known
        done = house.manage("publishing", "on")
        assert "5 seit der Sicherung erschienene Beiträge sind als veröffentlicht vermerkt" in done.stdout
        house.manage("publish_due")
        assert len(texts_on(x)) == len(set(texts_on(x))) == 5
        assert house.states() == ["published"] * 5


def send_all_five(house: House, x: str) -> None:
    deadline = time.monotonic() + 60
    while len(texts_on(x)) < 5 and time.monotonic() < deadline:
        house.manage("publish_due")
    assert len(texts_on(x)) == 5
    assert re.fullmatch("published", " ".join(set(house.states())))


MAKE = """
from django.utils import timezone; from tests.factories import ConsentFactory
for name in ("VG-A", "VG-B", "VG-C"):
    ConsentFactory(pseudonym=name, created_at=timezone.now(), sealed=b"x")
"""
END = """
from editorial.actions import consents; from editorial.enums import Role, WithdrawalWay
from editorial.models import Consent, User; from tests.factories import person
by = person(Role.PROE)
for name in ("VG-A", "VG-B"):
    consents.revoke(Consent.objects.get(pseudonym=name), WithdrawalWay.PHONE, by=by)
from editorial.models import Removal; from django.utils import timezone
Removal.objects.update(done_at=timezone.now())
import datetime
consents.erase(Consent.objects.get(pseudonym="VG-A"), "Frist", by=by, at=timezone.now() + datetime.timedelta(days=3000))
"""
STATES = (
    "from editorial.models import Consent as C; print([(c.state, bytes(c.sealed)) for c in C.objects.order_by('pk')])"
)


def test_who_withdrew_or_was_erased_since_stays_so_after_a_restore(house, other, tmp_path):
    house.shell(MAKE)
    backup = tmp_path / "vorher.sicherung"
    house.manage("backup", str(backup))
    house.shell(END)
    house.manage("restore", str(backup), "--replace-everything")
    ended = "[('erased', b''), ('revoked', b'x'), ('effective', b'x')]"
    assert house.shell(STATES) == ended
    assert house.manage("verify_audit").returncode == 0
    # On another machine nobody knows of it but the list that was brought along.
    other.manage("restore", str(backup), "--ended-consents", str(house.var_dir / "ended_consents.jsonl"))
    assert other.shell(STATES) == ended
    missing = other.manage("restore", str(backup), "--replace-everything", "--ended-consents", "/x", check=False)
    assert "Liste der beendeten Einwilligungen" in said(missing)
