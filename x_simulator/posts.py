"""POST /2/tweets and DELETE /2/tweets/{id}."""

from typing import Any

from . import text as words
from .bodies import checked_id, json_object
from .exchange import Answer, json_answer
from .fields import renamed, vocabulary_for
from .media import usable_media
from .model import Post
from .problems import DUPLICATE, REPLY_RULE, gone, invalid, refused
from .rendering import edit_history
from .shown import shown
from .simulation import Call, Simulation
from .store import moment_in

KNOWN = {
    *("text", "media", "poll", "reply", "quote_tweet_id", "quote_post_id", "reply_settings", "community_id", "geo"),
    *("edit_options", "made_with_ai", "paid_partnership", "nullcast", "card_uri", "share_with_followers"),
    *("direct_message_deep_link", "for_super_followers_only"),
}
REPLY_SETTINGS = ("everyone", "following", "mentionedUsers", "subscribers", "verified")
TOO_LONG = "Your Tweet text is too long."


def create(sim: Simulation, call: Call) -> Answer:
    body = json_object(call.request, KNOWN)
    text = checked_text(sim, body)
    media_ids = checked_media(sim, body)
    poll = checked_poll(body)
    if not (text or media_ids or poll):
        raise invalid("Either text, media or a poll is required")
    if media_ids and poll:
        raise invalid("media and poll are mutually exclusive")
    reply_to, quote_of = checked_references(sim, body)
    if text and sim.store.duplicate_of(sim.me.id, text):
        raise refused(403, DUPLICATE)
    post = Post(
        id=sim.store.new_id(),
        author_id=sim.me.id,
        text=text,
        created_at=0.0,
        reply_to=reply_to,
        quote_of=quote_of,
        media_ids=media_ids,
        poll=poll,
        reply_settings=body.get("reply_settings", "everyone"),
    )
    post.created_at = moment_in(post.number)
    post.visible_at = post.created_at + call.drawn.seconds("tl_lag")
    call.post_id = sim.store.add(post).id
    data = {"id": post.id, "text": shown(sim.store, post).text, "edit_history_tweet_ids": edit_history(sim, post)}
    return json_answer(201, renamed({"data": data}, vocabulary_for(sim.store.settings, call.request.query)))


def checked_text(sim: Simulation, body: dict[str, Any]) -> str:
    text = body.get("text", "")
    if not isinstance(text, str):
        raise invalid("text must be a string")
    if "reply_settings" in body and body["reply_settings"] not in REPLY_SETTINGS:
        raise invalid("The `reply_settings` is not valid", {"reply_settings": body["reply_settings"]})
    if words.INVALID.search(text):
        raise invalid("The text contains a sign that is not allowed")
    if len(text) > words.MAX_RAW_LENGTH or words.weighted_length(text) > sim.store.settings.text_limit:
        raise refused(400, TOO_LONG, errors=[{"message": TOO_LONG}])
    if len(words.cashtags(text)) > 1:
        raise refused(403, "A post may contain one cashtag at most.")
    return text


def checked_media(sim: Simulation, body: dict[str, Any]) -> list[str]:
    media = body.get("media")
    if media is None:
        return []
    if not isinstance(media, dict) or not isinstance(media.get("media_ids"), list):
        raise invalid("media must be an object with media_ids")
    if not 1 <= len(media["media_ids"]) <= 4 or len(media.get("tagged_user_ids") or []) > 10:
        raise invalid("media takes 1 to 4 media_ids and at most 10 tagged_user_ids")
    return usable_media(sim, [checked_id(value, "media_ids") for value in media["media_ids"]])


def checked_poll(body: dict[str, Any]) -> dict[str, Any] | None:
    poll = body.get("poll")
    if poll is None:
        return None
    options = poll.get("options") if isinstance(poll, dict) else None
    if not isinstance(options, list) or not 2 <= len(options) <= 4:
        raise invalid("a poll has 2 to 4 options")
    if not all(isinstance(option, str) and 1 <= len(option) <= 25 for option in options):
        raise invalid("each option of a poll has 1 to 25 characters")
    minutes = poll.get("duration_minutes")
    if not isinstance(minutes, int) or not 5 <= minutes <= 10080:
        raise invalid("duration_minutes of a poll lies between 5 and 10080")
    return {"options": options, "duration_minutes": minutes}


def checked_references(sim: Simulation, body: dict[str, Any]) -> tuple[str, str]:
    """The ids of the post replied to and of the post quoted: own ones, or of someone who mentioned the account."""
    reply = body.get("reply")
    if reply is not None and not isinstance(reply, dict):
        raise invalid("reply must be an object")
    reply_to = answerable(sim, reply.get("in_reply_to_tweet_id", reply.get("in_reply_to_post_id"))) if reply else ""
    quoted = body.get("quote_tweet_id", body.get("quote_post_id"))
    if quoted is not None and (body.get("media") or body.get("poll")):
        raise invalid("a quote takes neither media nor poll")
    return reply_to, answerable(sim, quoted) if quoted is not None else ""


def answerable(sim: Simulation, value: object) -> str:
    post = sim.store.live(checked_id(value, "id"))
    if post is None:
        raise refused(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
    if post.author_id != sim.me.id and sim.me.username not in words.mentions(post.text):
        raise refused(403, REPLY_RULE)
    return post.id


def delete(sim: Simulation, call: Call) -> Answer:
    """A post that is gone or never was counts as deleted, so that the call may be repeated."""
    post = sim.store.posts.get(checked_id(call.args["id"], "id"))
    if post and post.author_id != sim.me.id:
        raise refused(403, "You are not permitted to delete this Tweet.")
    if post and post.deleted_at is None:
        sim.store.delete(post)
        call.post_id = post.id
    return json_answer(200, {"data": {"deleted": True}})


def known_or_elsewhere(sim: Simulation, post_id: str) -> Post:
    """A post of the service. An id that nobody has used here belongs to a post of somebody else."""
    known = sim.store.posts.get(post_id)
    if post_id in sim.store.settings.missing_ids or (known and known.deleted_at is not None):
        raise gone(post_id)
    if known:
        return known
    moment = min(moment_in(int(post_id)), sim.clock.now())
    words_of_others = f"A post of somebody else with the id {post_id} (simulated)"
    return sim.store.add(Post(post_id, "7", words_of_others, moment, source="elsewhere"))
