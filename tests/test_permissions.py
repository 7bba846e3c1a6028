"""Every address × every role: who is let in, who is refused, and nobody forgot to say."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from editorial import steps
from editorial.enums import Role
from editorial.roles import EVERYONE
from tests.factories import person
from tests.permission_table import ADDRESSES, STEPS

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


WRITTEN = {"" if where == "/" else where: who for who, block in ADDRESSES.items() for where in block.split()}


@pytest.mark.parametrize("where", sorted(set(ALL) | set(WRITTEN)))
def test_the_code_and_the_table_agree_on_who_may_use_it(where):
    assert where in ALL, "no such address any more: take it out of tests/permission_table.py"
    allowed = open_to(where, ALL[where])
    who = EVERYONE if allowed == EVERYONE else " ".join(role for role in Role if role in allowed)
    assert who == WRITTEN.get(where), "enter it in tests/permission_table.py, or the code is wrong"


def test_the_code_and_the_table_agree_on_who_may_take_a_step():
    tables = {name: getattr(steps, f"{name.upper()}_STEPS") for name in ("post", "delivery", "consultation", "consent")}
    in_code = {
        f"{name} {step}": " ".join(role for role in Role if role in row.roles)
        for name, table in tables.items()
        for step, row in table.items()
    }
    assert in_code == STEPS


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


@pytest.mark.django_db
def test_a_part_of_a_page_is_told_that_the_log_in_has_ended(client):
    answer = client.get("/redaktion/", headers={"HX-Request": "true"})
    assert (answer.status_code, "abgelaufen" in answer.content.decode()) == (401, True)
