"""The files that carry the program elsewhere: compose file, image, licence, CI."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = ROOT / "docker-compose.yml"
SECRET_NAMES = re.compile(r"PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL|EMAIL_URL")
ARTICLES = [
    "Definitions",
    "Scope of the rights granted by the Licence",
    "Communication of the Source Code",
    "Limitations on copyright",
    "Obligations of the Licensee",
    "Chain of Authorship",
    "Disclaimer of Warranty",
    "Disclaimer of Liability",
    "Additional agreements",
    "Acceptance of the Licence",
    "Information to the public",
    "Termination of the Licence",
    "Miscellaneous",
    "Jurisdiction",
    "Applicable Law",
]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


def validate(path: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_compose_file_fits_the_schema():
    done = validate(COMPOSE)
    assert done.returncode == 0, done.stdout


def test_the_schema_would_notice_a_slip(tmp_path):
    slip = tmp_path / "docker-compose.yml"
    slip.write_text(COMPOSE.read_text(encoding="utf-8").replace("healthcheck:", "healthchek:"), encoding="utf-8")
    assert validate(slip).returncode == 1


def test_each_lasting_service_has_a_health_check_and_starts_again(compose):
    lasting = {name: service for name, service in compose["services"].items() if name != "prepare"}
    assert sorted(lasting) == ["beat", "links", "postgres", "redis", "web", "worker"]
    assert [name for name, service in lasting.items() if "test" not in service["healthcheck"]] == []
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}


def test_secrets_come_as_files_only(compose):
    for name, service in compose["services"].items():
        given = service.get("environment", {})
        assert [key for key in given if SECRET_NAMES.search(key) and not key.endswith("_FILE")] == [], name
        files = [value for key, value in given.items() if key.endswith("_FILE")]
        assert sorted(files) == sorted(f"/run/secrets/{secret}" for secret in service["secrets"]) if files else True
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()


def test_only_the_web_server_is_reachable_and_only_from_this_machine(compose):
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}
    assert compose["networks"]["inside"] == {"internal": True}


def test_images_are_pinned_to_a_version(compose):
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert [image for image in images if not re.search(r":\d", image)] == []


def test_the_image_runs_without_root_and_holds_neither_npm_nor_secrets():
    last_stage = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)", last_stage, re.MULTILINE) == ["10001:10001"]
    assert re.findall(r"^COPY (?!--from=build)", last_stage, re.MULTILINE) == []
    assert "npm" not in last_stage


def test_the_image_gets_only_what_it_names():
    kept = (ROOT / ".dockerignore").read_text().split()
    assert kept[0] == "*"
    named = [name.removeprefix("!") for name in kept if name.startswith("!")]
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert not {"var", ".git", ".venv", "secrets", "node_modules"} & set(named)


def test_ci_runs_the_one_test_command_and_nothing_less():
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert (script[0], script[-1]) == ("#!/usr/bin/env bash", "exec ./dev test")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_licence_is_the_whole_eupl():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert re.findall(r"^\d+\.([A-Z].*)$", text, re.MULTILINE) == ARTICLES
    assert text.rstrip().endswith("require the production of a new EUPL version.")


def test_publiccode_names_licence_and_version_of_this_program():
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    german = public["description"]["de"]
    assert public["legal"]["license"] == "EUPL-1.2"
    assert f'version = "{public["softwareVersion"]}"' in (ROOT / "pyproject.toml").read_text()
    assert len(german["shortDescription"]) <= 150 <= len(german["longDescription"])
