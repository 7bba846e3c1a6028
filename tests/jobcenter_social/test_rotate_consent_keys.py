"""New keys for consents: wrapped anew while people read and write, the old key may go."""

import base64
import os
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from editorial.actions import consents, withdrawing
from editorial.models import Consent
from tests.editorial.actions.test_consents import FACTS, MARA
from tests.factories import person

RECORDS = 1000


def key():
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@pytest.fixture
def keys(settings):
    settings.RECORD_KEYS = [key()]
    return settings.RECORD_KEYS


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_thousand_records_get_a_new_key_while_one_reads_and_writes(keys, settings):
    by = person()
    for number in range(RECORDS):
        consents.open_record(FACTS | {"pseudonym": f"VG-2026-{number:04}"}, MARA, by=by)
    withdrawing.receive({"name": "Mara"})
    settings.RECORD_KEYS = [key(), *keys]
    trouble = []

    def use():
        try:
            for consent in Consent.objects.order_by("?")[:50]:
                assert consents.read_person(consent, why="Angaben prüfen", by=by) in (MARA, MARA | {"contact": "neu"})
                consents.change(consent, FACTS, {"contact": "neu"}, seen_version=consent.version, by=by)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    reader = threading.Thread(target=use)
    reader.start()
    call_command("rotate_consent_keys")
    reader.join()
    assert trouble == []
    settings.RECORD_KEYS = settings.RECORD_KEYS[:1]
    call_command("rotate_consent_keys")
    for consent in Consent.objects.all():
        assert consents.vault.unseal_words(consent, "person", consent.sealed)["name"] == MARA["name"]


@pytest.mark.django_db
def test_a_record_whose_key_is_missing_is_named_and_the_others_are_done(keys, settings, capsys):
    lost = consents.open_record(FACTS, MARA, by=person())
    settings.RECORD_KEYS = [key()]
    consents.open_record(FACTS, MARA, by=person())
    settings.RECORD_KEYS = [key(), *settings.RECORD_KEYS]
    with pytest.raises(CommandError, match=f"consent {lost.pk}: Der Schlüssel"):
        call_command("rotate_consent_keys")
    assert "Neu umhüllt: 1" in capsys.readouterr().out
