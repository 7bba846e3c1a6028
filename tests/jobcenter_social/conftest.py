import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

CONTRACT = {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL", "VAR_DIR", "PUBLIC_BASE_URL"}
CONTRACT |= {"EMAIL_URL", "X_API_BASE_URL", "X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN"}
CONTRACT |= {"X_ACCESS_TOKEN_SECRET", "CONSENT_KEYS"}
SETTINGS_FILE = Path(settings.BASE_DIR) / "jobcenter_social" / "settings.py"


@pytest.fixture
def load_settings(tmp_path, monkeypatch):
    """Runs the settings file as a start would, with these variables and no other of ours."""

    def load(**variables: str) -> dict[str, Any]:
        for name in [
            name for name in os.environ if name.removesuffix("_FILE") in CONTRACT or name.startswith("PUBLISH_")
        ]:
            monkeypatch.delenv(name)
        for name, value in {"VAR_DIR": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS_FILE))

    return load
