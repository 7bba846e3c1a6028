from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial.channels import current_channel
from evaluation import collecting


class Command(BaseCommand):
    help = "Liest fällige Kennzahlen vom Kanal. Darf mehrfach laufen, auch aus cron."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="alles aus den letzten 30 Tagen jetzt lesen")

    def handle(self, *args: Any, now: bool, **options: Any) -> None:
        channel = current_channel()
        if channel is None:
            self.stdout.write("Es ist kein Zugang zum Kanal eingerichtet. Es wird nichts gelesen.")
            return
        tally = collecting.collect(channel, extra=now)
        followers = "Follower:innen gelesen" if tally.followers_stored else "Follower:innen heute schon gelesen"
        self.stdout.write(f"{followers}, Beiträge gelesen: {tally.posts_stored}.")
        if tally.is_budget_spent:
            raise CommandError("Das Budget des Monats reicht nicht für alles Fällige. Die Lücke bleibt sichtbar.")
        if tally.error is not None:
            raise CommandError(f"Der Kanal hat nicht alles geliefert: {tally.error}.")
