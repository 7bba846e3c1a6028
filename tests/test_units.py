"""The systemd units of docs/betrieb.md are whole, and what they and the settings beside them name exists."""

import configparser
import re
import shlex

import pytest
from django.core.management import get_commands

from tests.test_docs import ROOT, documented_settings, help_of

BETRIEB = (ROOT / "docs/betrieb.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", BETRIEB, re.M | re.S)
SECTIONS = {"service": ["Unit", "Service"], "timer": ["Unit", "Timer", "Install"]}
# What a timer starts: one pass of the program, by its own user, in its folder, with the settings of the worker.
EACH_SERVICE = {
    "Type": "oneshot",
    "User": "redaktion",
    "WorkingDirectory": "/srv/redaktion",
    "EnvironmentFile": "/etc/redaktion.env",
}


def units():
    found = {}
    for block in BLOCKS:
        if name := re.match(r"# /etc/systemd/system/(\S+)\n", block):
            found[name[1]] = configparser.ConfigParser(interpolation=None)
            found[name[1]].optionxform = str
            found[name[1]].read_string(block)
    return found


UNITS = units()


def of_kind(kind):
    return sorted(name for name in UNITS if name.endswith(f".{kind}"))


@pytest.mark.parametrize("name", sorted(UNITS))
def test_a_unit_has_its_sections_and_says_what_it_is(name):
    assert UNITS[name].sections() == SECTIONS[name.rpartition(".")[2]]
    assert UNITS[name]["Unit"]["Description"].startswith("Redaktion: ")


@pytest.mark.parametrize("name", of_kind("service"))
def test_a_service_runs_a_command_that_exists_with_its_options(name):
    service = dict(UNITS[name]["Service"])
    program, manage, command, *words = shlex.split(service.pop("ExecStart"))
    assert service == EACH_SERVICE
    assert (program, manage) == (f"{EACH_SERVICE['WorkingDirectory']}/.venv/bin/python", "manage.py")
    assert (ROOT / manage).is_file()
    assert command in get_commands()
    assert [word for word in words if word.startswith("--") and word not in help_of(command)] == []


def test_each_service_has_its_timer_and_each_timer_is_switched_on():
    assert [name.removesuffix(".timer") for name in of_kind("timer")] == [
        name.removesuffix(".service") for name in of_kind("service")
    ]
    assert len(of_kind("timer")) == 3
    for name in of_kind("timer"):
        assert UNITS[name]["Timer"]["OnCalendar"]
        assert UNITS[name]["Install"]["WantedBy"] == "timers.target"


def test_the_settings_in_the_manual_are_read_by_the_program():
    """A value may come from a file, whose path the same name with _FILE gives."""
    named = {name for block in BLOCKS for name in re.findall(r"^([A-Z][A-Z0-9_]+)=", block, re.M)}
    assert {"DATABASE_URL", "SECRET_KEY_FILE", "X_CONSUMER_KEY_FILE"} <= named
    known = {name for name, _ in documented_settings()}
    assert {name for name in named if name.removesuffix("_FILE") not in known} == set()
