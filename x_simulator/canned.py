"""The answers that faults give instead of the service."""

import json
from collections.abc import Callable
from typing import Any

from .exchange import JSON_TYPE, Answer, json_answer
from .problems import DUPLICATE, INVALID_MEDIA, PROBLEMS, SUSPENDED, problem, too_many_requests, unauthorized

Args = dict[str, Any]
READ_ONLY = (
    "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint. (simulated)"
)
RESETS: dict[str, Callable[[float, float], str]] = {
    "reset": lambda now, wait_s: str(int(now + wait_s)),
    "past_reset": lambda now, wait_s: str(int(now - wait_s)),
    "text_reset": lambda now, wait_s: "soon",
}


def status(args: Args, now: float) -> Answer:
    """args: status (500), body (an object, a text, or none: X's usual problem), headers."""
    code = int(args.get("status", 500))
    headers = {str(name).lower(): str(value) for name, value in (args.get("headers") or {}).items()}
    if "body" not in args:
        answer = problem(code)
    elif isinstance(args["body"], str):
        answer = Answer(code, args["body"].encode(), {"content-type": "text/plain; charset=utf-8"})
    else:
        answer = json_answer(code, args["body"])
    answer.headers.update(headers)
    return answer


def rate_limit(args: Args, now: float) -> Answer:
    """args: variant reset|no_reset|past_reset|text_reset|24h, reset_in_s (900), body problem|code_88|usage_capped."""
    variant, wait_s = args.get("variant", "reset"), float(args.get("reset_in_s", 900))
    body = args.get("body", "problem")
    answer = too_many_requests()
    if body == "code_88":
        answer = json_answer(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]})
    elif body == "usage_capped":
        answer = problem(429, "Usage cap exceeded", title="UsageCapExceeded", kind=PROBLEMS + "usage-capped")
    answer.headers.update({"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0"})
    if variant in RESETS:
        answer.headers["x-rate-limit-reset"] = RESETS[variant](now, wait_s)
    elif variant == "no_reset":
        for name in ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"):
            answer.headers[name] = ""
    else:
        answer.headers.update(
            {
                "x-rate-limit-remaining": "57",
                "x-rate-limit-reset": RESETS["reset"](now, 600),
                "x-user-limit-24hour-limit": "100",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": RESETS["reset"](now, wait_s),
            }
        )
    return answer


def no_credits(args: Args, now: float) -> Answer:
    """args: body new|old."""
    if args.get("body") == "old":
        detail = "Your enrolled account [42] does not have any credits to fulfill this request."
        content = {"account_id": 42, "title": "CreditsDepleted", "detail": detail, "type": PROBLEMS + "credits"}
        return json_answer(402, content)
    return problem(402, "credits depleted", kind="https://api.x.com/2/problems/credits-depleted")


def html_502(args: Args, now: float) -> Answer:
    page = "<!DOCTYPE html><html><head><title>502: Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"
    return Answer(502, page.encode(), {"content-type": "text/html; charset=UTF-8", "server": "cloudflare"})


def redirect(args: Args, now: float) -> Answer:
    """args: location, status (302)."""
    location = str(args.get("location", "https://elsewhere.invalid/2/tweets"))
    return Answer(int(args.get("status", 302)), b"", {"location": location})


def errors_only(args: Args, now: float) -> Answer:
    entry = {"title": "Internal Error", "detail": "Nothing but an error (simulated)", "type": "about:blank"}
    return json_answer(200, {"errors": [entry]})


def raw_json(content: Any) -> Callable[[Args, float], Answer]:
    """A body that error classes of clients do not expect. args: status (500)."""
    return lambda args, now: Answer(
        int(args.get("status", 500)), json.dumps(content).encode(), {"content-type": JSON_TYPE}
    )


def invalid_media(args: Args, now: float) -> Answer:
    return problem(400, INVALID_MEDIA, errors=[{"message": INVALID_MEDIA}])


CANNED_ANSWERS: dict[str, Callable[[Args, float], Answer]] = {
    "status": status,
    "errors_only": errors_only,
    "rate_limit": rate_limit,
    "duplicate": lambda args, now: problem(403, DUPLICATE),
    "expired_token": lambda args, now: unauthorized(),
    "suspended": lambda args, now: problem(403, SUSPENDED, errors=[{"code": 64, "message": SUSPENDED}]),
    "read_only_token": lambda args, now: read_only_token(),
    "no_credits": no_credits,
    "html_502": html_502,
    "redirect": redirect,
    "json_list": raw_json([]),
    "json_null": raw_json(None),
    "errors_null": raw_json({"errors": None, "title": "Error", "detail": "Error"}),
    "media_id_invalid": invalid_media,
    "append_5xx_once": lambda args, now: problem(int(args.get("status", 503))),
}


def read_only_token() -> Answer:
    answer = problem(403, READ_ONLY, kind=PROBLEMS + "oauth1-permissions")
    answer.headers["x-access-level"] = "read"
    return answer
