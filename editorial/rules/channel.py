from collections.abc import Iterator

from ..clock import BERLIN
from ..models import Post
from .base import Objection, Situation


def sending_is_on(post: Post, situation: Situation) -> Iterator[Objection]:
    """The kill switch stops everything that is not yet past its last check."""
    if situation.known.is_paused(situation.at):
        yield Objection("publishing.off", "Es ist Sendepause. Bis zu ihrem Ende geht nichts hinaus.", "G-16")


def channel_takes_posts(post: Post, situation: Situation) -> Iterator[Objection]:
    """After a 429 the channel rests until its own reset; after a refused log-in it is locked until a person acts."""
    if situation.delivery is None:
        return
    channel = situation.delivery.channel
    if channel.locked_reason:
        yield Objection("channel.locked", "Der Kanal ist gesperrt. Bitte sehen Sie unter „Betrieb“ nach.", "G-16")
    elif not channel.accepts(situation.at) and channel.paused_until:
        until = channel.paused_until.astimezone(BERLIN)
        yield Objection("channel.paused", f"Der Kanal nimmt bis {until:%d.%m.%Y, %H:%M} Uhr nichts an.", "G-16")
