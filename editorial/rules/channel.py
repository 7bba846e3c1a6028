from collections.abc import Iterator

from django.conf import settings

from ..clock import BERLIN
from ..models import Channel, Post
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


def is_sent_by_the_application(post: Post, situation: Situation) -> Iterator[Objection]:
    """Asked with the channel locked: since the sender looked what is due, a person may have been asked to send it."""
    if situation.delivery and situation.delivery.channel.posts_by_hand:
        yield Objection("channel.by_hand", "Auf diesem Kanal sendet ein Mensch.", "K-38")


def is_posted_by_hand(post: Post, situation: Situation) -> Iterator[Objection]:
    """Without keys, or where the channel is set so, a person sends and says where it stands."""
    if situation.delivery and not is_by_hand(situation.delivery.channel):
        yield Objection("channel.by_api", "Dieser Kanal wird von der Anwendung bedient, nicht von Hand.", "K-38")


def is_by_hand(channel: Channel) -> bool:
    return channel.posts_by_hand or no_keys()


def no_keys() -> bool:
    return not all(settings.X_KEYS.values())
