import datetime as dt
from dataclasses import replace

import pytest

from editorial.channels.matching import text_matches
from editorial.channels.protocol import (
    MEASURES,
    Account,
    ChannelBusy,
    ChannelLocked,
    ChannelSilent,
    ChannelUnreached,
    Message,
    Picture,
    Reader,
)
from tests.editorial.channels.peers import free_port

ORIGINAL = "https://x.com/somewhere_else/status/1500000000000000001"
TEXT = "Beratung & Hilfe <ab 9 Uhr>: https://www.example.org/termine?art=a&t=k7x  Grüße"
PICTURE = Picture(b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png", "Ein Schild")


@pytest.fixture(params=["old", "new"])
def vocabulary(request, simulator):
    simulator.settings(vocabulary=request.param)


def requests_of(simulator):
    return [(entry["method"], entry["path"], entry["auth"]) for entry in simulator.log()]


def send_many(simulator, count):
    """Fills the timeline without the adapter: newest last."""
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
    moments = [start + dt.timedelta(minutes=number) for number in range(count)]
    posts = [{"text": f"Beitrag {number}", "created_at": at.isoformat()} for number, at in enumerate(moments)]
    simulator.fill(posts)


def test_the_account_is_read_with_its_followers(simulator, channel: Reader, vocabulary):
    account = channel.account()
    assert replace(account, clock_ahead_s=None) == Account("42", "jobcenter_demo", 1200)
    assert -2 < account.clock_ahead_s < 2
    assert requests_of(simulator) == [("GET", "/2/users/me", "ok")]


def test_the_newest_own_number_is_the_start_of_a_later_reading(simulator, channel, vocabulary):
    assert channel.newest_id() is None
    channel.send(Message("eins"))
    second = channel.send(Message("zwei"))

    assert channel.newest_id() == second.external_id


def test_what_was_sent_is_found_on_the_timeline(channel, vocabulary):
    receipt = channel.send(Message(TEXT, (PICTURE,)))

    (entry,) = channel.timeline()

    assert (entry.external_id, entry.at, entry.media_count) == (receipt.external_id, receipt.at, 1)
    assert entry.links == ("https://www.example.org/termine?art=a&t=k7x",)
    assert text_matches(TEXT, entry)


def test_a_long_text_is_found_on_the_timeline(simulator, channel, vocabulary):
    simulator.settings(text_limit=4000)
    long = "Ein langer Satz & noch einer. " * 30 + "https://www.example.org/?t=k7x"
    channel.send(Message(long))

    assert text_matches(long, channel.timeline()[0])


def test_a_retweet_is_found_on_the_timeline(channel, vocabulary):
    receipt = channel.retweet(ORIGINAL)

    assert [(entry.external_id, entry.is_retweet_of) for entry in channel.timeline()] == [
        (receipt.external_id, "1500000000000000001")
    ]


def test_the_timeline_starts_after_a_number_or_at_a_moment(simulator, channel):
    first = channel.send(Message("eins"))
    simulator.clock(advance_s=60)
    second = channel.send(Message("zwei"))

    def texts(**start):
        return [entry.text for entry in channel.timeline(**start)]

    assert texts() == ["zwei", "eins"]
    assert texts(since_id=first.external_id) == ["zwei"]
    assert texts(start_at=second.at.replace(microsecond=0)) == ["zwei"]
    assert texts(since_id=second.external_id) == []


def test_a_long_timeline_is_read_to_its_end(simulator, channel):
    send_many(simulator, 230)

    entries = channel.timeline()

    assert [entry.text for entry in entries] == [f"Beitrag {number}" for number in reversed(range(230))]
    assert requests_of(simulator) == [("GET", "/2/users/42/tweets", "ok")] * 3


def test_a_timeline_that_breaks_off_is_no_timeline(simulator, channel):
    send_many(simulator, 120)
    simulator.fault("status", after=1, args={"status": 503}, path_glob="/2/users/42/tweets")

    with pytest.raises(ChannelSilent, match="server_error"):
        channel.timeline()


def test_a_post_that_the_timeline_does_not_show_yet_is_not_there(simulator, channel):
    simulator.fault("tl_lag", args={"seconds": 60})
    channel.send(Message("eins"))

    assert channel.timeline() == []
    simulator.clock(advance_s=61)
    assert [entry.text for entry in channel.timeline()] == ["eins"]


def test_figures_are_read_in_the_order_asked(simulator, channel, vocabulary):
    first, second = channel.send(Message("eins")), channel.send(Message("zwei"))
    simulator.metrics(id=first.external_id, plateau={"impression_count": 500, "like_count": 20})
    simulator.clock(advance_s=20 * 86400)

    figures = channel.figures([second.external_id, first.external_id])

    assert [(one.external_id, one.gone) for one in figures] == [
        (second.external_id, False),
        (first.external_id, False),
    ]
    assert set(figures[1].values) == set(MEASURES)
    assert all(isinstance(value, int) for value in figures[1].values.values())
    assert figures[1].values["impressions"] > figures[1].values["likes"] > 0


def test_a_figure_that_x_leaves_out_is_missing_and_not_zero(simulator, channel):
    receipt = channel.send(Message("eins"))
    simulator.settings(omit_metrics=["impression_count", "bookmark_count"])

    (figures,) = channel.figures([receipt.external_id])

    assert [name for name, value in figures.values.items() if value is None] == ["impressions", "bookmarks"]


def test_a_deleted_post_is_gone_and_has_no_figures(channel):
    kept, deleted = channel.send(Message("eins")), channel.send(Message("zwei"))
    channel.delete(deleted.external_id)

    figures = channel.figures([deleted.external_id, kept.external_id])

    assert [one.gone for one in figures] == [True, False]
    assert figures[0].values == dict.fromkeys(MEASURES)


def test_many_figures_are_asked_for_in_hundreds(simulator, channel):
    send_many(simulator, 130)
    ids = [post["id"] for post in simulator.posts()]

    assert [one.external_id for one in channel.figures(ids)] == ids
    assert requests_of(simulator) == [("GET", "/2/tweets", "ok")] * 2


def test_no_figures_asked_is_no_request(simulator, channel):
    assert channel.figures([]) == []
    assert requests_of(simulator) == []


READINGS = {
    "account": lambda channel: channel.account(),
    "newest_id": lambda channel: channel.newest_id(),
    "timeline": lambda channel: channel.timeline(),
    "figures": lambda channel: channel.figures(["1700000000000000001"]),
}


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "args": {"status": 503}}, ChannelSilent),
        ({"kind": "reset_before"}, ChannelSilent),
        ({"kind": "json_list", "args": {"status": 200}}, ChannelSilent),
        ({"kind": "json_null", "args": {"status": 200}}, ChannelSilent),
        ({"kind": "errors_null", "args": {"status": 200}}, ChannelSilent),
        ({"kind": "errors_only", "path_glob": "*", "method": "GET"}, ChannelSilent),
        ({"kind": "accept_empty", "path_glob": "*", "method": "GET"}, ChannelSilent),
        ({"kind": "redirect"}, ChannelSilent),
        ({"kind": "expired_token"}, ChannelLocked),
        ({"kind": "no_credits"}, ChannelLocked),
        ({"kind": "rate_limit"}, ChannelBusy),
    ],
    ids=lambda value: value.get("kind") if isinstance(value, dict) else value.__name__,
)
def test_a_reading_that_fails_says_so_after_one_request(simulator, channel, reading, fault, kind):
    simulator.faults(fault)

    with pytest.raises(kind):
        reading(channel)

    assert len(simulator.log()) == 1


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_a_reading_without_a_connection_says_so(connect, reading):
    with pytest.raises(ChannelUnreached):
        reading(connect(base_url=f"http://127.0.0.1:{free_port()}"))
