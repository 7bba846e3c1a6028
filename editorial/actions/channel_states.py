"""A channel that takes nothing for a while, or until a person has put the account in order."""

import datetime as dt

from ..channels.protocol import EXPLANATIONS
from ..models import Channel
from . import alarms

LOCKED = "channel_locked"
WAYS_OUT = {
    "expired_token": "Die Administration muss die Schlüssel des Zugangs erneuern.",
    "clock_wrong": "Die Administration muss die Uhr dieses Rechners stellen.",
    "no_credits": "Die Administration muss das Guthaben aufladen.",
    "suspended": "Bitte klären Sie die Sperre auf der Plattform selbst.",
    "read_only": "Die Administration muss dem Zugang das Schreiben erlauben.",
}
ANY_WAY_OUT = "Bitte geben Sie der Administration Bescheid."


def rest(channel: Channel, until: dt.datetime) -> None:
    """After a 429: nothing before its reset. A shorter rest never ends a longer one."""
    if channel.paused_until is None or channel.paused_until < until:
        Channel.objects.filter(pk=channel.pk).update(paused_until=until)


def lock(channel: Channel, reason: str, *, at: dt.datetime) -> None:
    """Nothing more is tried until a person gives the channel free again; one alarm, however many posts wait."""
    Channel.objects.filter(pk=channel.pk).update(locked_reason=reason, locked_at=at)
    alarms.open_alarm(LOCKED, channel.slug, _words(channel, reason), at)


def way_out(reason: str) -> str:
    """Why a channel is locked and who has to do what, in German."""
    why = EXPLANATIONS.get(reason, "Der Kanal hat die Anmeldung abgelehnt.")
    return f"{why} {WAYS_OUT.get(reason, ANY_WAY_OUT)}"


def _words(channel: Channel, reason: str) -> str:
    return (
        f"{channel.name} nimmt nichts mehr an\n\n"
        f"Was ist geschehen? {EXPLANATIONS.get(reason, 'Der Kanal hat die Anmeldung abgelehnt.')}\n"
        "Was bedeutet das? Auf den Kanal geht nichts hinaus. Auf der Website erscheinen die Beiträge wie geplant. "
        "Nach Ablauf der Nachfrist gilt ein Beitrag als verpasst und wartet auf Ihre Entscheidung.\n"
        f"Was ist zu tun? {WAYS_OUT.get(reason, ANY_WAY_OUT)} Danach geben Sie den Kanal auf der Seite „Heute“ "
        "wieder frei. Es wird bis dahin nicht weiter versucht."
    )
