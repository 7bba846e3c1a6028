"""The vault: a value opens with its own key, in its own place, or not at all and with a sentence."""

import base64
import os

import pytest

from editorial import vault
from editorial.models import Consent
from tests.factories import ConsentFactory

pytestmark = pytest.mark.django_db
WORDS = {"name": "Mara Muster", "contact": "mara@example.org"}


def key():
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@pytest.fixture
def keys(settings):
    settings.RECORD_KEYS = [key()]
    return settings.RECORD_KEYS


def kept(**facts):
    consent = ConsentFactory(**facts)
    vault.give_key(consent)
    consent.sealed = vault.seal_words(consent, "person", WORDS)
    consent.save()
    return Consent.objects.get(pk=consent.pk)


def test_what_was_sealed_opens_again(keys):
    consent = kept()
    assert vault.unseal_words(consent, "person", consent.sealed) == WORDS
    assert b"Mara" not in bytes(consent.sealed)


def test_each_sealing_looks_different(keys):
    consent = kept()
    assert vault.seal_words(consent, "person", WORDS) != bytes(consent.sealed)


def test_a_value_of_another_row_or_field_does_not_open(keys):
    one, other = kept(), kept()
    with pytest.raises(vault.VaultError, match="beschädigt"):
        vault.unseal(other, "person", one.sealed)
    with pytest.raises(vault.VaultError, match="beschädigt"):
        vault.unseal(one, "scan:1", one.sealed)
    one.wrapped_key, one.key_id = other.wrapped_key, other.key_id
    with pytest.raises(vault.VaultError, match="beschädigt"):
        vault.unseal(one, "person", one.sealed)


@pytest.mark.parametrize("place", [0, 12, -1])
def test_one_changed_byte_is_noticed(keys, place):
    consent = kept()
    damaged = bytearray(consent.sealed)
    damaged[place] ^= 1
    with pytest.raises(vault.VaultError, match="beschädigt"):
        vault.unseal(consent, "person", bytes(damaged))


@pytest.mark.parametrize("rest", [b"", b"kurz"])
def test_a_value_cut_off_is_damaged_and_no_crash(keys, rest):
    with pytest.raises(vault.VaultError, match="beschädigt"):
        vault.unseal(kept(), "person", rest)


def test_without_its_key_it_says_who_can_help(keys, settings):
    consent = kept()
    settings.RECORD_KEYS = [key()]
    with pytest.raises(vault.VaultError, match="CONSENT_KEYS"):
        vault.unseal(consent, "person", consent.sealed)


def test_without_any_key_nothing_is_written(settings):
    settings.RECORD_KEYS = []
    with pytest.raises(vault.VaultError, match="CONSENT_KEYS setzen"):
        vault.give_key(ConsentFactory())


def test_a_newer_key_wraps_anew_and_the_older_one_may_go(keys, settings):
    consent = kept()
    newer = key()
    settings.RECORD_KEYS = [newer, *keys]
    assert vault.rewrap(consent)
    assert not vault.rewrap(consent)
    settings.RECORD_KEYS = [newer]
    assert vault.unseal_words(consent, "person", consent.sealed) == WORDS


def test_without_its_data_key_it_is_gone_for_good(keys):
    consent = kept()
    consent.wrapped_key = b""
    with pytest.raises(vault.VaultError, match="gelöscht"):
        vault.unseal(consent, "person", consent.sealed)
