import datetime as dt

import pytest

from editorial.channels.addresses import id_to_moment
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import (
    MEASURES,
    Channel,
    ChannelRefused,
    ChannelSilent,
    ChannelUnreached,
    Message,
    Picture,
)

AT = dt.datetime(2026, 3, 2, 8, 15, tzinfo=dt.UTC)
ORIGINAL = "https://x.com/demo/status/1700000000000000001"


def test_a_dry_run_is_a_channel():
    channel: Channel = DryRun()

    assert channel.newest_id() is None


def test_a_message_goes_out_at_the_moment_of_the_clock():
    channel = DryRun(clock=lambda: AT)

    receipt = channel.send(Message("Guten Morgen", reference="17"))

    assert channel.sent == [Message("Guten Morgen", reference="17")]
    assert receipt.at == AT
    assert id_to_moment(receipt.external_id) == AT


def test_two_messages_of_the_same_moment_get_different_ids():
    channel = DryRun(clock=lambda: AT)

    ids = [channel.send(Message(text)).external_id for text in ("eins", "zwei", "drei")]

    assert len(set(ids)) == 3
    assert channel.newest_id() == max(ids, key=int)


def test_the_timeline_shows_what_went_out_newest_first():
    moments = iter([AT, AT + dt.timedelta(hours=1)])
    channel = DryRun(clock=lambda: next(moments))
    first = channel.send(Message("eins", (Picture(b"a", "image/png", "Ein A"),)))
    second = channel.send(Message("zwei https://www.example.org/"))

    assert [entry.text for entry in channel.timeline()] == ["zwei https://www.example.org/", "eins"]
    assert [entry.external_id for entry in channel.timeline(since_id=first.external_id)] == [second.external_id]
    assert [entry.external_id for entry in channel.timeline(start_at=second.at)] == [second.external_id]
    assert [(entry.links, entry.media_count) for entry in channel.timeline()] == [
        (("https://www.example.org/",), 0),
        ((), 1),
    ]


def test_retweeting_twice_leaves_one():
    channel = DryRun()

    first, second = channel.retweet(ORIGINAL), channel.retweet(ORIGINAL)

    assert first == second
    assert channel.retweeted == [ORIGINAL]
    assert [entry.is_retweet_of for entry in channel.timeline()] == ["1700000000000000001"]


def test_a_retweet_needs_the_address_of_a_post():
    with pytest.raises(ChannelRefused, match="no_address"):
        DryRun().retweet("https://www.example.org/")


def test_what_was_deleted_is_gone():
    channel = DryRun()
    receipt = channel.send(Message("Irrtum"))

    channel.delete(receipt.external_id)
    channel.delete(receipt.external_id)

    assert channel.timeline() == []
    assert channel.deleted == [receipt.external_id] * 2
    assert [figures.gone for figures in channel.figures([receipt.external_id])] == [True]


def test_a_retweet_is_taken_back():
    channel = DryRun()
    channel.retweet(ORIGINAL)

    channel.unretweet(ORIGINAL)

    assert (channel.unretweeted, channel.timeline()) == ([ORIGINAL], [])


def test_figures_that_were_not_given_are_missing_and_not_zero():
    channel = DryRun()
    receipt = channel.send(Message("Gemessen"))
    channel.measured[receipt.external_id] = {"likes": 3}

    (figures,) = channel.figures([receipt.external_id])

    assert figures.values == {**dict.fromkeys(MEASURES), "likes": 3}
    assert not figures.gone


def test_a_queued_failure_hits_one_call_and_nothing_goes_out():
    channel = DryRun()
    channel.fail_next(ChannelUnreached())

    with pytest.raises(ChannelUnreached):
        channel.send(Message("eins"))

    assert (channel.sent, channel.timeline()) == ([], [])
    channel.send(Message("eins"))
    assert channel.sent == [Message("eins")]


def test_a_lost_answer_leaves_the_message_on_the_timeline():
    channel = DryRun()
    channel.fail_next(ChannelSilent(), after_going_out=True)

    with pytest.raises(ChannelSilent):
        channel.send(Message("eins"))

    assert [entry.text for entry in channel.timeline()] == ["eins"]
