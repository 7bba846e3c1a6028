"""The wall between the house and the channels. Nothing in here knows a model."""

import threading

from .protocol import Channel

_mine = threading.local()  # a session must not be used by two threads at once


def current_channel() -> Channel | None:
    """The channel of the settings, one object per thread; None without all four keys: hand-posting."""
    from django.conf import settings

    keys = dict(settings.X_KEYS)
    if not all(keys.values()):
        return None
    wanted = (settings.X_API_BASE_URL, keys, settings.PUBLISH_HTTP_TIMEOUT_S, settings.PUBLISH_TASK_LIMIT_S)
    if getattr(_mine, "wanted", None) != wanted:
        from .twitter import Twitter  # tweepy costs 0.2 s and 30 MiB, which web processes seldom need

        base_url, _, http_timeout_s, task_limit_s = wanted
        _mine.channel = Twitter(base_url=base_url, keys=keys, http_timeout_s=http_timeout_s, task_limit_s=task_limit_s)
        _mine.wanted = wanted
    channel: Channel = _mine.channel
    return channel
