"""While the demonstration is built beside the embedded database, others can write to it."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings


def run(var_dir, *command):
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(var_dir), "DJANGO_SETTINGS_MODULE": "jobcenter_social.settings"}
    command = [sys.executable, *command]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    var_dir = tmp_path_factory.mktemp("empty")
    run(var_dir, "manage.py", "migrate", "--verbosity", "0")
    return var_dir


@pytest.fixture
def played(empty, tmp_path):
    def play(scene):
        shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
        return json.loads(run(tmp_path, "-m", "tests.jobcenter_social.demo.embedded", scene))

    return play


def test_others_read_and_write_while_it_is_built_and_find_it_whole_in_the_end(played):
    found = played("success")
    assert found["seen meanwhile"] == []
    assert (found["partners"], found["handles"], found["django sees"]) == (["Neu"], ["neu"], ["Neu"])
    assert (found["sessions"], found["broken"], found["refused"]) == ([["abc"]], [], "")


def test_what_somebody_did_meanwhile_is_not_built_over(played):
    found = played("somebody acts")
    assert found["refused"] == "NotEmpty"
    assert (found["partners"], found["django sees"], found["sessions"]) == ([], [], [["abc"]])


def test_a_failure_on_the_way_leaves_nothing(played):
    found = played("failure")
    assert found["refused"] == "RuntimeError"
    assert (found["partners"], found["django sees"], found["broken"]) == ([], [], [])
