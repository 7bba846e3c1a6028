"""Which accounts a text or an address names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.lint.handles import handle_of, handles_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Viele reden über #Ausbildung", []),
        ("@Maria_Muster fragt", ["maria_muster"]),
        ("siehe @amt@social.example.", ["amt@social.example"]),
        ("gesehen unter https://x.com/maria/status/1", ["maria"]),
        ("x.com/maria", ["maria"]),
        ("Mail an info@example.org", []),
        ("https://x.com/search?q=ausbildung", []),
    ],
)
def test_accounts_in_a_text(text, found):
    assert list(handles_in(text)) == found


@pytest.mark.parametrize(
    ("url", "handle"),
    [
        ("https://x.com/Maria/status/1", "maria"),
        ("https://mobile.twitter.com/maria", "maria"),
        ("https://www.instagram.com/maria/", "maria"),
        ("https://bsky.app/profile/maria.bsky.social", "maria.bsky.social"),
        ("https://social.example/@maria", "maria"),
        ("https://x.com/hashtag/Ausbildung", ""),
        ("https://x.com/search?q=Ausbildung", ""),
        ("https://www.jobcenter-bremen.de/presse", ""),
        ("https://x.com/", ""),
        ("http://[kaputt", ""),
    ],
)
def test_the_account_of_an_address(url, handle):
    assert handle_of(url) == handle


@given(st.text())
def test_any_text_is_read(text):
    list(handles_in(text))
    handle_of(text)
