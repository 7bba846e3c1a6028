"""POST /2/oauth2/token: refresh of an OAuth 2.0 user token; each refresh token works once."""

import base64
import binascii
import secrets

from .exchange import Answer, Request, json_answer
from .simulation import Call, Simulation

ACCESS_S = 7200
SCOPE = "tweet.read tweet.write users.read media.write offline.access"


def refresh(sim: Simulation, call: Call) -> Answer:
    form = dict(call.request.form_pairs)
    if form.get("grant_type") != "refresh_token":
        return refusal("unsupported_grant_type", "Only refresh_token is simulated.")
    if (form.get("client_id") or basic_user(call.request)) != sim.keys.client_id:
        return refusal("invalid_client", "The client is not known.")
    token = form.get("refresh_token", "")
    known = sim.store.state.tokens
    known.setdefault(sim.keys.refresh_token, {"kind": "refresh", "used": False})
    if known.get(token, {}).get("kind") != "refresh" or known[token]["used"]:
        return refusal("invalid_request", "Value passed for the token was invalid.")
    known[token]["used"] = True
    access, following = (f"simulator-{name}-{secrets.token_hex(8)}" for name in ("access", "refresh"))
    known[access] = {"kind": "access", "expires_at": sim.clock.now() + ACCESS_S}
    known[following] = {"kind": "refresh", "used": False}
    sim.store.changed()
    content = {"token_type": "bearer", "expires_in": ACCESS_S, "access_token": access, "refresh_token": following}
    return json_answer(200, {**content, "scope": SCOPE})


def basic_user(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value).decode().partition(":")[0]
    except (ValueError, binascii.Error):
        return ""


def refusal(code: str, description: str) -> Answer:
    return json_answer(400, {"error": code, "error_description": description})
