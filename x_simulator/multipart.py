"""multipart/form-data as HTTP clients send it."""

import re

from .exchange import Request
from .problems import invalid

BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
NAME = re.compile(rb'(?:^|[;\s])name="([^"]*)"', re.IGNORECASE)


def fields_of(request: Request) -> dict[str, bytes]:
    """Each part's content by its name; the last one wins."""
    match = BOUNDARY.search(request.headers.get("content-type", ""))
    if not match:
        raise invalid("The multipart body names no boundary")
    delimiter = b"--" + match.group(1).encode()
    found: dict[str, bytes] = {}
    for part in (b"\r\n" + request.body).split(b"\r\n" + delimiter)[1:]:
        if part.startswith(b"--"):
            return found
        head, separator, content = part.partition(b"\r\n\r\n")
        name = NAME.search(head)
        if not separator or not name:
            raise invalid("The multipart body has a part without a name")
        found[name.group(1).decode("utf-8", "replace")] = content
    raise invalid("The multipart body is cut off")
