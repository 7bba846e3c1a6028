import threading

import pytest

from editorial.channels import current_channel
from editorial.channels.protocol import Message


@pytest.fixture
def with_keys(settings, simulator, keys):
    settings.X_API_BASE_URL, settings.X_KEYS = simulator.base_url, keys
    return settings


def in_another_thread(call):
    found = []
    thread = threading.Thread(target=lambda: found.append(call()))
    thread.start()
    thread.join(10)
    return found[0]


def test_with_all_keys_a_message_goes_to_the_service_of_the_settings(with_keys, simulator):
    current_channel().send(Message("Guten Morgen"))

    assert [post["text"] for post in simulator.live_posts()] == ["Guten Morgen"]


@pytest.mark.parametrize("missing", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
@pytest.mark.parametrize("nothing", ["", None])
def test_without_all_four_keys_people_post_by_hand(with_keys, missing, nothing):
    with_keys.X_KEYS = {**with_keys.X_KEYS, missing: nothing}

    assert current_channel() is None


def test_one_thread_keeps_its_channel_and_another_gets_its_own(with_keys):
    mine = current_channel()

    assert current_channel() is mine
    assert in_another_thread(current_channel) is not mine


@pytest.mark.parametrize(
    ("name", "value"),
    [("X_API_BASE_URL", "http://127.0.0.1:9"), ("PUBLISH_HTTP_TIMEOUT_S", 3), ("PUBLISH_TASK_LIMIT_S", 7)],
)
def test_changed_settings_give_a_new_channel(with_keys, name, value):
    before = current_channel()

    setattr(with_keys, name, value)

    assert current_channel() is not before


def test_changed_keys_give_a_new_channel(with_keys):
    before = current_channel()

    with_keys.X_KEYS = {**with_keys.X_KEYS, "access_token_secret": "another"}

    assert current_channel() is not before
