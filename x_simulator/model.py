"""What the simulator keeps."""

from dataclasses import dataclass, field
from typing import Any

FIGURES = ("impression_count", "like_count", "retweet_count", "reply_count", "quote_count", "bookmark_count")
VOCABULARIES = ("asked", "old", "new")


@dataclass
class Post:
    id: str
    author_id: str
    text: str
    """As it was sent; links are shortened and signs escaped only when the post is shown."""
    created_at: float
    kind: str = "post"
    """post or retweet."""
    retweet_of: str = ""
    reply_to: str = ""
    quote_of: str = ""
    media_ids: list[str] = field(default_factory=list)
    poll: dict[str, Any] | None = None
    reply_settings: str = "everyone"
    visible_at: float = 0.0
    """Missing from timelines and search before this moment of the simulator's clock."""
    deleted_at: float | None = None
    plateau: dict[str, float] = field(default_factory=dict)
    """Where each figure ends; a figure that is not named here ends where the post's id says."""
    earlier: list[str] = field(default_factory=list)
    """The ids of earlier versions, oldest first."""
    replaced_by: str = ""
    """The id of the next version."""
    source: str = "api"
    """api, fill, mention, by_hand or elsewhere."""

    @property
    def number(self) -> int:
        return int(self.id)


@dataclass
class Media:
    id: str
    owner_id: str
    media_type: str
    category: str
    total_bytes: int
    created_at: float
    expires_at: float
    state: str = "uploading"
    """uploading, finalized; what the clock makes of it stands in media.processing_info."""
    finalized_at: float = 0.0
    fate: str = ""
    """"" = processing succeeds, "pending" = never ends, "failed"."""
    alt_text: str = ""
    captions: list[dict[str, str]] = field(default_factory=list)
    """Of a video: {id, language_code, display_name} of each subtitle file."""
    sha256: str = ""

    @property
    def key(self) -> str:
        prefix = {"tweet_video": "7", "amplify_video": "13", "tweet_gif": "16"}.get(self.category, "3")
        return f"{prefix}_{self.id}"

    @property
    def type(self) -> str:
        if self.media_type.startswith("video/"):
            return "video"
        return "animated_gif" if self.media_type == "image/gif" else "photo"


@dataclass
class User:
    id: str
    username: str
    name: str


@dataclass
class FollowersCurve:
    """A straight line through two points, level before the first and going on after the second."""

    start_at: float
    start: float
    end_at: float
    end: float


@dataclass
class Settings:
    vocabulary: str = "asked"
    """old, new, or asked: as the parameter of the request was called, old where there is none."""
    edit_history_blank: bool = False
    text_limit: int = 280
    duplicate_window_s: float = 24 * 3600
    limit_factor: float = 1.0
    limits: dict[str, int] = field(default_factory=dict)
    daily_headers: bool = False
    omit_metrics: list[str] = field(default_factory=list)
    metrics_drop: float = 0.0
    """Share by which every shown figure falls below the curve; 0 means that figures never fall."""
    missing_ids: list[str] = field(default_factory=list)
    processing_s: float = 4.0
    media_expires_s: float = 24 * 3600
