"""What hangs on a Beitrag, handed to every object of it that is loaded, instead of asking the database each time.

Each step loads its Beitrag anew and each rule asks it for topic, audiences, consents and pictures. That is right where
many people work at once; here one transaction holds the database, nobody else writes, and it would be a third of all
queries.
"""

from types import TracebackType
from typing import Any, Self

from django.db.models import prefetch_related_objects
from django.db.models.signals import post_init

from editorial.models import Post

RELATIONS = ("audiences", "consents", "media_links")


class Memory:
    def __init__(self) -> None:
        self._of: dict[int, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        post_init.connect(self._hand_out, sender=Post)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        post_init.disconnect(self._hand_out, sender=Post)

    def keep(self, post: Post) -> None:
        """What was read while it was written."""
        prefetch_related_objects([post], *RELATIONS)
        self._of[post.pk] = {
            "topic": post.topic,
            "partner": post.partner,
            "entry": post.entry,
            "relations": {name: getattr(post, name).all() for name in RELATIONS},
        }

    def keep_anew(self, post: Post) -> None:
        """To be called when what hangs on it has changed."""
        del self._of[post.pk]
        self.keep(Post.objects.get(pk=post.pk))

    def hand_to(self, post: Post) -> Post:
        """For an object that has just been refreshed: refreshing throws away what was handed to it."""
        self._hand_out(post)
        return post

    def _hand_out(self, instance: Post, **kwargs: Any) -> None:
        known = self._of.get(instance.pk)
        if known:
            instance.topic, instance.partner, instance.entry = known["topic"], known["partner"], known["entry"]
            # Where Django itself keeps what prefetch_related() has read.
            instance._prefetched_objects_cache = dict(known["relations"])  # type: ignore[attr-defined]  # as said
