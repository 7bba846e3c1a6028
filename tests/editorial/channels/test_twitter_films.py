"""Never a video before it is processed, never one without its captions."""

import hashlib

import pytest

from editorial.channels import uploading
from editorial.channels.protocol import (
    ChannelError,
    ChannelRefused,
    ChannelUnreached,
    Message,
    Picture,
    UploadState,
)
from tests.factories import FILM

SRT = "1\n00:00:00,000 --> 00:00:02,000\nGuten Tag.\n"
GREETING = Picture(FILM, "video/mp4", "Eine Beraterin begrüßt eine Kundin", captions=SRT)
SUBTITLES = "/2/media/subtitles"


class Notebook:
    """A memory as the database keeps it, in a dictionary."""

    def __init__(self):
        self.rows = {}

    def known(self, position, sha256):
        kept = self.rows.get(position)
        return kept[1] if kept and kept[0] == sha256 else None

    def note(self, position, sha256, state):
        self.rows[position] = (sha256, state)

    def forget(self, position):
        self.rows.pop(position, None)


@pytest.fixture(autouse=True)
def quick(simulator):
    simulator.settings(processing_s=0.2)


def steps(simulator):
    return [entry["path"].rsplit("/", 1)[-1] for entry in simulator.log() if entry["method"] == "POST"]


def failure(channel, message):
    with pytest.raises(ChannelError) as caught:
        channel.send(message)
    return caught.value


def test_a_video_is_processed_and_captioned_before_the_post(simulator, channel):
    channel.send(Message("Mit Video", (GREETING,)))

    (post,) = simulator.live_posts()
    (media,) = post["media"]
    assert media["sha256"] == hashlib.sha256(FILM).hexdigest()
    assert [(each["language_code"], each["display_name"]) for each in media["captions"]] == [("DE", "Deutsch")]
    upload = ["initialize", "append", "finalize"]
    assert steps(simulator) == [*upload, *upload, "subtitles", "tweets"]
    assert {entry["auth"] for entry in simulator.log()} == {"ok"}


def test_a_video_that_is_never_ready_is_not_sent(simulator, connect):
    simulator.fault("media_pending_forever")

    error = failure(connect(task_limit_s=2.0), Message("Mit Video", (GREETING,)))

    assert (type(error), error.code) == (ChannelUnreached, "media_pending")
    assert {"subtitles", "tweets"} & set(steps(simulator)) == set()


def test_a_video_that_x_cannot_process_needs_a_person(simulator, channel):
    simulator.fault("media_failed")

    error = failure(channel, Message("Mit Video", (GREETING,)))

    assert (type(error), error.code) == (ChannelRefused, "media_failed")
    assert "tweets" not in steps(simulator)


def test_captions_that_x_refuses_stop_the_sending_and_say_so(simulator, channel):
    simulator.fault("status", path_glob=SUBTITLES, args={"status": 400}, times=None)

    error = failure(channel, Message("Mit Video", (GREETING,)))

    assert (type(error), error.code) == (ChannelRefused, "captions_refused")
    assert error.detail == "X hat die Untertitel nicht angenommen. Das Video wurde nicht gesendet."
    assert (simulator.posts(), "tweets" in steps(simulator)) == ([], False)


@pytest.mark.parametrize("kind", ["html_502", "reset_before", "json_null", "json_list"])
def test_captions_whose_answer_is_unclear_stop_the_sending_and_the_next_try_goes_on(simulator, channel, kind):
    notes = Notebook()
    simulator.fault(kind, path_glob=SUBTITLES, **({"args": {"status": 200}} if kind.startswith("json") else {}))
    message = Message("Mit Video", (GREETING,), uploads=notes)
    error = failure(channel, message)
    assert (type(error), error.code, simulator.posts()) == (ChannelUnreached, "media_unclear", [])

    channel.send(message)

    (media,) = simulator.live_posts()[0]["media"]
    assert len(media["captions"]) == 1
    assert steps(simulator).count("initialize") == 2
    assert sorted(notes.rows) == [0, uploading.CAPTIONS_AFTER]


def test_after_a_cut_the_upload_goes_on_with_the_failed_segment(simulator, channel, monkeypatch):
    monkeypatch.setattr(uploading, "CHUNK_BYTES", 300)  # four pieces
    notes = Notebook()
    message = Message("Mit Video", (GREETING,), uploads=notes)
    simulator.fault("status", path_glob="/2/media/upload/*/append", after=2, times=3, args={"status": 503})
    assert type(failure(channel, message)) is ChannelUnreached
    assert notes.rows[0][1].segments == 2

    channel.send(message)

    sent = steps(simulator)
    assert (sent.count("initialize"), sent.count("append")) == (2, 2 + 3 + 2 + 1)
    assert simulator.live_posts()[0]["media"][0]["sha256"] == hashlib.sha256(FILM).hexdigest()


def test_a_remembered_video_that_x_forgot_is_sent_anew_with_its_captions(simulator, channel):
    notes = Notebook()
    notes.note(0, hashlib.sha256(FILM).hexdigest(), UploadState("1", 1, is_ready=True, is_described=False))

    channel.send(Message("Mit Video", (GREETING,), uploads=notes))

    (media,) = simulator.live_posts()[0]["media"]
    assert len(media["captions"]) == 1


def test_ids_that_x_refuses_with_the_post_are_forgotten_captions_too(simulator, channel):
    notes = Notebook()
    simulator.fault("media_id_invalid")

    assert failure(channel, Message("Mit Video", (GREETING,), uploads=notes)).code == "media_invalid"
    assert notes.rows == {}
