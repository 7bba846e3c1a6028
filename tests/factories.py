"""Objects for tests. Traits set states directly: the only place that may."""

import datetime as dt
import hashlib
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from editorial import audit, models
from editorial.actions import versions
from editorial.enums import AccessKind, ConsultationState, DeliveryState, Evidence, PostState, Role
from editorial.models.consent import EVERYTHING
from editorial.models.consultation import digest_as_shown

PASSWORD = "ein-langes-passwort"
ONCE_ONLINE = (DeliveryState.PUBLISHED, DeliveryState.TAKEDOWN_DUE, DeliveryState.DELETED)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User
        skip_postgeneration_save = True

    class Params:
        role = Role.PROE

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = "Probe"
    last_name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> models.User:
        user = models.User(**kwargs)
        user.set_password(PASSWORD)
        user.save()
        return user

    @factory.post_generation
    def in_group(self: Any, create: bool, extracted: Role | None, **kwargs: Any) -> None:
        self.groups.add(Group.objects.get(name=extracted or Role.PROE))


def person(role: Role = Role.PROE, **fields: Any) -> models.User:
    return UserFactory(in_group=role, **fields)


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = models.Partner

    name = factory.Sequence(lambda n: f"Bildungsträger {n}")
    agreed_on = dt.date(2026, 1, 5)


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = models.Offer

    title = factory.Sequence(lambda n: f"Sprechstunde {n}")
    url = "https://www.jobcenter-bremen.de/sprechstunde"


class EventFactory(DjangoModelFactory):
    class Meta:
        model = models.Event

    title = factory.Sequence(lambda n: f"Jobbörse {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=30))
    region = "west"
    place = "Bürgerhaus, Musterstraße 1"
    organiser = "Jobcenter Bremen"
    accessibility = "stufenlos"


class DutyFactory(DjangoModelFactory):
    class Meta:
        model = models.Duty

    name = factory.Sequence(lambda n: f"Aufgabe {n}")
    owner = factory.LazyFunction(person)
    deputy = factory.LazyFunction(person)


class TrainingFactory(DjangoModelFactory):
    class Meta:
        model = models.Training

    subject = factory.Sequence(lambda n: f"Schulung {n}")
    person = factory.LazyFunction(person)
    held_on = dt.date(2026, 1, 5)


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = models.Participation

    subject = factory.Sequence(lambda n: f"Beteiligung {n}")
    held_on = dt.date(2026, 1, 5)
    agreement = "agreed"
    scope = "Keine Auswertung je Person."


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Appointment

    title = factory.Sequence(lambda n: f"Grußwort {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=30))
    region = "mitte"
    place = "Rathaus"
    director = factory.LazyFunction(lambda: person(Role.GF))
    is_public = True
    released_at = factory.LazyFunction(timezone.now)


class ReadingTipFactory(DjangoModelFactory):
    class Meta:
        model = models.ReadingTip

    title = factory.Sequence(lambda n: f"Studie {n}")
    genre = "study"
    publisher = "IAB"
    subject = "labour"
    url = "https://www.iab.de/studie"
    published_on = dt.date(2026, 10, 1)
    paywall = "free"
    paywall_checked_on = dt.date(2026, 10, 2)


class ArticleFactory(DjangoModelFactory):
    class Meta:
        model = models.Article

    title = factory.Sequence(lambda n: f"Fachbeitrag {n}")
    partner = factory.SubFactory(PartnerFactory)
    author_line = "Redaktion des Trägers"
    url = "https://traeger.example/beitrag"
    published_on = dt.date(2026, 10, 1)
    neutral_on = dt.date(2026, 10, 2)


class MentionFactory(DjangoModelFactory):
    class Meta:
        model = models.Mention

    title = factory.Sequence(lambda n: f"Bericht {n}")
    outlet = "Beispielzeitung"
    about = "house"
    url = "https://zeitung.example/bericht"
    published_on = dt.date(2026, 10, 1)
    paywall = "free"
    paywall_checked_on = dt.date(2026, 10, 2)
    mentioned_us = True


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = models.Observation

    noted_on = factory.LazyFunction(timezone.localdate)
    subject = factory.Sequence(lambda n: f"#Thema{n}")
    conclusion = "Viele fragen nach Praktika."


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = models.Consent

    class Params:
        withdrawn = factory.Trait(withdrawn_at=factory.LazyFunction(timezone.now), state="revoked")
        ended = factory.Trait(valid_from=dt.date(2020, 1, 1), valid_until=dt.date(2021, 12, 31))

    pseudonym = factory.Sequence(lambda n: f"VG-2026-{n:03}")
    state = "effective"
    scope = factory.LazyFunction(lambda: list(EVERYTHING))
    valid_from = dt.date(2025, 1, 1)
    valid_until = dt.date(2099, 12, 31)


# The smallest picture Pillow reads: 1 × 1, PNG.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8cfc0f01f0005"
    "0001ff56c72f0d0000000049454e44ae426082"
)


FILM = b"\0\0\0\x18ftypisom" + bytes(range(256)) * 4


class MediumFactory(DjangoModelFactory):
    class Meta:
        model = models.Medium

    file = factory.LazyFunction(lambda: ContentFile(DOT, name="bild.png"))
    media_type = "image/png"
    sha256 = factory.LazyFunction(lambda: hashlib.sha256(DOT).hexdigest())
    width_px = height_px = 1
    size_bytes = len(DOT)
    title = factory.Sequence(lambda n: f"Bild {n}")
    alt_text = "Das Haus des Jobcenters bei Sonne"
    author = "PRÖ"
    licence = "eigenes Bild"
    purpose = "Zeigt, wo wir zu finden sind"
    uploaded_at = factory.LazyFunction(timezone.now)


class FilmFactory(MediumFactory):
    """A video with everything the rules ask for; its bytes are no video."""

    kind = "video"
    file = factory.LazyFunction(lambda: ContentFile(FILM, name="video.mp4"))
    media_type = "video/mp4"
    sha256 = hashlib.sha256(FILM).hexdigest()
    width_px, height_px, size_bytes, duration_s, has_sound = 320, 180, len(FILM), 5, True
    title = factory.Sequence(lambda n: f"Video {n}")
    alt_text = "Eine Beraterin begrüßt eine Kundin"
    captions = "WEBVTT\n\n00:00.000 --> 00:02.000\nGuten Tag, willkommen.\n"
    transcript = "Eine Beraterin sagt: Guten Tag, willkommen."
    licence = "eigenes Video"


class PostFactory(DjangoModelFactory):
    """A complete draft about the topic without duties, by a PRÖ person, wished for in three days."""

    class Meta:
        model = models.Post
        skip_postgeneration_save = True

    class Params:
        in_review = factory.Trait(state=PostState.IN_REVIEW)
        approved = factory.Trait(state=PostState.APPROVED)
        withdrawn = factory.Trait(state=PostState.WITHDRAWN)

    text = factory.Sequence(lambda n: f"Unsere Öffnungszeiten im Überblick, Folge {'i' * (n % 30 + 1)}.")
    topic = factory.LazyFunction(lambda: models.Topic.objects.get(slug="dienstleistungen"))
    source_url = "https://www.jobcenter-bremen.de/oeffnungszeiten"
    twin_url = "https://www.jobcenter-bremen.de/oeffnungszeiten"
    slot = factory.LazyFunction(lambda: (timezone.now() + dt.timedelta(days=3)).replace(second=0, microsecond=0))
    concept_version = factory.LazyFunction(lambda: models.ConceptVersion.objects.latest("valid_from"))
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def audiences(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.audiences.set(models.Audience.objects.filter(slug="stadtgesellschaft") if extracted is None else extracted)

    @factory.post_generation
    def media(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for place, medium in enumerate(extracted or [], 1):
            models.PostMedium.objects.create(post=self, medium=medium, position=place)

    @factory.post_generation
    def consents(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.consents.set(extracted or [])

    @factory.post_generation
    def written_by(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        versions.keep(self, by=extracted or person(), at=self.created_at)


class ApprovalFactory(DjangoModelFactory):
    class Meta:
        model = models.Approval

    post = factory.SubFactory(PostFactory, approved=True)
    digest = factory.LazyAttribute(lambda approval: approval.post.digest())
    version_number = factory.LazyAttribute(lambda approval: versions.last_number(approval.post))
    slot = factory.LazyAttribute(lambda approval: approval.post.slot)
    approved_at = factory.LazyFunction(timezone.now)
    approved_by = factory.LazyFunction(lambda: person(Role.GF))


class DeliveryFactory(DjangoModelFactory):
    """A scheduled Ausspielung with everything that belongs to it: ``post__…`` and ``slot`` may be given."""

    class Meta:
        model = models.Delivery
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(
            state=DeliveryState.PUBLISHED,
            external_id=factory.Sequence(lambda n: str(1_900_000_000_000_000_000 + n)),
            published_at=factory.SelfAttribute("slot"),
        )

    approval = factory.SubFactory(
        ApprovalFactory, post=factory.SubFactory(PostFactory, approved=True, slot=factory.SelfAttribute("...slot"))
    )
    post = factory.SelfAttribute("approval.post")
    channel = factory.LazyFunction(lambda: models.Channel.objects.get(slug="x"))
    concept_version = factory.SelfAttribute("post.concept_version")
    slot = factory.LazyFunction(lambda: (timezone.now() + dt.timedelta(days=3)).replace(second=0, microsecond=0))
    created_at = factory.LazyFunction(timezone.now)
    # Nobody sent it, so nothing but a person's word says that it is online.
    evidence = factory.LazyAttribute(lambda delivery: Evidence.PERSON if delivery.state in ONCE_ONLINE else "")

    @factory.post_generation
    def ordered(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        """To be taken down at its slot: the order is on record."""
        if self.state == DeliveryState.TAKEDOWN_DUE and not self.version:
            self.version = 1
            models.Delivery.objects.filter(pk=self.pk).update(version=1)
            with transaction.atomic():
                order = {"subject_type": "delivery", "subject_id": self.pk, "at": self.slot, "target": self.state}
                audit.record("take_down", **order)


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Department
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Abteilung {n}")

    @factory.post_generation
    def members(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.members.set(extracted or [])


class ConsultationFactory(DjangoModelFactory):
    """An open question to one person of the Fachberatung, to be answered within two days."""

    class Meta:
        model = models.Consultation

    class Params:
        answered = factory.Trait(
            state=ConsultationState.ANSWERED,
            opinion="fine",
            answered_at=factory.LazyFunction(timezone.now),
            answered_by=factory.SelfAttribute("person"),
            seen_sha256=factory.LazyAttribute(lambda asked: digest_as_shown(asked.post)),
            seen_number=1,
            seen_text=factory.SelfAttribute("post.text"),
        )
        late = factory.Trait(due_at=factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=1)))

    post = factory.SubFactory(PostFactory)
    question = "Stimmt das so?"
    person = factory.LazyFunction(lambda: person(Role.FACH))
    due_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=2))
    asked_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=1))
    asked_by = factory.LazyFunction(lambda: person())


class ChannelAccessFactory(DjangoModelFactory):
    class Meta:
        model = models.ChannelAccess

    channel = factory.LazyFunction(lambda: models.Channel.objects.get(slug="x"))
    user = factory.LazyFunction(lambda: person(Role.GF))
    role = factory.LazyAttribute(lambda access: access.user.role)
    seat = 1
    kind = AccessKind.DELEGATED_WRITER
    basis = "Beschluss vom 5. Januar 2026"
    has_second_factor = True
    granted_at = factory.LazyFunction(timezone.now)
    own_handle = "eigenes_konto"
    handle_checked_on = factory.LazyFunction(timezone.localdate)
    starts_on = dt.date(2026, 1, 5)
