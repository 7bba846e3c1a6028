"""What stands before the first Beitrag: accounts, accesses, organisations, consents, pictures, the channel."""

import datetime as dt
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from editorial import audit
from editorial.actions import consents, media
from editorial.actions.registers import enter
from editorial.clock import berlin_day
from editorial.enums import AccessKind, Role
from editorial.models import (
    AccessReview,
    Audience,
    AuditActor,
    Channel,
    ChannelAccess,
    Consent,
    Department,
    Entry,
    Medium,
    Partner,
    Topic,
    User,
)
from editorial.models.consent import EVERYTHING

from . import pictures, registers, texts
from .texts import DemoPost

PASSWORD = "redaktion-demo"  # noqa: S105 - printed in the documentation; exists only with demo data
HANDLE = "jobcenter_demo"
NO_DATE_YET = dt.timedelta(days=14)
YEAR = dt.timedelta(days=365)
# Two more than the texts use: one that ended, and one that is withdrawn while its Beitrag waits.
ENDED_CONSENT, WITHDRAWN_CONSENT = "VG-DEMO-09", "VG-DEMO-10"


@dataclass(frozen=True)
class Cast:
    """Who acts: two people who write, three who decide, one who is asked, one who keeps the house running."""

    proe: tuple[User, ...]
    directors: tuple[User, ...]
    admin: User
    expert: User


@dataclass(frozen=True)
class Ground:
    """What Beiträge refer to, by the names that the texts use."""

    cast: Cast
    topics: dict[str, Topic]
    audiences: dict[str, Audience]
    partners: dict[str, Partner]
    consents: dict[str, Consent]
    pictures: dict[str, Medium]
    department: Department

    entries: dict[str, Entry] = field(default_factory=dict)

    def entry(self, post: DemoPost, slot: dt.datetime | None, *, at: dt.datetime) -> Entry | None:
        """What the Beitrag refers to in a register, entered when it is first written about."""
        if post.text not in self.entries:
            directors = self.cast.directors
            director = directors[len(self.entries) % len(directors)]
            made = registers.entry_of(post, self.partners.get(post.partner), director, slot or at + NO_DATE_YET)
            if made is None:
                return None
            enter(made, by=self.cast.proe[0], at=at)
            self.entries[post.text] = Entry.whole.get(pk=made.pk)
        return self.entries[post.text]

    def content(self, post: DemoPost, slot: dt.datetime | None, *, at: dt.datetime) -> dict[str, Any]:
        """The Beitrag as the form hands it over at this moment."""
        return {
            "entry": self.entry(post, slot, at=at),
            "kind": post.kind,
            "text": post.text,
            "topic": self.topics.get(post.topic),
            "audiences": [self.audiences[slug] for slug in post.audiences],
            "source_url": post.source_url,
            "twin_url": post.twin_url,
            "twin_exception": post.twin_exception,
            "retweet_url": post.retweet_url,
            "value_added": post.value_added,
            "partner": self.partners.get(post.partner),
            "consents": [self.consents[pseudonym] for pseudonym in post.consents],
            "media": [self.pictures[post.picture]] if post.picture else [],
            "other_ways": post.other_ways,
            "slot": slot,
            "is_demo": True,
        }


def lay(channel: Channel, *, at: dt.datetime, checked_on: dt.date, rng: Random, undo: ExitStack) -> Ground:
    """Create everything at this moment, some weeks before the channel starts; own accounts were checked later."""
    password = make_password(PASSWORD)  # once for all: a good hash is slow
    people = [_account(person, password, at, rng) for person in texts.people()]
    roles = (Role.PROE, Role.GF, Role.ADMIN, Role.FACH)
    proe, directors, admins, experts = ([u for u in people if u.role == role] for role in roles)
    for group in (proe, directors):
        for seat, user in enumerate(group, 1):
            others = [one for one in directors if one != user]
            _access(channel, user, seat, at, checked_on, by=others[seat % len(others)])
    _former_access(channel, proe[-1], len(proe), at, by=directors[0])
    lines = [f"{row.place}: {row.get_kind_display()}, zweiter Faktor ja" for row in channel.accesses.open()]
    AccessReview.objects.create(channel=channel, done_on=checked_on, done_by=directors[0], lines=lines)
    return Ground(
        cast=Cast(tuple(proe), tuple(directors), admins[0], experts[0]),
        topics={topic.slug: topic for topic in Topic.objects.all()},
        audiences={audience.slug: audience for audience in Audience.objects.all()},
        partners={partner.key: _partner(partner, at, rng) for partner in texts.partners()},
        consents=_consents(at, proe[0]),
        department=_department(experts, at),
        pictures={picture.name: _picture(picture, proe[0], at, undo) for picture in texts.pictures()},
    )


def _account(person: texts.DemoPerson, password: str, at: dt.datetime, rng: Random) -> User:
    # Not by actions.accounts: it rightly refuses a password that everybody knows.
    user = User.objects.create(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        password=password,
        date_joined=at,
    )
    user.groups.set([Group.objects.get(name=person.role)])
    AuditActor.objects.create(pseudonym=uuid.UUID(int=rng.getrandbits(128), version=4), user=user, name=str(user))
    audit.record("create_account", subject_type="user", subject_id=user.pk, at=at, note=person.role)
    return user


def _department(experts: list[User], at: dt.datetime) -> Department:
    made = Department.objects.create(name="Markt und Integration")
    made.members.set(experts)
    audit.record("keep_entry", subject_type="department", subject_id=made.pk, at=at, note=made.name)
    return made


def _access(channel: Channel, user: User, seat: int, at: dt.datetime, checked_on: dt.date, *, by: User) -> None:
    ChannelAccess.objects.create(
        channel=channel,
        user=user,
        role=user.role or "",
        seat=seat,
        kind=AccessKind.DELEGATED_ADMIN if user.role == Role.PROE and seat == 1 else AccessKind.DELEGATED_WRITER,
        basis="Nutzungskonzept, Abschnitt Zugang",
        has_second_factor=True,
        granted_by=by,
        granted_at=at,
        own_handle=f"demo_{user.username}" if user.role == Role.GF else "",
        handle_checked_on=checked_on if user.role == Role.GF else None,
        starts_on=at.date(),
    )


def _former_access(channel: Channel, user: User, seat: int, at: dt.datetime, *, by: User) -> None:
    """Held on the same seat before; given up for one that may do less."""
    day = at.date()
    ChannelAccess.objects.create(
        channel=channel,
        user=user,
        role=user.role or "",
        seat=seat,
        kind=AccessKind.DELEGATED_ADMIN,
        basis="Nutzungskonzept, Abschnitt Zugang",
        has_second_factor=True,
        granted_by=by,
        granted_at=at - dt.timedelta(days=30),
        starts_on=day - dt.timedelta(days=30),
        ends_on=day,
        ended_by=by,
        end_reason="Als Mitwirkende:r genügt der kleinere Zugang",
        removed_on=day,
        removal_proof="Bildschirmfoto in der Akte (Demonstration)",
    )


def _partner(partner: texts.DemoPartner, at: dt.datetime, rng: Random) -> Partner:
    day = at.date()
    agreed_on = day - dt.timedelta(days=rng.randrange(10, 120))
    last_contact_on = day + dt.timedelta(days=rng.randrange(30, 400))
    return Partner.objects.create(
        kind=partner.kind,
        name=partner.name,
        website=partner.website,
        agreed_on=agreed_on,
        last_contact_on=last_contact_on,
        next_step=registers.NEXT_STEPS[rng.randrange(len(registers.NEXT_STEPS))],
        created_at=at,
        updated_at=at,
    )


def _consents(at: dt.datetime, by: User) -> dict[str, Consent]:
    """Long valid ones for what is published, one that ended, one that will be withdrawn; all of invented people."""
    pseudonyms, day, form = (
        [*texts.consents(), ENDED_CONSENT, WITHDRAWN_CONSENT],
        berlin_day(at),
        pictures.signed_form(),
    )
    found = {}
    for number, pseudonym in enumerate(pseudonyms, start=1):
        until = day + (YEAR / 2 if pseudonym == ENDED_CONSENT else 3 * YEAR)
        facts = {
            "pseudonym": pseudonym,
            "valid_from": day,
            "valid_until": until,
            "scope": [cell for cell in EVERYTHING if cell.endswith(("@website", "@x", "@press"))],
            "form_stand": "2021-09",
            "informed_on": day,
            "signed_on": day,
            "is_anonymous_considered": True,
            "preview_shown_on": day,
        }
        invented = {"name": f"Erfundene Person {number}", "contact": f"person{number}@example.org"}
        consent = consents.open_record(facts, invented, by=by, at=at)
        consents.add_scan(consent, form, "image/png", by=by, at=at)
        found[pseudonym] = consents.put_in_force(consent, by=by, at=at)
    return found


def _picture(picture: texts.DemoPicture, by: User, at: dt.datetime, undo: ExitStack) -> Medium:
    medium = Medium(title=picture.title, alt_text=picture.alt_text, author=pictures.AUTHOR, licence=pictures.LICENCE)
    medium.purpose = pictures.PURPOSE
    medium = media.store(medium, media.prepare(pictures.draw(picture.name)), by=by, at=at)
    undo.callback(medium.file.storage.delete, str(medium.file.name))
    return medium
