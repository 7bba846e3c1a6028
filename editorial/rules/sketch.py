"""A Beitrag while it is being typed: what the content rules read, without a row in the database."""

from typing import Any, cast

from ..enums import PostKind
from ..models import Post

PLAIN = (
    *("text", "source_url", "source_decision", "source_reason", "twin_url", "twin_exception", "retweet_url"),
    *("value_added", "other_ways", "ai_text"),
)


class _Few:
    """Looks like a many-to-many relation to whoever asks ``.all()``."""

    def __init__(self, members: Any) -> None:
        self._members = list(members or [])

    def all(self) -> list[Any]:
        return self._members


class _Asked(_Few):
    """The questions about the saved Beitrag, looked up once when a rule asks for them."""

    def __init__(self, saved: Post | None) -> None:
        super().__init__([])
        # Whoever read it may know already that there are none.
        self._saved = saved if getattr(saved, "has_questions", True) else None

    def all(self) -> list[Any]:
        if self._saved is not None:
            self._members, self._saved = list(self._saved.consultations.all()), None
        return self._members


class _Sketch:
    def __init__(self, content: dict[str, Any], saved: Post | None) -> None:
        self.pk = saved.pk if saved else None
        self.link_token = saved.link_token if saved else ""
        self.kind = content.get("kind") or PostKind.POST
        self.topic = content.get("topic")
        self.partner = content.get("partner")
        self.entry = content.get("entry")
        self.slot = content.get("slot")
        self.audiences = _Few(content.get("audiences"))
        self.consents = _Few(content.get("consents"))
        self.consultations = _Asked(saved)
        self.shows = list(content.get("shows") or [])
        self.ai_edited = bool(content.get("ai_edited"))
        self.similar_to_id = saved.similar_to_id if saved else None
        self._media = list(content.get("media") or [])
        for name in PLAIN:
            setattr(self, name, content.get(name) or "")

    def ordered_media(self) -> list[Any]:
        return self._media


def sketch(content: dict[str, Any], saved: Post | None = None) -> Post:
    """``content`` holds form values by field name, ``saved`` the Beitrag being edited, if there is one already."""
    return cast(Post, _Sketch(content, saved))
