import pytest
from django.test import Client

from editorial.enums import Role
from tests.factories import person


@pytest.fixture
def login():
    """Give a logged-in browser for a role; the person stands at ``client.person``."""

    def log_in(role: Role = Role.PROE, user=None) -> Client:
        client = Client()
        client.person = user or person(role)
        client.force_login(client.person)
        return client

    return log_in
