"""Asks the web server here how it is: ``python -m jobcenter_social.probe [PORT]``, exit 0 when it is well."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def status(port: int, public_base_url: str) -> int:
    """The status of /healthz, asked as the proxy in front would ask; 0 when nobody answers."""
    public = urlsplit(public_base_url)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/healthz", headers={"Host": public.netloc, "X-Forwarded-Proto": public.scheme})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    answer = status(int((sys.argv[1:] or ["8000"])[0]), os.environ.get("PUBLIC_BASE_URL", "http://localhost"))
    sys.exit(0 if answer == 200 else 1)
