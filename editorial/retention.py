"""How long each table keeps its rows, and who deletes them (consent-and-law.md 2.4, security.md).

Every model stands here: a test fails for one that does not. ``./dev manage check_retention`` counts what is overdue;
docs/loeschkonzept.md is written from this table.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from .clock import berlin_day
from .enums import ConsentState

DAY = dt.timedelta(days=1)
Rows = QuerySet[Model]


@dataclass(frozen=True)
class Kept:
    """``until``: how long, in German; ``by``: what deletes it, as a dotted path; ``overdue``: what should be gone."""

    until: str
    by: str = ""
    overdue: Callable[[dt.datetime], Rows] | None = None  # two days are left to the run that deletes


FILE = Kept("dauerhaft: was veröffentlicht, freigegeben oder entschieden wurde (Akte)")
HOUSE = Kept("solange das Haus es braucht; die Redaktion ändert oder archiviert es")
WITH_POST = Kept("so lange wie der Beitrag")
WITH_CONSENT = Kept("so lange wie die Einwilligung", "editorial.actions.consents.erase")
ACCOUNT = Kept("solange das Konto besteht; gesperrte Konten bleiben ohne Anmeldung")
MACHINE = Kept("nur der letzte Stand, er wird überschrieben")
UNUSED = Kept("leer: Die Anwendung schreibt hier nichts hinein")


def _rows(label: str) -> Rows:
    found: Rows = apps.get_model(label)._base_manager.all()
    return found


def _old(label: str, **older: object) -> Rows:
    return _rows(label).filter(**older)


CLASSES: dict[str, Kept] = {
    "auth.Permission": MACHINE,
    "auth.Group": MACHINE,
    "contenttypes.ContentType": MACHINE,
    "sessions.Session": Kept(
        "bis die Anmeldung abläuft",
        "jobcenter_social.tasks.housekeeping",
        lambda at: _old("sessions.Session", expire_date__lt=at - 2 * DAY),
    ),
    "account.EmailAddress": ACCOUNT,
    "account.EmailConfirmation": UNUSED,
    "mfa.Authenticator": ACCOUNT,
    "socialaccount.SocialApp": UNUSED,
    "socialaccount.SocialAccount": ACCOUNT,
    "socialaccount.SocialToken": UNUSED,
    "axes.AccessFailureLog": Kept(
        "30 Tage",
        "jobcenter_social.tasks.housekeeping",
        lambda at: _old("axes.AccessFailureLog", attempt_time__lt=at - 32 * DAY),
    ),
    "axes.AccessLog": Kept(
        "30 Tage",
        "jobcenter_social.tasks.housekeeping",
        lambda at: _old("axes.AccessLog", attempt_time__lt=at - 32 * DAY),
    ),
    "axes.AccessAttempt": Kept("bis zur nächsten gelungenen Anmeldung"),
    "axes.AccessAttemptExpiration": Kept("wie der Versuch"),
    "editorial.User": ACCOUNT,
    "editorial.AuditEntry": Kept("dauerhaft, ohne Namen (Kette)"),
    "editorial.AuditHead": MACHINE,
    "editorial.AuditActor": Kept(
        "Name bis zwölf Monate nach dem letzten Schritt", "editorial.actions.anchoring.forget_names"
    ),
    "editorial.Consent": Kept(
        "Angaben zur Person bis zum Ende des dritten Jahres nach dem Ende",
        "editorial.actions.consents.forget_old",
        lambda at: _rows("editorial.Consent").filter(
            ~Q(state=ConsentState.ERASED), ended_at__lt=at.replace(month=1, day=1) - (4 * 366 + 2) * DAY
        ),
    ),
    "editorial.Scan": WITH_CONSENT,
    "editorial.Removal": WITH_CONSENT,
    "editorial.WithdrawalCase": Kept(
        "Inhalt bis zum Abschluss des Falls",
        "editorial.actions.withdrawing.close",
        lambda at: _old("editorial.WithdrawalCase", closed_at__isnull=False).exclude(sealed=b""),
    ),
    "editorial.Notice": Kept(
        "90 Tage",
        "editorial.actions.notices.forget_old",
        lambda at: _old("editorial.Notice", made_at__lt=at - 92 * DAY),
    ),
    "editorial.Observation": Kept(
        "90 Tage",
        "editorial.actions.observing.forget_old",
        lambda at: _old("editorial.Observation", noted_on__lt=berlin_day(at) - 92 * DAY),
    ),
    "editorial.MediaUpload": Kept("bis der Beitrag gesendet ist", "editorial.actions.uploads.DeliveryUploads.forget"),
    **dict.fromkeys(
        (
            *("editorial.Approval", "editorial.ConceptVersion", "editorial.ChannelAccess", "editorial.AccessReview"),
            *("editorial.Post", "editorial.Delivery", "editorial.Attempt", "editorial.MirrorItem"),
            *("editorial.Correction", "editorial.Consultation", "editorial.Resend", "editorial.SendPause"),
            *("editorial.Restore", "editorial.RuleChange", "editorial.Spending", "editorial.PublicPageVersion"),
            *("editorial.Training", "editorial.Participation", "evaluation.FigureRow", "evaluation.Review"),
        ),
        FILE,
    ),
    **dict.fromkeys(
        (
            *("editorial.PostMedium", "editorial.PostVersion", "editorial.PostLink", "editorial.Look"),
            *("editorial.TimelineRead", "editorial.LinkCheck"),
        ),
        WITH_POST,
    ),
    **dict.fromkeys(
        (
            *("editorial.Channel", "editorial.DailyTarget", "editorial.Department", "editorial.Entry"),
            *("editorial.Offer", "editorial.Event", "editorial.Appointment", "editorial.ReadingTip"),
            *("editorial.Article", "editorial.Mention", "editorial.Duty", "editorial.Medium"),
            *("editorial.EarlierCut", "editorial.Price", "editorial.Budget", "editorial.Partner"),
            *("editorial.TrustedSite", "editorial.PublicPage", "editorial.FixedDate", "editorial.RecurringSlot"),
            *("editorial.Topic", "editorial.CoreMessage", "editorial.Audience", "editorial.GlossaryTerm"),
            *("editorial.PublishedContact", "editorial.Election", "editorial.TextBlock"),
        ),
        HOUSE,
    ),
    **dict.fromkeys(("editorial.CalendarKey", "editorial.SavedView"), ACCOUNT),
    **dict.fromkeys(("editorial.Heartbeat", "editorial.Alarm"), MACHINE),
}


def overdue(at: dt.datetime) -> dict[str, int]:
    """How many rows of which model should be gone by now; models without any are left out."""
    counts = {label: kept.overdue(at).count() for label, kept in CLASSES.items() if kept.overdue}
    return {label: count for label, count in counts.items() if count}


def as_markdown() -> str:
    """The table of docs/loeschkonzept.md, by model."""
    lines = ["| Tabelle | Aufbewahrt | Gelöscht durch |", "|---|---|---|"]
    for label, kept in sorted(CLASSES.items()):
        by = f"`{kept.by}`" if kept.by else "–"
        lines.append(f"| `{label}` | {kept.until} | {by} |")
    return "\n".join(lines)
