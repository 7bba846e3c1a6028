import datetime as dt
import logging

import pytest

from editorial.channels.addresses import id_to_address
from editorial.channels.protocol import (
    ChannelBusy,
    ChannelLocked,
    ChannelRefused,
    ChannelSilent,
    ChannelUnreached,
    Message,
    Publisher,
)
from tests.editorial.channels.peers import Peer, deaf_port, free_port

CREATE = ("POST", "/2/tweets")
ORIGINAL = "https://x.com/somewhere_else/status/1500000000000000001"


def calls(simulator):
    return [(entry["method"], entry["path"]) for entry in simulator.log()]


def texts(simulator):
    return [post["text"] for post in simulator.live_posts()]


def failure(channel, message=Message("Guten Morgen")):  # noqa: B008 - frozen
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the caller says which it was
        channel.send(message)
    return caught.value


def test_a_message_is_sent_by_one_signed_request(simulator, channel: Publisher):
    receipt = channel.send(Message("Grüße & Küsse\nab 9 Uhr"))

    (post,) = simulator.live_posts()
    (entry,) = simulator.log()
    assert (entry["method"], entry["path"], entry["auth"]) == (*CREATE, "ok")
    assert post["text"] == "Grüße & Küsse\nab 9 Uhr"
    assert (receipt.external_id, receipt.url) == (post["id"], id_to_address(post["id"]))
    assert receipt.at == dt.datetime.fromisoformat(post["created_at"])


def test_the_answer_is_understood_in_the_new_vocabulary(simulator, channel):
    simulator.settings(vocabulary="new", edit_history_blank=True)

    assert channel.send(Message("Guten Morgen")).external_id == simulator.live_posts()[0]["id"]


def test_success_leaves_one_log_line_with_both_numbers(channel, caplog):
    caplog.set_level(logging.INFO)

    receipt = channel.send(Message("Guten Morgen", reference="1704"))

    assert [r.getMessage() for r in caplog.records if r.name.startswith("editorial")] == [
        f"sent 1704 as {receipt.external_id}"
    ]


def test_no_log_shows_a_key_or_a_signature_even_when_debugging(channel, keys, caplog):
    caplog.set_level(logging.DEBUG)

    channel.send(Message("Guten Morgen"))

    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert [value for value in [*keys.values(), "oauth_signature", "Authorization"] if value in logged] == []


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ({"kind": "status", "args": {"status": 400}}, ChannelRefused, "invalid_request"),
        ({"kind": "status", "args": {"status": 404}}, ChannelRefused, "not_found"),
        ({"kind": "status", "args": {"status": 403}}, ChannelRefused, "forbidden"),
        ({"kind": "media_id_invalid"}, ChannelRefused, "media_invalid"),
        ({"kind": "json_list", "args": {"status": 400}}, ChannelRefused, "invalid_request"),
        ({"kind": "json_null", "args": {"status": 404}}, ChannelRefused, "not_found"),
        ({"kind": "errors_null", "args": {"status": 403}}, ChannelRefused, "forbidden"),
        ({"kind": "expired_token"}, ChannelLocked, "expired_token"),
        ({"kind": "status", "args": {"status": 401}}, ChannelLocked, "expired_token"),
        ({"kind": "clock_skew", "args": {"seconds": 3600}}, ChannelLocked, "clock_wrong"),
        ({"kind": "status", "args": {"status": 402}}, ChannelLocked, "no_credits"),
        ({"kind": "no_credits"}, ChannelLocked, "no_credits"),
        ({"kind": "no_credits", "args": {"body": "old"}}, ChannelLocked, "no_credits"),
        ({"kind": "suspended"}, ChannelLocked, "suspended"),
        ({"kind": "read_only_token"}, ChannelLocked, "read_only"),
        ({"kind": "duplicate"}, ChannelSilent, "duplicate"),
        ({"kind": "status", "args": {"status": 409}}, ChannelSilent, "bad_answer"),
        ({"kind": "status", "args": {"status": 500}}, ChannelSilent, "server_error"),
        ({"kind": "status", "args": {"status": 503}}, ChannelSilent, "server_error"),
        ({"kind": "json_list"}, ChannelSilent, "server_error"),
        ({"kind": "json_null"}, ChannelSilent, "server_error"),
        ({"kind": "errors_null"}, ChannelSilent, "server_error"),
        ({"kind": "json_list", "args": {"status": 201}}, ChannelSilent, "bad_answer"),
        ({"kind": "json_null", "args": {"status": 201}}, ChannelSilent, "bad_answer"),
        ({"kind": "errors_null", "args": {"status": 201}}, ChannelSilent, "bad_answer"),
        ({"kind": "status", "args": {"status": 201, "body": {"data": {"id": ""}}}}, ChannelSilent, "no_id"),
        ({"kind": "errors_only"}, ChannelSilent, "bad_answer"),
        ({"kind": "html_502"}, ChannelSilent, "server_error"),
        ({"kind": "redirect"}, ChannelSilent, "redirected"),
        ({"kind": "redirect", "args": {"status": 307}}, ChannelSilent, "redirected"),
        ({"kind": "reset_before"}, ChannelSilent, "no_answer"),
    ],
)
def test_a_refused_or_lost_post_has_its_class_after_one_request(simulator, channel, fault, kind, code):
    simulator.faults(fault)

    error = failure(channel)

    assert (type(error), error.code) == (kind, code)
    assert (calls(simulator), texts(simulator)) == ([CREATE], [])


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "accept_then_reset"}, "no_answer"),
        ({"kind": "accept_then_5xx"}, "server_error"),
        ({"kind": "accept_then_garbage"}, "bad_answer"),
        ({"kind": "accept_empty"}, "bad_answer"),
        ({"kind": "redirect", "args": {"accept": True}}, "redirected"),
        ({"kind": "duplicate", "args": {"accept": True}}, "duplicate"),
        ({"kind": "json_null", "args": {"accept": True, "status": 201}}, "bad_answer"),
    ],
)
def test_a_post_that_went_out_without_a_proper_answer_is_unclear(simulator, channel, fault, code):
    simulator.faults(fault)

    error = failure(channel)

    assert (type(error), error.code) == (ChannelSilent, code)
    assert (calls(simulator), texts(simulator)) == ([CREATE], ["Guten Morgen"])


def test_a_hanging_peer_is_left_after_the_read_timeout(simulator, connect):
    simulator.fault("accept_then_hang", args={"seconds": 3})

    error = failure(connect(http_timeout_s=0.3))

    assert (type(error), error.code, error.http_status) == (ChannelSilent, "no_answer", None)
    assert (calls(simulator), texts(simulator)) == ([CREATE], ["Guten Morgen"])


def test_a_dripping_answer_is_left_when_the_time_for_one_send_is_up(simulator, connect):
    simulator.fault("slow_body", args={"interval_s": 0.05})
    started = dt.datetime.now(dt.UTC)

    error = failure(connect(http_timeout_s=2.0, task_limit_s=1.0))

    assert (type(error), error.code) == (ChannelSilent, "too_slow")
    assert dt.datetime.now(dt.UTC) - started < dt.timedelta(seconds=3)
    assert (calls(simulator), texts(simulator)) == ([CREATE], ["Guten Morgen"])


@pytest.mark.parametrize("status", ["201 Created", "403 Forbidden"])
def test_an_answer_cut_in_its_head_proves_nothing(connect, status):
    head = f"HTTP/1.1 {status}\r\nx-transaction-id: {'0' * 999}\r\n".encode()

    def drip(peer, connection):
        peer.read_request(connection)
        connection.sendall(head[:-900])
        peer.drip(connection, head[-900:], 0.05)

    with Peer(drip) as peer:
        error = failure(connect(base_url=peer.address, task_limit_s=0.5))
        assert (type(error), error.code, len(peer.requests)) == (ChannelSilent, "too_slow", 1)


@pytest.mark.parametrize(
    ("args", "wait_s", "code"),
    [
        ({"variant": "reset", "reset_in_s": 300}, 300, "rate_limit"),
        ({"variant": "reset", "reset_in_s": 300, "body": "code_88"}, 300, "rate_limit"),
        ({"variant": "reset", "reset_in_s": 300, "body": "usage_capped"}, 300, "usage_capped"),
        ({"variant": "no_reset"}, 900, "rate_limit"),
        ({"variant": "past_reset"}, 900, "rate_limit"),
        ({"variant": "text_reset"}, 900, "rate_limit"),
        ({"variant": "24h", "reset_in_s": 7200}, 7200, "rate_limit"),
    ],
)
def test_too_many_requests_name_the_moment_to_wait_for(simulator, channel, args, wait_s, code):
    simulator.fault("rate_limit", args=args)
    before = dt.datetime.now(dt.UTC)

    error = failure(channel)

    assert (type(error), error.code, error.http_status) == (ChannelBusy, code, 429)
    assert abs((error.wait_until - before).total_seconds() - wait_s) < 5
    assert (calls(simulator), texts(simulator)) == ([CREATE], [])


def test_a_refused_connection_is_provably_nothing(simulator, connect):
    error = failure(connect(base_url=f"http://127.0.0.1:{free_port()}"))

    assert (type(error), error.code, error.http_status) == (ChannelUnreached, "unreached", None)


def test_an_unknown_host_is_provably_nothing(connect):
    assert type(failure(connect(base_url="http://no-such-host.invalid"))) is ChannelUnreached


def test_failing_tls_is_provably_nothing(simulator, connect):
    error = failure(connect(base_url=simulator.base_url.replace("http:", "https:")))

    assert (type(error), error.code) == (ChannelUnreached, "unreached")
    assert calls(simulator) == []


def test_a_connection_that_nobody_takes_is_provably_nothing(connect):
    with deaf_port() as address:
        assert type(failure(connect(base_url=address, task_limit_s=0.5))) is ChannelUnreached


def test_a_wrong_secret_locks_the_account(simulator, connect, keys):
    error = failure(connect(keys={**keys, "access_token_secret": "wrong"}))

    assert (type(error), error.code, error.http_status) == (ChannelLocked, "expired_token", 401)
    assert (calls(simulator), texts(simulator)) == ([CREATE], [])


def test_an_error_that_nobody_foresaw_may_have_gone_out(channel, monkeypatch):
    def explode(*args, **kwargs):
        raise RuntimeError("boom")

    monkeypatch.setattr(channel._client, "create_tweet", explode)

    error = failure(channel)

    assert (type(error), error.code, error.raw) == (ChannelSilent, "unexpected", "RuntimeError: boom")


def test_a_text_that_x_finds_too_long_is_refused(simulator, channel):
    error = failure(channel, Message("ä" * 300))

    assert (type(error), error.code, error.http_status) == (ChannelRefused, "too_long", 400)


def test_the_same_text_again_is_unclear_and_leaves_one_post(simulator, channel):
    channel.send(Message("Guten Morgen"))

    assert failure(channel).code == "duplicate"
    assert texts(simulator) == ["Guten Morgen"]


def test_a_later_message_after_a_failure_goes_out(simulator, channel):
    simulator.fault("accept_then_reset")
    failure(channel)

    channel.send(Message("Guten Abend"))

    assert texts(simulator) == ["Guten Morgen", "Guten Abend"]


def test_a_retweet_gets_its_own_number_and_twice_leaves_one(simulator, channel):
    first, second = channel.retweet(ORIGINAL), channel.retweet(f"{ORIGINAL}?s=20")

    (retweet,) = [post for post in simulator.live_posts() if post["kind"] == "retweet"]
    assert (retweet["id"], retweet["retweet_of"]) == (first.external_id, "1500000000000000001")
    assert first == second
    assert calls(simulator) == [("POST", "/2/users/42/retweets")] * 2


def test_a_retweet_without_a_usable_address_asks_nobody(simulator, channel):
    with pytest.raises(ChannelRefused, match="no_address"):
        channel.retweet("https://www.example.org/")

    assert calls(simulator) == []


def test_a_retweet_of_a_post_that_is_gone_is_refused(simulator, channel):
    simulator.settings(missing_ids=["1500000000000000001"])

    with pytest.raises(ChannelRefused, match="not_found"):
        channel.retweet(ORIGINAL)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"retweeted": True},
        {"retweeted": False, "rest_id": "1700000000000000009"},
        {"retweeted": True, "rest_id": "1500000000000000001"},
    ],
)
def test_a_retweet_without_an_own_number_is_unclear(simulator, channel, data):
    simulator.fault("status", args={"status": 200, "body": {"data": data}})

    with pytest.raises(ChannelSilent, match="no_id"):
        channel.retweet(ORIGINAL)


def test_a_retweet_whose_answer_is_lost_is_unclear(simulator, channel):
    simulator.fault("accept_then_reset", path_glob="/2/users/*/retweets")

    with pytest.raises(ChannelSilent, match="no_answer"):
        channel.retweet(ORIGINAL)


def test_a_retweet_is_taken_back_and_again(simulator, channel):
    channel.retweet(ORIGINAL)

    channel.unretweet(ORIGINAL)
    channel.unretweet(ORIGINAL)

    assert [post for post in simulator.live_posts() if post["kind"] == "retweet"] == []
    assert calls(simulator)[1:] == [("DELETE", "/2/users/42/retweets/1500000000000000001")] * 2


def test_a_post_is_deleted_and_deleting_again_is_fine(simulator, channel):
    receipt = channel.send(Message("Irrtum"))

    channel.delete(receipt.external_id)
    simulator.fault("status", args={"status": 404}, method="DELETE")
    channel.delete(receipt.external_id)
    channel.delete(receipt.external_id)

    assert texts(simulator) == []
    assert calls(simulator)[1:] == [("DELETE", f"/2/tweets/{receipt.external_id}")] * 3


def test_a_deletion_that_is_not_confirmed_is_unclear(simulator, channel):
    simulator.fault("status", args={"status": 200, "body": {"data": {"deleted": False}}}, method="DELETE")

    with pytest.raises(ChannelSilent, match="bad_answer"):
        channel.delete("1700000000000000001")


def test_a_deletion_that_x_forbids_is_refused(simulator, channel):
    simulator.fault("status", args={"status": 403}, method="DELETE")

    with pytest.raises(ChannelRefused, match="forbidden"):
        channel.delete("1700000000000000001")
