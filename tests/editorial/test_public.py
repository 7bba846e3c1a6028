"""The door to the public hands out named values only: nobody of the house, and no model to reach further through."""

import ast
import dataclasses
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model

from editorial import public

VALUES = [value for value in vars(public).values() if dataclasses.is_dataclass(value)]
ROOT = Path(settings.BASE_DIR)


def test_no_value_for_the_public_names_a_person_of_the_house():
    names = {field.name for value in VALUES for field in dataclasses.fields(value)}
    unwanted = {"user", "author", "saved_by", "approved_by", "written_by", "by", "created_by", "pk", "id", "post"}
    assert names & unwanted == set()


def test_no_value_for_the_public_is_or_can_hold_a_model():
    assert len(VALUES) == 9
    for value in VALUES:
        assert not issubclass(value, Model)
        assert value.__dataclass_params__.frozen
        for field in dataclasses.fields(value):
            assert not (isinstance(field.type, type) and issubclass(field.type, Model))


@pytest.mark.parametrize("view", ["public", "feed"])
def test_public_views_see_no_model(view):
    tree = ast.parse((ROOT / "editorial" / "views" / f"{view}.py").read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module for module in modules if module and "models" in module} == set()


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://www.example.org/", "www.example.org"),
        ("https://example.org/a/b?c=d", "example.org/a/b"),
        (f"https://example.org/{'lang' * 30}", f"example.org/{'lang' * 14}l…"),
    ],
)
def test_a_link_shows_the_site_and_the_beginning_of_the_path(url, label):
    assert public._link(url) == public.Link(url, label)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "ftp://example.org/a", "//example.org", "https:"])
def test_what_is_no_web_address_is_no_link(url):
    assert public._link(url) is None
