"""Fills an empty database with many Beiträge: python -m tests.bench.many_posts NUMBER prints what to look at.

The newest ``BLOCK`` are the same at every size, two a day around the present month; all others lie in the past.
"""

import datetime as dt
import io
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image, ImageChops

from editorial import audit
from editorial.actions import media, mirroring
from editorial.clock import BERLIN, berlin_day, start_of_day, wall_text
from editorial.enums import AttemptOutcome, DeliveryState, PostState, Role
from editorial.models import (
    Approval,
    Attempt,
    Audience,
    AuditEntry,
    AuditHead,
    Channel,
    ConceptVersion,
    Consent,
    Delivery,
    Medium,
    MirrorItem,
    Partner,
    Post,
    PostMedium,
    PostVersion,
    Topic,
    User,
)
from editorial.models.post import new_link_token
from editorial.queries import channel_facts
from editorial.rules.links import message_for
from evaluation import workflow as reviews
from evaluation.periods import half_year, half_years_ended
from tests.bench.site import PASSWORD
from tests.bench.text import OPENINGS

BLOCK, A_DAY, A_DAY_BEFORE = 200, 2, 12
PEOPLE = {"proe1": Role.PROE, "proe2": Role.PROE, "gf1": Role.GF, "gf2": Role.GF}
STARTED_ON = dt.date(2021, 9, 1)
PICTURES, PARTNERS, CONSENTS, REVIEWS = 60, 20, 30, 6
PIECE = 2000
SITE = "https://www.jobcenter-bremen.de/aktuelles"
DAY = dt.timedelta(days=1)

D, P = DeliveryState, PostState
# What became of a Beitrag whose moment has passed, and of one that lies ahead; out of a hundred.
PAST = [("published", 93), ("withdrawn", 3), ("rescheduled", 2), ("draft", 1), ("in_review", 1)]
AHEAD = [("scheduled", 60), ("in_review", 20), ("draft", 14), ("idea", 4), ("approved", 2)]
STATES = {"published": P.APPROVED, "rescheduled": P.APPROVED, "scheduled": P.APPROVED}


@dataclass
class Ground:
    """What every Beitrag needs around it."""

    people: dict[str, User]
    topics: list[Topic]
    audiences: list[Audience]
    media: list[Medium]
    partners: list[Partner]
    consents: list[Consent]
    channel: Channel
    concept: ConceptVersion


@dataclass
class Plan:
    """One Beitrag with everything that will be stored about it. ``fate`` is one of PAST or AHEAD."""

    post: Post
    fate: str
    audiences: list[Audience]
    media: list[Medium]
    author: User
    versions: list[PostVersion] = field(default_factory=list)
    approval: Approval | None = None
    delivery: Delivery | None = None


def fill(number: int) -> dict[str, str | int]:
    """Store ``number`` Beiträge; what comes back are addresses worth opening."""
    now = timezone.now()
    ground, rng = lay_ground(now), random.Random(1)
    chain = Chain()
    keys: dict[str, str | int] = {}
    for begin in range(0, number, PIECE):
        # Oldest first, so that ids and record grow with time.
        plans = [plan(place, ground, rng, now) for place in range(number)[::-1][begin : begin + PIECE]]
        store(plans, ground, chain)
        keys |= worth_opening(plans)
    chain.close()
    build_reviews(ground, now)
    check(plans[-1])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return keys


def lay_ground(now: dt.datetime) -> Ground:
    people = {}
    for name, role in PEOPLE.items():
        people[name] = User.objects.create_user(name, f"{name}@example.org", PASSWORD, first_name="Probe")
        people[name].groups.add(Group.objects.get(name=role))
    Channel.objects.update(started_on=STARTED_ON, handle="jobcenter_probe")
    pictures = list(hang_pictures(people["proe1"], now - 60 * DAY))
    partners = [Partner(name=f"Bildungsträger {n}", agreed_on=STARTED_ON) for n in range(PARTNERS)]
    until = berlin_day(now) + 400 * DAY
    consents = [Consent(pseudonym=f"VG-{n:03}", valid_from=STARTED_ON, valid_until=until) for n in range(CONSENTS)]
    return Ground(
        people,
        list(Topic.objects.all()),
        list(Audience.objects.all()),
        pictures,
        Partner.objects.bulk_create(partners),
        Consent.objects.bulk_create(consents),
        Channel.objects.get(),
        ConceptVersion.objects.latest("valid_from"),
    )


def hang_pictures(by: User, at: dt.datetime) -> Iterator[Medium]:
    """As large as photographs are, some 350 KiB each: noise that is the weaker the finer it is."""
    drawn = Image.new("L", (1600, 900), 128)
    for width_px, deviation in ((10, 70), (40, 45), (160, 30), (640, 15)):
        layer = Image.effect_noise((width_px, width_px * 9 // 16), deviation).resize(drawn.size)
        drawn = ImageChops.add(drawn, layer, 1, -128)
    motif = io.BytesIO()
    drawn.convert("RGB").save(motif, "JPEG")
    prepared = media.prepare(motif.getvalue())
    for number in range(PICTURES):
        medium = Medium(title=f"Bild {number}", alt_text="Das Haus des Jobcenters bei Sonne", author="PRÖ")
        medium.licence = "eigenes Bild"
        yield media.store(medium, prepared, by=by, at=at)


def plan(place: int, ground: Ground, rng: random.Random, now: dt.datetime) -> Plan:
    """The Beitrag at this place, counted from the newest; each is drawn alike at every size."""
    rng.seed(place)
    slot = slot_of(place, now)
    fate = rng.choices(*zip(*(PAST if slot <= now else AHEAD), strict=True))[0]
    token = new_link_token()
    text = f"{rng.choice(OPENINGS)} Folge {place}. {SITE}/{place}"
    was_submitted = fate not in ("draft", "idea")
    post = Post(
        state=STATES.get(fate, fate),
        version=3,
        text=text,
        topic=rng.choice(ground.topics),
        source_url=f"{SITE}/{place}",
        twin_url=f"{SITE}/{place}",
        value_added="Sie sparen einen Weg." if rng.random() < 0.3 else "",
        partner=rng.choice(ground.partners),
        slot=slot if fate != "draft" or rng.random() < 0.7 else None,
        slot_wall=wall_text(slot),
        link_token=token if was_submitted else "",
        message_text=f"{text}?t={token}" if was_submitted else "",
        submitted_at=slot - 4 * DAY if was_submitted else None,
        concept_version=ground.concept,
        created_at=min(slot, now) - 5 * DAY,
        updated_at=min(slot, now) - 3 * DAY,
    )
    chosen = rng.sample(ground.audiences, rng.randint(1, 3))
    pictures = rng.sample(ground.media, 1) if rng.random() < 0.4 else []
    return Plan(post, fate, chosen, pictures, ground.people[rng.choice(["proe1", "proe2"])])


def slot_of(place: int, now: dt.datetime) -> dt.datetime:
    """Two a day, 50 days before and after the first of this month; then twelve a day, ever further back."""
    first = start_of_day(berlin_day(now).replace(day=1))
    if place < BLOCK:
        day, hour = 50 - place // A_DAY, 9 + 5 * (place % A_DAY)
    else:
        day, hour = -50 - (place - BLOCK) // A_DAY_BEFORE, 7 + place % A_DAY_BEFORE
    wall = first.astimezone(BERLIN).replace(tzinfo=None) + dt.timedelta(days=day, hours=hour)
    return wall.replace(tzinfo=BERLIN).astimezone(dt.UTC)


@transaction.atomic
def store(plans: list[Plan], ground: Ground, chain: "Chain") -> None:
    Post.objects.bulk_create([plan.post for plan in plans])
    links = Post.audiences.through
    links._default_manager.bulk_create(
        [links(post_id=plan.post.pk, audience_id=audience.pk) for plan in plans for audience in plan.audiences]
    )
    PostMedium.objects.bulk_create(
        [PostMedium(post=plan.post, medium=medium, position=1) for plan in plans for medium in plan.media]
    )
    for plan in plans:
        plan.versions = list(versions_of(plan))
    PostVersion.objects.bulk_create([version for plan in plans for version in plan.versions])
    approved = [plan for plan in plans if plan.post.state == P.APPROVED]
    for plan in approved:
        plan.approval = approval_of(plan, ground)
    Approval.objects.bulk_create([plan.approval for plan in approved if plan.approval])
    sent = [plan for plan in approved if plan.fate != "approved"]
    for plan in sent:
        plan.delivery = delivery_of(plan, ground)
    moved = [plan for plan in sent if plan.fate == "rescheduled"]
    Delivery.objects.bulk_create([cancelled_before(plan, ground) for plan in moved])
    Delivery.objects.bulk_create([plan.delivery for plan in sent if plan.delivery])
    published = [plan for plan in sent if plan.delivery and plan.delivery.state == D.PUBLISHED]
    Attempt.objects.bulk_create([attempt_of(plan) for plan in published])
    MirrorItem.objects.bulk_create([mirror_item_of(plan) for plan in published])
    AuditEntry.objects.bulk_create([chain.entry(plan, *step) for plan in plans for step in steps_of(plan)])


def versions_of(plan: Plan) -> Iterator[PostVersion]:
    post = plan.post
    # What payload() would ask the database for is known already.
    post._prefetched_objects_cache = {"audiences": plan.audiences, "consents": []}
    post.ordered_media = lambda: plan.media  # type: ignore[method-assign]  # as above
    payload, digest = post.payload(), post.digest()
    for number in range(1, 2 + post.pk % 2):
        saved_at = post.created_at + number * dt.timedelta(hours=1)
        yield PostVersion(
            post=post, number=number, payload=payload, digest=digest, saved_at=saved_at, saved_by=plan.author
        )


def approval_of(plan: Plan, ground: Ground) -> Approval:
    last = plan.versions[-1]
    return Approval(
        post=plan.post,
        digest=last.digest,
        version_number=last.number,
        slot=plan.post.slot,
        approved_at=plan.post.updated_at,
        approved_by=ground.people["gf2"],
        last_author=plan.author,
    )


def delivery_of(plan: Plan, ground: Ground) -> Delivery:
    lies_ahead = plan.fate == "scheduled"
    assert plan.post.slot
    return Delivery(
        post=plan.post,
        channel=ground.channel,
        approval=plan.approval,
        concept_version=ground.concept,
        state=D.SCHEDULED if lies_ahead else D.PUBLISHED,
        slot=plan.post.slot,
        created_at=plan.post.updated_at,
        rule_results={} if lies_ahead else {"text_fits": [], "twin_is_named": [], "four_eyes": []},
        external_id=None if lies_ahead else str(1_900_000_000_000_000_000 + plan.post.pk),
        published_at=None if lies_ahead else plan.post.slot + dt.timedelta(seconds=3),
    )


def cancelled_before(plan: Plan, ground: Ground) -> Delivery:
    delivery = delivery_of(plan, ground)
    delivery.state, delivery.external_id, delivery.published_at = D.CANCELLED, None, None
    delivery.slot -= 2 * DAY
    delivery.created_at -= 2 * DAY
    return delivery


def attempt_of(plan: Plan) -> Attempt:
    assert plan.delivery
    assert plan.delivery.published_at
    return Attempt(
        delivery=plan.delivery,
        number=1,
        started_at=plan.delivery.slot,
        deadline_at=plan.delivery.slot + dt.timedelta(seconds=10),
        outcome=AttemptOutcome.PUBLISHED,
        http_status=201,
        external_id=plan.delivery.external_id or "",
        finished_at=plan.delivery.published_at,
    )


def mirror_item_of(plan: Plan) -> MirrorItem:
    post = plan.post
    assert post.slot
    assert post.topic
    return MirrorItem(
        post=post,
        shown_from=post.slot,
        text=post.text,
        topic_name=post.topic.name,
        source_url=post.source_url,
        twin_url=post.twin_url,
        media=[mirroring._frozen(medium) for medium in plan.media],
    )


def steps_of(plan: Plan) -> Iterator[tuple[str, str, str, str, dt.datetime]]:
    """Who did what, as the workflow records it: step, person, from, to, moment."""
    post, author = plan.post, plan.author.username
    yield "create", author, "", P.DRAFT, post.created_at
    if post.submitted_at:
        yield "submit", author, P.DRAFT, P.IN_REVIEW, post.submitted_at
    if plan.fate == "withdrawn":
        yield "withdraw", author, P.IN_REVIEW, P.WITHDRAWN, post.updated_at
    if plan.approval:
        yield "approve", "gf2", P.IN_REVIEW, P.APPROVED, post.updated_at
    if plan.delivery:
        yield "plan", "gf2", "", D.SCHEDULED, plan.delivery.created_at
    if plan.delivery and plan.delivery.published_at:
        yield "show", "", "", "", plan.delivery.slot
        yield "claim", "", D.SCHEDULED, D.SENDING, plan.delivery.slot
        yield "confirm", "", D.SENDING, D.PUBLISHED, plan.delivery.published_at


class Chain:
    """The record's end, kept here while thousands of entries are added at once."""

    def __init__(self) -> None:
        self.head = AuditHead.objects.get()
        self.actors = {"": None} | {user.username: audit.pseudonym_of(user) for user in User.objects.all()}

    def entry(self, plan: Plan, step: str, by: str, source: str, target: str, at: dt.datetime) -> AuditEntry:
        about_delivery = plan.delivery is not None and step in ("plan", "claim", "confirm")
        entry = AuditEntry(
            position=self.head.position + 1,
            at=at,
            actor=self.actors[by],
            step=step,
            subject_type="delivery" if about_delivery else "post",
            subject_id=plan.delivery.pk if about_delivery and plan.delivery else plan.post.pk,
            source=source,
            target=target,
            digest_sha256=plan.versions[-1].digest,
            concept_stand=plan.post.concept_version.stand,
            previous_hash=self.head.hash,
        )
        entry.hash = audit.hash_of(entry)
        self.head.position, self.head.hash = entry.position, entry.hash
        return entry

    def close(self) -> None:
        self.head.save()


def build_reviews(ground: Ground, now: dt.datetime) -> None:
    """The last half-years, frozen and published by the real workflow."""
    facts = channel_facts(now)
    assert facts
    ended = half_years_ended(STARTED_ON, berlin_day(now))
    for number in range(max(1, ended - REVIEWS + 1), ended + 1):
        end = half_year(STARTED_ON, number).end
        review = reviews.build(facts, end, by=ground.people["proe1"], at=now)
        reviews.publish(review, by=ground.people["gf1"], seen_digest=review.digest(), at=now)


def worth_opening(plans: list[Plan]) -> dict[str, str | int]:
    """The newest published Beitrag and the newest draft, both with a picture."""
    keys: dict[str, str | int] = {}
    for plan in plans:
        if plan.media and plan.fate == "published":
            keys |= {"published": plan.post.pk, "public_id": plan.post.public_id}
        if plan.media and plan.fate == "draft":
            keys["draft"] = plan.post.pk
    return keys


def check(plan: Plan) -> None:
    """What was stored at once is what the program itself would have stored."""
    stored = Post.objects.get(pk=plan.post.pk)
    assert stored.digest() == plan.versions[-1].digest
    assert not stored.link_token or message_for(stored) == stored.message_text
    assert next(audit.broken_entries(), None) is None


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
