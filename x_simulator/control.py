"""The control API below /_sim/, for tests and demonstration data; it is not part of X."""

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from .clock import iso, moment_of
from .exchange import LOOPBACK_NAMES, Answer, Request, json_answer
from .faults import fault_from
from .filling import alter, curve_from, fill, mention, remove
from .model import FIGURES, VOCABULARIES, Post, Settings
from .shown import shown
from .simulation import Simulation

PREFIX = "/_sim/"


def is_control(request: Request) -> bool:
    return request.path.startswith(PREFIX)


def handle(sim: Simulation, request: Request) -> Answer:
    host = request.headers.get("host", "").lower()
    if host.removesuffix(":" + host.rpartition(":")[2]) not in LOOPBACK_NAMES or "origin" in request.headers:
        return json_answer(403, {"error": "the control API answers programs on this machine, not browsers"})
    command = COMMANDS.get((request.method, request.path.removeprefix(PREFIX)))
    if command is None:
        known = [f"{method} {PREFIX}{name}" for method, name in COMMANDS]
        return json_answer(404, {"error": "unknown command", "known": known})
    try:
        body = json.loads(request.body) if request.body else {}
        if not isinstance(body, dict) and command is not add_faults:
            raise ValueError("the body is a JSON object")
        with sim.lock:
            return json_answer(200, command(sim, request, body))
    except KeyError as error:
        return json_answer(400, {"error": f"missing or unknown: {error}"})
    except (ValueError, TypeError, AttributeError) as error:
        return json_answer(400, {"error": str(error)})


def add_faults(sim: Simulation, request: Request, body: Any) -> Any:
    orders = body if isinstance(body, list) else body.get("faults", [body] if "kind" in body else [])
    faults = [fault_from(order) for order in orders]
    if isinstance(body, dict) and body.get("replace"):
        sim.faults.clear()
    if isinstance(body, dict) and "seed" in body:
        sim.faults.seed(int(body["seed"]))
    sim.faults.add(faults)
    return list_faults(sim, request, body)


def list_faults(sim: Simulation, request: Request, body: Any) -> Any:
    return {"faults": [fault.as_json() for fault in sim.faults.listed]}


def clear_faults(sim: Simulation, request: Request, body: Any) -> Any:
    sim.faults.clear()
    return list_faults(sim, request, body)


def move_clock(sim: Simulation, request: Request, body: Any) -> Any:
    if ("advance_s" in body) == ("at" in body):
        raise ValueError("the clock takes either advance_s or at")
    if "advance_s" in body:
        sim.clock.advance(float(body["advance_s"]))
    else:
        sim.clock.set_to(moment_of(body["at"]))
    sim.store.changed()
    return clock_json(sim)


def clock_json(sim: Simulation) -> dict[str, Any]:
    now = sim.clock.now()
    return {"now": iso(now), "now_s": now, "offset_s": sim.clock.offset_s}


def set_metrics(sim: Simulation, request: Request, body: Any) -> Any:
    """{id, plateau{figure: number}} and / or {followers: {start_at, start, end, end_at}}."""
    if "id" in body:
        post = sim.store.posts[str(body["id"])]
        post.plateau.update(plateau_from(body["plateau"]))
    if "followers" in body:
        sim.store.state.followers = curve_from(sim, body["followers"])
    sim.store.changed()
    return {"ok": True}


def plateau_from(content: dict[str, Any]) -> dict[str, float]:
    if unknown := sorted(set(content) - set(FIGURES)):
        raise ValueError(f"unknown figures {unknown}; known are {list(FIGURES)}")
    return {name: float(value) for name, value in content.items()}


def change_settings(sim: Simulation, request: Request, body: Any) -> Any:
    known = {field.name: type(getattr(Settings(), field.name)) for field in fields(Settings)}
    for name, value in body.items():
        if name not in known:
            raise ValueError(f"unknown setting {name!r}; known are {sorted(known)}")
        wanted = (int, float) if known[name] is float else known[name]
        if not isinstance(value, wanted):
            raise ValueError(f"{name} takes {known[name].__name__}")
        if name == "vocabulary" and value not in VOCABULARIES:
            raise ValueError(f"vocabulary is one of {VOCABULARIES}")
    for name, value in body.items():
        setattr(sim.store.settings, name, value)
    sim.store.changed()
    return asdict(sim.store.settings)


def reset(sim: Simulation, request: Request, body: Any) -> Any:
    sim.reset()
    return clock_json(sim)


def log(sim: Simulation, request: Request, body: Any) -> Any:
    return sim.log.as_json(after=int(request.query.get("after", "0")))


def posts(sim: Simulation, request: Request, body: Any) -> Any:
    """Every post, deleted ones too, oldest first."""
    return {"posts": [post_json(sim, post) for post in sorted(sim.store.posts.values(), key=lambda post: post.number)]}


def post_json(sim: Simulation, post: Post) -> dict[str, Any]:
    media = [sim.store.state.media[media_id] for media_id in post.media_ids]
    return {
        **asdict(post),
        "created_at": iso(post.created_at),
        "deleted": post.deleted_at is not None,
        "deleted_at": iso(post.deleted_at) if post.deleted_at is not None else None,
        "shown_text": shown(sim.store, post).text,
        "media": [
            {"id": one.id, "alt_text": one.alt_text, "sha256": one.sha256, "captions": one.captions} for one in media
        ],
    }


def state(sim: Simulation, request: Request, body: Any) -> Any:
    store = sim.store
    return {
        **clock_json(sim),
        "account": asdict(sim.me),
        "settings": asdict(store.settings),
        "followers": asdict(store.state.followers),
        "posts": len(store.posts),
        "live_posts": sum(1 for _ in store.all_live()),
        "media": [asdict(media) for media in store.state.media.values()],
        "limits": sim.limits.as_json(),
        "requests": sim.log.total,
    }


COMMANDS: dict[tuple[str, str], Callable[[Simulation, Request, Any], Any]] = {
    ("POST", "faults"): add_faults,
    ("GET", "faults"): list_faults,
    ("DELETE", "faults"): clear_faults,
    ("POST", "clock"): move_clock,
    ("POST", "metrics"): set_metrics,
    ("POST", "settings"): change_settings,
    ("POST", "mention"): lambda sim, request, body: mention(sim, body),
    ("POST", "fill"): lambda sim, request, body: fill(sim, body),
    ("POST", "alter"): lambda sim, request, body: alter(sim, body),
    ("POST", "remove"): lambda sim, request, body: remove(sim, body),
    ("POST", "reset"): reset,
    ("GET", "log"): log,
    ("GET", "posts"): posts,
    ("GET", "state"): state,
}
