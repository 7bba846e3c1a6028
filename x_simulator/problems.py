"""The error bodies of X, as they were seen in the wild."""

from typing import Any

from .exchange import Answer, Refused, json_answer

PROBLEMS = "https://api.twitter.com/2/problems/"
INVALID_DETAIL = "One or more parameters to your request was invalid."
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
REPLY_RULE = "You can only reply to or quote posts where you are mentioned or are the author."
INVALID_MEDIA = "Your media IDs are invalid."
SUSPENDED = "Your account is suspended and is not permitted to access this feature."
TITLES = {
    400: "Invalid Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found Error",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def problem(status: int, detail: str = "", *, title: str = "", kind: str = "about:blank", **more: Any) -> Answer:
    title = title or TITLES.get(status, "Error")
    content = {"title": title, "detail": detail or title, "type": kind, "status": status, **more}
    return json_answer(status, content)


def refused(status: int, detail: str = "", **more: Any) -> Refused:
    return Refused(problem(status, detail, **more))


def invalid(message: str, parameters: dict[str, Any] | None = None) -> Refused:
    """400 in the form that names each wrong parameter."""
    entry: dict[str, Any] = {"message": message}
    if parameters is not None:
        entry["parameters"] = {name: [str(value)] for name, value in parameters.items()}
    content = {
        "errors": [entry],
        "title": "Invalid Request",
        "detail": INVALID_DETAIL,
        "type": PROBLEMS + "invalid-request",
    }
    return Refused(json_answer(400, content))


def unauthorized() -> Answer:
    return problem(401, "Unauthorized")


def too_many_requests() -> Answer:
    return problem(429, "Too Many Requests")


def missing_entry(post_id: str, parameter: str = "ids") -> dict[str, str]:
    """The entry of errors[] for a post that is gone or never was."""
    return {
        "value": post_id,
        "detail": f"Could not find tweet with {parameter}: [{post_id}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": post_id,
        "type": PROBLEMS + "resource-not-found",
    }


def forbidden_field_entry(post_id: str, field: str, parameter: str) -> dict[str, str]:
    return {
        "resource_id": post_id,
        "parameter": parameter,
        "resource_type": "tweet",
        "section": "data",
        "title": "Field Authorization Error",
        "field": field,
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with {parameter} : [{post_id}].",
        "type": PROBLEMS + "not-authorized-for-field",
    }


def gone(post_id: str) -> Refused:
    entry = missing_entry(post_id, "id")
    return Refused(json_answer(404, {"errors": [entry], **{k: entry[k] for k in ("title", "detail", "type")}}))
