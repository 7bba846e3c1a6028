"""JSON bodies of requests, checked as strictly as X checks them."""

import json
import re
from typing import Any

from .exchange import Request
from .problems import invalid

ID = re.compile(r"[0-9]{1,19}", re.ASCII)


def json_object(request: Request, known: set[str]) -> dict[str, Any]:
    try:
        body = json.loads(request.body.decode())
    except ValueError:
        raise invalid("The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object")
    if unknown := sorted(set(body) - known):
        raise invalid(f"[$.{unknown[0]}: is not defined in the schema, which allows no additional properties]")
    return body


def checked_id(value: object, name: str) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise invalid(f"The `{name}` [{value}] is not valid: it must be a string of 1 to 19 digits", {name: value})
    return value
