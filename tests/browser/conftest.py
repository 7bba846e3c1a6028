from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser

from tests.browsing import chromium


@pytest.fixture(scope="module")
def browser_beside_database(chromium_path: str, django_db_setup: None) -> Iterator[Browser]:
    """For tests with a live server: Django's connection of these tests must know the base data it has to bring back.

    While a browser runs, an event loop runs, and Django hands out another connection than before.
    """
    base_data = connection._test_serialized_contents  # type: ignore[attr-defined]  # Django sets it with the test database
    with chromium(chromium_path) as running:
        connection._test_serialized_contents = base_data  # type: ignore[attr-defined]  # as above
        yield running
