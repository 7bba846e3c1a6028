from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from editorial import vault
from editorial.models import Consent, WithdrawalCase
from jobcenter_social import second_factor


class Command(BaseCommand):
    help = (
        "Umhüllt die Schlüssel aller Einwilligungen und versiegelt die zweiten Faktoren mit dem neuesten Schlüssel "
        "aus CONSENT_KEYS. "
        "Danach darf der ältere weg. Lesen und Schreiben gehen dabei weiter."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done, trouble = 0, []
        for model in (Consent, WithdrawalCase):
            rows: Any = model._default_manager.exclude(key_id="")
            for pk in rows.values_list("pk", flat=True).order_by("pk"):
                try:
                    done += self._rewrap(rows, pk)
                except vault.VaultError as error:
                    trouble.append(f"{model._meta.model_name} {pk}: {error}")
        factors, unreadable = second_factor.reseal()
        trouble += unreadable
        self.stdout.write(f"Neu umhüllt: {done}. Zweite Faktoren neu versiegelt: {factors}")
        if trouble:
            raise CommandError("\n".join(trouble))

    @staticmethod
    def _rewrap(rows: Any, pk: int) -> bool:
        with transaction.atomic():
            row = rows.select_for_update(no_key=True).only("key_id", "wrapped_key").filter(pk=pk).first()
            if row is None or not vault.rewrap(row):  # erased meanwhile, or done already
                return False
            row.save(update_fields=["key_id", "wrapped_key"])
            return True
