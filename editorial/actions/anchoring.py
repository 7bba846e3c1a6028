"""Outside the database somebody keeps how far the audit record reached: whoever rewrites it cannot rewrite that."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import OuterRef, Subquery

from .. import audit
from ..clock import berlin_day, database_now
from ..models import AuditActor, AuditEntry, AuditHead

logger = logging.getLogger(__name__)


def mail_head(at: dt.datetime | None = None) -> bool:
    """Once a day the end of the chain goes to AUDIT_HEAD_TO. Tried again with the next call when nobody takes it."""
    at = at or database_now()
    today = berlin_day(at)
    if not settings.AUDIT_HEAD_TO or AuditHead.objects.filter(mailed_on=today).exists():
        return False
    head = AuditHead.objects.get()
    words = (
        "Guten Tag,\n\n"
        f"das Protokoll der Redaktion reicht heute bis Eintrag {head.position}. Seine Prüfsumme:\n\n{head.hash}\n\n"
        "Bitte heben Sie diese Mail auf. Stimmt die Prüfsumme dieses Eintrags später nicht mehr, hat jemand das "
        "Protokoll umgeschrieben. Zu tun ist jetzt nichts.\n"
    )
    mail = EmailMessage(f"[Redaktion] Protokoll bis Eintrag {head.position}", words, to=settings.AUDIT_HEAD_TO)
    try:
        mail.send()
    except OSError:  # smtplib's errors are OSErrors
        logger.exception("The end of the audit record could not be mailed")
        return False
    AuditHead.objects.update(mailed_on=today)
    return True


def forget_names(at: dt.datetime | None = None) -> int:
    """Who took no step for twelve months is a pseudonym only (consent-and-law.md 4). Returns how many."""
    at = at or database_now()
    last = AuditEntry.objects.filter(actor=OuterRef("pseudonym")).order_by("-position").values("at")[:1]
    known = AuditActor.objects.exclude(name="", user=None).annotate(last_at=Subquery(last))
    return known.filter(last_at__lt=at - audit.NAMES_SHOWN).update(name="", user=None)
