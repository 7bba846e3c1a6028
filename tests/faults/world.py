"""One Beitrag, the real adapter over HTTP to the simulator, and one clock that is moved for both."""

import datetime as dt
from typing import Any

from django.utils import timezone

from editorial.actions import approval, publishing, reconciling
from editorial.channels.twitter import Twitter
from editorial.enums import Role
from editorial.models import Attempt, Delivery, TimelineRead
from tests.factories import PostFactory, person
from tests.plant import CREATE
from tests.x_simulator.running import Simulator

SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
TEXT = "Neue Zeiten https://www.jobcenter-bremen.de/zeiten"
KEYS = {
    "consumer_key": "simulator-consumer-key",
    "consumer_secret": "simulator-consumer-secret",
    "access_token": "42-simulator-access-token",
    "access_token_secret": "simulator-access-token-secret",
}


class World:
    def __init__(self, simulator: Simulator, **fields: Any) -> None:
        self.simulator, self.now = simulator, timezone.now()
        self.channel = Twitter(base_url=simulator.base_url, keys=KEYS, http_timeout_s=1, task_limit_s=4)
        self.writer, self.director = person(), person(Role.GF)
        self.post = self.plan(**fields)

    def plan(self, **fields: Any) -> Any:
        post = PostFactory(**{"slot": self.now, "text": TEXT} | fields)
        post = approval.submit(post, by=self.writer, at=self.now - 50 * MINUTE)
        return approval.approve(post, by=self.director, seen_digest=post.digest(), at=self.now - 40 * MINUTE)

    def send(self) -> None:
        publishing.tick(self.channel, at=self.now)

    def pass_(self, seconds: float) -> None:
        self.now += seconds * SECOND
        self.simulator.clock(advance_s=seconds)

    def look(self, after_s: float = 61) -> None:
        self.pass_(after_s)
        reconciling.tick(self.channel, at=self.now)

    def prove_absent(self) -> None:
        for after_s in (181, 61, 61):
            self.look(after_s)

    @property
    def delivery(self) -> Delivery:
        return Delivery.objects.get(post=self.post)

    @property
    def story(self) -> tuple[str, list[str], int]:
        """The state, what every attempt came to, and how many are online."""
        outcomes = list(Attempt.objects.filter(delivery=self.delivery).values_list("outcome", flat=True))
        return self.delivery.state, outcomes, len(self.simulator.live_posts())

    @property
    def calls(self) -> int:
        return sum((entry["method"], entry["path"]) == CREATE for entry in self.simulator.log())

    @property
    def readings(self) -> list[str]:
        return list(TimelineRead.objects.order_by("at", "pk").values_list("result", flat=True))
