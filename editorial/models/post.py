import datetime as dt
import hashlib
import json
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Concat, Trim

from ..enums import AiMark, PostKind, PostState

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else in print


def new_public_id() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def new_link_token() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


class PostQuerySet(models.QuerySet["Post"]):
    def ideas(self) -> "PostQuerySet":
        return self.filter(state=PostState.IDEA).order_by("-created_at", "-pk")

    def begun_by(self, user: Any) -> "PostQuerySet":
        return self.filter(versions__number=1, versions__saved_by=user)

    def with_beginner(self) -> "PostQuerySet":
        """``beginner``: the name of whoever wrote the first version; empty where that account has none."""
        first = PostVersion.objects.filter(post=models.OuterRef("pk"), number=1)
        name = Trim(Concat("saved_by__first_name", models.Value(" "), "saved_by__last_name"))
        return self.annotate(beginner=models.Subquery(first.values(name=name)[:1]))


class Post(models.Model):
    """A Beitrag: what we say. Where and when it goes out is a Delivery's matter.

    ``slot`` is the wished moment the approval covers, ``slot_wall`` what the person typed (Berlin wall time, I10).
    ``message_text`` is what would be sent: the text with the link token, set when submitted (contract: form fields).
    """

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    kind = models.CharField("Art", max_length=10, choices=PostKind, default=PostKind.POST)
    state = models.CharField("Status", max_length=10, choices=PostState, default=PostState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    text = models.TextField("Text", blank=True)
    topic = models.ForeignKey("editorial.Topic", null=True, blank=True, on_delete=models.PROTECT, verbose_name="Thema")
    audiences = models.ManyToManyField("editorial.Audience", blank=True, verbose_name="Zielgruppen")
    source_url = models.URLField("Quelle", max_length=500, blank=True)
    source_decision = models.CharField("Ihre Einschätzung der Quelle", max_length=20, blank=True)
    source_reason = models.TextField("Begründung zur Quelle", blank=True)
    twin_url = models.URLField("Seite mit demselben Inhalt", max_length=500, blank=True)
    twin_exception = models.TextField("Warum es keine solche Seite gibt", blank=True)
    retweet_url = models.URLField("Adresse des Originals", max_length=500, blank=True)
    value_added = models.TextField("Mehrwert", blank=True)
    partner = models.ForeignKey(
        "editorial.Partner", null=True, blank=True, on_delete=models.PROTECT, verbose_name="Netzwerkpartner:in"
    )
    entry = models.ForeignKey(
        "editorial.Entry",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
        verbose_name="Eintrag aus dem Register",
    )
    other_ways = models.TextField("Weitere Wege", blank=True)
    ai_text = models.CharField("Ist der Text mit KI entstanden?", max_length=10, choices=AiMark.choices, blank=True)
    ai_edited = models.BooleanField("Von einem Menschen geprüft und überarbeitet", default=False)
    # Another Beitrag that said nearly the same when this one was last saved by hand.
    similar_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    slot = models.DateTimeField("Termin", null=True, blank=True)
    slot_wall = models.CharField(max_length=16, blank=True)
    media = models.ManyToManyField("editorial.Medium", through="PostMedium", blank=True)
    consents = models.ManyToManyField("editorial.Consent", blank=True, verbose_name="Einwilligungen")
    # What of whom is shown, as "3:photo": the consent's key and a ConsentUse. Nothing for a person: see rules.consent.
    shows = models.JSONField("Was von wem gezeigt wird", default=list, blank=True)
    link_token = models.CharField(max_length=6, blank=True)
    message_text = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Where two directors decide: the first one and what they read (G-10, K-58).
    endorsed_by = models.ForeignKey(
        "editorial.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    endorsed_digest = models.CharField(max_length=64, blank=True, editable=False)
    concept_version = models.ForeignKey("editorial.ConceptVersion", on_delete=models.PROTECT)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["slot"], name="post_slot"),
            models.Index(fields=["state", "slot"], name="post_state_slot"),
            models.Index(fields=["-updated_at", "-id"], name="post_updated"),
            models.Index(fields=["topic", "-updated_at"], name="post_topic_updated"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def headline(self) -> str:
        """The first words, for lists and page titles."""
        first = " ".join(self.text.split())
        return first[:77].rstrip() + " …" if len(first) > 78 else first or "Beitrag ohne Text"

    def ordered_media(self) -> list[Any]:
        # Every rule about pictures asks: where they were fetched ahead, no queryset is made for each of them.
        fetched = getattr(self, "_prefetched_objects_cache", {}).get("media_links")
        if fetched is not None and not len(fetched):
            return []
        return [link.medium for link in self.media_links.all()]

    def payload(self) -> dict[str, Any]:
        """Everything an approval covers, as plain data in a fixed form."""
        # What is not referred to leaves no trace: approvals from before there were these fields hold on.
        machine = {"ai_text": self.ai_text, "ai_edited": self.ai_edited} if self.ai_text else {}
        return (
            ({"entry": self.entry_id} if self.entry_id else {})
            | ({"shows": sorted(self.shows)} if self.shows else {})
            | machine
            | {
                "kind": self.kind,
                "text": self.text,
                "message_text": self.message_text,
                "topic": self.topic.slug if self.topic else "",
                "audiences": sorted(audience.slug for audience in self.audiences.all()),
                "source_url": self.source_url,
                "source_decision": self.source_decision,
                "source_reason": self.source_reason,
                "twin_url": self.twin_url,
                "twin_exception": self.twin_exception,
                "retweet_url": self.retweet_url,
                "value_added": self.value_added,
                "partner": self.partner_id,
                "other_ways": self.other_ways,
                "slot": self.slot.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%MZ") if self.slot else "",
                "media": [medium.approved_as() for medium in self.ordered_media()],
                "consents": sorted(consent.pk for consent in self.consents.all()),
            }
        )

    def digest(self) -> str:
        """SHA-256 over the payload: what was on the screen is what is approved, and nothing else is sent."""
        return digest_of(self.payload())


def digest_of(payload: dict[str, Any]) -> str:
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class PostMediumManager(models.Manager["PostMedium"]):
    """A link is never of interest without its picture."""

    def get_queryset(self) -> models.QuerySet["PostMedium"]:
        return super().get_queryset().select_related("medium")


class PostMedium(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="media_links")
    medium = models.ForeignKey("editorial.Medium", on_delete=models.PROTECT, related_name="post_links")
    position = models.PositiveSmallIntegerField()

    objects = PostMediumManager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "medium"], name="medium_once_per_post"),
        ]

    def __str__(self) -> str:
        return f"{self.medium} ({self.position})"


class PostVersion(models.Model):
    """A saved state of a Beitrag. Who saved one since the last approval is its author and cannot approve it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="post_version_number")]

    def __str__(self) -> str:
        return f"{self.post_id} Fassung {self.number}"
