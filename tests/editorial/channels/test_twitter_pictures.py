"""Never a post without its picture, never a picture without its alternative text."""

import hashlib
import time

import pytest

from editorial.channels import uploading
from editorial.channels.protocol import (
    ChannelBusy,
    ChannelLocked,
    ChannelRefused,
    ChannelUnreached,
    Message,
    Picture,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
PORTRAIT = Picture(PNG, "image/png", "Eine Beraterin erklärt ein Formular.")
ANIMATION = Picture(b"GIF89a" + bytes(200), "image/gif", "Ein Pfeil dreht sich.")

INITIALIZE = "/2/media/upload/initialize"
APPEND = "/2/media/upload/*/append"
FINALIZE = "/2/media/upload/*/finalize"
STATUS = "/2/media/upload"
METADATA = "/2/media/metadata"


def steps(simulator):
    return [entry["path"].rsplit("/", 1)[-1] for entry in simulator.log()]


def failure(channel, *pictures):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the caller says which it was
        channel.send(Message("Mit Bild", pictures or (PORTRAIT,)))
    return caught.value


def test_a_picture_and_its_alternative_text_arrive_before_the_post(simulator, channel):
    channel.send(Message("Mit Bild", (PORTRAIT,)))

    (post,) = simulator.live_posts()
    (media,) = post["media"]
    assert (media["alt_text"], media["sha256"]) == (PORTRAIT.alt_text, hashlib.sha256(PNG).hexdigest())
    assert steps(simulator) == ["initialize", "append", "finalize", "metadata", "tweets"]
    assert {entry["auth"] for entry in simulator.log()} == {"ok"}


def test_four_pictures_keep_their_order(simulator, channel):
    pictures = tuple(Picture(PNG + bytes([number]), "image/png", f"Bild {number}") for number in range(4))

    channel.send(Message("Mit Bildern", pictures))

    (post,) = simulator.live_posts()
    assert [media["alt_text"] for media in post["media"]] == ["Bild 0", "Bild 1", "Bild 2", "Bild 3"]


def test_a_picture_may_stand_without_words(simulator, channel):
    channel.send(Message("", (PORTRAIT,)))

    assert [(post["text"], len(post["media"])) for post in simulator.live_posts()] == [("", 1)]


def test_a_large_picture_goes_in_pieces(simulator, channel):
    large = Picture(PNG + bytes(uploading.CHUNK_BYTES), "image/png", "Ein Plakat")

    channel.send(Message("Mit Plakat", (large,)))

    assert steps(simulator).count("append") == 2
    assert simulator.live_posts()[0]["media"][0]["sha256"] == hashlib.sha256(large.data).hexdigest()


def test_a_picture_that_x_still_works_on_is_waited_for(simulator, channel):
    simulator.settings(processing_s=0.5)

    channel.send(Message("Mit Animation", (ANIMATION,)))

    assert [media["alt_text"] for media in simulator.live_posts()[0]["media"]] == [ANIMATION.alt_text]
    assert "upload" in steps(simulator)


def test_a_piece_that_failed_once_is_sent_again_and_nothing_else(simulator, channel):
    simulator.fault("append_5xx_once")

    channel.send(Message("Mit Bild", (PORTRAIT,)))

    assert steps(simulator) == ["initialize", "append", "append", "finalize", "metadata", "tweets"]
    assert len(simulator.live_posts()[0]["media"]) == 1


def test_a_piece_that_fails_again_and_again_ends_the_sending(simulator, channel):
    simulator.fault("append_5xx_once", times=None)

    error = failure(channel)

    assert (type(error), error.code, error.http_status) == (ChannelUnreached, "media_unclear", 503)
    assert steps(simulator) == ["initialize", "append", "append", "append"]


@pytest.mark.parametrize("path", [INITIALIZE, APPEND, FINALIZE, METADATA])
@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ({"kind": "status", "args": {"status": 400}}, ChannelRefused, "invalid_request"),
        ({"kind": "status", "args": {"status": 403}}, ChannelRefused, "forbidden"),
        ({"kind": "expired_token"}, ChannelLocked, "expired_token"),
        ({"kind": "no_credits"}, ChannelLocked, "no_credits"),
        ({"kind": "rate_limit"}, ChannelBusy, "rate_limit"),
        ({"kind": "html_502"}, ChannelUnreached, "media_unclear"),
        ({"kind": "redirect"}, ChannelUnreached, "media_unclear"),
        ({"kind": "reset_before"}, ChannelUnreached, "media_unclear"),
        ({"kind": "status", "args": {"status": 500, "accept": True}}, ChannelUnreached, "media_unclear"),
    ],
)
def test_no_post_goes_out_when_a_step_of_the_picture_fails(simulator, channel, path, fault, kind, code):
    simulator.faults({**fault, "path_glob": path, "times": None})

    error = failure(channel)

    assert (type(error), error.code) == (kind, code)
    assert (simulator.posts(), "tweets" in steps(simulator)) == ([], False)


@pytest.mark.parametrize("path", [INITIALIZE, FINALIZE, METADATA])
@pytest.mark.parametrize("kind", ["json_null", "json_list", "errors_null"])
def test_no_post_goes_out_when_the_answer_about_the_picture_is_odd(simulator, channel, path, kind):
    simulator.fault(kind, path_glob=path, args={"status": 200})

    assert failure(channel).code == "media_unclear"
    assert "tweets" not in steps(simulator)


def test_no_post_goes_out_when_the_second_picture_fails(simulator, channel):
    simulator.fault("status", path_glob=INITIALIZE, after=1, args={"status": 400})

    assert type(failure(channel, PORTRAIT, PORTRAIT)) is ChannelRefused
    assert (simulator.posts(), "tweets" in steps(simulator)) == ([], False)


def test_a_picture_that_x_could_not_process_needs_a_person(simulator, channel):
    simulator.fault("media_failed")

    error = failure(channel, ANIMATION)

    assert (type(error), error.code) == (ChannelRefused, "media_failed")
    assert error.raw != ""
    assert "tweets" not in steps(simulator)


def test_a_picture_that_is_never_ready_ends_in_time_and_nothing_went_out(simulator, connect):
    simulator.fault("media_pending_forever")
    started = time.monotonic()

    error = failure(connect(task_limit_s=1.2), ANIMATION)

    assert (type(error), error.code) == (ChannelUnreached, "media_pending")
    assert time.monotonic() - started < 3
    assert "tweets" not in steps(simulator)


def test_a_picture_that_drips_leaves_no_time_and_nothing_went_out(simulator, connect):
    simulator.fault("slow_body", path_glob=FINALIZE, args={"interval_s": 0.05})

    error = failure(connect(task_limit_s=1.6))

    assert (type(error), error.code) == (ChannelUnreached, "media_unclear")
    assert "tweets" not in steps(simulator)


def test_a_kind_of_file_that_x_does_not_take_is_refused(simulator, channel):
    assert type(failure(channel, Picture(b"BM" + bytes(99), "image/bmp", "Ein Bild"))) is ChannelRefused
    assert steps(simulator) == ["initialize"]


def test_a_post_whose_answer_is_lost_is_unclear_also_with_a_picture(simulator, channel):
    simulator.fault("accept_then_reset")

    assert failure(channel).code == "no_answer"
    assert [len(post["media"]) for post in simulator.live_posts()] == [1]
