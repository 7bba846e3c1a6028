"""Front-end files: small, whole, and built only when something changed."""

import io
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.staticfiles.finders import get_finder
from fontTools.ttLib import TTFont

from jobcenter_social import assets, static_files

NODE_MODULES = Path(project.BASE_DIR) / "node_modules"
LETTERS = "ÄÖÜäöüßẞ€„“‚‘–—…·•→←łńśżčřšžğışåøæœçñ"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    target = tmp_path_factory.mktemp("assets")
    assets.build(NODE_MODULES, target)
    return target


@pytest.mark.parametrize("name", assets.CUTS)
def test_each_font_is_small_and_still_writes_german_and_the_neighbours_names(built, name):
    content = (built / "vendor/kern/fonts" / name).read_bytes()
    letters = set(TTFont(io.BytesIO(content)).getBestCmap())
    assert len(content) < 20_000
    assert [letter for letter in LETTERS if ord(letter) not in letters] == []


def test_the_style_sheet_names_no_other_host_and_each_file_it_names_is_there(built):
    sheet = (built / "app.css").read_text(encoding="utf-8")
    assert "http://" not in sheet.replace("http://www.w3.org/", "")
    assert "https://" not in sheet
    for part in sheet.split('url("')[1:]:
        name = part.partition('"')[0]
        assert name.startswith("data:") or (built / name).exists(), name


def test_staff_pages_load_one_script_that_holds_all_parts(built):
    script = (built / "redaktion.js").read_text(encoding="utf-8")
    parts = [(Path(project.BASE_DIR) / "static" / "js" / name).read_text() for name in assets.STAFF_SCRIPTS]
    assert [part in script for part in parts] == [True] * 3


def test_only_the_script_that_templates_name_is_collected_from_installed_apps():
    assert [path for path, _ in static_files.UsedAppFilesFinder().list(None)] == list(static_files.USED)


def test_assets_are_built_once_and_again_when_an_input_changes(settings, tmp_path):
    for name in static_files.BUILD_INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    settings.BASE_DIR, settings.ASSETS_DIR = tmp_path, tmp_path / "var" / "assets"
    settings.ASSETS_DIR.mkdir(parents=True)
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    runs = [static_files.build_if_changed() for _ in range(2)]
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "static" / "css" / "new.css").write_text("a{}")
    runs += [static_files.build_if_changed() for _ in range(2)]
    (tmp_path / "static" / "js").mkdir()
    (tmp_path / "static" / "js" / "new.js").write_text("1")
    runs += [static_files.build_if_changed() for _ in range(2)]
    assert runs == [True, False, True, False, True, False]


def test_static_files_are_collected_once_and_again_when_one_changes(settings, tmp_path):
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [folder], tmp_path / "collected"
    get_finder.cache_clear()
    runs = [static_files.collect_if_changed() for _ in range(2)]
    (folder / "b.css").write_text("b{}")
    runs.append(static_files.collect_if_changed())
    assert runs == [True, False, True]
    assert (tmp_path / "collected" / "b.css").exists()
    get_finder.cache_clear()
