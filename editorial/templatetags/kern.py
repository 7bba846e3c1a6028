"""How moments, numbers and states are written on every page."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..clock import BERLIN
from ..enums import ConsentState, ConsultationState, DeliveryState, PostState

register = template.Library()

NOT_DELIVERED = "nicht geliefert"
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


class Look(NamedTuple):
    """The face of a state: a KERN feedback tone (or "neutral") and the CSS class of its icon."""

    tone: str
    icon: str


LOOKS: dict[str, Look] = {
    PostState.IDEA: Look("neutral", "app-icon--lightbulb"),
    PostState.DRAFT: Look("neutral", "kern-icon--edit"),
    PostState.IN_REVIEW: Look("info", "app-icon--hourglass"),
    PostState.APPROVED: Look("success", "kern-icon--check"),
    PostState.WITHDRAWN: Look("neutral", "app-icon--undo"),
    DeliveryState.SCHEDULED: Look("info", "app-icon--clock"),
    DeliveryState.SENDING: Look("info", "app-icon--send"),
    DeliveryState.PUBLISHED: Look("success", "kern-icon--success"),
    DeliveryState.UNKNOWN: Look("warning", "kern-icon--help"),
    DeliveryState.NEEDS_DECISION: Look("danger", "kern-icon--warning"),
    DeliveryState.MISSED: Look("danger", "app-icon--clock-off"),
    DeliveryState.BLOCKED: Look("danger", "app-icon--block"),
    DeliveryState.CANCELLED: Look("neutral", "app-icon--pause"),
    DeliveryState.TAKEDOWN_DUE: Look("warning", "kern-icon--delete"),
    DeliveryState.DELETED: Look("neutral", "kern-icon--delete"),
}
LOOKS |= {
    ConsultationState.ASKED: Look("info", "app-icon--hourglass"),
    ConsultationState.ANSWERED: Look("success", "kern-icon--check"),
    ConsultationState.LAPSED: Look("warning", "app-icon--clock-off"),
    ConsultationState.GONE_ON: Look("neutral", "kern-icon--info"),
}
LOOKS |= {
    ConsentState.PREPARED: Look("neutral", "kern-icon--edit"),
    ConsentState.EFFECTIVE: Look("success", "kern-icon--check"),
    ConsentState.RESTRICTED: Look("warning", "kern-icon--warning"),
    ConsentState.EXPIRED: Look("neutral", "app-icon--clock-off"),
    ConsentState.REVOKED: Look("danger", "app-icon--undo"),
    ConsentState.ERASED: Look("neutral", "kern-icon--delete"),
}
LABELS: dict[str, str] = {
    **dict(ConsentState.choices),
    **dict(ConsultationState.choices),
    **dict(PostState.choices),
    **dict(DeliveryState.choices),
}
FEEDBACK_ICONS = {
    "info": "kern-icon--info",
    "success": "kern-icon--success",
    "warning": "kern-icon--warning",
    "danger": "kern-icon--danger",
}


def _wall(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(BERLIN) if moment.tzinfo else moment


def _day(value: dt.date) -> dt.date:
    return _wall(value).date() if isinstance(value, dt.datetime) else value


@register.filter
def berlin(moment: dt.datetime | None) -> str:
    """Mi, 25. November 2026, 09:00 Uhr (Berlin time; a naive moment is taken as Berlin time already)."""
    return f"{berlin_day(moment)}, {berlin_time(moment)} Uhr" if moment else ""


@register.filter
def berlin_day(value: dt.date | None) -> str:
    """Mi, 25. November 2026."""
    if not value:
        return ""
    day = _day(value)
    return f"{WEEKDAYS[day.weekday()]}, {day.day}. {MONTHS[day.month - 1]} {day.year}"


@register.filter
def berlin_time(moment: dt.datetime | None) -> str:
    """09:00, without the word Uhr."""
    return f"{_wall(moment):%H:%M}" if moment else ""


@register.filter
def berlin_short(value: dt.date | None) -> str:
    """25.11.2026 for a day, 25.11.2026, 09:00 Uhr for a moment: for tables and narrow places."""
    if not value:
        return ""
    text = f"{_day(value):%d.%m.%Y}"
    return f"{text}, {berlin_time(value)} Uhr" if isinstance(value, dt.datetime) else text


@register.filter
def day_short(value: dt.date | None) -> str:
    """Mi, 25.11.: where the year is plain from the page."""
    return f"{weekday(value)}, {_day(value):%d.%m.}" if value else ""


@register.filter
def weekday(value: dt.date | None) -> str:
    return WEEKDAYS[_day(value).weekday()] if value else ""


@register.filter
def month(value: dt.date | None) -> str:
    """November 2026."""
    return f"{MONTHS[_day(value).month - 1]} {_day(value).year}" if value else ""


@register.simple_tag
def moment(value: dt.datetime | None, style: str = "") -> SafeString | str:
    """A ``<time>`` element with the machine-readable moment; ``style`` is "", "short" or "time"."""
    if not value:
        return ""
    text = {"": berlin, "short": berlin_short, "time": berlin_time}[style](value)
    return format_html('<time datetime="{}">{}</time>', _wall(value).isoformat(timespec="minutes"), text)


@register.filter
def number(value: float | Decimal | None, digits: int = 0) -> str:
    """12.345 or, with ``digits``, 12.345,6. None was not delivered, which is not zero."""
    if value is None or value == "":
        return NOT_DELIVERED
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    # A loss too small to show is no loss: never "-0".
    return f"{rounded or abs(rounded):,f}".translate(str.maketrans(",.", ".,")).replace("-", "−")


@register.filter
def signed(value: float | Decimal | None, digits: int = 0) -> str:
    """As ``number``, with a plus sign: for a change against the period before. None: there is nothing to compare."""
    if value is None or value == "":
        return "kein Vergleich"
    text = number(value, digits)
    return text if text.startswith("−") or not text.strip("0,") else f"+{text}"


@register.filter
def state_icon(state: str) -> str:
    return LOOKS[state].icon


@register.filter
def state_tone(state: str) -> str:
    return LOOKS[state].tone


@register.filter
def state_label(state: str) -> str:
    return LABELS[state]


@register.filter
def feedback_icon(kind: str) -> str:
    """The icon of a banner or message; Django's level "error" is KERN's "danger"."""
    return FEEDBACK_ICONS[feedback_kind(kind)]


@register.filter
def first_line(text: str) -> str:
    return text.partition("\n")[0]


@register.filter
def feedback_kind(kind: str) -> str:
    return {"error": "danger", "debug": "info"}.get(kind, kind if kind in FEEDBACK_ICONS else "info")
