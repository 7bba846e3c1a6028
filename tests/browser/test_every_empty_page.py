"""The same walk through an installation in which nothing has been written yet: every page in its empty state."""

import pytest

from tests.browser.test_every_page import expect_nothing_wrong
from tests.stack import stack

pytestmark = pytest.mark.browser

PASSWORD = "Weserdeich-im-Nebel-42"


@pytest.fixture(scope="module")
def empty_stack(tmp_path_factory):
    with stack(tmp_path_factory.mktemp("stack"), "--no-demo", PUBLISH_TICK_S="1") as running:
        yield running


@pytest.fixture(scope="module")
def known():
    return set()


@pytest.mark.parametrize("who", [None, "proe1", "gf1", "fach1", "admin1", "dsb1"])
def test_every_page_of_an_empty_installation(browser, empty_stack, known, tmp_path, java_path, who):
    if who:
        account = ("create_account", who, "--role", who[:-1], "--email", f"{who}@example.org", "--password-stdin")
        empty_stack.manage(*account, input=PASSWORD)
    expect_nothing_wrong(browser, empty_stack, known, tmp_path, java_path, who, PASSWORD)
