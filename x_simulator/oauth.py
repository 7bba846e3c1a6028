"""The simulator's own check of an OAuth 1.0a signature (RFC 5849), independent of the libraries that sign."""

import base64
import hashlib
import hmac
import re
import time
from urllib.parse import quote, unquote

from .exchange import Request
from .keys import Keys

MAX_AGE_S = 300
NONCE_MEMORY_S = 900
HEADER_PAIR = re.compile(r'\s*([A-Za-z_]+)="([^"]*)"\s*(?:,|$)')


class Nonces:
    """Remembers each (nonce, timestamp) long enough that a replay is either known or too old. Not thread safe."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], float] = {}

    def use(self, nonce: str, timestamp: str) -> bool:
        now = time.monotonic()
        if len(self._seen) > 1000:
            self._seen = {pair: at for pair, at in self._seen.items() if now - at < NONCE_MEMORY_S}
        if (nonce, timestamp) in self._seen:
            return False
        self._seen[nonce, timestamp] = now
        return True


def verify(request: Request, keys: Keys, clocks: tuple[float, ...], nonces: Nonces) -> str:
    """ "ok" or the reason of the refusal. The timestamp must be near one of the given clocks (seconds since 1970)."""
    params = header_params(request.headers.get("authorization", ""))
    if params.get("oauth_consumer_key") != keys.consumer_key:
        return "unknown_consumer_key"
    if params.get("oauth_token") != keys.access_token:
        return "unknown_token"
    if params.get("oauth_signature_method") != "HMAC-SHA1" or params.get("oauth_version", "1.0") != "1.0":
        return "unsupported_method"
    if not params.get("oauth_nonce"):
        return "missing_nonce"
    timestamp = params.get("oauth_timestamp", "")
    if not timestamp.isdecimal() or all(abs(int(timestamp) - clock) > MAX_AGE_S for clock in clocks):
        return "stale_timestamp"
    expected = signature(request, params, keys)
    if not hmac.compare_digest(expected.encode(), params.get("oauth_signature", "").encode()):
        return "wrong_signature"
    return "ok" if nonces.use(params["oauth_nonce"], timestamp) else "replayed_nonce"


def header_params(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "oauth":
        return {}
    return {name: unquote(value) for name, value in HEADER_PAIR.findall(rest)}


def signature(request: Request, params: dict[str, str], keys: Keys) -> str:
    signed = [(name, value) for name, value in params.items() if name not in ("realm", "oauth_signature")]
    pairs = sorted(
        (escape(name), escape(value)) for name, value in [*signed, *request.query_pairs, *request.form_pairs]
    )
    listed = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join(map(escape, (request.method.upper(), base_url(request), listed)))
    key = f"{escape(keys.consumer_secret)}&{escape(keys.access_token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def base_url(request: Request) -> str:
    host = request.headers.get("host", "").lower()
    return f"http://{host.removesuffix(':80')}{request.raw_path}"


def escape(text: str) -> str:
    return quote(text, safe="-._~")
