import base64
import hashlib

import pytest
import tweepy
from requests import Response

from tests.x_simulator.clients import PNG, Api
from tests.x_simulator.running import Simulator

INVALID = "Your media IDs are invalid."


def started(api: Api, total_bytes: int, media_type: str = "image/png", category: str = "tweet_image") -> str:
    order = {"media_type": media_type, "total_bytes": total_bytes, "media_category": category}
    return api.post("/2/media/upload/initialize", order).json()["data"]["id"]


def append(api: Api, media_id: str, index: int, chunk: bytes) -> Response:
    path = f"/2/media/upload/{media_id}/append"
    return api.request("POST", path, data={"segment_index": str(index)}, files={"media": ("chunk", chunk)})


def finalize(api: Api, media_id: str) -> Response:
    return api.post(f"/2/media/upload/{media_id}/finalize")


def uploaded(api: Api, content: bytes, media_type: str, category: str) -> str:
    media_id = started(api, len(content), media_type, category)
    append(api, media_id, 0, content)
    finalize(api, media_id)
    return media_id


def state_of(api: Api, media_id: str) -> str:
    answer = api.get("/2/media/upload", command="STATUS", media_id=media_id)
    return answer.json()["data"]["processing_info"]["state"]


def refused(answer: Response) -> str:
    assert answer.status_code == 400
    return answer.json()["errors"][0]["message"]


def test_a_picture_is_uploaded_in_pieces_and_posted_with_its_alt_text(client: tweepy.Client, api: Api) -> None:
    media_id = started(api, len(PNG))
    assert append(api, media_id, 1, PNG[500:]).status_code == 200
    assert append(api, media_id, 0, PNG[:500]).status_code == 200
    assert "processing_info" not in finalize(api, media_id).json()["data"]
    alt = api.post("/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": "Ein Hafen & ein Schiff"}}})
    assert alt.json()["data"]["associated_metadata"] == {"alt_text": {"text": "Ein Hafen & ein Schiff"}}
    client.create_tweet(text="Mit Bild", media_ids=[media_id])
    answer = client.get_users_tweets(
        42, expansions=["attachments.media_keys"], media_fields=["alt_text", "url", "type"], user_auth=True
    )
    [media] = answer["includes"]["media"]
    assert (media["alt_text"], media["type"], media["media_key"]) == (
        "Ein Hafen & ein Schiff",
        "photo",
        f"3_{media_id}",
    )
    assert answer["data"][0]["attachments"] == {"media_keys": [media["media_key"]]}


def test_a_post_with_a_picture_ends_in_a_link_to_it(api: Api) -> None:
    post_id = api.tweet_id("Mit Bild", media={"media_ids": [api.picture()]})
    [post] = api.timeline(**{"tweet.fields": "entities"})["data"]
    [link] = post["entities"]["urls"]
    assert post["text"] == f"Mit Bild {link['url']}"
    assert link["expanded_url"] == f"https://x.com/jobcenter_demo/status/{post_id}/photo/1"
    assert link["media_key"].startswith("3_")


def test_a_picture_alone_is_a_post(api: Api, simulator: Simulator) -> None:
    assert api.post("/2/tweets", {"media": {"media_ids": [api.picture("Alt")]}}).status_code == 201
    [media] = simulator.posts()[0]["media"]
    assert (media["alt_text"], media["sha256"]) == ("Alt", hashlib.sha256(PNG).hexdigest())


def test_pieces_and_pictures_may_come_as_base64(api: Api) -> None:
    coded = base64.b64encode(PNG).decode()
    media_id = started(api, len(PNG))
    piece = {"media": coded, "segment_index": 0}
    assert api.post(f"/2/media/upload/{media_id}/append", piece).status_code == 200
    assert finalize(api, media_id).status_code == 200
    assert api.post("/2/media/upload", {"media": coded, "media_category": "tweet_image"}).status_code == 200


def test_missing_pieces_and_wrong_sizes_are_refused_at_finalize(api: Api) -> None:
    with_gap, too_short, empty = (started(api, len(PNG)) for _ in range(3))
    append(api, with_gap, 0, PNG[:500])
    append(api, with_gap, 2, PNG[500:])
    append(api, too_short, 0, PNG[:500])
    assert refused(finalize(api, with_gap)) == "Segments do not add up to a whole file: [0, 2] were sent"
    assert refused(finalize(api, too_short)) == f"500 bytes were sent, {len(PNG)} announced"
    assert refused(finalize(api, empty)) == "Segments do not add up to a whole file: [] were sent"


def test_a_piece_sent_again_replaces_the_first(api: Api) -> None:
    media_id = started(api, len(PNG))
    append(api, media_id, 0, b"broken")
    append(api, media_id, 0, PNG)
    assert finalize(api, media_id).status_code == 200


def test_a_chunk_over_8_mib_is_413(api: Api) -> None:
    media_id = started(api, 20 * 1024 * 1024, "video/mp4", "tweet_video")
    assert append(api, media_id, 0, bytes(8 * 1024 * 1024)).status_code == 200
    assert append(api, media_id, 1, bytes(8 * 1024 * 1024 + 1)).status_code == 413
    assert append(api, media_id, 1, bytes(17 * 1024 * 1024)).status_code == 413


@pytest.mark.parametrize(
    "order",
    [
        {"media_type": "image/bmp", "total_bytes": 10, "media_category": "tweet_image"},
        {"media_type": "image/png", "total_bytes": 10, "media_category": "tweet_video"},
        {"media_type": "image/png", "total_bytes": 10, "media_category": "poster"},
        {"media_type": "image/png", "total_bytes": 6 * 1024 * 1024, "media_category": "tweet_image"},
        {"media_type": "image/png", "total_bytes": 0},
        {"total_bytes": 10},
        {"media_type": "image/png", "total_bytes": 10, "colour": "red"},
    ],
)
def test_files_of_a_wrong_kind_or_size_are_refused_before_the_upload(api: Api, order: dict[str, object]) -> None:
    assert api.post("/2/media/upload/initialize", order).status_code == 400


def test_only_pictures_can_be_sent_in_one_call(api: Api) -> None:
    assert api.request("POST", "/2/media/upload", files={"media": ("a.png", b"no picture")}).status_code == 400
    old_form = {"command": "INIT", "media_type": "image/png", "total_bytes": "10"}
    assert (
        api.request(
            "POST", "/2/media/upload", files={name: (None, text) for name, text in old_form.items()}
        ).status_code
        == 400
    )


def test_a_video_is_usable_only_when_its_processing_succeeded(api: Api, simulator: Simulator) -> None:
    media_id = uploaded(api, b"film", "video/mp4", "tweet_video")
    assert state_of(api, media_id) == "pending"
    assert refused(api.tweet("Film", media={"media_ids": [media_id]})) == INVALID
    simulator.clock(advance_s=2)
    assert state_of(api, media_id) == "in_progress"
    simulator.clock(advance_s=2)
    assert state_of(api, media_id) == "succeeded"
    assert api.tweet("Film", media={"media_ids": [media_id]}).status_code == 201


def test_a_video_gets_its_captions(api: Api, simulator: Simulator) -> None:
    video = uploaded(api, b"film", "video/mp4", "tweet_video")
    captions = uploaded(api, b"1\n", "text/srt", "subtitles")
    order = {"id": captions, "language_code": "de", "display_name": "Deutsch"}
    answer = api.post("/2/media/subtitles", {"id": video, "media_category": "TweetVideo", "subtitles": order})
    assert answer.json()["data"]["associated_subtitles"] == [{**order, "language_code": "DE"}]
    wrong = api.post("/2/media/subtitles", {"id": captions, "media_category": "TweetVideo", "subtitles": order})
    assert wrong.status_code == 400


def test_pictures_and_videos_do_not_mix_and_none_comes_twice(api: Api, simulator: Simulator) -> None:
    video = uploaded(api, b"film", "video/mp4", "tweet_video")
    simulator.clock(advance_s=10)
    pictures = [api.picture() for _ in range(4)]
    assert refused(api.tweet("x", media={"media_ids": [video, pictures[0]]})) == INVALID
    assert refused(api.tweet("x", media={"media_ids": [pictures[0], pictures[0]]})) == INVALID
    assert api.tweet("x", media={"media_ids": pictures}).status_code == 201


def test_media_expire(api: Api, simulator: Simulator) -> None:
    media_id = api.picture()
    simulator.clock(advance_s=86400)
    assert refused(api.tweet("Zu spät", media={"media_ids": [media_id]})) == INVALID
    late = api.post("/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": "Alt"}}})
    assert refused(late) == "The media id has expired"


def test_an_alt_text_has_1000_characters_at_most(api: Api) -> None:
    media_id = api.picture()
    statuses = [
        api.post("/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": "a" * length}}}).status_code
        for length in (1000, 1001)
    ]
    assert statuses == [200, 400]
    assert api.post("/2/media/metadata", {"id": "1", "metadata": {"alt_text": {"text": "a"}}}).status_code == 400
