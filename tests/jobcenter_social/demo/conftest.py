"""One demonstration for all tests that read it: building it takes seconds."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from editorial.enums import Figure
from editorial.models import AuditEntry, Delivery, Post
from evaluation.models import FigureRow, Review
from jobcenter_social.demo.build import Built, build
from tests.x_simulator.running import Simulator, running_simulator

SIMULATOR_KEYS = {
    "consumer_key": "simulator-consumer-key",
    "consumer_secret": "simulator-consumer-secret",
    "access_token": "42-simulator-access-token",
    "access_token_secret": "simulator-access-token-secret",
}


@dataclass
class Demonstration:
    """``twin`` is how the same day looked when it was built before, for a simulator that is not ours."""

    present: dt.datetime
    built: Built
    cpu_s: float
    looks: dict[str, Any]
    twin: dict[str, Any]
    posts_of_a_foreign_service: list[dict[str, Any]]
    simulator: Simulator


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    present = timezone.now().replace(microsecond=0)
    with django_db_blocker.unblock(), running_simulator() as simulator:
        service = {"X_API_BASE_URL": simulator.base_url, "X_KEYS": SIMULATOR_KEYS}
        with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), **service):
            with rolled_back(), override_settings(X_SIMULATOR_IS_OURS=False):
                build(present)
                twin, foreign = looks(), simulator.posts()
            with rolled_back(), override_settings(X_SIMULATOR_IS_OURS=True):
                began = time.process_time()
                built = build(present)
                cpu_s = time.process_time() - began
                yield Demonstration(present, built, cpu_s, looks(), twin, foreign, simulator)


class rolled_back(transaction.Atomic):  # noqa: N801 - reads like the context manager it is
    """As the test case does: durable blocks may stand inside, and in the end nothing stays."""

    def __init__(self) -> None:
        super().__init__(using="default", savepoint=True, durable=False)
        self._from_testcase = True

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(*error)


def looks() -> dict[str, Any]:
    """All that a person or the simulator could see of it, without the numbers of the rows."""
    return {
        "posts": list(
            Post.objects.order_by("created_at", "public_id").values_list("public_id", "text", "message_text", "state")
        ),
        "deliveries": list(
            Delivery.objects.order_by("slot", "state").values_list("external_id", "state", "published_at")
        ),
        "figures": list(
            FigureRow.objects.order_by("taken_at", "delivery__external_id", "figure").values_list(
                "delivery__external_id", "figure", "point", "value", "taken_at"
            )
        ),
        "reviews": list(Review.objects.order_by("end").values_list("slug", "state", "comment", "figures__totals")),
        "audit": list(AuditEntry.objects.order_by("position").values_list("step", "at", "actor", "note")),
    }


def last_values(figure: Figure) -> dict[str, int]:
    """The newest value of each Ausspielung that has one."""
    rows = FigureRow.objects.filter(figure=figure, value__isnull=False).exclude(delivery=None).order_by("taken_at")
    return dict(rows.values_list("delivery__external_id", "value"))
