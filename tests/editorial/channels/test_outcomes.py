"""Classification of publishing.md 1.4 step 6, on answers as they were seen in the wild (x-api.md 2.5)."""

import datetime as dt
import json
from email.utils import format_datetime

import pytest
import requests

from editorial.channels.outcomes import answered, wait_until
from editorial.channels.protocol import (
    EXPLANATIONS,
    ChannelBusy,
    ChannelLocked,
    ChannelRefused,
    ChannelSilent,
)

AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
PROBLEMS = "https://api.twitter.com/2/problems/"
SUSPENDED = "Your account is suspended and is not permitted to access this feature."


def answer(status, content="", headers=None, method="POST"):
    response = requests.Response()
    response.status_code = status
    response._content = (content if isinstance(content, str) else json.dumps(content)).encode()
    response.headers.update(headers or {})
    response.request = requests.Request(method, "https://api.x.com/2/tweets").prepare()
    return response


@pytest.mark.parametrize(
    ("response", "kind", "code"),
    [
        (answer(400, {"detail": "One or more parameters"}), ChannelRefused, "invalid_request"),
        (answer(400, {"errors": [{"message": "Your Tweet text is too long."}]}), ChannelRefused, "too_long"),
        (answer(400, {"errors": [{"message": "Your media IDs are invalid."}]}), ChannelRefused, "media_invalid"),
        (answer(404), ChannelRefused, "not_found"),
        (answer(403, {"detail": "Your Tweet text is too long."}), ChannelRefused, "too_long"),
        (answer(403, {"detail": "You can only reply to or quote posts where"}), ChannelRefused, "forbidden"),
        (answer(403, {"type": PROBLEMS + "client-forbidden"}), ChannelRefused, "client_forbidden"),
        (answer(403, {"detail": "User has been suspended: [someone]"}), ChannelRefused, "forbidden"),
        (answer(403, "<html>no</html>"), ChannelRefused, "forbidden"),
        (answer(403, {"detail": "with duplicate content."}), ChannelSilent, "duplicate"),
        (answer(403, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}), ChannelSilent, "duplicate"),
        (answer(403, {"errors": [{"code": 64, "message": SUSPENDED}]}), ChannelLocked, "suspended"),
        (answer(403, {"detail": SUSPENDED}), ChannelLocked, "suspended"),
        (answer(403, {"type": "https://api.x.com/2/problems/oauth1-permissions"}), ChannelLocked, "read_only"),
        (answer(403, {"detail": "Forbidden"}, {"x-access-level": "read"}), ChannelLocked, "read_only"),
        (answer(403, {"detail": "Forbidden"}, {"x-access-level": "read"}, "GET"), ChannelRefused, "forbidden"),
        (answer(401, {"title": "Unauthorized", "type": "about:blank"}), ChannelLocked, "expired_token"),
        (answer(402, {"type": PROBLEMS + "credits-depleted"}), ChannelLocked, "no_credits"),
        (answer(402, {"title": "CreditsDepleted", "account_id": 9}), ChannelLocked, "no_credits"),
        (answer(429, {"title": "Too Many Requests"}), ChannelBusy, "rate_limit"),
        (answer(429, {"type": PROBLEMS + "usage-capped"}), ChannelBusy, "usage_capped"),
        (answer(302), ChannelSilent, "redirected"),
        (answer(409), ChannelSilent, "bad_answer"),
        (answer(413), ChannelSilent, "bad_answer"),
        (answer(500), ChannelSilent, "server_error"),
        (answer(503, {"title": "Service Unavailable"}), ChannelSilent, "server_error"),
    ],
)
def test_each_refusal_has_its_class_and_its_code(response, kind, code):
    outcome = answered(response, AT)

    assert (type(outcome), outcome.code) == (kind, code)
    assert outcome.http_status == response.status_code
    assert outcome.detail == EXPLANATIONS[code]


@pytest.mark.parametrize(
    "body", ["[]", "null", '{"errors": null}', '{"errors": ["x", 3]}', '{"type": 3}', "{", "[" * 9999]
)
def test_an_odd_body_does_not_change_the_class(body):
    assert type(answered(answer(400, body), AT)) is ChannelRefused
    assert type(answered(answer(503, body), AT)) is ChannelSilent


def test_the_words_of_x_are_kept_apart_and_shortened():
    outcome = answered(answer(400, {"title": "Invalid Request", "detail": "y" * 600}), AT)

    assert outcome.raw == ("Invalid Request | " + "y" * 600)[:500]
    assert str(outcome) == "invalid_request (400)"


def test_a_refused_signature_names_the_clock_when_it_is_off():
    off = {"date": format_datetime(AT + dt.timedelta(minutes=6), usegmt=True)}
    fine = {"date": format_datetime(AT + dt.timedelta(minutes=1), usegmt=True)}

    assert answered(answer(401, headers=off), AT).code == "clock_wrong"
    assert answered(answer(401, headers=fine), AT).code == "expired_token"
    assert answered(answer(401, headers={"date": "gestern"}), AT).code == "expired_token"


def seconds_to(headers):
    return (wait_until(headers, AT) - AT).total_seconds()


def epoch(after_s):
    return str(int(AT.timestamp()) + after_s)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"x-rate-limit-reset": epoch(300)}, 300),
        ({"x-rate-limit-reset": epoch(300), "x-rate-limit-remaining": "0"}, 300),
        ({}, 900),
        ({"x-rate-limit-reset": epoch(-300)}, 900),
        ({"x-rate-limit-reset": "bald"}, 900),
        ({"x-rate-limit-reset": "9" * 40}, 25 * 3600),
        ({"x-rate-limit-reset": epoch(1)}, 5),
        ({"retry-after": "120"}, 120),
        ({"retry-after": "9" * 5000}, 86400),
        ({"retry-after": "Wed, 25 Nov 2026 08:05:00 GMT", "date": "Wed, 25 Nov 2026 08:00:00 GMT"}, 300),
        ({"retry-after": "120", "date": "Wed, 25 Nov 99999999999999 08:00:00 GMT"}, 120),
        ({"retry-after": "120", "date": "Fri, 31 Dec 9999 23:59:59 GMT"}, 120),
        ({"x-rate-limit-reset": "9" * 5000}, 90000),
        ({"x-rate-limit-reset": "²"}, 900),
        ({"x-rate-limit-reset": epoch(60), "x-user-limit-24hour-reset": epoch(7200)}, 7200),
        (
            {
                "x-rate-limit-reset": epoch(60),
                "x-rate-limit-remaining": "12",
                "x-user-limit-24hour-reset": epoch(7200),
                "x-user-limit-24hour-remaining": "0",
            },
            7200,
        ),
        (
            {
                "x-rate-limit-reset": epoch(60),
                "x-rate-limit-remaining": "0",
                "x-app-limit-24hour-reset": epoch(7200),
                "x-app-limit-24hour-remaining": "41",
            },
            60,
        ),
    ],
)
def test_the_wait_ends_with_the_exhausted_window(headers, wait_s):
    assert seconds_to(headers) == wait_s


def test_the_wait_is_measured_on_the_clock_that_named_its_end():
    there = AT + dt.timedelta(hours=2)
    headers = {"date": format_datetime(there, usegmt=True), "x-rate-limit-reset": epoch(7200 + 300)}

    assert seconds_to(headers) == 300
