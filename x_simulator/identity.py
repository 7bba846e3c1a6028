"""Who is asking: OAuth 1.0a, an OAuth 2.0 user token, or the app's own bearer."""

import time

from .exchange import Request
from .oauth import verify
from .simulation import NOBODY, Caller, Simulation


def identify(sim: Simulation, request: Request, skew_s: float = 0.0) -> tuple[str, Caller]:
    """The verdict for the log, and the caller: NOBODY unless the verdict is ok.

    A timestamp may follow the machine's clock or the moved one, so that tests can use either."""
    header = request.headers.get("authorization", "")
    scheme = header.partition(" ")[0].lower()
    if not header:
        return "missing", NOBODY
    if scheme == "oauth":
        clocks = (time.time() + skew_s, sim.clock.now() + skew_s)
        verdict = verify(request, sim.keys, clocks, sim.nonces)
        return verdict, Caller("user", sim.keys.user_id, "oauth1") if verdict == "ok" else NOBODY
    if scheme == "bearer":
        return bearer(sim, header.partition(" ")[2].strip())
    return "unknown_scheme", NOBODY


def bearer(sim: Simulation, token: str) -> tuple[str, Caller]:
    if token == sim.keys.app_bearer:
        return "ok", Caller("app", "", "bearer")
    issued = sim.store.state.tokens.get(token)
    if not issued or issued["kind"] != "access":
        return "unknown_token", NOBODY
    if issued["expires_at"] <= sim.clock.now():
        return "expired_token", NOBODY
    return "ok", Caller("user", sim.keys.user_id, "oauth2")
