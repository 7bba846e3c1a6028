"""Figures for Prometheus, all read from the database when asked: several web workers tell the same."""

import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from editorial import health
from editorial.clock import database_now
from editorial.enums import AttemptOutcome, DeliveryState
from editorial.models import Alarm, Attempt, Delivery
from editorial.roles import everyone

GRADES = {health.SUCCESS: 0, health.NEUTRAL: 0, health.WARNING: 1, health.DANGER: 2}
# Whoever comes with one of these was passed on by a proxy. They are believed only against the visitor.
SIGNS_OF_A_PROXY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Via")


@require_safe
@everyone
def metrics(request: HttpRequest) -> HttpResponse:
    """Only for the addresses in METRICS_ALLOWED, asked directly; for all others this page does not exist."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures())
    try:
        text = generate_latest(registry)
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: HttpRequest) -> bool:
    if any(name in request.headers for name in SIGNS_OF_A_PROXY):
        return False
    try:
        visitor = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a Unix socket has no address
        return False
    mapped = getattr(visitor, "ipv4_mapped", None)
    return any((mapped or visitor) in network for network in settings.METRICS_ALLOWED)


class Figures:
    """A collector in the sense of prometheus_client."""

    def describe(self) -> list[Metric]:
        """Known without asking the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        at = database_now()
        known = health.facts_from_scratch(at, has_keys=all(settings.X_KEYS.values()))
        lights = GaugeMetricFamily("redaktion_light", "0 good or unused, 1 look at it, 2 down", labels=["part"])
        for name, light in zip(health.LIGHTS, health.lights(known), strict=True):
            lights.add_metric([name], GRADES[light.tone])
        yield lights
        ages = GaugeMetricFamily("redaktion_last_good_age_seconds", "Since a part last worked", labels=["part"])
        for name, heartbeat in known.beats.items():
            if heartbeat.good_at:
                ages.add_metric([name], (at - heartbeat.good_at).total_seconds())
        yield ages
        yield GaugeMetricFamily("redaktion_send_pause", "1 while nothing may be sent", value=known.is_paused)
        yield _counted("redaktion_deliveries", "Ausspielungen by state", Delivery, "state", DeliveryState.values)
        tries = CounterMetricFamily("redaktion_attempts", "Attempts to send by outcome", labels=["outcome"])
        numbers = dict(Attempt.objects.order_by().values_list("outcome").annotate(number=Count("pk")))
        for outcome in AttemptOutcome.values:
            tries.add_metric([outcome], numbers.get(outcome, 0))
        yield tries
        due = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__lte=at)
        waiting = due.aggregate(number=Count("pk"), first=Min("slot"))
        yield GaugeMetricFamily("redaktion_due", "Ausspielungen whose moment has come", value=waiting["number"])
        late_s = (at - waiting["first"]).total_seconds() if waiting["first"] else 0
        yield GaugeMetricFamily("redaktion_due_oldest_seconds", "How late the oldest of them is", value=late_s)
        open_alarms = GaugeMetricFamily("redaktion_open_alarms", "Alarms that are not over", labels=["kind"])
        for kind, number in Alarm.objects.filter(closed_at=None).order_by().values_list("kind").annotate(n=Count("pk")):
            open_alarms.add_metric([kind], number)
        yield open_alarms


def _counted(name: str, help_text: str, model: type[Delivery], column: str, values: list[str]) -> Metric:
    found = GaugeMetricFamily(name, help_text, labels=[column])
    numbers = dict(model._default_manager.order_by().values_list(column).annotate(number=Count("pk")))
    for value in values:
        found.add_metric([value], numbers.get(value, 0))
    return found
