"""Which fields a read asks for, in both vocabularies (tweet.fields, post.fields)."""

from dataclasses import dataclass, field
from typing import Any

from .model import Settings
from .problems import invalid

NEW_NAMES = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "referenced_tweets.id": "referenced_posts.id",
    "referenced_tweets.id.author_id": "referenced_posts.id.author_id",
    "referenced_tweets.id.attachments.media_keys": "referenced_posts.id.attachments.media_keys",
    "note_tweet": "note_post",
    "retweet_count": "repost_count",
    "tweet_count": "post_count",
    "pinned_tweet_id": "pinned_post_id",
    "tweets": "posts",
}
OLD_NAMES = {new: old for old, new in NEW_NAMES.items()}

PRIVATE_METRICS = ("non_public_metrics", "organic_metrics", "promoted_metrics")
POST_FIELDS = {
    *("id", "text", "edit_history_tweet_ids", "author_id", "created_at", "conversation_id", "in_reply_to_user_id"),
    *("referenced_tweets", "attachments", "entities", "public_metrics", "lang", "reply_settings", "source"),
    *("possibly_sensitive", "note_tweet", "edit_controls", "context_annotations", "geo", "withheld", "card_uri"),
    *("community_id", "display_text_range", "scopes", "article", "media_metadata"),
    *PRIVATE_METRICS,
}
USER_FIELDS = {
    *("id", "name", "username", "created_at", "description", "public_metrics", "verified", "protected"),
    *("verified_type", "url", "location", "profile_image_url", "pinned_tweet_id"),
    *("most_recent_tweet_id", "entities", "withheld"),
}
MEDIA_FIELDS = {
    *("media_key", "type", "url", "alt_text", "width", "height", "duration_ms", "preview_image_url", "variants"),
    *("public_metrics", "non_public_metrics", "organic_metrics", "promoted_metrics"),
}
EXPANSIONS = {
    *("author_id", "attachments.media_keys", "attachments.poll_ids", "in_reply_to_user_id", "geo.place_id"),
    *("referenced_tweets.id", "referenced_tweets.id.author_id", "referenced_tweets.id.attachments.media_keys"),
    *("entities.mentions.username", "edit_history_tweet_ids", "pinned_tweet_id"),
}
FIELD_PARAMETERS = {
    *("tweet.fields", "post.fields", "user.fields", "media.fields", "poll.fields", "place.fields", "expansions"),
}


@dataclass
class View:
    vocabulary: str
    post_fields: set[str]
    user_fields: set[str]
    media_fields: set[str]
    expansions: set[str]
    id_parameter: str = "ids"
    errors: list[dict[str, str]] = field(default_factory=list)
    """Filled while posts are shown: fields that this caller may not see."""

    @property
    def expands_references(self) -> bool:
        return any(name.startswith("referenced_tweets.") for name in self.expansions)

    @property
    def wants_references(self) -> bool:
        return "referenced_tweets" in self.post_fields or self.expands_references


def vocabulary_for(settings: Settings, query: dict[str, str]) -> str:
    if settings.vocabulary != "asked":
        return settings.vocabulary
    return "new" if "post.fields" in query else "old"


def view_of(settings: Settings, query: dict[str, str], id_parameter: str = "ids") -> View:
    posts = listed(query, "tweet.fields", POST_FIELDS) | listed(query, "post.fields", POST_FIELDS)
    return View(
        vocabulary=vocabulary_for(settings, query),
        post_fields=posts | {"id", "text", "edit_history_tweet_ids"},
        user_fields=listed(query, "user.fields", USER_FIELDS) | {"id", "name", "username"},
        media_fields=listed(query, "media.fields", MEDIA_FIELDS) | {"media_key", "type"},
        expansions=listed(query, "expansions", EXPANSIONS),
        id_parameter=id_parameter,
    )


def listed(query: dict[str, str], parameter: str, known: set[str]) -> set[str]:
    """The canonical (old) names in a comma list."""
    names = [name for name in query.get(parameter, "").split(",") if name]
    found = {OLD_NAMES.get(name, name) for name in names}
    if unknown := sorted(found - known):
        raise invalid(f"The `{parameter}` query parameter value [{unknown[0]}] is not valid", {parameter: unknown[0]})
    return found


def only(query: dict[str, str], *allowed: str) -> None:
    """Refuses a query parameter that the endpoint does not know."""
    if unknown := sorted(set(query) - FIELD_PARAMETERS - set(allowed)):
        name = unknown[0]
        raise invalid(f"The query parameter [{name}] is not one of the known ones", {name: query[name]})


def renamed(content: Any, vocabulary: str) -> Any:
    """The same content with the keys of the asked vocabulary."""
    if vocabulary == "old":
        return content
    if isinstance(content, dict):
        return {NEW_NAMES.get(key, key): renamed(value, vocabulary) for key, value in content.items()}
    if isinstance(content, list):
        return [renamed(value, vocabulary) for value in content]
    return content
