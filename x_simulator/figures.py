"""The figures of one post and of the account at the present moment of the simulator's clock."""

from . import metrics
from .model import FIGURES, Post
from .simulation import Simulation


def figure(sim: Simulation, post: Post, name: str) -> int:
    plateau = post.plateau.get(name, metrics.plateau_for(post.id, name))
    grown = metrics.value(plateau, sim.clock.now() - post.created_at)
    return int(grown * (1 - sim.store.settings.metrics_drop))


def public_metrics(sim: Simulation, post: Post) -> dict[str, int]:
    """A retweet has no figures of its own but the number of retweets of the original."""
    if post.kind == "retweet":
        original = sim.store.posts.get(post.retweet_of)
        shared = figure(sim, original, "retweet_count") if original else 0
        found = dict.fromkeys(FIGURES, 0) | {"retweet_count": shared}
    else:
        found = {name: figure(sim, post, name) for name in FIGURES}
    return {name: count for name, count in found.items() if name not in sim.store.settings.omit_metrics}


def private_metrics(sim: Simulation, post: Post, kind: str) -> dict[str, int]:
    impressions = figure(sim, post, "impression_count")
    engagements = sum(figure(sim, post, name) for name in FIGURES if name != "impression_count")
    found = {"impression_count": impressions, "user_profile_clicks": impressions // 100}
    if "http" in post.text:
        found["url_link_clicks"] = impressions // 40
    if kind == "non_public_metrics":
        return {**found, "engagements": engagements + sum(found.values()) - impressions}
    return {**found, **{name: figure(sim, post, name) for name in ("like_count", "reply_count", "retweet_count")}}


def followers_now(sim: Simulation) -> int:
    grown = metrics.followers(sim.store.state.followers, sim.clock.now())
    return int(grown * (1 - sim.store.settings.metrics_drop))
