"""The way of one request through the service: faults, authentication, limits, endpoint."""

import secrets
import traceback
from dataclasses import dataclass, field

from . import limits, routes
from .canned import CANNED_ANSWERS
from .exchange import JSON_TYPE, Answer, Refused, Request, json_answer
from .faults import CANNED, Drawn
from .identity import identify
from .log import Entry
from .problems import PROBLEMS, problem, too_many_requests, unauthorized
from .routes import Route
from .simulation import NOBODY, Call, Caller, Simulation

APP_ON_USER_CALL = "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint."


@dataclass
class Reply:
    """What the server is to do: send the answer, disturbed in the way that the fault says."""

    answer: Answer
    entry: Entry
    drawn: Drawn = field(default_factory=Drawn)


def handle(sim: Simulation, request: Request) -> Reply:
    with sim.lock:
        entry = sim.log.open(request, sim.clock.now())
        drawn = sim.faults.draw(request.method, request.path)
        entry.faults = drawn.kinds
    if "delay" in drawn.modifiers:
        sim.stopping.wait(drawn.seconds("delay"))
    with sim.lock:
        try:
            answer = answer_for(sim, request, drawn, entry)
        except Exception as error:
            traceback.print_exc()
            return Reply(broken(error), entry)
    return Reply(answer, entry, drawn)


def answer_for(sim: Simulation, request: Request, drawn: Drawn, entry: Entry) -> Answer:
    found = routes.find(request.method, request.path)
    entry.auth, caller = identify(sim, request, drawn.seconds("clock_skew"))
    entry.scheme = caller.scheme if caller else ""
    entry.route = found[0].name if found else ""
    answer = canned_or_none(sim, drawn)
    if answer is None or (drawn.main and drawn.main.args.get("accept")):
        own = carried_out(sim, found[0], Call(request, caller, found[1], drawn), entry) if found else Answer(404)
        answer = answer or distorted(own, drawn)
    answer.headers = {**standard_headers(sim, found[0] if found else None, caller), **answer.headers}
    return answer


def canned_or_none(sim: Simulation, drawn: Drawn) -> Answer | None:
    if drawn.main and drawn.main.kind == "reset_before":
        return Answer(503)
    if drawn.main and drawn.main.kind in CANNED:
        return CANNED_ANSWERS[drawn.main.kind](drawn.main.args, sim.clock.now())
    return None


def carried_out(sim: Simulation, route: Route, call: Call, entry: Entry) -> Answer:
    if route.callers and call.caller is NOBODY:
        return unauthorized()
    if route.callers and call.caller.kind not in route.callers:
        kind = PROBLEMS + "unsupported-authentication"
        return problem(403, APP_ON_USER_CALL, title="Unsupported Authentication", kind=kind)
    if not counted(sim, route, call.caller):
        return too_many_requests()
    entry.carried_out = True
    try:
        return route.endpoint(sim, call)
    except Refused as refusal:
        return refusal.answer
    finally:
        entry.post_id = call.post_id


def distorted(answer: Answer, drawn: Drawn) -> Answer:
    """What the client gets instead of the true answer to a request that was carried out."""
    kind = drawn.main.kind if drawn.main else ""
    if kind == "accept_then_5xx" and drawn.main:
        return CANNED_ANSWERS["status"]({"status": 503, **drawn.main.args}, 0.0)
    if kind == "accept_then_garbage":
        answer.body = answer.body[: max(1, len(answer.body) // 2)]
    elif kind == "accept_empty":
        answer.body = b"{}"
    return answer


def limit_of(sim: Simulation, route: str, usual: int) -> int:
    settings = sim.store.settings
    return int(settings.limits.get(route, usual * settings.limit_factor))


def counted(sim: Simulation, route: Route, caller: Caller) -> bool:
    """False when a limit is used up."""
    now = sim.clock.now()
    usual = limits.LIMITS.get(route.name, limits.DEFAULT_LIMIT)
    if not sim.limits.take(route.name, caller.holder, now, limit_of(sim, route.name, usual)):
        return False
    if route.name != limits.DAILY_ROUTE:
        return True
    daily = limit_of(sim, limits.DAILY, limits.DAILY_LIMIT)
    return sim.limits.take(route.name, "app", now, daily, limits.DAY_S)


def standard_headers(sim: Simulation, route: Route | None, caller: Caller) -> dict[str, str]:
    now, name = sim.clock.now(), route.name if route else ""
    limit = limit_of(sim, name, limits.LIMITS.get(name, limits.DEFAULT_LIMIT))
    headers = {"content-type": JSON_TYPE, "x-transaction-id": secrets.token_hex(8), "x-access-level": "read-write"}
    headers |= sim.limits.headers(name, caller.holder, now, limit)
    if name == limits.DAILY_ROUTE and sim.store.settings.daily_headers:
        daily = limit_of(sim, limits.DAILY, limits.DAILY_LIMIT)
        headers |= sim.limits.headers(name, "app", now, daily, limits.DAY_S)
    return headers


def broken(error: Exception) -> Answer:
    detail = f"{type(error).__name__}: {error}"
    return json_answer(500, {"title": "The simulator itself failed", "detail": detail, "status": 500})
