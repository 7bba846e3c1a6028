"""What every test stands on. Nothing here skips: what cannot be had fails, and says what to install."""

import os
from pathlib import Path

import pytest
from django.conf import settings

# A port that nothing listens on: a test that forgets its simulator must not reach the real service.
NOWHERE = "http://127.0.0.1:9"


def pytest_configure(config: pytest.Config) -> None:
    # Playwright's loop makes Django believe that it runs inside an asynchronous program.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.CELERY_TASK_EAGER_PROPAGATES = True
    # Without a manifest a test needs no collectstatic; the whole stack is tested with the real one.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.X_API_BASE_URL = NOWHERE
    settings.X_KEYS = dict.fromkeys(settings.X_KEYS, "")
    settings.X_SIMULATOR_IS_OURS = False


@pytest.fixture(autouse=True)
def own_media_folder(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]  # pytest-django's wrapper takes any name


def pytest_unconfigure() -> None:
    """SQLite keeps two companions beside its file; Django deletes the file only."""
    for leftover in Path(settings.VAR_DIR).glob(f"test-{os.getpid()}.sqlite3*"):
        leftover.unlink(missing_ok=True)
