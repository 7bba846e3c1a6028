"""The look from outside Celery: run by a system timer, it notices what has fallen silent and tells people by mail."""

import datetime as dt

from django.conf import settings
from django.db.models import Count, Min
from kombu import Connection
from kombu.exceptions import OperationalError

from .. import outages, pulse
from ..clock import BERLIN, database_now, start_of_day
from ..enums import DeliveryState
from ..models import Alarm, Delivery
from . import alarms

OUTAGE, BACKUP, WEBSITE = "outage", "backup", "website"
BACKUP_TOO_OLD = dt.timedelta(hours=50)
BROKER_WAIT_S = 3


def watch(at: dt.datetime | None = None) -> int:
    """Open and close the alarms of silent parts, then send what was not told. Returns the number of mails."""
    at = at or database_now()
    beats = pulse.every()
    down = {outage.name: outage for outage in outages.current(beats, at)}
    for outage in down.values():
        alarms.open_alarm(OUTAGE, outage.name, _words(outage, at), at)
    for name in set(_open_keys(OUTAGE)) - set(down):
        alarms.close_alarm(OUTAGE, name, at)
    _watch_backup(at)
    return alarms.mail_open(at)


def try_broker(at: dt.datetime | None = None) -> bool:
    """Whether the broker answers within a few seconds; kept as a sign of life."""
    quickly = {"socket_timeout": BROKER_WAIT_S, "socket_connect_timeout": BROKER_WAIT_S}
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **quickly}
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, timeout=BROKER_WAIT_S)
            connection.default_channel.close()
    except (OperationalError, OSError) as error:
        pulse.beat(pulse.BROKER, good=False, detail=type(error).__name__, at=at)
        return False
    pulse.beat(pulse.BROKER, at=at)
    return True


def note_website(answers: bool, at: dt.datetime | None = None) -> None:
    """What a look at /healthz from outside came to; one miss alone may be a restart and is not an alarm yet."""
    at = at or database_now()
    pulse.beat(pulse.WEB, good=answers, at=at)
    if answers:
        alarms.close_alarm(WEBSITE, "", at)
    elif (age := pulse.age(pulse.WEB, at)) is not None and age > pulse.SILENT_AFTER:
        alarms.open_alarm(WEBSITE, "", _website_words(at - age), at)


def _open_keys(kind: str) -> list[str]:
    return list(Alarm.objects.filter(kind=kind, closed_at=None).values_list("key", flat=True))


def _watch_backup(at: dt.datetime) -> None:
    """Only where there has been one: an installation that makes none is shown on the page Betrieb."""
    age = pulse.age(pulse.BACKUP, at)
    if age is not None and age > BACKUP_TOO_OLD:
        alarms.open_alarm(BACKUP, "", _backup_words(at - age), at)
    elif age is not None:
        alarms.close_alarm(BACKUP, "", at)


def _words(outage: outages.Outage, at: dt.datetime) -> str:
    what_now = (
        "Von Hand senden müssen Sie nichts. Sobald der Fehler behoben ist, läuft alles von selbst weiter."
        if outage.still_sending
        else "Sobald der Fehler behoben ist, geht Fälliges von selbst hinaus. Was nach Ablauf der Nachfrist "
        "nicht gesendet ist, gilt als verpasst; die PRÖ entscheidet dann, ob es einen neuen Termin bekommt."
    )
    return (
        f"{outage.title}\n\n"
        f"Was ist geschehen? {outages.DOES[outage.name]} Seit {outages.spoken(outage.since)} kommt keine Meldung mehr."
        f"\nWas bedeutet das für heute? {_planned_today(at)} {outage.meaning}\n"
        f"Was ist zu tun? {outages.WHAT_TO_DO[outage.name]} {what_now}"
    )


def _planned_today(at: dt.datetime) -> str:
    tomorrow = start_of_day(at.astimezone(BERLIN).date() + dt.timedelta(days=1))
    waiting = Delivery.objects.filter(state=DeliveryState.SCHEDULED, slot__lt=tomorrow)
    found = waiting.aggregate(number=Count("pk"), first=Min("slot"))
    if not found["number"]:
        return "Für heute ist kein Beitrag mehr geplant."
    first = f"{found['first'].astimezone(BERLIN):%H:%M} Uhr"
    if found["number"] == 1:
        return f"Heute ist noch ein Beitrag geplant, für {first}."
    return f"Heute sind noch {found['number']} Beiträge geplant, der nächste für {first}."


def _backup_words(since: dt.datetime) -> str:
    return (
        "Es gibt keine neue Sicherung\n\n"
        f"Was ist geschehen? Die letzte Sicherung ist vom {outages.spoken(since)}.\n"
        "Was bedeutet das für heute? Beiträge gehen wie geplant hinaus. Fiele der Server aus, fehlte aber alles, was "
        "seit dieser Sicherung dazugekommen ist.\n"
        "Was ist zu tun? Die Administration muss nachsehen, warum die nächtliche Sicherung nicht mehr läuft."
    )


def _website_words(since: dt.datetime) -> str:
    return (
        "Die Website antwortet nicht\n\n"
        f"Was ist geschehen? Seit {outages.spoken(since)} antwortet die Website auf dem Server nicht mehr.\n"
        "Was bedeutet das für heute? Niemand kann die öffentlichen Seiten oder die Redaktion öffnen. Geplante Beiträge "
        "gehen trotzdem auf den Kanal hinaus.\n"
        "Was ist zu tun? Die Administration muss den Webdienst auf dem Server neu starten und nachsehen, ob die "
        "Datenbank läuft."
    )
