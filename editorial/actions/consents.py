"""The consent of one person, from the first note to its end (K-58, consent-and-law.md 2).

Who somebody is goes into the vault and never into a note, a notice or a log. What ends takes everything that rests on
it along, in the same transaction: nothing planned goes out, the website shows nothing more, the channel deletes.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet, prefetch_related_objects

from .. import audit, vault, workflow
from ..clock import berlin_day, database_now, next_working_day
from ..enums import HOLDING_STATES, ConsentPlace, ConsentState, DeliveryState, NoticeKind, Role, WithdrawalWay
from ..models import Consent, Post, Removal, Scan, User
from ..rules import Objection
from ..rules.consent import what_stands_against
from ..workflow import StepRefused
from . import ended_consents, notices, overdue, scheduling

WARN_DAYS = 60
ENDED_STATES = (ConsentState.EXPIRED, ConsentState.REVOKED)
KEPT_AT_LEAST = dt.timedelta(days=3 * 365)
PERSON = "person"
# What no adapter reaches: a person takes it down and says so.
BY_HAND = (ConsentPlace.MASTODON, ConsentPlace.PRESS, ConsentPlace.PRINT)
HOUSE = "/redaktion/einwilligungen/"


class Overtaken(Exception):
    """Somebody else changed this consent since it was opened."""


def open_record(facts: dict[str, Any], person: dict[str, str], *, by: User, at: dt.datetime | None = None) -> Consent:
    """Begin a consent. ``facts`` are fields of the row, ``person`` what only the vault holds. Raises VaultError."""
    at = at or database_now()
    with transaction.atomic():
        named = {"pseudonym": facts.get("pseudonym") or _next_pseudonym(at)}
        consent = Consent.objects.create(**facts | named, created_at=at, created_by=by)
        vault.give_key(consent)
        consent.sealed = vault.seal_words(consent, PERSON, _said(person))
        consent.save(update_fields=["key_id", "wrapped_key", "sealed"])
        _record("open_consent", consent, by=by, at=at)
    return consent


def change(
    consent: Consent,
    facts: dict[str, Any],
    person: dict[str, str],
    *,
    seen_version: int,
    by: User,
    at: dt.datetime | None = None,
) -> Consent:
    """Before it is in force everything may be changed; what ``person`` leaves empty stays as it was.

    Raises StepRefused, Overtaken, VaultError.
    """
    at = at or database_now()
    with transaction.atomic():
        consent = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
        if consent.state != ConsentState.PREPARED:
            words = "Diese Einwilligung ist nicht mehr in Vorbereitung. Für eine andere legen Sie bitte eine neue an."
            raise StepRefused([Objection("step.wrong_state", words, "K-58")])
        if consent.version != seen_version:
            raise Overtaken
        for name, value in facts.items():
            setattr(consent, name, value)
        if said := _said(person):
            kept = vault.unseal_words(consent, PERSON, consent.sealed)
            consent.sealed = vault.seal_words(consent, PERSON, kept | said)
        consent.version += 1
        consent.save()
        _record("change_consent", consent, by=by, at=at)
    return consent


def add_scan(consent: Consent, data: bytes, media_type: str, *, by: User, at: dt.datetime | None = None) -> Scan:
    """Keep the signed form as it was brought, unchanged and sealed. Raises VaultError."""
    at = at or database_now()
    with transaction.atomic():
        consent = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
        scan = Scan.objects.create(
            consent=consent,
            added_at=at,
            added_by=by,
            media_type=media_type,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        scan.sealed = vault.seal(consent, _scan_field(scan), data)
        scan.save(update_fields=["sealed"])
        _record("add_scan", consent, by=by, at=at, note=scan.sha256)
    return scan


def read_person(consent: Consent, *, why: str, by: User, at: dt.datetime | None = None) -> dict[str, str]:
    """Who it is; that somebody looked, and why, is on record before anything is shown. Raises VaultError."""
    with transaction.atomic():
        found = vault.unseal_words(consent, PERSON, consent.sealed)
        _record("read_person", consent, by=by, at=at or database_now(), note=why)
    return found


def read_scan(scan: Scan, *, why: str, by: User, at: dt.datetime | None = None) -> bytes:
    """The form as it was brought; on record as with ``read_person``. Raises VaultError."""
    with transaction.atomic():
        found = vault.unseal(scan.consent, _scan_field(scan), scan.sealed)
        _record("read_scan", scan.consent, by=by, at=at or database_now(), note=why)
    return found


def put_in_force(consent: Consent, *, by: User, at: dt.datetime | None = None) -> Consent:
    """From now on Beiträge may rest on it. Raises StepRefused."""
    return workflow.take("put_in_force", consent, by=by, at=at)


def revoke(
    consent: Consent,
    way: WithdrawalWay,
    cells: Iterable[str] = (),
    *,
    by: User,
    at: dt.datetime | None = None,
) -> Consent:
    """What the person takes back ends at once: everything, or only these ``cells`` of the matrix. Raises StepRefused.

    In the same transaction everything that rested on it is stopped or ordered to come down.
    """
    at = at or database_now()
    with transaction.atomic():
        before = _held(consent)
        taken = [cell for cell in before.scope if cell in set(cells)]
        left = [cell for cell in before.scope if cell not in taken]
        if taken and left:
            note = f"{way}: {', '.join(taken)}"
            consent = workflow.take("narrow", before, by=by, at=at, note=note, scope=left)
        else:
            ends: dict[str, Any] = {"withdrawn_at": at, "withdrawn_way": way, "ended_at": at}
            consent = workflow.take("revoke", before, by=by, at=at, note=str(way), **ends)
            taken = list(before.scope)
        stop_what_rests_on(consent, by=by, at=at)
        _order_by_hand(consent, taken, at)
        _tell_ended(consent, at)
        ended_consents.note(consent)
    return consent


def end_again(consent: Consent, cells: Iterable[str], ended_at: dt.datetime, *, at: dt.datetime) -> None:
    """After a restore: what had ended since the backup, wholly or these ``cells`` of it, ends again."""
    with transaction.atomic():
        before, gone = _held(consent), set(cells)
        left = [cell for cell in before.scope if cell not in gone]
        if left:
            consent = workflow.take("narrow", before, at=at, note=", ".join(sorted(gone)), scope=left)
        else:
            ends: dict[str, Any] = {"withdrawn_at": ended_at, "ended_at": ended_at}
            consent = workflow.take("revoke_again", before, at=at, **ends)
        stop_what_rests_on(consent, by=None, at=at)
        _order_by_hand(consent, sorted(gone), at)
        _tell_ended(consent, at)


def run_out(at: dt.datetime | None = None) -> int:
    """What has reached its last day ends, with everything that rests on it. Returns how many."""
    at = at or database_now()
    over = Consent.objects.filter(state__in=HOLDING_STATES, valid_until__lt=berlin_day(at))
    ended = 0
    for consent in over:
        with transaction.atomic():
            try:
                consent = workflow.take("run_out", _held(consent), at=at, ended_at=at)
            except StepRefused:
                continue  # somebody withdrew it in this very moment
            stop_what_rests_on(consent, by=None, at=at)
            _order_by_hand(consent, consent.scope, at)
            _tell_ended(consent, at)
            ended += 1
    return ended


def warn(at: dt.datetime | None = None) -> int:
    """Two months ahead PRÖ reads which one ends, so that there is time to ask the person again."""
    at = at or database_now()
    soon = berlin_day(at) + dt.timedelta(days=WARN_DAYS)
    ending = Consent.objects.filter(state__in=HOLDING_STATES, valid_until__lte=soon, warned_at=None)
    for consent in ending:
        with transaction.atomic():
            words = (
                f"Die Einwilligung {consent.pseudonym} endet am {consent.valid_until:%d.%m.%Y}. "
                "Danach verschwindet alles, was sich auf sie stützt."
            )
            path, key = f"{HOUSE}{consent.pk}/", f"consent-ending-{consent.pk}"
            notices.tell(NoticeKind.CONSENT_ENDING, notices.staff(Role.PROE), words=words, path=path, key=key, at=at)
            Consent.objects.filter(pk=consent.pk).update(warned_at=at)
    return len(ending)


def watch(at: dt.datetime | None = None) -> None:
    run_out(at)
    warn(at)


def settle_removal(removal: Removal, proof: str, *, by: User, at: dt.datetime | None = None) -> None:
    """Somebody took it down by hand and says how; a second one changes nothing."""
    at = at or database_now()
    with transaction.atomic():
        open_one = Removal.objects.filter(pk=removal.pk, done_at=None)
        if open_one.update(done_at=at, done_by=by, proof=proof):
            _record("settle_removal", removal.consent, by=by, at=at, note=removal.place)


def erase(consent: Consent, reason: str = "", *, by: User | None = None, at: dt.datetime | None = None) -> Consent:
    """Destroy the key of this record: name, contact and form are unreadable from now on, in backups too.

    Raises StepRefused; without ``by`` (the nightly job) only when the time of keeping is over.
    """
    gone: dict[str, Any] = {"sealed": b"", "wrapped_key": b"", "key_id": ""}
    with transaction.atomic():
        consent = workflow.take("erase", consent, by=by, at=at, note=reason, **gone)
        consent.scans.update(sealed=b"")
        ended_consents.note(consent)
    return consent


def forget_old(at: dt.datetime | None = None) -> int:
    """Erase what has been kept as long as it is needed (consent-and-law.md 2.4). Returns how many."""
    at = at or database_now()
    erased = 0
    for consent in Consent.objects.filter(state__in=ENDED_STATES, ended_at__lt=at - KEPT_AT_LEAST):
        try:
            erase(consent, "Aufbewahrungsfrist", at=at)
        except StepRefused:
            continue  # not yet, or still shown somewhere
        erased += 1
    return erased


def _held(consent: Consent) -> Consent:
    """Nobody else's until the transaction ends, with every Beitrag that rests on it: all of them before the end of the
    audit chain, which the step takes, or each could hold what another waits for.
    """
    kept = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
    list(_resting_on(kept).values_list("pk", flat=True))
    return kept


def _resting_on(consent: Consent) -> QuerySet[Post]:
    posts = Post.objects.select_for_update(of=("self",), no_key=True)
    return posts.filter(consents=consent).order_by("pk")


def stop_what_rests_on(consent: Consent, *, by: User | None, at: dt.datetime) -> list[Post]:
    """Every Beitrag that this consent no longer carries: planned ones are blocked, shown ones come down.

    What is being sent at this moment comes down as soon as its outcome is known (settling.py).
    """
    stopped = []
    # Locked before anything is asked: whoever shows or plans one at this moment is through by then.
    posts = list(_resting_on(consent))
    prefetch_related_objects(posts, "media_links__medium")
    for post in posts:
        if not list(what_stands_against(consent, post, berlin_day(at))):
            continue
        for delivery in post.deliveries.filter(state=DeliveryState.SCHEDULED).select_related("post"):
            overdue.try_step("block", delivery, at=at, note="consent.not_valid")
        scheduling.take_down(post, by=by, at=at, note="consent.not_valid")
        stopped.append(post)
    return stopped


def still_carried(post: Post, at: dt.datetime) -> bool:
    """Whether everybody shown here still consents at this moment: asked anew; the pictures as the object knows them."""
    shown = Consent.objects.filter(post=post)
    return not any(objection for one in shown for objection in what_stands_against(one, post, berlin_day(at)))


def _order_by_hand(consent: Consent, cells: Iterable[str], at: dt.datetime) -> None:
    today = berlin_day(at)
    places = {cell.partition("@")[2] for cell in cells}
    open_ones: set[Any] = set(consent.removals.filter(done_at=None).values_list("post_id", "place"))
    wanted: list[tuple[int | None, str, dt.date]] = [
        (None, place, next_working_day(today)) for place in BY_HAND if place in places
    ]
    # The whole story stands on the house's own pages, which this application does not write.
    told = consent.post_set.exclude(twin_url="").filter(mirror_item__isnull=False)
    if ConsentPlace.WEBSITE in places:
        wanted += [(post.pk, ConsentPlace.WEBSITE, today) for post in told]
    new = [
        Removal(consent=consent, post_id=post, place=place, due_on=due)
        for post, place, due in wanted
        if (post, place) not in open_ones
    ]
    Removal.objects.bulk_create(new)


def _tell_ended(consent: Consent, at: dt.datetime) -> None:
    state = consent.get_state_display().lower()
    words = f"Die Einwilligung {consent.pseudonym} ist {state}. Was sich auf sie stützte, wird überall entfernt."
    people = notices.staff(Role.PROE, Role.GF)
    notices.tell(
        NoticeKind.CONSENT_ENDED,
        people,
        words=words,
        path=f"{HOUSE}{consent.pk}/",
        key=f"consent-ended-{consent.pk}-{consent.version}",
        at=at,
    )


def _next_pseudonym(at: dt.datetime) -> str:
    """VG-2026-007. Two at once: the second one's row is refused, and its author tries again."""
    start = f"VG-{berlin_day(at).year}-"
    last = Consent.objects.filter(pseudonym__startswith=start).aggregate(last=Max("pseudonym"))["last"]
    number = int(last.removeprefix(start)) if last and last.removeprefix(start).isdigit() else 0
    return f"{start}{number + 1:03}"


def _said(person: dict[str, str]) -> dict[str, str]:
    return {name: words for name, words in person.items() if words}


def _scan_field(scan: Scan) -> str:
    return f"scan:{scan.pk}"


def _record(step: str, consent: Consent, *, by: User | None, at: dt.datetime, note: str = "") -> None:
    audit.record(step, subject_type="consent", subject_id=consent.pk, at=at, by=by, target=consent.state, note=note)
