"""Posts, users and media as JSON, with exactly the fields that were asked for."""

from collections.abc import Callable
from typing import Any

from .clock import iso
from .exchange import Answer, json_answer
from .fields import PRIVATE_METRICS, View, renamed
from .figures import followers_now, private_metrics, public_metrics
from .model import Media, Post, User
from .problems import forbidden_field_entry
from .shown import in_full, shown
from .simulation import Caller, Simulation

PRIVATE_FOR_S = 30 * 86400


def post_json(sim: Simulation, post: Post, view: View, caller: Caller) -> dict[str, Any]:
    text = shown(sim.store, post)
    result: dict[str, Any] = {"id": post.id, "text": text.text, "edit_history_tweet_ids": edit_history(sim, post)}
    wanted = {name: make for name, make in SIMPLE.items() if name in view.post_fields}
    result.update({name: make(sim, post) for name, make in wanted.items()})
    if "entities" in view.post_fields and text.entities:
        result["entities"] = text.entities
    if attachments := attachments_of(sim, post, view):
        result["attachments"] = attachments
    if view.wants_references and (referenced := references_of(post)):
        result["referenced_tweets"] = referenced
    if "author_id" in view.expansions:
        result["author_id"] = post.author_id
    if "note_tweet" in view.post_fields and (full := in_full(sim.store, post)):
        result["note_tweet"] = {"text": full.text, "entities": full.entities}
    add_private_metrics(sim, post, view, caller, result)
    return result


def edit_history(sim: Simulation, post: Post) -> list[str]:
    return [""] if sim.store.settings.edit_history_blank else sim.store.versions(post)


SIMPLE: dict[str, Callable[[Simulation, Post], Any]] = {
    "author_id": lambda sim, post: post.author_id,
    "created_at": lambda sim, post: iso(post.created_at),
    "conversation_id": lambda sim, post: post.reply_to or post.id,
    "public_metrics": lambda sim, post: public_metrics(sim, post),
    "lang": lambda sim, post: "de",
    "reply_settings": lambda sim, post: post.reply_settings,
    "possibly_sensitive": lambda sim, post: False,
}


def attachments_of(sim: Simulation, post: Post, view: View) -> dict[str, list[str]]:
    if "attachments" not in view.post_fields and not any("attachments" in name for name in view.expansions):
        return {}
    found = {}
    if post.media_ids:
        found["media_keys"] = [sim.store.state.media[media_id].key for media_id in post.media_ids]
    if post.poll:
        found["poll_ids"] = [str(post.number + 1)]
    return found


def references_of(post: Post) -> list[dict[str, str]]:
    pairs = (("retweeted", post.retweet_of), ("replied_to", post.reply_to), ("quoted", post.quote_of))
    return [{"type": kind, "id": other} for kind, other in pairs if other]


def add_private_metrics(sim: Simulation, post: Post, view: View, caller: Caller, result: dict[str, Any]) -> None:
    for name in PRIVATE_METRICS:
        if name not in view.post_fields:
            continue
        mine = caller.user_id == post.author_id and post.kind == "post"
        young = sim.clock.now() - post.created_at < PRIVATE_FOR_S
        if mine and young and name != "promoted_metrics":
            result[name] = private_metrics(sim, post, name)
        else:
            view.errors.append(forbidden_field_entry(post.id, name, view.id_parameter))


def user_json(sim: Simulation, user: User, view: View) -> dict[str, Any]:
    result: dict[str, Any] = {"id": user.id, "name": user.name, "username": user.username}
    is_me = user.id == sim.me.id
    own = [post for post in sim.store.all_live() if post.author_id == user.id]
    if "public_metrics" in view.user_fields:
        result["public_metrics"] = {
            "followers_count": followers_now(sim) if is_me else 10,
            "following_count": 180 if is_me else 10,
            "tweet_count": len(own),
            "listed_count": 12 if is_me else 0,
            "like_count": 0,
            "media_count": sum(1 for post in own if post.media_ids),
        }
    if "created_at" in view.user_fields:
        result["created_at"] = "2021-09-01T08:00:00.000Z"
    if "description" in view.user_fields:
        result["description"] = "Ein simuliertes Konto."
    if "verified" in view.user_fields:
        result["verified"] = False
    if "protected" in view.user_fields:
        result["protected"] = False
    if "most_recent_tweet_id" in view.user_fields and own:
        result["most_recent_tweet_id"] = str(max(post.number for post in own))
    return result


def media_json(sim: Simulation, media: Media, view: View) -> dict[str, Any]:
    result: dict[str, Any] = {"media_key": media.key, "type": media.type}
    if "url" in view.media_fields and media.type == "photo":
        result["url"] = f"https://pictures.invalid/{media.id}.jpg"
    if "alt_text" in view.media_fields and media.alt_text:
        result["alt_text"] = media.alt_text
    if "width" in view.media_fields:
        result["width"] = 1200
    if "height" in view.media_fields:
        result["height"] = 675
    return result


def includes(sim: Simulation, posts: list[Post], view: View, caller: Caller) -> dict[str, Any]:
    store, result = sim.store, {}
    referenced = referenced_posts(sim, posts) if view.expands_references else []
    if referenced:
        result["tweets"] = [post_json(sim, post, view, caller) for post in referenced]
    authors = posts if "author_id" in view.expansions else []
    if "referenced_tweets.id.author_id" in view.expansions:
        authors = [*authors, *referenced]
    if user_ids := dict.fromkeys(post.author_id for post in authors):
        result["users"] = [user_json(sim, store.user(user_id), view) for user_id in user_ids]
    pictured = posts if "attachments.media_keys" in view.expansions else []
    if "referenced_tweets.id.attachments.media_keys" in view.expansions:
        pictured = [*pictured, *referenced]
    if media_ids := dict.fromkeys(media_id for post in pictured for media_id in post.media_ids):
        result["media"] = [media_json(sim, store.state.media[media_id], view) for media_id in media_ids]
    if "attachments.poll_ids" in view.expansions and (polled := [post for post in posts if post.poll]):
        result["polls"] = [poll_json(post) for post in polled]
    return result


def referenced_posts(sim: Simulation, posts: list[Post]) -> list[Post]:
    ids = dict.fromkeys(reference["id"] for post in posts for reference in references_of(post))
    return [post for post_id in ids if (post := sim.store.live(post_id))]


def poll_json(post: Post) -> dict[str, Any]:
    options = (post.poll or {}).get("options", [])
    listed = [{"position": place, "label": label, "votes": 0} for place, label in enumerate(options, 1)]
    return {"id": str(post.number + 1), "options": listed}


def posts_answer(
    sim: Simulation,
    posts: list[Post],
    view: View,
    caller: Caller,
    *,
    errors: list[dict[str, str]] | None = None,
    meta: dict[str, Any] | None = None,
) -> Answer:
    """A list of posts; there is no data key when the list is empty."""
    content: dict[str, Any] = {}
    if posts:
        content["data"] = [post_json(sim, post, view, caller) for post in posts]
        if included := includes(sim, posts, view, caller):
            content["includes"] = included
    if all_errors := [*(errors or []), *view.errors]:
        content["errors"] = all_errors
    if meta is not None:
        content["meta"] = meta
    return json_answer(200, renamed(content, view.vocabulary))
