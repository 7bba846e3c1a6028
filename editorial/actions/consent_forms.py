"""The form that a person signs, as PDF: in normal and in plain language, blank or filled from the record."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from ..clock import database_now
from ..enums import ConsentPlace, ConsentState, ConsentUse
from ..models import Consent, User
from ..printing import pdf
from . import consents

# The words of the form have this number: whoever changes one of them raises it (a test knows the sums).
FORM_STAND = "2026-11"
TEMPLATES = {"normal": "pdf/consent.html", "einfach": "pdf/consent_plain.html"}
WHY = "Formular gedruckt"
PERSON_ROWS = ("name", "contact", "relation")
LABELS = {"name": "Name", "contact": "Kontakt", "relation": "Bezug zum Jobcenter", "guardians": "Sorgeberechtigte"}


class TooLate(Exception):
    """Somebody has signed already: what they signed is kept as a scan."""

    def __init__(self) -> None:
        super().__init__("Ein neues Formular gibt es nur, solange die Einwilligung vorbereitet wird.")


@dataclass(frozen=True)
class Sheet:
    """What stands in the gaps of the form; empty where somebody writes by hand."""

    person: tuple[tuple[str, str], ...]
    matrix: tuple[tuple[str, tuple[str, ...]], ...]
    withdraw_url: str
    pseudonym: str = ""
    special: str = ""
    valid_from: str = ""
    valid_until: str = ""
    signed_at: str = ""
    is_minor: bool = False

    @property
    def places(self) -> list[str]:
        return [str(place.label) for place in ConsentPlace]


def blank(kind: str) -> bytes:
    """Without a name, to fill in by hand; a minor's signatures are there in any case. Raises NotPossible."""
    return pdf(_written(kind, _blank_sheet()))


def filled(consent: Consent, kind: str, *, by: User, at: dt.datetime | None = None) -> bytes:
    """With what the record holds, to be signed. That its person was read is on record, and the record keeps which form
    this was. Raises TooLate, VaultError, NotPossible.
    """
    at = at or database_now()
    with transaction.atomic():
        consent = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
        if consent.state != ConsentState.PREPARED:
            raise TooLate
        person = consents.read_person(consent, why=WHY, by=by, at=at)
        made = pdf(_written(kind, _sheet(consent, person)))
        kept = {"form_stand": f"{FORM_STAND} {kind}", "form_sha256": form_hash(kind)}
        # A page that was opened before does not overwrite it.
        Consent.objects.filter(pk=consent.pk).update(version=F("version") + 1, **kept)
    return made


@cache
def form_hash(kind: str) -> str:
    """SHA-256 of the blank form's words: what everybody who signed this version has read."""
    words = render_to_string(TEMPLATES[kind], {"form": _blank_sheet(withdraw_url=""), "stand": FORM_STAND})
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()


def _written(kind: str, sheet: Sheet) -> str:
    stand = f"{FORM_STAND} {kind}"
    return render_to_string(TEMPLATES[kind], {"form": sheet, "stand": stand, "short_hash": form_hash(kind)[:12]})


def _blank_sheet(withdraw_url: str | None = None) -> Sheet:
    rows = tuple((LABELS[name], "") for name in (*PERSON_ROWS, "guardians"))
    cells = tuple((str(use.label), ("",) * len(ConsentPlace)) for use in ConsentUse)
    return Sheet(rows, cells, _withdraw_url() if withdraw_url is None else withdraw_url, is_minor=True)


def _sheet(consent: Consent, person: dict[str, str]) -> Sheet:
    names = (*PERSON_ROWS, "guardians") if consent.is_minor else PERSON_ROWS
    return Sheet(
        person=tuple((LABELS[name], person.get(name, "")) for name in names),
        matrix=tuple(
            (str(use.label), tuple("Ja" if consent.permits(use, place) else "Nein" for place in ConsentPlace))
            for use in ConsentUse
        ),
        withdraw_url=_withdraw_url(),
        pseudonym=consent.pseudonym,
        special=person.get("special_sentence", "") if consent.has_special_categories else "",
        valid_from=f"{consent.valid_from:%d.%m.%Y}",
        valid_until=f"{consent.valid_until:%d.%m.%Y}",
        is_minor=consent.is_minor,
    )


def _withdraw_url() -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse('editorial:withdraw')}"
