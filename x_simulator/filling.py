"""What does not come through the API: history for demonstrations, posts of other people, changes by hand in the app."""

from dataclasses import replace
from typing import Any

from .bodies import ID
from .clock import EARLIEST, LATEST, moment_of
from .model import FIGURES, FollowersCurve, Media, Post, User
from .simulation import Simulation
from .store import id_for, moment_in

KNOWN = {"id", "text", "created_at", "kind", "retweet_of", "media", "plateau"}
KINDS = ("post", "retweet")
TOLERANCE_S = 1.0


def fill(sim: Simulation, body: dict[str, Any]) -> dict[str, Any]:
    """Adds posts of the account; a post whose id is known already stays as it is. All or nothing."""
    if unknown := sorted(set(body) - {"posts", "followers"}):
        raise ValueError(f"unknown fields {unknown}; known are posts and followers")
    curve = curve_from(sim, body["followers"]) if "followers" in body else None
    orders = [checked(order) for order in body.get("posts", [])]
    ids, added = [], 0
    for order in orders:
        post_id = order.get("id") or free_id(sim, order)
        ids.append(post_id)
        if post_id not in sim.store.posts:
            add(sim, post_id, order)
            added += 1
    if curve:
        sim.store.state.followers = curve
    sim.store.changed()
    return {"added": added, "ids": ids}


def checked(order: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(order) - KNOWN):
        raise ValueError(f"unknown fields {unknown}; known are {sorted(KNOWN)}")
    moment = checked_moment(order["created_at"])
    post_id = order.get("id")
    if post_id is not None:
        if not isinstance(post_id, str) or not ID.fullmatch(post_id):
            raise ValueError(f"id {post_id!r} is no string of 1 to 19 digits")
        if abs(moment_in(int(post_id)) - moment) > TOLERANCE_S:
            raise ValueError(f"id {post_id} does not encode created_at; see README.md, Ids")
    if order.get("kind", "post") not in KINDS:
        raise ValueError(f"kind is one of {KINDS}")
    if order.get("kind") == "retweet" and not ID.fullmatch(str(order.get("retweet_of", ""))):
        raise ValueError("a retweet needs retweet_of, the id of the original")
    if not all(isinstance(entry, dict) for entry in order.get("media") or []):
        raise ValueError("media is a list of objects with alt_text")
    plateau = order.get("plateau") or {}
    if unknown := sorted(set(plateau) - set(FIGURES)):
        raise ValueError(f"unknown figures {unknown}; known are {list(FIGURES)}")
    return {**order, "moment": moment, "plateau": {name: float(value) for name, value in plateau.items()}}


def checked_moment(value: object) -> float:
    moment = moment_of(value)
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("created_at lies between 2011 and 2099")
    return moment


def free_id(sim: Simulation, order: dict[str, Any]) -> str:
    """The same order gets the same id when it is filled in again."""
    sequence = 0
    while True:
        post_id = str(id_for(order["moment"], sequence))
        known = sim.store.posts.get(post_id)
        if known is None or known.text == order.get("text", ""):
            return post_id
        sequence += 1


def add(sim: Simulation, post_id: str, order: dict[str, Any]) -> None:
    moment = order["moment"]
    kind = order.get("kind", "post")
    original = str(order.get("retweet_of", "")) if kind == "retweet" else ""
    if original and original not in sim.store.posts:
        text = str(order.get("text") or f"A post of somebody else with the id {original} (simulated)")
        sim.store.add(Post(original, "7", text, min(moment_in(int(original)), moment), source="elsewhere"))
    post = Post(post_id, sim.me.id, "" if original else str(order.get("text", "")), moment, source="fill")
    post.kind, post.retweet_of, post.plateau = kind, original, order["plateau"]
    post.media_ids = [add_media(sim, post, place, entry) for place, entry in enumerate(order.get("media") or [], 1)]
    sim.store.add(post)


def add_media(sim: Simulation, post: Post, place: int, entry: dict[str, Any]) -> str:
    media_id = str(post.number + (place << 12))
    media = Media(media_id, sim.me.id, "image/jpeg", "tweet_image", 1, post.created_at, LATEST)
    media.state, media.finalized_at, media.alt_text = "finalized", post.created_at, str(entry.get("alt_text", ""))
    sim.store.state.media[media_id] = media
    return media_id


def curve_from(sim: Simulation, content: dict[str, Any]) -> FollowersCurve:
    """{start_at, start, end, end_at}; end_at is now unless given."""
    end_at = moment_of(content["end_at"]) if "end_at" in content else sim.clock.now()
    curve = FollowersCurve(moment_of(content["start_at"]), float(content["start"]), end_at, float(content["end"]))
    if curve.end_at <= curve.start_at:
        raise ValueError("followers end_at must be later than start_at")
    return curve


def mention(sim: Simulation, body: dict[str, Any]) -> dict[str, Any]:
    """{text, user_id, username, name, created_at, reply_to}: a post of somebody else; all but text may be left out."""
    username = str(body.get("username", "mitlesende_person"))
    user_id = str(body.get("user_id", "1001"))
    sim.store.state.users[user_id] = User(user_id, username, str(body.get("name", "Mitlesende Person (simuliert)")))
    moment = checked_moment(body["created_at"]) if "created_at" in body else sim.clock.now()
    post_id = sim.store.new_id(moment)
    post = Post(post_id, user_id, str(body["text"]), moment_in(int(post_id)), source="mention")
    post.reply_to = str(body.get("reply_to", ""))
    sim.store.add(post)
    return {"id": post.id, "user_id": user_id}


def alter(sim: Simulation, body: dict[str, Any]) -> dict[str, Any]:
    """{id, text}: edits a post as a person does on X: a new version with an id of its own takes its place."""
    old = sim.store.posts[str(body["id"])]
    if old.replaced_by or old.deleted_at is not None:
        raise ValueError("only the last version of a post that is online can be edited")
    new_id = sim.store.new_id()
    new = replace(old, id=new_id, text=str(body["text"]), created_at=moment_in(int(new_id)), source="by_hand")
    new.earlier, new.plateau, new.visible_at = [*old.earlier, old.id], dict(old.plateau), 0.0
    old.replaced_by = sim.store.add(new).id
    return {"id": new.id}


def remove(sim: Simulation, body: dict[str, Any]) -> dict[str, Any]:
    """{id}: deletes a post as a person does on X."""
    sim.store.delete(sim.store.posts[str(body["id"])])
    return {"ok": True}
