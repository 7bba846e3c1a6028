"""The same walk through an installation in which nothing has been written yet: every page in its empty state."""

import pytest

from tests.browser.test_every_page import expect_nothing_wrong
from tests.stack import stack

pytestmark = pytest.mark.browser

PASSWORD = "Weserdeich-im-Nebel-42"
# Outside the demonstration nobody gets in without a second factor. Prints one code that is good once.
ENROL = """
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from editorial.models import User

user = User.objects.get(username="{}")
TOTP.activate(user, generate_totp_secret())
print(RecoveryCodes.activate(user).get_unused_codes()[0])
"""


@pytest.fixture(scope="module")
def empty_stack(tmp_path_factory):
    with stack(tmp_path_factory.mktemp("stack"), "--no-demo", PUBLISH_TICK_S="1") as running:
        yield running


@pytest.fixture(scope="module")
def known():
    return set()


@pytest.mark.parametrize("who", [None, "proe1", "gf1", "fach1", "admin1", "dsb1"])
def test_every_page_of_an_empty_installation(browser, empty_stack, known, tmp_path, java_path, who):
    code = ""
    if who:
        account = ("create_account", who, "--role", who[:-1], "--email", f"{who}@example.org", "--password-stdin")
        empty_stack.manage(*account, input=PASSWORD)
        code = empty_stack.manage("shell", "-v", "0", "-c", ENROL.format(who)).stdout.split()[-1]
    expect_nothing_wrong(browser, empty_stack, known, tmp_path, java_path, who, PASSWORD, code=code)
