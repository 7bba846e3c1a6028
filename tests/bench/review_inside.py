"""The measured process of ./dev bench review: one review frozen, one working page answered."""

import json
import resource
import time

import django

if __name__ == "__main__":
    django.setup()

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editorial.clock import berlin_day
from editorial.models import User
from editorial.queries import channel_facts
from evaluation import workflow
from evaluation.models import Review
from evaluation.periods import half_year, half_years_ended

ROUNDS = 5


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(name: str, value: float, unit: str, **conditions: object) -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "conditions": conditions}), flush=True)


def freeze() -> None:
    """The last half-year that has ended, from nothing: what was built when the posts were stored is put away."""
    now = timezone.now()
    channel = channel_facts(now)
    assert channel
    assert channel.started_on
    end = half_year(channel.started_on, half_years_ended(channel.started_on, berlin_day(now))).end
    Review.objects.filter(end=end).delete()
    before_mib, begin = peak_mib(), time.perf_counter()
    review = workflow.build(channel, end, by=User.objects.get(username="proe1"), at=now)
    took_s = time.perf_counter() - begin
    told = {"posts_in_half_year": review.figures["totals"]["posts"], "source_rows": len(review.sources["figure_rows"])}
    report("review.build_s", took_s, "s", **told)
    report("review.peak_mib", peak_mib(), "MiB", before_the_review=round(before_mib, 1))


def open_working_page() -> None:
    client = Client(SERVER_NAME="localhost", headers={"X-Count-Queries": "1"})
    client.force_login(User.objects.get(username="proe1"))
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        answer = client.get(reverse("evaluation:running"), secure=True)
        times.append(time.perf_counter() - begin)
        assert answer.status_code == 200
    report("review.page_ms", sorted(times)[ROUNDS // 2] * 1000, "ms", requests=ROUNDS)
    report("review.page_queries", int(answer.headers["X-Queries"]), "queries")


if __name__ == "__main__":
    freeze()
    open_working_page()
