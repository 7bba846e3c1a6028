"""Whose consent ended stays without consent when an older backup comes back (consent-and-law.md 2.4).

What people took back, and who was erased, is also kept in a file beside the database, which no backup holds: one line
of JSON for each end, with numbers and no names. A restore takes these ends up again.
"""

import datetime as dt
import json
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from .. import workflow
from ..clock import database_now
from ..enums import ConsentState
from ..models import Consent

logger = logging.getLogger(__name__)

ENDED = (ConsentState.RESTRICTED, ConsentState.REVOKED, ConsentState.ERASED)
Line = dict[str, Any]
NAMES = ("pseudonym", "made_at", "state", "scope", "ended_at")


def path() -> Path:
    return Path(settings.VAR_DIR) / "ended_consents.jsonl"


def note(consent: Consent) -> None:
    """Keep this end outside the database as soon as it holds inside. Raises nothing: ``complete`` tries again."""
    transaction.on_commit(lambda: _try_to_append([line_of(consent)]))


def line_of(consent: Consent) -> Line:
    """A number may be given anew after a restore; with the moment of its making it is this record's alone."""
    return {
        "pseudonym": consent.pseudonym,
        "made_at": consent.created_at.astimezone(dt.UTC).isoformat() if consent.created_at else "",
        "state": str(consent.state),
        "scope": sorted(consent.scope),
        "ended_at": (consent.withdrawn_at or consent.ended_at or database_now()).astimezone(dt.UTC).isoformat(),
    }


def in_database() -> list[Line]:
    """The ends that this database knows; none where it is empty or older than the register."""
    if Consent._meta.db_table not in connection.introspection.table_names():
        return []
    columns = {column.name for column in connection.introspection.get_table_description(connection.cursor(), TABLE)}
    if not {"scope", "created_at", "ended_at"} <= columns:
        return []
    known = ("pseudonym", "created_at", "state", "scope", "withdrawn_at", "ended_at")
    return [line_of(consent) for consent in Consent.objects.filter(state__in=ENDED).only(*known)]


TABLE = Consent._meta.db_table


def in_file(source: Path | None = None) -> list[Line]:
    """The lines that can be read; one that was cut off by a full disk stands in the database as well."""
    try:
        text = (source or path()).read_text(encoding="utf-8")
    except FileNotFoundError:
        if source is not None:
            raise
        return []
    found = []
    for line in text.splitlines():
        try:
            read = json.loads(line)
            found.append({name: read[name] for name in NAMES})
        except (ValueError, KeyError, TypeError):
            logger.warning("a line of the ended consents cannot be read")
    return found


def complete(lines: Iterable[Line] | None = None) -> int:
    """Add to the file what it does not hold of these ``lines``, else of the database. Returns how many."""
    known = {_key(line) for line in in_file()}
    missing = [line for line in (in_database() if lines is None else lines) if _key(line) not in known]
    return len(missing) if missing and _try_to_append(missing) else 0


def take_up_again(lines: Iterable[Line], at: dt.datetime) -> int:
    """End once more in this database what had ended. Returns how many records changed."""
    wanted: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        wanted.setdefault((line["pseudonym"], line["made_at"]), []).append(line)
    changed = 0
    for consent in Consent.objects.filter(pseudonym__in=[pseudonym for pseudonym, _ in wanted]):
        made_at = line_of(consent)["made_at"]
        for line in wanted.get((consent.pseudonym, made_at), []):
            changed += _end_again(consent, line, at)
    return changed


def _end_again(consent: Consent, line: Line, at: dt.datetime) -> bool:
    from . import consents  # they note their ends here

    state, before = line["state"], Consent.objects.get(pk=consent.pk)
    if state == ConsentState.RESTRICTED:
        gone = [cell for cell in before.scope if cell not in line["scope"]]
        if before.state not in (ConsentState.EFFECTIVE, ConsentState.RESTRICTED) or not gone:
            return False
        consents.end_again(before, gone, dt.datetime.fromisoformat(line["ended_at"]), at=at)
        return True
    if before.state not in (ConsentState.REVOKED, ConsentState.ERASED):
        consents.end_again(before, list(before.scope), dt.datetime.fromisoformat(line["ended_at"]), at=at)
    elif state != ConsentState.ERASED or before.state == ConsentState.ERASED:
        return False
    if state == ConsentState.ERASED:
        with transaction.atomic():
            gone_fields: dict[str, Any] = {"sealed": b"", "wrapped_key": b"", "key_id": ""}
            erased = workflow.take("erase_again", Consent.objects.get(pk=consent.pk), at=at, **gone_fields)
            erased.scans.update(sealed=b"")
    return True


def _key(line: Line) -> tuple[str, str, str, tuple[str, ...]]:
    return line["pseudonym"], line["made_at"], line["state"], tuple(line["scope"])


def _try_to_append(lines: list[Line]) -> bool:
    try:
        keep(lines)
    except OSError:
        logger.exception("an ended consent could not be kept outside the database")
        return False
    return True


def keep(lines: Iterable[Line]) -> None:
    """Append these lines; they are on the disk when this returns."""
    words = "".join(f"{json.dumps(line, ensure_ascii=False, sort_keys=True)}\n" for line in lines)
    file = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, words.encode())
        os.fsync(file)
    finally:
        os.close(file)


def everyone(source: Path | None = None) -> Iterator[Line]:
    """What is known of ends before a restore: here in the file, in the database that goes, and in a file brought."""
    yield from in_file()
    yield from in_database()
    if source is not None:
        yield from in_file(source)
