import io
import os

import pytest

from jobcenter_social.sealing import PIECE_BYTES, TAG_BYTES, Damaged, ForeignFile, Opener, Sealer, WrongKey

KEY, OTHER = bytes(range(32)), bytes(32)
HEADER_BYTES = 66


def sealed(content, key=KEY):
    file = io.BytesIO()
    with Sealer(file, key) as sealer:
        for start in range(0, len(content), 300_000):
            sealer.write(content[start : start + 300_000])
    return file.getvalue()


def opened(data, *keys):
    return Opener(io.BytesIO(data), keys or (KEY,)).read()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_what_was_sealed_comes_out_as_it_was(size):
    content = os.urandom(size)
    assert opened(sealed(content)) == content


def test_it_can_be_read_in_small_sips():
    content = os.urandom(2 * PIECE_BYTES + 5)
    opener, found = Opener(io.BytesIO(sealed(content)), [KEY]), b""
    while sip := opener.read(100_000):
        found += sip
    assert found == content


def test_nothing_of_the_content_shows():
    assert b"Jobcenter" not in sealed(b"Jobcenter Bremen" * 1000)


def test_the_same_content_never_looks_the_same():
    assert sealed(b"gleich") != sealed(b"gleich")


def test_one_of_several_keys_opens_it_and_no_other():
    assert opened(sealed(b"x"), OTHER, KEY) == b"x"
    with pytest.raises(WrongKey, match="Der Schlüssel passt nicht"):
        opened(sealed(b"x"), OTHER)


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"jobcenter-social backup 2\n" + bytes(100)])
def test_any_other_file_is_told_from_a_backup(data):
    with pytest.raises(ForeignFile, match="keine Sicherung"):
        opened(data)


PIECE = PIECE_BYTES + TAG_BYTES
WHOLE = sealed(bytes(2 * PIECE_BYTES + 1000))
DAMAGES = {
    "a bit of the salt": lambda d: flip(d, HEADER_BYTES - 1),
    "the first byte of the content": lambda d: flip(d, HEADER_BYTES),
    "a byte in the middle": lambda d: flip(d, HEADER_BYTES + PIECE + 77),
    "the last byte": lambda d: flip(d, len(d) - 1),
    "cut off in a piece": lambda d: d[:-10],
    "cut off between two pieces": lambda d: d[: HEADER_BYTES + 2 * PIECE],
    "cut off after the first piece": lambda d: d[: HEADER_BYTES + PIECE],
    "cut off after the header": lambda d: d[:HEADER_BYTES],
    "cut off in the header": lambda d: d[: HEADER_BYTES - 1],
    "something added": lambda d: d + b"x",
    "a piece added": lambda d: d + d[-PIECE:],
    "two pieces swapped": lambda d: (
        d[:HEADER_BYTES]
        + d[HEADER_BYTES + PIECE : HEADER_BYTES + 2 * PIECE]
        + d[HEADER_BYTES : HEADER_BYTES + PIECE]
        + d[HEADER_BYTES + 2 * PIECE :]
    ),
}


def flip(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_noticed(damage):
    with pytest.raises(Damaged, match="beschädigt"):
        opened(DAMAGES[damage](WHOLE))


def test_what_broke_off_while_being_written_is_not_whole():
    file = io.BytesIO()
    with pytest.raises(OSError, match="disk full"):
        seal_until_the_disk_is_full(file)
    with pytest.raises(Damaged):
        opened(file.getvalue())


def seal_until_the_disk_is_full(file):
    with Sealer(file, KEY) as sealer:
        sealer.write(bytes(2 * PIECE_BYTES))
        raise OSError("disk full")
