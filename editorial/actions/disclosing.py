"""Everything that is kept about one person, in one file to hand over (Art. 15 DSGVO, security.md)."""

import datetime as dt
import io
import json
import zipfile
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from .. import audit, printing, vault
from ..clock import berlin_day, database_now
from ..enums import ConsentPlace, ConsentState, ConsentUse
from ..models import AuditEntry, Consent, Post, User
from ..vault import VaultError
from .consents import PERSON, read_scan
from .scans import ENDINGS

PERSON_WORDS = {
    "name": "Name",
    "contact": "Kontakt",
    "relation": "Bezug zum Haus",
    "place": "Ort der Unterschrift",
    "guardians": "Sorgeberechtigte",
    "special_sentence": "Satz zu besonderen Angaben",
}
STEPS = {
    "open_consent": "Angelegt",
    "change_consent": "Geändert",
    "add_scan": "Formular abgelegt",
    "read_person": "Angaben zur Person angesehen",
    "read_scan": "Formular angesehen",
    "put_in_force": "Wirksam geworden",
    "narrow": "Teilweise widerrufen",
    "revoke": "Widerrufen",
    "run_out": "Abgelaufen",
    "settle_removal": "An einem Ort entfernt",
    "disclose": "Auskunft erteilt",
}
WHY = "Auskunft an die Person"
ERASED = "Diese Angaben sind gelöscht. Niemand kann sie mehr lesen, auch nicht für eine Auskunft."


def everything_about(consent: Consent, *, by: User, at: dt.datetime | None = None) -> bytes:
    """A ZIP: ``auskunft.json`` for machines, ``auskunft.html`` and ``auskunft.pdf`` to read and print, signed forms
    and pictures as files.

    That it was made is on record; who works here is not in it. Raises VaultError: erased, or no key; NotPossible.
    """
    at = at or database_now()
    packed = io.BytesIO()
    with transaction.atomic(), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        consent = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
        if consent.state == ConsentState.ERASED:
            raise VaultError(ERASED)
        person = vault.unseal_words(consent, PERSON, consent.sealed)
        audit.record(
            "disclose", subject_type="consent", subject_id=consent.pk, at=at, by=by, target=consent.state, note=WHY
        )
        posts = list(consent.post_set.prefetch_related("deliveries__channel", "media_links__medium").order_by("pk"))
        files = [*_forms(consent, folder, by=by, at=at), *_pictures(posts, folder)]
        told = {
            "Kennung": consent.pseudonym,
            "Stand der Auskunft": _moment(at),
            "Person": {label: person[name] for name, label in PERSON_WORDS.items() if person.get(name)},
            "Einwilligung": _facts(consent),
            "Erlaubt": {str(use.label): _places(consent, use) for use in ConsentUse},
            "Beiträge": [_told(post) for post in posts],
            "Von Hand zu entfernen": [_removal(removal) for removal in consent.removals.select_related("post")],
            "Verlauf": _history(consent),
            "Dateien": files,
        }
        folder.writestr("auskunft.json", json.dumps(told, ensure_ascii=False, indent=2))
        page = {"told": told, "stand": _moment(at), "posts": told["Beiträge"], "by_hand": told["Von Hand zu entfernen"]}
        written = render_to_string("editorial/consents/disclosure.html", page)
        folder.writestr("auskunft.html", written)
        folder.writestr("auskunft.pdf", printing.pdf(written))
    return packed.getvalue()


def _forms(consent: Consent, folder: zipfile.ZipFile, *, by: User, at: dt.datetime) -> list[str]:
    names = []
    for number, scan in enumerate(consent.scans.select_related("consent"), 1):
        names.append(f"formular-{number}.{ENDINGS[scan.media_type]}")
        folder.writestr(names[-1], read_scan(scan, why=WHY, by=by, at=at))
    return names


def _pictures(posts: list[Post], folder: zipfile.ZipFile) -> list[str]:
    """Each picture or film of a Beitrag about this person, once; what is no longer on the disk is said."""
    names = []
    for medium in {medium.pk: medium for post in posts for medium in post.ordered_media()}.values():
        name = f"medium-{medium.pk}{PurePosixPath(medium.file.name).suffix}"
        try:
            with medium.file.open("rb") as file:
                folder.writestr(name, file.read())
        except OSError:
            name += " (nicht mehr vorhanden)"
        names.append(name)
    return names


def _facts(consent: Consent) -> dict[str, str]:
    return {
        "Status": consent.get_state_display(),
        "Gilt ab": _day(consent.valid_from),
        "Gilt bis": _day(consent.valid_until),
        "Fassung des Formulars": consent.form_stand,
        "Sprache des Formulars": consent.language,
        "Informiert am": _day(consent.informed_on),
        "Unterschrieben am": _day(consent.signed_on),
        "Vorschau gezeigt am": _day(consent.preview_shown_on),
        "Minderjährig": _yes(consent.is_minor),
        "Besondere Angaben": _yes(consent.has_special_categories),
        "Anonyme Fassung geprüft": _yes(consent.is_anonymous_considered),
        "Widerrufen": _moment(consent.withdrawn_at) if consent.withdrawn_at else "",
    }


def _told(post: Post) -> dict[str, Any]:
    return {
        "Nummer": post.public_id,
        "Status": post.get_state_display(),
        "Text": post.text,
        "Bildbeschreibungen": [medium.alt_text for medium in post.ordered_media()],
        "Gezeigt": [
            {
                "Ort": delivery.channel.name,
                "Status": delivery.get_state_display(),
                "Seit": _moment(delivery.published_at) if delivery.published_at else "",
                "Adresse": delivery.external_url,
            }
            for delivery in post.deliveries.all()
        ],
    }


def _removal(removal: Any) -> dict[str, str]:
    return {
        "Ort": removal.get_place_display(),
        "Frist": _day(removal.due_on),
        "Erledigt": _moment(removal.done_at) if removal.done_at else "",
        "Was getan wurde": removal.proof,
    }


def _history(consent: Consent) -> list[dict[str, str]]:
    entries = AuditEntry.objects.filter(subject_type="consent", subject_id=consent.pk).order_by("position")
    return [{"Wann": _moment(entry.at), "Was": STEPS.get(entry.step, entry.step)} for entry in entries]


def _places(consent: Consent, use: ConsentUse) -> list[str]:
    return [str(place.label) for place in ConsentPlace if consent.permits(use, place)]


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _moment(at: dt.datetime) -> str:
    return f"{berlin_day(at):%d.%m.%Y}, {timezone.localtime(at):%H:%M} Uhr"


def _yes(told: bool) -> str:
    return "Ja" if told else "Nein"
