"""Warnings for combinations of settings that are allowed, but that somebody should have meant."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

CONNECT_S = 5


@register()
def settings_fit_together(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [*_publishing(), *_channel(), *_hosts()]


def _publishing() -> Iterator[CheckMessage]:
    if settings.PUBLISH_QUARANTINE_S <= settings.PUBLISH_TASK_LIMIT_S:
        yield Warning(
            "PUBLISH_QUARANTINE_S ist nicht länger als PUBLISH_TASK_LIMIT_S: Ein Versand kann noch laufen, "
            "während er schon für verloren gehalten wird.",
            id="jobcenter.W001",
        )
    if settings.PUBLISH_TASK_LIMIT_S <= settings.PUBLISH_HTTP_TIMEOUT_S + CONNECT_S:
        yield Warning(
            "PUBLISH_TASK_LIMIT_S ist nicht länger als Verbindungsaufbau und PUBLISH_HTTP_TIMEOUT_S zusammen: "
            "Ein langsamer Dienst wird abgebrochen, bevor er antworten durfte.",
            id="jobcenter.W002",
        )
    if settings.PUBLISH_TICK_S >= settings.PUBLISH_GRACE_MIN * 60:
        yield Warning(
            "PUBLISH_TICK_S ist nicht kürzer als PUBLISH_GRACE_MIN: Beiträge können verfallen, ehe jemand nachsieht.",
            id="jobcenter.W003",
        )


def _channel() -> Iterator[CheckMessage]:
    given = [name for name, value in settings.X_KEYS.items() if value]
    if given and len(given) < len(settings.X_KEYS):
        yield Warning(
            "Von den vier Schlüsseln X_CONSUMER_KEY, X_CONSUMER_SECRET, X_ACCESS_TOKEN und X_ACCESS_TOKEN_SECRET "
            "fehlen einige: Der Kanal bleibt im Handbetrieb.",
            id="jobcenter.W004",
        )


def _hosts() -> Iterator[CheckMessage]:
    if not {settings.PUBLIC_HOST, "*"} & set(settings.ALLOWED_HOSTS):
        yield Warning(
            "ALLOWED_HOSTS enthält den Rechnernamen aus PUBLIC_BASE_URL nicht: Die Seite antwortet dort mit 400.",
            id="jobcenter.W005",
        )
