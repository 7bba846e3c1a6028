import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial import queries
from editorial.clock import database_now
from evaluation import workflow
from evaluation.periods import NotABoundary
from evaluation.reports import NotYetOver, NotYetStarted


def day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise ArgumentTypeError(f"„{text}“ ist kein Tag in der Form JJJJ-MM-TT.") from None


class Command(BaseCommand):
    help = "Hält die Zahlen des Halbjahrs fest, das vor diesem Tag endet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=day, required=True, help="erster Tag danach, JJJJ-MM-TT")
        parser.add_argument("--channel", default="", help="Kurzname des Kanals, sonst der erste")

    def handle(self, *args: Any, until: dt.date, channel: str, **options: Any) -> None:
        at = database_now()
        facts = queries.channel_facts(at, channel)
        if facts is None:
            raise CommandError("Diesen Kanal gibt es nicht.")
        try:
            review = workflow.build(facts, until, at=at)
        except (NotABoundary, NotYetOver, NotYetStarted) as refusal:
            raise CommandError(str(refusal)) from None
        except workflow.StepRefused as refusal:
            raise CommandError(" ".join(objection.text for objection in refusal.objections)) from None
        self.stdout.write(f"{review.slug}: Zahlen von {review.figures['totals']['posts']} Beiträgen festgehalten.")
