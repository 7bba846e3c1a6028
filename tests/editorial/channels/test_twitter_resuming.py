"""Row 15 of the fault matrix: a second attempt goes on where the first one stopped, and nothing is half visible."""

import hashlib

import pytest

from editorial.channels import uploading
from editorial.channels.protocol import ChannelRefused, ChannelUnreached, Message, Picture

PIECES = 4
PIECE = 256
POSTER = Picture(b"\x89PNG\r\n\x1a\n" + bytes(PIECES * PIECE - 8), "image/png", "Ein Plakat zur Messe.")
PORTRAIT = Picture(b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png", "Eine Beraterin erklärt ein Formular.")
ANIMATION = Picture(b"GIF89a" + bytes(200), "image/gif", "Ein Pfeil dreht sich.")

APPEND = "/2/media/upload/*/append"
FINALIZE = "/2/media/upload/*/finalize"
METADATA = "/2/media/metadata"
WHOLE = ["initialize", *["append"] * PIECES, "finalize", "metadata", "tweets"]


class Memory:
    """What one attempt leaves for the next."""

    def __init__(self):
        self.rows = {}

    def known(self, position, sha256):
        kept, state = self.rows.get(position, ("", None))
        return state if kept == sha256 else None

    def note(self, position, sha256, state):
        self.rows[position] = (sha256, state)

    def forget(self, position):
        self.rows.pop(position, None)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(uploading, "CHUNK_BYTES", PIECE)


@pytest.fixture
def memory():
    return Memory()


def steps(simulator):
    return [entry["path"].rsplit("/", 1)[-1] for entry in simulator.log()]


def fails(channel, message):
    with pytest.raises((ChannelUnreached, ChannelRefused)) as caught:
        channel.send(message)
    return caught.value.code


def second_attempt(simulator, channel, message):
    """Which calls it makes, after the fault is over."""
    simulator.clear_faults()
    before = len(simulator.log())
    channel.send(message)
    return steps(simulator)[before:]


def shown(simulator):
    return [[(media["alt_text"], media["sha256"]) for media in post["media"]] for post in simulator.live_posts()]


def as_approved(*pictures):
    return [[(picture.alt_text, hashlib.sha256(picture.data).hexdigest()) for picture in pictures]]


@pytest.mark.parametrize("cut_at", range(PIECES))
@pytest.mark.parametrize("kind", ["reset_before", "accept_then_reset", "html_502"])
def test_cut_at_each_piece_the_second_attempt_goes_on_with_that_piece(simulator, channel, memory, cut_at, kind):
    simulator.faults({"kind": kind, "path_glob": APPEND, "after": cut_at, "times": uploading.APPEND_TRIES})
    message = Message("Mit Plakat", (POSTER,), uploads=memory)

    assert fails(channel, message) == "media_unclear"
    assert simulator.posts() == []
    assert second_attempt(simulator, channel, message) == WHOLE[1 + cut_at :]
    assert shown(simulator) == as_approved(POSTER)


@pytest.mark.parametrize(
    ("path", "rest"), [(FINALIZE, ["finalize", "metadata", "tweets"]), (METADATA, ["metadata", "tweets"])]
)
@pytest.mark.parametrize("kind", ["reset_before", "accept_then_reset", "html_502"])
def test_cut_after_the_last_piece_nothing_is_sent_again(simulator, channel, memory, path, rest, kind):
    simulator.fault(kind, path_glob=path)
    message = Message("Mit Plakat", (POSTER,), uploads=memory)

    assert fails(channel, message) == "media_unclear"
    assert simulator.posts() == []
    assert second_attempt(simulator, channel, message) == rest
    assert shown(simulator) == as_approved(POSTER)


def test_the_picture_that_arrived_stays_when_the_next_one_is_cut(simulator, channel, memory):
    simulator.faults({"kind": "html_502", "path_glob": APPEND, "after": 1, "times": uploading.APPEND_TRIES})
    message = Message("Mit Bildern", (PORTRAIT, POSTER), uploads=memory)

    assert fails(channel, message) == "media_unclear"
    assert second_attempt(simulator, channel, message) == WHOLE[1:]
    assert shown(simulator) == as_approved(PORTRAIT, POSTER)


def test_an_id_that_has_ended_is_not_used_again(simulator, channel, memory):
    simulator.settings(media_expires_s=60)  # less than what is left of it must last
    simulator.fault("html_502", path_glob=METADATA)
    message = Message("Mit Plakat", (POSTER,), uploads=memory)

    assert fails(channel, message) == "media_unclear"
    assert second_attempt(simulator, channel, message) == WHOLE
    assert shown(simulator) == as_approved(POSTER)


def test_an_id_that_the_channel_no_longer_knows_is_replaced_once(simulator, channel, memory):
    simulator.faults({"kind": "html_502", "path_glob": APPEND, "after": 2, "times": uploading.APPEND_TRIES})
    message = Message("Mit Plakat", (POSTER,), uploads=memory)
    assert fails(channel, message) == "media_unclear"

    simulator.clock(advance_s=90_000)  # by our own clock the id would still last
    assert second_attempt(simulator, channel, message) == ["append", *WHOLE]
    assert shown(simulator) == as_approved(POSTER)


def test_another_picture_at_the_same_place_is_uploaded_from_its_beginning(simulator, channel, memory):
    simulator.fault("html_502", path_glob=METADATA)
    assert fails(channel, Message("Mit Bild", (PORTRAIT,), uploads=memory)) == "media_unclear"

    assert second_attempt(simulator, channel, Message("Mit Plakat", (POSTER,), uploads=memory)) == WHOLE
    assert shown(simulator) == as_approved(POSTER)


def test_a_picture_that_could_not_be_processed_is_not_remembered(simulator, channel, memory):
    simulator.fault("media_failed")
    message = Message("Mit Animation", (ANIMATION,), uploads=memory)

    assert fails(channel, message) == "media_failed"
    assert (simulator.posts(), memory.rows) == ([], {})


def test_a_picture_still_in_work_is_waited_for_by_the_second_attempt(simulator, connect, memory):
    simulator.settings(processing_s=3)
    message = Message("Mit Animation", (ANIMATION,), uploads=memory)

    assert fails(connect(task_limit_s=1.2), message) == "media_pending"
    calls = second_attempt(simulator, connect(), message)
    assert (calls[0], "initialize" in calls, calls[-2:]) == ("finalize", False, ["metadata", "tweets"])
    assert shown(simulator) == as_approved(ANIMATION)


def test_ids_that_the_post_was_refused_with_are_not_kept(simulator, channel, memory):
    simulator.fault("media_id_invalid")
    message = Message("Mit Plakat", (POSTER,), uploads=memory)

    assert fails(channel, message) == "media_invalid"
    assert (simulator.posts(), memory.rows) == ([], {})


def test_the_alternative_text_read_back_from_the_channel_is_the_one_that_was_sent(channel, memory):
    receipt = channel.send(Message("Mit Bildern", (PORTRAIT, POSTER), uploads=memory))
    assert channel.alt_texts(receipt.external_id) == (PORTRAIT.alt_text, POSTER.alt_text)
    assert channel.alt_texts(channel.send(Message("Ohne Bild")).external_id) == ()
