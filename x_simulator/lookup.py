"""GET /2/tweets, /2/tweets/{id} and /2/users/me."""

from typing import Any

from .bodies import checked_id
from .exchange import Answer, json_answer
from .fields import only, renamed, view_of
from .problems import gone, invalid, missing_entry
from .rendering import includes, post_json, posts_answer, user_json
from .simulation import Call, Simulation

MOST_IDS = 100


def many(sim: Simulation, call: Call) -> Answer:
    query = call.request.query
    only(query, "ids")
    ids = [checked_id(value, "ids") for value in query.get("ids", "").split(",")]
    if len(ids) > MOST_IDS:
        raise invalid(f"The number of values in the `ids` query parameter list [{len(ids)}] is not between 1 and 100")
    view = view_of(sim.store.settings, query)
    found = {post_id: sim.store.live(post_id) for post_id in ids}
    missing = [missing_entry(post_id) for post_id, post in found.items() if post is None]
    return posts_answer(sim, [post for post in found.values() if post], view, call.caller, errors=missing)


def one(sim: Simulation, call: Call) -> Answer:
    only(call.request.query)
    post_id = checked_id(call.args["id"], "id")
    view = view_of(sim.store.settings, call.request.query, id_parameter="id")
    post = sim.store.live(post_id)
    if post is None:
        raise gone(post_id)
    content: dict[str, Any] = {"data": post_json(sim, post, view, call.caller)}
    if included := includes(sim, [post], view, call.caller):
        content["includes"] = included
    if view.errors:
        content["errors"] = view.errors
    return json_answer(200, renamed(content, view.vocabulary))


def me(sim: Simulation, call: Call) -> Answer:
    only(call.request.query)
    view = view_of(sim.store.settings, call.request.query)
    return json_answer(200, renamed({"data": user_json(sim, sim.me, view)}, view.vocabulary))
