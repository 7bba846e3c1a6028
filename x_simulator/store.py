"""The posts, media and accounts of the simulated service. Callers hold the simulation's lock."""

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from .clock import Clock
from .model import FollowersCurve, Media, Post, Settings, User

EPOCH_MS = 1288834974657
SEQUENCE_BITS = 22
DAY_S = 86400.0
ELSEWHERE = User("7", "somewhere_else", "Somewhere Else (simulated)")


def id_for(moment: float, sequence: int = 0) -> int:
    """The post id that encodes this moment (milliseconds) and a sequence number below 2 ** 22."""
    return (round(moment * 1000) - EPOCH_MS) << SEQUENCE_BITS | sequence


def moment_in(post_id: int) -> float:
    return ((post_id >> SEQUENCE_BITS) + EPOCH_MS) / 1000


@dataclass
class State:
    """Everything that survives a restart."""

    posts: dict[str, Post] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    followers: FollowersCurve = field(default_factory=lambda: FollowersCurve(0.0, 1200.0, DAY_S, 1200.5))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "State":
        return cls(
            posts={key: Post(**value) for key, value in content["posts"].items()},
            media={key: Media(**value) for key, value in content["media"].items()},
            users={key: User(**value) for key, value in content["users"].items()},
            tokens=content["tokens"],
            settings=Settings(**content["settings"]),
            followers=FollowersCurve(**content["followers"]),
        )


class Store:
    def __init__(self, clock: Clock, me: User, state: State | None = None) -> None:
        self.clock = clock
        self.me = me
        self.changes = 0
        """Counts changes, so that the saver knows when there is something to save."""
        self.start_with(state or self.empty_state())

    def empty_state(self) -> State:
        now = self.clock.now()
        return State(followers=FollowersCurve(now, 1200.0, now + 360 * DAY_S, 1380.0))

    def start_with(self, state: State) -> None:
        self.state = state
        self.state.users.setdefault(ELSEWHERE.id, ELSEWHERE)
        self.state.users[self.me.id] = self.me
        self._last_id = (0, 0)
        self._by_text: dict[str, list[Post]] = {}
        for post in state.posts.values():
            self._index(post)
        self.changed()

    def changed(self) -> None:
        self.changes += 1

    @property
    def posts(self) -> dict[str, Post]:
        return self.state.posts

    @property
    def settings(self) -> Settings:
        return self.state.settings

    def new_id(self, moment: float | None = None) -> str:
        """An id of this millisecond, now unless given; within one millisecond ids rise."""
        moment_ms = math.floor((self.clock.now() if moment is None else moment) * 1000)
        last_ms, sequence = self._last_id
        sequence = sequence if last_ms == moment_ms else 0
        while True:
            sequence += 1
            found = str(id_for(moment_ms / 1000, sequence))
            if found not in self.posts and found not in self.state.media:
                self._last_id = (moment_ms, sequence)
                return found

    def add(self, post: Post) -> Post:
        self.posts[post.id] = post
        self._index(post)
        self.changed()
        return post

    def _index(self, post: Post) -> None:
        self._by_text.setdefault(unicodedata.normalize("NFC", post.text), []).append(post)

    def delete(self, post: Post) -> None:
        """With all its versions."""
        for post_id in self.versions(post):
            self.posts[post_id].deleted_at = self.clock.now()
        self.changed()

    def live(self, post_id: str) -> Post | None:
        post = self.posts.get(post_id)
        return post if post and post.deleted_at is None else None

    def all_live(self) -> Iterator[Post]:
        """Without posts that are deleted or have a newer version."""
        return filter(self.is_live, self.posts.values())

    @staticmethod
    def is_live(post: Post) -> bool:
        return post.deleted_at is None and not post.replaced_by

    def newest_first(self, posts: Iterable[Post]) -> list[Post]:
        """What a timeline shows of these posts now."""
        now = self.clock.now()
        return sorted((post for post in posts if post.visible_at <= now), key=lambda post: -post.number)

    def timeline_of(self, user_id: str) -> list[Post]:
        return self.newest_first(post for post in self.all_live() if post.author_id == user_id)

    def duplicate_of(self, user_id: str, text: str) -> Post | None:
        since = self.clock.now() - self.settings.duplicate_window_s
        for post in self._by_text.get(unicodedata.normalize("NFC", text), []):
            counts = post.author_id == user_id and post.kind == "post" and self.is_live(post)
            if counts and post.created_at > since:
                return post
        return None

    def retweet_of(self, user_id: str, post_id: str) -> Post | None:
        mine = (post for post in self.all_live() if post.author_id == user_id and post.kind == "retweet")
        return next((post for post in mine if post.retweet_of == post_id), None)

    def versions(self, post: Post) -> list[str]:
        """The ids of all versions of a post, oldest first."""
        ids = [*post.earlier, post.id]
        while following := self.posts[ids[-1]].replaced_by:
            ids.append(following)
        return ids

    def user(self, user_id: str) -> User:
        return self.state.users.get(user_id) or User(user_id, f"user_{user_id}", f"User {user_id} (simulated)")
