"""POST and DELETE below /2/users/{id}/retweets. Retweeting twice leaves one retweet."""

from .bodies import checked_id, json_object
from .exchange import Answer, json_answer
from .model import Post
from .posts import known_or_elsewhere
from .problems import refused
from .simulation import Call, Simulation
from .store import moment_in


def create(sim: Simulation, call: Call) -> Answer:
    only_for_oneself(sim, call)
    body = json_object(call.request, {"tweet_id", "post_id"})
    original = known_or_elsewhere(sim, checked_id(body.get("tweet_id", body.get("post_id")), "tweet_id"))
    retweet = sim.store.retweet_of(sim.me.id, original.id)
    if retweet is None:
        retweet = Post(sim.store.new_id(), sim.me.id, "", 0.0, kind="retweet", retweet_of=original.id)
        retweet.created_at = moment_in(retweet.number)
        retweet.visible_at = retweet.created_at + call.drawn.seconds("tl_lag")
        call.post_id = sim.store.add(retweet).id
    return json_answer(200, {"data": {"retweeted": True, "rest_id": retweet.id}})


def delete(sim: Simulation, call: Call) -> Answer:
    only_for_oneself(sim, call)
    retweet = sim.store.retweet_of(sim.me.id, checked_id(call.args["tweet_id"], "source_tweet_id"))
    if retweet:
        sim.store.delete(retweet)
        call.post_id = retweet.id
    return json_answer(200, {"data": {"retweeted": False}})


def only_for_oneself(sim: Simulation, call: Call) -> None:
    if call.args["id"] != sim.me.id:
        raise refused(403, "The `id` query parameter value must be the same as the authenticating user.")
