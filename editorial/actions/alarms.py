"""Alarms: told by mail once when something begins and once when it is over, never in between."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from .. import pulse
from ..clock import BERLIN, database_now
from ..enums import Role
from ..models import Alarm, User

logger = logging.getLogger(__name__)

TOLD = (Role.PROE, Role.ADMIN)
LONGEST_SUBJECT = 120


def open_alarm(kind: str, key: str, words: str, at: dt.datetime | None = None) -> bool:
    """Begin an alarm; False when this one is open already. The first line of ``words`` becomes the mail's subject."""
    try:
        with transaction.atomic():
            if Alarm.objects.filter(kind=kind, key=key, closed_at=None).exists():
                return False
            Alarm.objects.create(kind=kind, key=key, words=words, opened_at=at or database_now())
    except IntegrityError:  # somebody else opened it a moment ago
        return False
    return True


def close_alarm(kind: str, key: str, at: dt.datetime | None = None) -> bool:
    """End an alarm; False when there is none."""
    return bool(Alarm.objects.filter(kind=kind, key=key, closed_at=None).update(closed_at=at or database_now()))


def mail_open(at: dt.datetime | None = None) -> int:
    """Send what was not told yet: each beginning once, each end once. A failed mail is tried again next time."""
    at = at or database_now()
    sent = 0
    try:
        for alarm in Alarm.objects.filter(mailed_at=None, closed_at=None).order_by("opened_at", "pk"):
            sent += _tell(alarm, "mailed_at", _beginning(alarm), at)
        # What ended before anybody was told of it is not told afterwards.
        for alarm in Alarm.objects.filter(mailed_at__isnull=False, closed_at__isnull=False, end_mailed_at=None):
            sent += _tell(alarm, "end_mailed_at", _end(alarm), at)
    except MailNotTaken as error:
        # One is enough to know: each further try could wait for its time-out, too.
        pulse.beat(pulse.MAIL, good=False, detail=str(error), at=at)
    return sent


class MailNotTaken(Exception):
    pass


def _tell(alarm: Alarm, mark: str, mail: EmailMessage, at: dt.datetime) -> bool:
    mine = Alarm.objects.filter(pk=alarm.pk, **{mark: None}).update(**{mark: at})
    if not mine:  # a second run at the same time is just telling it
        return False
    try:
        if not mail.to:
            raise MailNotTaken("Es gibt niemanden mit Mailadresse.")
        mail.send()
    except (MailNotTaken, OSError) as error:  # smtplib's errors are OSErrors
        Alarm.objects.filter(pk=alarm.pk).update(**{mark: None})
        logger.error("the mail about an alarm (%s) could not be sent: %s", alarm.kind, type(error).__name__)
        why = str(error) if isinstance(error, MailNotTaken) else "Der Mailserver nahm die letzte Mail nicht an."
        raise MailNotTaken(why) from error
    pulse.beat(pulse.MAIL, at=at)
    return True


def _beginning(alarm: Alarm) -> EmailMessage:
    return _mail(alarm.words.splitlines()[0], f"{alarm.words}\n\nBeginn: {_spoken(alarm.opened_at)}\n")


def _end(alarm: Alarm) -> EmailMessage:
    assert alarm.closed_at is not None
    what = alarm.words.splitlines()[0]
    body = (
        f"Die folgende Störung ist vorbei: {what}\n\n"
        f"Beginn: {_spoken(alarm.opened_at)}\nEnde: {_spoken(alarm.closed_at)}\n\n"
        "Wegen der Störung selbst müssen Sie nichts mehr tun. Bitte sehen Sie auf der Seite „Heute“ nach, "
        "ob in dieser Zeit ein Beitrag liegen geblieben ist.\n"
    )
    return _mail(f"Behoben: {what}", body)


def _mail(subject: str, body: str) -> EmailMessage:
    where = f"{settings.PUBLIC_BASE_URL}/redaktion/betrieb/"
    body = f"{body}\nWie alles läuft, zeigt die Seite Betrieb: {where}\n"
    return EmailMessage(f"[Redaktion] {subject}"[:LONGEST_SUBJECT], body, to=_recipients())


def _recipients() -> list[str]:
    people = User.objects.filter(is_active=True, groups__name__in=[role.value for role in TOLD]).exclude(email="")
    return sorted(set(people.values_list("email", flat=True)))


def _spoken(moment: dt.datetime) -> str:
    return f"{moment.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"
