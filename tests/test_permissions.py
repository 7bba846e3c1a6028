"""Every address × every role: who is let in, who is refused, and nobody forgot to say."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from editorial.enums import Role
from editorial.roles import EVERYONE
from tests.factories import person

# Views of libraries, which cannot be decorated: what they are open to.
FOREIGN: dict[str, object] = {}


def addresses(patterns=None, prefix=""):
    for entry in patterns or get_resolver().url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, where)
        elif isinstance(entry, URLPattern):
            yield where, entry


def open_to(where, entry):
    return getattr(entry.callback, "allowed_roles", FOREIGN.get(where))


ALL = dict(addresses())


@pytest.mark.parametrize("where", ALL)
def test_every_view_says_who_may_use_it(where):
    allowed = open_to(where, ALL[where])
    assert allowed == EVERYONE or (allowed and set(allowed) <= set(Role)), (
        f"{where}: use @roles, @signed_in or @everyone"
    )


def filled(where):
    """An address with something in each gap; objects need not exist: roles are asked first."""
    path = re.sub(r"<int:\w+>", "999999", where)
    path = re.sub(r"<\w+:step>", "einreichen", path)
    return "/" + re.sub(r"<(?:\w+:)?\w+>", "gibt-es-nicht", path)


GUARDED = [where for where, entry in ALL.items() if open_to(where, entry) not in (EVERYONE, None)]


@pytest.mark.django_db
@pytest.mark.parametrize("where", GUARDED)
def test_a_guarded_address_lets_its_roles_in_and_nobody_else(where):
    path, allowed = filled(where), open_to(where, ALL[where])
    for method in ("get", "post"):
        visitor = getattr(Client(), method)(path)
        assert visitor.status_code in (302, 405), f"{method} {path} without log-in: {visitor.status_code}"
        if visitor.status_code == 302:
            assert visitor["Location"].startswith("/konto/anmelden/")
        for role in Role:
            client = Client()
            client.force_login(person(role))
            status = getattr(client, method)(path).status_code
            if role in allowed:
                assert status != 403 or method == "post", f"{method} {path} as {role}: {status}"
            else:
                assert status in (403, 405), f"{method} {path} as {role}: {status}"


@pytest.mark.django_db
def test_somebody_without_a_role_gets_in_nowhere():
    user = person(Role.PROE)
    user.groups.clear()
    client = Client()
    client.force_login(user)
    for where in GUARDED:
        assert client.get(filled(where)).status_code in (403, 405), where
