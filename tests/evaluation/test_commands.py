import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from editorial.channels import dry_run
from editorial.channels.protocol import ChannelSilent
from evaluation import tasks
from evaluation.management.commands import collect_metrics
from evaluation.models import FigureRow, Review
from tests.evaluation.conftest import AFTER, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(monkeypatch, channel):
    """A channel in memory where the settings would name the real one."""
    reader = dry_run.DryRun(followers=1200)
    for module in (collect_metrics, tasks):
        monkeypatch.setattr(module, "current_channel", lambda: reader)
    return reader


@pytest.fixture(autouse=True)
def in_september(at_this_moment):
    at_this_moment(AFTER)


def run(name, *arguments, capsys):
    call_command(name, *arguments)
    return capsys.readouterr().out


def test_a_review_is_built_for_a_half_year_that_is_over(half_year, capsys):
    said = run("build_review", "--until", "2026-09-01", capsys=capsys)
    assert said == "halbjahr-2026-09: Zahlen von 3 Beiträgen festgehalten.\n"
    assert Review.objects.get().figures["totals"]["posts"] == 3


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (
            "2026-08-31",
            "Am 31.08.2026 endet kein Halbjahr des Kanals. Die nächsten Enden sind: 01.03.2026 und 01.09.2026.",
        ),
        ("2027-03-01", "Dieses Halbjahr läuft noch. Es kann ab dem 01.03.2027 ausgewertet werden."),
    ],
)
def test_any_other_day_is_refused_in_words(half_year, until, reason):
    with pytest.raises(CommandError) as refusal:
        call_command("build_review", "--until", until)
    assert str(refusal.value) == reason
    assert Review.objects.count() == 0


def test_a_published_review_is_not_built_again(published_review):
    with pytest.raises(CommandError) as refusal:
        call_command("build_review", "--until", "2026-09-01")
    assert str(refusal.value) == "Das geht nicht, solange der Status „Veröffentlicht“ ist."


def test_without_a_start_there_are_no_half_years(channel):
    channel.started_on = None
    channel.save()
    with pytest.raises(CommandError) as refusal:
        call_command("build_review", "--until", "2026-09-01")
    assert str(refusal.value) == "Für den Kanal ist noch kein Start eingetragen. Ohne ihn gibt es keine Halbjahre."


@pytest.mark.parametrize("arguments", [("--until", "1.9.2026"), ("--until", "2026-13-01"), ()])
def test_nonsense_is_refused(channel, arguments):
    with pytest.raises(CommandError):
        call_command("build_review", *arguments)


def test_an_unknown_channel_is_refused(channel):
    with pytest.raises(CommandError) as refusal:
        call_command("build_review", "--until", "2026-09-01", "--channel", "bogus")
    assert str(refusal.value) == "Diesen Kanal gibt es nicht."


def test_metrics_are_collected_by_hand(at_work, capsys):
    published(f"{AFTER - dt.timedelta(hours=2):%Y-%m-%d %H:%M}", external_id="1234567890")
    assert run("collect_metrics", capsys=capsys) == "Follower:innen gelesen, Beiträge gelesen: 1.\n"
    again = run("collect_metrics", capsys=capsys)
    assert again == "Follower:innen heute schon gelesen, Beiträge gelesen: 0.\n"
    assert FigureRow.objects.count() == 8


def test_metrics_are_collected_by_beat(at_work):
    tasks.collect_metrics_tick()
    tasks.collect_metrics_tick()
    assert list(FigureRow.objects.values_list("figure", "value")) == [("followers", 1200)]


def test_a_channel_that_fails_ends_the_command_with_an_error_but_not_the_task(at_work):
    def fail():
        raise ChannelSilent("server_error", http_status=503)

    at_work.account = fail
    with pytest.raises(CommandError) as refusal:
        call_command("collect_metrics")
    assert str(refusal.value) == "Der Kanal hat nicht alles geliefert: server_error (503)."
    tasks.collect_metrics_tick()
    assert FigureRow.objects.count() == 0


def test_without_keys_the_command_says_so(channel, capsys):
    assert run("collect_metrics", capsys=capsys) == (
        "Es ist kein Zugang zum Kanal eingerichtet. Es wird nichts gelesen.\n"
    )
