import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from editorial import pulse

pytestmark = pytest.mark.django_db


def test_when_nothing_is_down_it_ends_well_and_lists_every_part(capsys):
    call_command("check_health")
    lines = capsys.readouterr().out.splitlines()
    assert "gut      Website: antwortet" in lines
    assert any(line.startswith("ansehen  Sicherung: noch keine – ") for line in lines)


def test_something_down_ends_with_one(capsys):
    pulse.beat("mail", good=False, detail="Grund.")
    with pytest.raises(SystemExit) as end:
        call_command("check_health")
    assert end.value.code == 1
    assert "gestört  Mail: geht nicht hinaus" in capsys.readouterr().out


def test_the_website_is_asked_when_its_port_is_given():
    call_command("check_health", web_port=9)
    assert pulse.every()["web"].good_at is None


def test_a_database_that_is_gone_is_said_in_one_sentence(monkeypatch):
    def gone():
        raise DatabaseError

    monkeypatch.setattr("jobcenter_social.management.commands.check_health.database_now", gone)
    with pytest.raises(CommandError, match="Die Datenbank antwortet nicht"):
        call_command("check_health")
