"""Sealed fields: what says who a person is can be read only with a key from outside the database.

One AES-256-GCM data key per record, wrapped by a key from ``CONSENT_KEYS`` (newest first). The additional data bind
table, row, field and key, so that a value copied elsewhere does not open. Destroying a record means destroying its
data key: what lies in old backups stays unreadable with it (security.md 2.4).
"""

import base64
import hashlib
import json
import os
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES, KEY_BYTES = 12, 32


class VaultError(Exception):
    """A sealed field cannot be read or written; the sentence says why and who can help. Never garbage instead."""


class Sealed(Protocol):
    """A row with a data key of its own."""

    pk: int
    key_id: str
    wrapped_key: Any


NO_KEY = (
    "Es ist kein Schlüssel für Einwilligungen hinterlegt. Die Administration muss CONSENT_KEYS setzen und die "
    "Anwendung neu starten."
)
WRONG_KEY = (
    "Der Schlüssel zu dieser Einwilligung fehlt. Die Administration muss ihn in CONSENT_KEYS wieder eintragen. "
    "Bis dahin sind die persönlichen Angaben nicht lesbar. Sie sind nicht verloren."
)
DAMAGED = "Diese Angaben sind beschädigt oder wurden verändert. Bitte holen Sie sie aus einer Sicherung."
ERASED = "Diese Angaben sind gelöscht. Niemand kann sie mehr lesen."


def give_key(row: Sealed) -> None:
    """A new data key for a row that has its number already; the caller saves it."""
    wrapping = _keys()[0]
    row.key_id = key_id(wrapping)
    row.wrapped_key = _encrypt(wrapping, os.urandom(KEY_BYTES), _label(row, "key"))


def seal(row: Sealed, field: str, data: bytes) -> bytes:
    return _encrypt(_data_key(row), data, _label(row, field))


def unseal(row: Sealed, field: str, sealed: bytes | memoryview) -> bytes:
    """Raises VaultError."""
    return _decrypt(_data_key(row), bytes(sealed), _label(row, field))


def seal_words(row: Sealed, field: str, words: dict[str, Any]) -> bytes:
    return seal(row, field, json.dumps(words, ensure_ascii=False).encode())


def unseal_words(row: Sealed, field: str, sealed: bytes | memoryview) -> dict[str, Any]:
    """Raises VaultError. Nothing sealed yet: no words."""
    if not sealed:
        return {}
    found: dict[str, Any] = json.loads(unseal(row, field, sealed))
    return found


def rewrap(row: Sealed) -> bool:
    """Wrap this row's data key by the newest key; False where it is already. Raises VaultError."""
    newest = _keys()[0]
    if row.key_id == key_id(newest):
        return False
    data_key = _data_key(row)
    row.key_id = key_id(newest)
    row.wrapped_key = _encrypt(newest, data_key, _label(row, "key"))
    return True


def key_id(key: bytes) -> str:
    """Tells keys apart and nothing about them."""
    return hashlib.sha256(b"jobcenter-social consent" + key).hexdigest()[:16]


def _data_key(row: Sealed) -> bytes:
    if not row.wrapped_key:
        raise VaultError(ERASED)
    wrapping = next((key for key in _keys() if key_id(key) == row.key_id), None)
    if wrapping is None:
        raise VaultError(WRONG_KEY)
    return _decrypt(wrapping, bytes(row.wrapped_key), _label(row, "key"))


def _keys() -> list[bytes]:
    """Newest first."""
    if not settings.RECORD_KEYS:
        raise VaultError(NO_KEY)
    return [base64.urlsafe_b64decode(key) for key in settings.RECORD_KEYS]


def _label(row: Sealed, field: str) -> bytes:
    table = row._meta.db_table  # type: ignore[attr-defined]  # every row is a model
    return f"{table}:{row.pk}:{field}:{row.key_id}".encode() if field == "key" else f"{table}:{row.pk}:{field}".encode()


def _encrypt(key: bytes, data: bytes, label: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, label)


def _decrypt(key: bytes, sealed: bytes, label: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], label)
    except (InvalidTag, ValueError) as error:
        raise VaultError(DAMAGED) from error
