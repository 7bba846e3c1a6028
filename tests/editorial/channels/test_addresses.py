import datetime as dt

import pytest

from editorial.channels.addresses import address_to_id, id_to_address, id_to_moment, moment_to_id


@pytest.mark.parametrize(
    "address",
    [
        "https://x.com/jobcenter_demo/status/1700000000000000001",
        "https://www.x.com/jobcenter_demo/status/1700000000000000001",
        "https://twitter.com/jobcenter_demo/status/1700000000000000001",
        "https://mobile.twitter.com/jobcenter_demo/status/1700000000000000001",
        "http://twitter.com/jobcenter_demo/statuses/1700000000000000001",
        "https://X.com/jobcenter_demo/status/1700000000000000001?s=20&t=abc",
        "https://x.com/jobcenter_demo/status/1700000000000000001/photo/1",
        "https://x.com/jobcenter_demo/status/1700000000000000001#m",
        "https://x.com/i/status/1700000000000000001",
        "https://x.com/i/web/status/1700000000000000001",
        "  https://x.com/i/status/1700000000000000001/ ",
    ],
)
def test_an_address_of_a_post_gives_its_id(address):
    assert address_to_id(address) == "1700000000000000001"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "1700000000000000001",
        "x.com/jobcenter_demo/status/1700000000000000001",
        "https://x.com/jobcenter_demo",
        "https://x.com/jobcenter_demo/status/",
        "https://x.com/jobcenter_demo/status/17abc",
        "https://x.com/jobcenter_demo/status/17000000000000000012345",
        "https://x.com/jobcenter_demo/status/١٧",
        "https://example.org/jobcenter_demo/status/1700000000000000001",
        "https://x.com.example.org/jobcenter_demo/status/1700000000000000001",
        "https://x.com@example.org/jobcenter_demo/status/1700000000000000001",
        "https://someone@x.com/jobcenter_demo/status/1700000000000000001",
        "ftp://x.com/jobcenter_demo/status/1700000000000000001",
        "javascript:x.com/a/status/1",
        "https://[x.com/a/status/1",
    ],
)
def test_any_other_address_gives_none(address):
    assert address_to_id(address) is None


def test_our_own_address_of_a_post_is_read_back():
    assert address_to_id(id_to_address("1700000000000000001")) == "1700000000000000001"


def test_an_id_carries_its_moment():
    at = dt.datetime(2026, 11, 22, 9, 30, 0, 250_000, tzinfo=dt.UTC)

    assert id_to_moment(moment_to_id(at, sequence=7)) == at


def test_a_small_id_carries_no_moment():
    assert id_to_moment("1001") is None
