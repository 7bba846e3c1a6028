"""An encrypted file that is written and read in one pass, piece by piece, however large it is.

Header: magic line, id of the key, salt. Then pieces of one size, each sealed with AES-256-GCM under a key of this file
alone; a piece's number and whether it is the last one are part of its nonce. So nothing can be changed, swapped, cut
off or added without notice.
"""

import hashlib
import os
from collections.abc import Sequence
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"jobcenter-social backup 1\n"
KEY_ID_BYTES, SALT_BYTES, TAG_BYTES = 8, 32, 16
PIECE_BYTES = 1024 * 1024
PURPOSE = b"jobcenter-social backup"


class SealError(Exception):
    """This file cannot be opened; the sentence says why."""


class ForeignFile(SealError):
    pass


class WrongKey(SealError):
    pass


class Damaged(SealError):
    pass


class Sealer:
    """A writable file: what is written comes out sealed. Only ``close`` makes it whole."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        self._file, self._pending, self._number = file, bytearray(), 0
        self._header = MAGIC + key_id(key) + salt
        self._cipher = _cipher(key, salt)
        file.write(self._header)

    def write(self, data: bytes) -> int:
        self._pending += data
        # The last piece carries its own mark, so one is always held back.
        while len(self._pending) > PIECE_BYTES:
            self._put(bytes(self._pending[:PIECE_BYTES]), last=False)
            del self._pending[:PIECE_BYTES]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._pending), last=True)
        self._pending.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), piece, self._header))
        self._number += 1

    def __enter__(self) -> "Sealer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:  # what broke off half-way must never look whole
            self.close()


class Opener:
    """A readable file: gives out only what was proved untouched, raises Damaged at the first piece that was not."""

    def __init__(self, file: BinaryIO, keys: Sequence[bytes]) -> None:
        self._file, self._ready, self._number, self._at_end = file, memoryview(b""), 0, False
        if file.read(len(MAGIC)) != MAGIC:
            raise ForeignFile("Das ist keine Sicherung dieser Anwendung.")
        wanted, salt = file.read(KEY_ID_BYTES), file.read(SALT_BYTES)
        if len(salt) != SALT_BYTES:
            raise Damaged("Die Sicherung ist beschädigt: Schon ihr Anfang ist unvollständig.")
        key = next((key for key in keys if key_id(key) == wanted), None)
        if key is None:
            raise WrongKey("Der Schlüssel passt nicht zu dieser Sicherung.")
        self._header = MAGIC + wanted + salt
        self._cipher = _cipher(key, salt)
        self._sealed = file.read(PIECE_BYTES + TAG_BYTES)

    def read(self, size: int = -1) -> bytes:
        wanted = float("inf") if size is None or size < 0 else size
        found = bytearray()
        while len(found) < wanted:
            if not self._ready and not self._next():
                break
            take = len(self._ready) if wanted == float("inf") else int(wanted) - len(found)
            found += self._ready[:take]
            self._ready = self._ready[take:]
        return bytes(found)

    def _next(self) -> bool:
        if self._at_end:
            return False
        following = self._file.read(PIECE_BYTES + TAG_BYTES)
        self._at_end = not following
        try:
            piece = self._cipher.decrypt(_nonce(self._number, self._at_end), self._sealed, self._header)
        except InvalidTag as error:
            raise Damaged("Die Sicherung ist beschädigt oder wurde verändert.") from error
        self._ready = memoryview(piece)  # small sips must not copy the rest each time
        self._sealed, self._number = following, self._number + 1
        return bool(self._ready) or not self._at_end


def key_id(key: bytes) -> bytes:
    """Tells keys apart and nothing about them."""
    return hashlib.sha256(PURPOSE + b" id" + key).digest()[:KEY_ID_BYTES]


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=PURPOSE).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
