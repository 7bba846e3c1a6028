"""How the whole stands, as one row of lights: each a word, a tone, the last good moment, what it means, what to do.

A new light is one more entry in ``LIGHTS``: its name for machines and a function. They all read the same ``Facts``,
which cost three queries.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max

from . import outages, pulse
from .enums import ChannelStatus, DeliveryState
from .ledger import ledger_of, with_money
from .models import Channel, Delivery, Heartbeat, MirrorItem, SendPause

SUCCESS, WARNING, DANGER, NEUTRAL = "success", "warning", "danger", "neutral"
BACKUP_DUE_AFTER, BACKUP_TOO_OLD = dt.timedelta(hours=26), dt.timedelta(hours=50)
METRICS_DUE_AFTER, DAILY_DUE_AFTER = dt.timedelta(hours=1), dt.timedelta(hours=26)
LINKS_DUE_AFTER = dt.timedelta(minutes=10)
# A tick shows what is due within seconds; what is still hidden after this is stuck.
SHOWN_WITHIN = dt.timedelta(minutes=2)
ASK_ADMIN = "Bitte geben Sie der Administration Bescheid."


@dataclass(frozen=True)
class Facts:
    at: dt.datetime
    beats: Mapping[str, Heartbeat]
    channels: Sequence[Channel]
    is_paused: bool
    has_keys: bool
    hidden: int = 0
    last_shown_at: dt.datetime | None = None


@dataclass(frozen=True)
class Light:
    label: str
    tone: str
    word: str
    meaning: str
    to_do: str = ""
    good_at: dt.datetime | None = None


def facts(at: dt.datetime, *, channels: Sequence[Channel], is_paused: bool, has_keys: bool) -> Facts:
    """``channels`` (as ``with_money`` gives them) and ``is_paused`` are known to every page; read here are three
    queries more.
    """
    stuck = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__lt=at - SHOWN_WITHIN)
    hidden = 0 if is_paused else stuck.filter(post__mirror_item=None).count()
    last_shown_at = MirrorItem.objects.aggregate(last=Max("shown_from"))["last"]
    return Facts(at, pulse.every(), channels, is_paused, has_keys, hidden, last_shown_at)


def facts_from_scratch(at: dt.datetime, *, has_keys: bool) -> Facts:
    """For a command or a machine, which have no page around them."""
    paused = SendPause.objects.active(at).exists()
    return facts(at, channels=list(with_money(Channel.objects.all(), at)), is_paused=paused, has_keys=has_keys)


def lights(known: Facts) -> list[Light]:
    return [light(known) for light in LIGHTS.values()]


@dataclass(frozen=True)
class Summary:
    tone: str
    words: str


def summary(found: Sequence[Light]) -> Summary:
    """All lights in one line."""
    bad = [light for light in found if light.tone == DANGER]
    doubtful = [light for light in found if light.tone == WARNING]
    if bad:
        return Summary(DANGER, f"Gestört: {_named(bad)}")
    if doubtful:
        return Summary(WARNING, f"Bitte ansehen: {_named(doubtful)}")
    return Summary(SUCCESS, "Alles läuft")


def _named(found: Sequence[Light]) -> str:
    return ", ".join(light.label for light in found)


# --- the lights -------------------------------------------------------------------------------------------------------


def web(known: Facts) -> Light:
    return Light("Website", SUCCESS, "antwortet", "Diese Seite wurde gerade ausgeliefert.", good_at=known.at)


def database(known: Facts) -> Light:
    return Light("Datenbank", SUCCESS, "antwortet", "Diese Angaben stammen gerade aus ihr.", good_at=known.at)


def _watched(name: str) -> Callable[[Facts], Light]:
    def light(known: Facts) -> Light:
        heartbeat, label = known.beats.get(name), outages.NAMES[name]
        if heartbeat is None:
            return Light(label, NEUTRAL, "noch nie gemeldet", outages.DOES[name])
        down = [outage for outage in outages.current(known.beats, known.at) if outage.name == name]
        if down:
            return Light(label, DANGER, "steht", down[0].meaning, outages.WHAT_TO_DO[name], down[0].since)
        return Light(label, SUCCESS, "läuft", outages.DOES[name], good_at=heartbeat.good_at)

    return light


def timer(known: Facts) -> Light:
    heartbeat = known.beats.get(pulse.TIMER)
    meaning = "Er sendet jede Minute, auch wenn Worker, Taktgeber oder Redis ausfallen."
    if heartbeat is None:
        return Light("Zweiter Takt", NEUTRAL, "nicht eingerichtet", meaning)
    if outages.is_silent(heartbeat, known.at):
        to_do = f"Der Systemtimer redaktion-takt läuft nicht mehr. {ASK_ADMIN}"
        return Light("Zweiter Takt", WARNING, "steht", meaning, to_do, heartbeat.good_at)
    return Light("Zweiter Takt", SUCCESS, "läuft", meaning, good_at=heartbeat.good_at)


def broker(known: Facts) -> Light:
    """A task that reached the worker has come through the broker."""
    own, worker = known.beats.get(pulse.BROKER), known.beats.get(pulse.WORKER)
    good = [beat.good_at for beat in (own, worker) if beat is not None and beat.good_at]
    good_at = max(good, default=None)
    meaning = "Er trägt den Takt zum Worker. Was fällig ist, steht in der Datenbank und geht nicht verloren."
    if own is not None and own.at > (good_at or known.at - pulse.SILENT_AFTER):
        return Light("Broker (Redis)", DANGER, "antwortet nicht", meaning, f"Redis neu starten. {ASK_ADMIN}", good_at)
    if good_at is None:
        return Light("Broker (Redis)", NEUTRAL, "noch nie gemeldet", meaning)
    if known.at - good_at > pulse.SILENT_AFTER:
        to_do = f"Bitte nachsehen, ob Redis und der Worker laufen. {ASK_ADMIN}"
        return Light("Broker (Redis)", WARNING, "lange nichts gehört", meaning, to_do, good_at)
    return Light("Broker (Redis)", SUCCESS, "läuft", meaning, good_at=good_at)


def mail(known: Facts) -> Light:
    heartbeat = known.beats.get(pulse.MAIL)
    meaning = "Mails melden Störungen und laden neue Kolleg:innen ein."
    if heartbeat is None:
        return Light("Mail", NEUTRAL, "noch keine verschickt", meaning)
    if heartbeat.good_at != heartbeat.at:
        to_do = f"{heartbeat.detail} Die Administration muss EMAIL_URL und den Mailserver prüfen."
        return Light("Mail", DANGER, "geht nicht hinaus", meaning, to_do, heartbeat.good_at)
    return Light("Mail", SUCCESS, "geht hinaus", meaning, good_at=heartbeat.good_at)


def channel(known: Facts) -> Light:
    active = [row for row in known.channels if row.status == ChannelStatus.ACTIVE]
    spoken_to = [known.beats[name].good_at for name in (pulse.METRICS, "login") if name in known.beats]
    read_at = max(filter(None, spoken_to), default=None)
    locked = [row for row in active if row.locked_reason]
    resting = [row for row in active if not row.accepts(known.at)]
    if locked:
        names = ", ".join(row.name for row in locked)
        to_do = "Warum und was zu tun ist, steht oben auf dieser Seite."
        return Light("Kanal", DANGER, "gesperrt", f"{names} nimmt nichts an, bis jemand handelt.", to_do, read_at)
    if known.is_paused:
        return Light("Kanal", WARNING, "Sendepause", "Jemand hat das Senden gestoppt. Der Grund steht oben.")
    if resting:
        until = max(row.paused_until for row in resting if row.paused_until)
        meaning = f"{resting[0].name} nimmt bis {outages.spoken(until)} nichts an. Danach geht es von selbst weiter."
        return Light("Kanal", WARNING, "ruht", meaning, good_at=read_at)
    if not active:
        return Light("Kanal", NEUTRAL, "keiner aktiv", "Es gibt keinen Kanal, auf dem etwas erscheinen könnte.")
    if not known.has_keys or all(row.posts_by_hand for row in active):
        meaning = "Sie setzen jeden freigegebenen Beitrag zum Termin selbst ab."
        return Light("Kanal", NEUTRAL, "Versand von Hand", meaning)
    return Light("Kanal", SUCCESS, "nimmt an", "Beiträge gehen über die Schnittstelle hinaus.", good_at=read_at)


def mirror(known: Facts) -> Light:
    meaning = "Jeder Beitrag steht ab seinem Termin auch hier auf der Website."
    if known.hidden:
        what = "Ein fälliger Beitrag fehlt" if known.hidden == 1 else f"{known.hidden} fällige Beiträge fehlen"
        to_do = "Meist steht der Sendetakt, siehe oben, oder Freigabe oder Einwilligung gelten nicht mehr."
        return Light("Spiegel", DANGER, "unvollständig", f"{what} auf der Website.", to_do, known.last_shown_at)
    if known.last_shown_at is None:
        return Light("Spiegel", NEUTRAL, "noch leer", meaning)
    return Light("Spiegel", SUCCESS, "vollständig", meaning, good_at=known.last_shown_at)


def budget(known: Facts) -> Light:
    """The channel whose month is the fullest speaks for all."""
    active = [channel for channel in known.channels if channel.status == ChannelStatus.ACTIVE]
    capped = [money for channel in active if (money := ledger_of(channel, known.at)).cap_usd is not None]
    meaning = "Was der Kanal im Monat kosten darf. Ist die Grenze erreicht, geht nichts mehr hinaus."
    if not capped:
        return Light("Budget", NEUTRAL, "keine Grenze gesetzt", meaning)
    money = max(capped, key=lambda each: each.spent_usd / each.cap_usd if each.cap_usd else Decimal(1))
    word = f"{_usd(money.spent_usd)} von {_usd(money.cap_usd or Decimal(0))} US-Dollar verbraucht"
    to_do = "Unter „Einstellungen“ die Grenze erhöhen, oder den Rest des Monats von Hand senden."
    if money.rest_usd == 0:
        return Light("Budget", DANGER, word, meaning, to_do)
    return (
        Light("Budget", WARNING, word, meaning, to_do)
        if money.is_nearly_spent
        else Light("Budget", SUCCESS, word, meaning)
    )


def _usd(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def backup(known: Facts) -> Light:
    heartbeat = known.beats.get(pulse.BACKUP)
    meaning = "Aus ihr lässt sich alles wiederherstellen, wenn der Server ausfällt."
    to_do = "Die Administration muss die nächtliche Sicherung einrichten."
    if heartbeat is None:
        return Light("Sicherung", WARNING, "noch keine", meaning, to_do)
    if heartbeat.good_at != heartbeat.at:
        why = f"Die letzte ist misslungen: {heartbeat.detail} {ASK_ADMIN}"
        return Light("Sicherung", DANGER, "misslungen", meaning, why, heartbeat.good_at)
    age = known.at - heartbeat.at
    if age > BACKUP_DUE_AFTER:
        tone = DANGER if age > BACKUP_TOO_OLD else WARNING
        return Light("Sicherung", tone, "überfällig", meaning, f"Sie sollte täglich laufen. {ASK_ADMIN}", heartbeat.at)
    return Light("Sicherung", SUCCESS, "vorhanden", meaning, good_at=heartbeat.at)


def _job(name: str, label: str, meaning: str, due_after: dt.timedelta) -> Callable[[Facts], Light]:
    def light(known: Facts) -> Light:
        heartbeat = known.beats.get(name)
        if heartbeat is None:
            return Light(label, NEUTRAL, "noch nicht", meaning)
        if heartbeat.good_at != heartbeat.at:
            return Light(label, WARNING, "misslungen", meaning, f"{heartbeat.detail} {ASK_ADMIN}", heartbeat.good_at)
        if known.at - heartbeat.at > due_after:
            return Light(label, WARNING, "überfällig", meaning, ASK_ADMIN, heartbeat.at)
        return Light(label, SUCCESS, "läuft", meaning, good_at=heartbeat.at)

    return light


LIGHTS: dict[str, Callable[[Facts], Light]] = {
    "web": web,
    "worker": _watched(pulse.WORKER),
    "beat": _watched(pulse.BEAT),
    "tick": _watched(pulse.TICK),
    "timer": timer,
    "database": database,
    "broker": broker,
    "mail": mail,
    "channel": channel,
    "mirror": mirror,
    "budget": budget,
    "backup": backup,
    "metrics": _job(pulse.METRICS, "Kennzahlen", "Was der Kanal zählt, wird regelmäßig gelesen.", METRICS_DUE_AFTER),
    "links": _job(pulse.LINKS, "Linkprüfung", "Ein eigener Worker sieht nach, wohin Links führen.", LINKS_DUE_AFTER),
    "login": _job("login", "Anmeldung am Kanal", "Einmal am Tag wird sie ausprobiert.", DAILY_DUE_AFTER),
    "clock": _job("clock", "Uhr des Servers", "Einmal am Tag mit der des Kanals verglichen.", DAILY_DUE_AFTER),
    "promises": _job(
        "promises", "Selbstprüfung", "Einmal am Tag: Ist nichts doppelt, nichts verloren?", DAILY_DUE_AFTER
    ),
    "nightly": _job(
        pulse.NIGHTLY, "Aufräumen", "Einmal am Tag verschwindet, was niemand mehr braucht.", DAILY_DUE_AFTER
    ),
}
